"""What a rule relates: sources, their fields, the record's own fields, literals, hops."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from interlock.policy.model import Literals, Own, Side, Source, Target, Via
from interlock.policy.problems import Problems
from interlock.policy.raw import Raw
from interlock.policy.shapes import Reader, text_of
from interlock.values import Any, NamedTuple

TARGET_WORDS = ("values", "via")
#: What every record has, beside the fields of its source.
KEY = "key"


class Scope(NamedTuple):
    """What the names in a rule may refer to. ``left`` is None where `each` cannot be read.

    ``schema`` gives the JSON Schema at a path that a policy file names; it tells its own problems.
    """

    sources: Mapping[str, Source]
    left: Side | None
    problems: Problems
    schema: Callable[[Raw], Mapping[str, Any] | None]


def side_of(raw: Raw, what: str, scope: Scope) -> Side | None:
    """``source`` or ``source.field``, both of which exist; else None and a problem."""
    text = text_of(raw, what, scope.problems)
    if not text:
        return None
    name, dot, field = text.partition(".")
    source = scope.sources.get(name)
    if source is None:
        scope.problems.unknown(raw, "source", name, scope.sources)
        return None
    if dot and not _has(source, field):
        unknown_field(raw, source, field, scope.problems)
        return None
    return Side(name, field)


def _has(source: Source, field: str) -> bool:
    return field == KEY or field in source.fields


def unknown_field(raw: Raw, source: Source, field: str, problems: Problems) -> None:
    """The problem of a field that a source does not have."""
    message = f"source `{source.name}` has no field `{field}`"
    problems.misnamed(raw, message, field, [*source.fields, KEY])


def fields_of(raw: Raw, what: str, source: str | None, scope: Scope) -> tuple[str, ...]:
    """The names of one or more fields of ``source`` (unchecked where that is None)."""
    if isinstance(raw.value, list) and not raw.value:
        scope.problems.add(raw, f"{what} must name at least one field")
    names = []
    for item in raw.items():
        name = text_of(item, what, scope.problems)
        check_field(item, source, name, scope)
        names.append(name)
    return tuple(names)


def check_field(raw: Raw, source: str | None, name: str, scope: Scope) -> None:
    """A problem where ``source`` has no field ``name``."""
    found = scope.sources.get(source) if source is not None else None
    if name and found is not None and not _has(found, name):
        unknown_field(raw, found, name, scope.problems)


def sources_only(relation: str, raw: Raw, scope: Scope) -> tuple[Target, ...]:
    """One or more sources."""
    found: list[Target] = []
    for item in _items(relation, raw, scope):
        side = side_of(item, f"`{relation}`", scope)
        if side is not None and side.field:
            scope.problems.add(
                item, f"`{relation}` looks for records: write `{side.source}`, without a field"
            )
        elif side is not None:
            found.append(side)
    return tuple(found)


def fields_only(relation: str, raw: Raw, scope: Scope) -> tuple[Target, ...]:
    """One or more of ``source.field`` and ``.field``."""
    found: list[Target] = []
    for item in _items(relation, raw, scope):
        if isinstance(item.value, dict):
            scope.problems.add(
                item,
                f"`{relation}` compares fields: write `source.field` or `.field`",
                "for literals use `member-of: {values: […]}`",
            )
            continue
        target = _own(item, scope) if _is_own(item) else side_of(item, f"`{relation}`", scope)
        if isinstance(target, Side) and not target.field:
            field = scope.left.field if scope.left is not None and scope.left.field else "field"
            scope.problems.add(
                item, f"`{relation}` compares fields: write `{target.source}.{field}`"
            )
        elif target is not None:
            found.append(target)
    return tuple(found)


def anything(relation: str, raw: Raw, scope: Scope) -> tuple[Target, ...]:
    """One or more of ``source``, ``source.field``, ``.field``, {values: …} and {via: …}."""
    found: list[Target] = []
    for item in _items(relation, raw, scope):
        if isinstance(item.value, dict):
            target = _literals_or_via(relation, item, scope)
        elif _is_own(item):
            target = _own(item, scope)
        else:
            target = side_of(item, f"`{relation}`", scope)
        if target is not None:
            found.append(target)
    return tuple(found)


def _items(relation: str, raw: Raw, scope: Scope) -> list[Raw]:
    if isinstance(raw.value, list) and not raw.value:
        scope.problems.add(raw, f"`{relation}` must name at least one other side")
    return raw.items()


def _is_own(raw: Raw) -> bool:
    return isinstance(raw.value, str) and raw.value.startswith(".")


def _own(raw: Raw, scope: Scope) -> Own | None:
    name = str(raw.value)[1:]
    if not name:
        scope.problems.add(raw, "`.` needs the name of a field: `.field`")
        return None
    check_field(raw, scope.left.source if scope.left is not None else None, name, scope)
    return Own(name)


def _literals_or_via(relation: str, raw: Raw, scope: Scope) -> Target | None:
    reader = Reader(raw, f"a target of `{relation}`", TARGET_WORDS, scope.problems)
    if len(reader.parts) != 1:
        reader.unclear(
            f"a target of `{relation}` is `source`, `source.field`, `.field`, "
            "{values: […]} or {via: […]}",
        )
        return None
    if "values" in reader:
        return Literals(tuple(item.value for item in reader.listing("values")))
    steps = [side_of(item, "`via`", scope) for item in reader.listing("via")]
    via = reader.parts["via"]
    sides = tuple(step for step in steps if step is not None)
    if (
        isinstance(via.value, list)
        and len(sides) == len(steps)
        and (len(sides) < 2 or not all(side.field for side in sides))
    ):
        scope.problems.add(via, "`via` needs two or more of `source.field`, one for each hop")
    return Via(sides)
