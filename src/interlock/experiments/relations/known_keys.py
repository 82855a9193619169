"""known-keys: no member that nobody reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from interlock.documents.patterns import matches
from interlock.experiments.breach import Breach, InPolicy, Spot
from interlock.experiments.dataset import Dataset
from interlock.experiments.near import Names
from interlock.experiments.records import FieldValue, Leaf, Record, children
from interlock.experiments.relations.base import Relation
from interlock.experiments.scope import lefts
from interlock.policy.model import Rule
from interlock.values import Any, NamedTuple


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each member that is not among the known names."""
    names = dict.fromkeys(rule.options.get("names") or ())
    indexes: dict[int, Names] = {}
    schema = rule.options.get("schema")
    shapes = _Schema(schema or {})
    for left in lefts(rule, dataset):
        if isinstance(left, Breach):
            yield left
            continue
        value = _whole(left.record) if not rule.left.field else left.value
        found = shapes.unknown(value, schema, "") if schema else _by_names(value, names)
        for path, leaf, known in found:
            yield _breach(rule, left.record, path, leaf, partial(_index, indexes, known))


#: How deep a schema may be put together from others, and from how many.
_DEEP, _PARTS = 6, 1_000
#: The unknown member's path, where it stands, and the names that are known there.
Unknown = tuple[str, Leaf, Mapping[str, Any]]


def _index(indexes: dict[int, Names], known: Mapping[str, Any]) -> Names:
    """The known names, indexed once; ``known`` lives as long as the policy."""
    if id(known) not in indexes:
        indexes[id(known)] = Names(known)
    return indexes[id(known)]


def _whole(record: Record) -> FieldValue:
    return record.leaf()


def _by_names(value: FieldValue, names: Mapping[str, Any]) -> Iterator[Unknown]:
    members = children(value)
    if isinstance(members, list):
        for member in members:
            if isinstance(member, Leaf) and isinstance(member.value, str):
                if member.value not in names:
                    yield member.value, member, names
            else:
                yield from _by_names(member, names)
        return
    for name, member in (members or {}).items():
        if name not in names:
            yield name, _name(member), names


def _name(member: FieldValue) -> Leaf:
    while not isinstance(member, Leaf):
        member = next(iter(member.values() if isinstance(member, dict) else member))
    return member._replace(named=True)


class _Shape(NamedTuple):
    """What a schema says of members by name and pattern, of others (False: unknown), of items."""

    known: dict[str, Any]
    patterns: dict[str, Any]
    more: Any
    items: Mapping[str, Any] | None


class _Schema:
    """A JSON Schema, as far as it names members; each part is looked at once."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._shapes: dict[int, tuple[Mapping[str, Any], _Shape]] = {}

    def unknown(self, value: FieldValue, schema: Mapping[str, Any], path: str) -> Iterator[Unknown]:
        """Members that the schema does not name, at any depth."""
        members = children(value)
        if isinstance(members, list):
            items = self._shape(schema).items
            for member in members if items is not None else ():
                yield from self.unknown(member, items or {}, path)
            return
        if not members:
            return
        shape = self._shape(schema)
        for name, member in members.items():
            inner = f"{path}.{name}" if path else name
            below = shape.known.get(name)
            if below is None:
                fits = (s for pattern, s in shape.patterns.items() if matches(pattern, name))
                below = next(fits, shape.more)
            if isinstance(below, Mapping):
                yield from self.unknown(member, below, inner)
            elif below is False and name not in shape.known:
                yield inner, _name(member), shape.known

    def _shape(self, schema: Mapping[str, Any]) -> _Shape:
        found = self._shapes.get(id(schema))
        if found is None:
            parts = list(islice(self._parts(schema, 0), _PARTS))
            known: dict[str, Any] = {}
            for part in parts:
                for name, below in _mapping(part, "properties").items():
                    known[name] = _both(known.get(name), below)
            patterns = {
                p: s for part in parts for p, s in _mapping(part, "patternProperties").items()
            }
            said = [
                part["additionalProperties"] for part in parts if "additionalProperties" in part
            ]
            more = next((one for one in said if one is not False), False if said else not known)
            items = None
            for part in parts:
                items = _both(items, part.get("items"))
            shape = _Shape(known, patterns, more, items if isinstance(items, Mapping) else None)
            found = self._shapes[id(schema)] = (schema, shape)
        return found[1]

    def _parts(self, schema: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]]:
        """The schema and those that it is put together from."""
        schema = _resolved(schema, self._root)
        yield schema
        for word in ("allOf", "anyOf", "oneOf") if depth < _DEEP else ():
            several = schema.get(word)
            for one in several if isinstance(several, Sequence) else ():
                if isinstance(one, Mapping):
                    yield from self._parts(one, depth + 1)


def _both(one: object, other: object) -> object:
    """A schema that names what either of two does."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        several = one["allOf"] if one.keys() == {"allOf"} else [one]
        return {"allOf": [*several, other]}
    return one if other is None else other


def _mapping(part: Mapping[str, Any], word: str) -> Mapping[str, Any]:
    found = part.get(word)
    return found if isinstance(found, Mapping) else {}


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    for _ in range(32):  # a chain of references longer than this is a loop
        reference = schema.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#"):
            return schema
        found: Any = root
        for step in reference[1:].split("/")[1:]:
            found = found.get(step, {}) if isinstance(found, Mapping) else {}
        schema = found if isinstance(found, Mapping) else {}
    return schema


def _breach(
    rule: Rule, record: Record, path: str, leaf: Leaf, known: Callable[[], Names]
) -> Breach:
    name = path.rpartition(".")[2]
    return Breach(
        key=record.name,
        field=rule.left.field,
        member=path,
        message=f"`{record.name}`: nothing reads `{path}` in {rule.left.source}",
        spots=(
            Spot(leaf, f"`{name}` is not a known name"),
            InPolicy(*rule.origin, note="the known names"),
        ),
        repos=(record.repo,),
        repair_in=(record.repo,),
        values=(name,),
        hint=f"remove or rename `{name}`, or add it to the rule's known names",
        near=(name, known),
    )


RELATION = Relation(
    name="known-keys",
    summary="no misspelt or misplaced member that is silently ignored",
    what=(
        "The members of the record (or of the field) must be among the names listed, or among "
        "the properties of a JSON Schema (`{schema: file}`), which is followed downwards, through "
        "`$ref`, `allOf`, `anyOf` and `oneOf`."
    ),
    why="A misspelt key that is silently ignored is the commonest real bug in such files.",
    example="{id: plan-keys, each: plan, known-keys: [status, variants, owner]}",
    fix="None; a near miss is suggested.",
    since="0.1.0",
    check=check,
)
