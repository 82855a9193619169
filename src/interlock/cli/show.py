"""interlock show KEY: one experiment across all repositories, side by side."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from interlock.cli.checking import Opening, visible_of
from interlock.cli.options import add_readers, add_world, options_of
from interlock.errors import UsageError
from interlock.experiments.compare import shown
from interlock.experiments.dataset import Dataset, Selections
from interlock.experiments.near import nearest
from interlock.experiments.records import Record, children, first_leaf, plain
from interlock.report.neutral import harmless


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock show``."""
    parser.add_argument("key", metavar="KEY", help="the experiment's key, such as ranker-v2")
    add_world(parser)
    add_readers(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the experiment's records, source by source; exit 2 where there is none."""
    options = options_of(arguments)
    with Opening(options) as here:
        dataset = Dataset(here.found.policy, here.head, Selections())
        visible = visible_of(options, here.found, here.own)
        wanted = arguments.key
        rows = list(_rows(dataset, wanted, visible))
        if not any(records for _, records in rows):
            names = dataset.policy.sources
            keys = {r.name for name in names for r in _shown(dataset, name, visible)}
            near = nearest(wanted, keys)
            hint = f"; did you mean `{near}`?" if near else ""
            where = "no source" if visible is None else "no source of the repos shown here"
            raise UsageError(f"{where} has a record with the key `{wanted}`{hint}")
        for name, records in rows:
            sys.stdout.write(_section(dataset, name, records, visible))
    return 0


def _shown(dataset: Dataset, source: str, visible: frozenset[str] | None) -> Iterator[Record]:
    """The source's records of repositories whose content may be shown."""
    for record in dataset.records(source):
        name = record.part.find(record.steps, named=True)[0].name.lower() if visible else ""
        if visible is None or record.repo in visible or name in visible:
            yield record


def _rows(
    dataset: Dataset, key: str, visible: frozenset[str] | None
) -> Iterator[tuple[str, list[Record]]]:
    folded = key.lower()
    for name in dataset.policy.sources:
        records = _shown(dataset, name, visible)
        yield name, [r for r in records if folded in (r.name.lower(), *map(str.lower, r.key))]


def _section(
    dataset: Dataset, name: str, records: list[Record], visible: frozenset[str] | None
) -> str:
    unread = dataset.unread(name)
    hidden = [a for a in dataset.source(name).repos if visible is not None and a not in visible]
    if hidden and not records:
        return f"{name}: not shown here, since it is in {', '.join(hidden)}\n"
    if not records:
        why = f"not read: {unread[0][1]}" if unread else "not there"
        return f"{name}: {harmless(why)}\n"
    lines = []
    for record in records:
        file, span = record.part.find(record.steps, named=True)
        line, column = file.document.line_column(span.start)
        where = f"{file.repo}:{harmless(file.path)}:{line}:{column}"
        extra = ", ".join(f"{n} {v}" for n, v in record.captures.items() if n != "key")
        lines.append(f"{name}{f' ({harmless(extra)})' if extra else ''}  {where}")
        for field in dataset.source(name).fields:
            lines += _field(dataset, name, record, field)
    return "\n".join(lines) + "\n"


def _field(dataset: Dataset, source: str, record: Record, field: str) -> list[str]:
    value = dataset.field(source, record, field)
    if value is None:
        return [f"  {field}: (absent)"]
    members = children(value)
    if not isinstance(members, dict) or first_leaf(value) is None:
        return [f"  {field}: {harmless(shown(plain(value)))}"]
    inner = [f"    {harmless(n)}: {harmless(shown(plain(v)))}" for n, v in members.items()]
    return [f"  {field}:", *inner]
