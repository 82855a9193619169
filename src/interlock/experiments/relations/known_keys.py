"""known-keys: no member that nobody reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from interlock.experiments.breach import Breach, InPolicy, Spot
from interlock.experiments.dataset import Dataset
from interlock.experiments.near import Names
from interlock.experiments.records import FieldValue, Leaf, Record, children
from interlock.experiments.relations.base import Relation
from interlock.experiments.scope import lefts
from interlock.policy.model import Rule


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each member that is not among the known names."""
    names = dict.fromkeys(rule.options.get("names") or ())
    indexes: dict[int, Names] = {}
    schema = rule.options.get("schema")
    for left in lefts(rule, dataset):
        if isinstance(left, Breach):
            yield left
            continue
        value = _whole(left.record) if not rule.left.field else left.value
        found = _by_schema(value, schema, schema, "") if schema else _by_names(value, names)
        for path, leaf, known in found:
            yield _breach(rule, left.record, path, leaf, partial(_index, indexes, known))


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


def _by_schema(
    value: FieldValue, schema: Mapping[str, Any], root: Mapping[str, Any], path: str
) -> Iterator[Unknown]:
    """Members that a JSON Schema's properties do not name, at any depth."""
    schema = _resolved(schema, root)
    members = children(value)
    if isinstance(members, list):
        items = schema.get("items")
        if isinstance(items, Mapping):
            for member in members:
                yield from _by_schema(member, items, root, path)
        return
    known = schema.get("properties", {})
    more = schema.get("additionalProperties", not known)
    for name, member in (members or {}).items():
        inner = f"{path}.{name}" if path else name
        if name in known:
            if isinstance(known[name], Mapping):
                yield from _by_schema(member, known[name], root, inner)
        elif isinstance(more, Mapping):
            yield from _by_schema(member, more, root, inner)
        elif more is False:
            yield inner, _name(member), known


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
        "the properties of a JSON Schema (`{schema: file}`), which is followed downwards."
    ),
    why="A misspelt key that is silently ignored is the commonest real bug in such files.",
    example="{id: plan-keys, each: plan, known-keys: [status, variants, owner]}",
    fix="None; a near miss is suggested.",
    since="0.1.0",
    check=check,
)
