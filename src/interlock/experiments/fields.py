"""Selects a record's fields, as its source says."""

from __future__ import annotations

from interlock.documents.base import Value
from interlock.documents.paths import JsonPath, Match, walk
from interlock.documents.patterns import search_value
from interlock.experiments.compare import as_text
from interlock.experiments.records import FieldValue, Leaf, Record
from interlock.policy.model import FieldSpec, Source


def field_of(record: Record, source: Source, name: str) -> FieldValue | None:
    """The field ``name`` of ``record``; None where its selector matches nothing."""
    if name in record.fields:
        return record.fields[name]
    spec = source.fields.get(name)
    if spec is None:
        got = record.name if name == "key" else record.captures.get(name)
        record.fields[name] = (
            None if got is None else Leaf(got, record.part, record.steps, named=True)
        )
    else:
        record.fields[name] = _select(record, spec, name)
    return record.fields[name]


def _select(record: Record, spec: FieldSpec, name: str) -> FieldValue | None:
    if spec.kind == "const":
        return Leaf(spec.const, record.part, record.steps, named=True)
    if spec.kind == "capture" or spec.path is None:
        got = record.captures.get(spec.capture or name)
        return None if got is None else Leaf(got, record.part, record.steps, named=True)
    matches = matches_of(record, spec.path)
    if not matches:
        return None
    if spec.kind == "keys":
        return _keys(record, spec.path, matches)
    if spec.kind == "pattern":
        return _patterned(record, spec, matches)
    if spec.by:
        return _by(record, spec, matches)
    if spec.kind == "values":
        return _values(record, spec.path, matches)
    return _fold(record, spec.path, matches)


def matches_of(record: Record, path: JsonPath) -> list[Match]:
    """What ``path`` reaches from the record, its enclosing records or its document."""
    if path.start == "@":
        root, base = record.value, record.steps
    elif path.start == "$":
        root, base = record.outer[-1] if record.outer else (record.value, record.steps)
    else:
        up = len(path.start) - 1
        if up >= len(record.outer):
            return []
        root, base = record.outer[up]
    found = walk(path, root)
    if not base:
        return found
    return [match._replace(steps=(*base, *match.steps)) for match in found]


def _fold(record: Record, path: JsonPath, matches: list[Match]) -> FieldValue:
    """One value, or the maps and lists that the path's wildcards matched."""
    if path.singular:
        return Leaf(matches[0].value, record.part, matches[0].steps)
    top: dict[str | int, FieldValue] = {}
    nested: dict[tuple[str | int, ...], dict[str | int, FieldValue]] = {(): top}
    for match in matches:
        if match.hollow:
            nested.setdefault(match.wild, {})
            if match.wild:
                _enclosing(nested, match.wild[:-1])[match.wild[-1]] = Leaf(
                    match.value, record.part, match.steps
                )
            continue
        holder = _enclosing(nested, match.wild[:-1])
        holder[match.wild[-1]] = Leaf(match.value, record.part, match.steps)
    if not top and matches[0].hollow:
        return Leaf(matches[0].value, record.part, matches[0].steps)
    return _shaped((), top, nested)


def _enclosing(
    nested: dict[tuple[str | int, ...], dict[str | int, FieldValue]], wild: tuple[str | int, ...]
) -> dict[str | int, FieldValue]:
    if wild not in nested:
        nested[wild] = {}
        _enclosing(nested, wild[:-1]).setdefault(wild[-1], {})
    return nested[wild]


def _shaped(
    at: tuple[str | int, ...],
    members: dict[str | int, FieldValue],
    nested: dict[tuple[str | int, ...], dict[str | int, FieldValue]],
) -> FieldValue:
    shaped = {
        step: value if isinstance(value, Leaf) else _shaped((*at, step), nested[*at, step], nested)
        for step, value in members.items()
    }
    if all(isinstance(step, int) for step in shaped):
        return list(shaped.values())
    return {str(step): value for step, value in shaped.items()}


def _keys(record: Record, path: JsonPath, matches: list[Match]) -> FieldValue | None:
    """Member names at the path, or the names its last wildcard or filter matched."""
    last = path.segments[-1] if path.segments else None
    if last is not None and last.kind in ("wildcard", "exists", "filter", "union"):
        return [
            Leaf(m.steps[-1], record.part, m.steps, named=True)
            for m in matches
            if not m.hollow and isinstance(m.steps[-1], str)
        ]
    mappings = [m for m in matches if type(m.value) is dict]
    if not mappings:
        return None
    return [
        Leaf(name, record.part, (*m.steps, name), named=True) for m in mappings for name in m.value
    ]


def _values(record: Record, path: JsonPath, matches: list[Match]) -> FieldValue:
    """The values at the path as a flat list."""
    if path.singular and type(matches[0].value) in (dict, list):
        inner, steps = matches[0].value, matches[0].steps
        pairs = inner.items() if type(inner) is dict else enumerate(inner)
        return [Leaf(value, record.part, (*steps, step)) for step, value in pairs]
    return [Leaf(m.value, record.part, m.steps) for m in matches if not m.hollow]


def _by(record: Record, spec: FieldSpec, matches: list[Match]) -> FieldValue:
    """A list of objects as a map keyed by one of their members; the first of a name wins."""
    keyed: dict[str, FieldValue] = {}
    for name, leaf in by_members(record, spec, matches):
        keyed.setdefault(name, leaf)
    return keyed


def by_members(record: Record, spec: FieldSpec, matches: list[Match]) -> list[tuple[str, Leaf]]:
    """(name, object) for each object of the list at a ``by:`` field, duplicates included."""
    objects: list[tuple[Value, tuple[str | int, ...]]] = []
    for match in matches:
        if type(match.value) is list:
            objects.extend((v, (*match.steps, i)) for i, v in enumerate(match.value))
        elif not match.hollow:
            objects.append((match.value, match.steps))
    return [
        (as_text(value[spec.by]), Leaf(value, record.part, steps))
        for value, steps in objects
        if type(value) is dict and spec.by in value
    ]


def _patterned(record: Record, spec: FieldSpec, matches: list[Match]) -> FieldValue | None:
    path = spec.path
    found: list[FieldValue] = []
    for match in matches:
        if match.hollow or type(match.value) in (dict, list):
            continue
        got = search_value(spec.pattern, as_text(match.value), "value")
        if got is not None:
            found.append(Leaf(got[0], record.part, match.steps))
    if not found:
        return None
    return found[0] if path is not None and path.singular else found
