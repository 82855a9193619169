"""Turns the files of a source into records, and notes what was wrong on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from interlock.documents.base import DocumentProblem, Steps, Value
from interlock.documents.paths import JsonPath
from interlock.documents.patterns import TooManyError, find_all
from interlock.experiments.fields import matches_of
from interlock.experiments.keys import key_of
from interlock.experiments.layers import merge, stacks
from interlock.experiments.reading import Reader
from interlock.experiments.records import (
    DocumentPart,
    LayeredPart,
    Leaf,
    Part,
    Record,
    SourceFile,
    TextPart,
)
from interlock.policy.model import Source
from interlock.trees.base import Entry, Repo
from interlock.values import NamedTuple


class Unusable(NamedTuple):
    """A file of a source that could not be read at all: no document, only a reason."""

    repo: Repo
    path: str
    reason: str


class MissingLayer(NamedTuple):
    """A stack whose first layer is not there: the captures and the layers that are."""

    repo: Repo
    captures: dict[str, str]
    layers: tuple[SourceFile, ...]


class Selected(NamedTuple):
    """What a source gave in one repository.

    ``reached`` is False where ``each`` matched nothing in any document. ``problems`` are the
    files' own (duplicate keys, malformed text). ``keyless`` counts what ``each`` reached and was
    no record, since its key is not there.
    """

    records: tuple[Record, ...]
    files: tuple[SourceFile, ...]
    unusable: tuple[Unusable, ...]
    problems: tuple[tuple[SourceFile, DocumentProblem], ...]
    missing_layers: tuple[MissingLayer, ...]
    reached: bool
    keyless: int = 0

    @property
    def incomplete(self) -> bool:
        """True where some file could not be used, so that absence proves nothing."""
        return bool(self.unusable) or any(problem.fatal for _, problem in self.problems)


class _Root(NamedTuple):
    value: Value
    part: Part
    captures: dict[str, str]
    path: str


def select(source: Source, repo: Repo, reader: Reader) -> Selected:
    """All records of ``source`` in ``repo``; raises TreeError if the tree cannot be read."""
    tree = repo.tree
    if tree is None:
        return Selected((), (), (), (), (), reached=False)
    globs = source.layers or source.files
    entries = reader.matching(tree, globs, source.exclude)
    unusable: list[Unusable] = []
    files = reader.read(
        repo, source, entries, lambda path, reason: unusable.append(Unusable(repo, path, reason))
    )
    missing: list[MissingLayer] = []
    keyless = 0
    if source.pattern:
        records = []
        for file in files:
            try:
                records += list(_text_records(source, repo, file))
            except TooManyError as error:
                unusable.append(Unusable(repo, file.path, str(error)))
        reached = bool(records)
    else:
        layered = _layered(source, repo, files, entries, missing) if source.layers else None
        roots = layered if layered is not None else _roots(source, files)
        records, reached, keyless = _records(source, repo, roots)
    problems = tuple((f, p) for f in files for p in f.document.problems)
    return Selected(
        tuple(records), tuple(files), tuple(unusable), problems, tuple(missing), reached, keyless
    )


def _captures(source: Source, path: str) -> dict[str, str]:
    for glob in source.files:
        got = glob.match(path)
        if got is not None:
            return got
    return {}


def _text_records(source: Source, repo: Repo, file: SourceFile) -> Iterator[Record]:
    if not file.document.values:
        return
    captures = _captures(source, file.path)
    for found in find_all(source.pattern, file.document.text):
        groups = {name: text for name, (text, _) in found.groups.items() if name}
        _, span = found.groups.get("key", found.groups[""])
        part = TextPart(file)
        steps: Steps = tuple(span)
        record = Record((), "", part, steps, {**captures, **groups}, (), repo.alias, file.path)
        for name, (text, where) in found.groups.items():
            if name and name != "key":
                record.fields[name] = Leaf(text, part, tuple(where))
        key = key_of(source, record, None)
        if key is not None:
            record.key = key
            yield record


def _roots(source: Source, files: list[SourceFile]) -> Iterator[_Root]:
    for file in files:
        captures = _captures(source, file.path)
        values = file.document.values
        for index, value in enumerate(values):
            if value is None and len(values) > 1:
                continue
            yield _Root(value, DocumentPart(file, index), captures, file.path)


def _layered(
    source: Source,
    repo: Repo,
    files: list[SourceFile],
    entries: list[Entry],
    missing: list[MissingLayer],
) -> list[_Root]:
    by_path = {file.path: file for file in files}
    roots = []
    for captures, paths in stacks(source.layers, [entry.path for entry in entries]):
        present = [by_path[path] for path in paths if path in by_path]
        usable = [file for file in present if file.document.values]
        if not paths:
            continue
        if source.layers[0].match(paths[0]) is None:
            missing.append(MissingLayer(repo, captures, tuple(present)))
        if not usable or len(usable) < len(paths):
            continue
        part = LayeredPart(tuple(DocumentPart(file, 0) for file in usable))
        value = merge([file.document.values[0] for file in usable])
        roots.append(_Root(value, part, captures, usable[-1].path))
    return roots


def _records(source: Source, repo: Repo, roots: Iterable[_Root]) -> tuple[list[Record], bool, int]:
    records: list[Record] = []
    reached, keyless = not source.each, 0
    for root in roots:
        whole = Record((), root.value, root.part, (), root.captures, (), repo.alias, root.path)
        level: list[tuple[Record, str | None]] = [(whole, None)]
        for path in source.each:
            found = [_inner(record, path) for record, _ in level]
            reached = reached or any(hit for _, hit in found)
            level = [pair for inner, _ in found for pair in inner]
        for record, name in level:
            key = key_of(source, record, name)
            if key is None:
                keyless += 1
            else:
                record.key = key
                records.append(record)
    return records, reached, keyless


def _inner(record: Record, path: JsonPath) -> tuple[list[tuple[Record, str | None]], bool]:
    """The records that ``path`` reaches from ``record``, each with the member name matched."""
    matched = matches_of(record, path)
    outer = ((record.value, record.steps), *record.outer)
    inner = []
    for match in matched:
        if match.hollow:
            continue
        step = match.steps[-1] if match.steps else None
        last = match.wild[-1] if match.wild else step
        name = last if isinstance(last, str) else None
        below = Record(
            (),
            match.value,
            record.part,
            match.steps,
            record.captures,
            outer,
            record.repo,
            record.path,
        )
        inner.append((below, name))
    return inner, bool(matched)
