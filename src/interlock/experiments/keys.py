"""A record's key: what joins it with the records of other sources."""

from __future__ import annotations

from interlock.documents.patterns import search_value
from interlock.experiments.compare import as_text
from interlock.experiments.fields import matches_of
from interlock.experiments.records import Record
from interlock.policy.model import KeySpec, Source


def key_of(source: Source, record: Record, name: str | None) -> tuple[str, ...] | None:
    """The key of ``record``, or None where a part of it is not there (then it is no record).

    ``name`` is the member name that ``each`` matched last. Without a ``key`` in the source the
    loader has put the default there; a source with no part at all is keyed by its path.
    """
    parts = []
    for spec in source.key:
        part = _part(spec, record, name)
        if part is None:
            return None
        parts.append(part)
    return tuple(parts) or (record.path,)


def _part(spec: KeySpec, record: Record, name: str | None) -> str | None:
    if spec.kind == "capture":
        return record.captures.get(spec.name)
    if spec.kind == "name":
        return name
    if spec.kind == "pattern":
        text = record.path if spec.of == "path" else name
        found = search_value(spec.pattern, text, "key") if text is not None else None
        return found[0] if found else None
    if spec.path is None:
        return None
    matches = matches_of(record, spec.path)
    if not matches or type(matches[0].value) in (dict, list):
        return None
    return as_text(matches[0].value)


def is_a_file_each(source: Source) -> bool:
    """True where each file of a source is one record whose key its path alone says."""
    whole = not (source.layers or source.pattern or source.each)
    return whole and bool(source.key) and all(spec.kind == "capture" for spec in source.key)


def key_of_path(source: Source, path: str) -> tuple[str, ...] | None:
    """The key of the record that a file of such a source is; None for a file of no source."""
    if any(out.match(path) is not None for out in source.exclude):
        return None
    for glob in source.files:
        got = glob.match(path)
        if got is not None:
            return tuple(got[spec.name] for spec in source.key if spec.name in got)
    return None
