"""How the argument of each relation is written: one table for loader, schema and documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from interlock.policy.model import Literals, Own, Side, Target, Via
from interlock.policy.raw import Problems, Raw, Reader, text_of


class Argument(NamedTuple):
    """A relation's argument, checked: what it relates to, and the rest."""

    targets: tuple[Target, ...]
    options: Mapping[str, Any]


class Shape(NamedTuple):
    """How one relation is written. ``extra`` are the modifiers that only it takes."""

    parse: Callable[[Raw, Problems], Argument]
    extra: tuple[str, ...]
    needs_field: bool


def side_of(raw: Raw, problems: Problems) -> Side | None:
    """``source`` or ``source.field``."""
    text = text_of(raw, "a side of a rule", problems)
    if not text:
        return None
    source, _, field = text.partition(".")
    return Side(source, field)


def _sides(raw: Raw, problems: Problems) -> Argument:
    return Argument(_targets(raw, problems), {})


def _targets(raw: Raw, problems: Problems) -> tuple[Target, ...]:
    found: list[Target] = []
    for item in raw.items():
        if isinstance(item.value, dict):
            target = _literal_or_via(item, problems)
        elif isinstance(item.value, str) and item.value.startswith("."):
            target = Own(item.value[1:])
        else:
            target = side_of(item, problems)
        if target is not None:
            found.append(target)
    if not found:
        problems.add(raw, "a relation needs at least one other side")
    return tuple(found)


def _literal_or_via(raw: Raw, problems: Problems) -> Target | None:
    reader = Reader(raw, "a target", ("values", "via"), problems)
    values, via = reader.parts.get("values"), reader.parts.get("via")
    if values is not None:
        return Literals(tuple(item.value for item in values.items()))
    if via is None:
        problems.add(
            raw, "a target is `source`, `source.field`, `.field`, {values: […]} or {via: […]}"
        )
        return None
    steps = tuple(s for item in via.items() if (s := side_of(item, problems)) is not None)
    if len(steps) < 2 or not all(s.field for s in steps):
        problems.add(via, "`via` needs two or more `source.field`, one for each hop")
    return Via(steps)


def _sum(raw: Raw, problems: Problems) -> Argument:
    options: dict[str, Any] = dict.fromkeys(("equals", "min", "max", "tolerance"))
    options["by"] = ""
    if not isinstance(raw.value, dict):
        options["equals"] = _decimal(raw, problems)
        return Argument((), options)
    reader = Reader(raw, "`sum`", options, problems)
    options["by"] = reader.text("by")
    for name in ("equals", "min", "max", "tolerance"):
        if name in reader:
            options[name] = _decimal(reader.parts[name], problems)
    if all(options[name] is None for name in ("equals", "min", "max")):
        problems.add(raw, "`sum` needs `equals`, `min` or `max`")
    return Argument((), options)


def _decimal(raw: Raw, problems: Problems) -> Decimal | None:
    if isinstance(raw.value, (int, float, str)) and not isinstance(raw.value, bool):
        try:
            number = Decimal(str(raw.value))
        except InvalidOperation:
            number = Decimal("nan")
        if number.is_finite():
            return number
    problems.add(raw, "must be a number")
    return None


def _uniform(raw: Raw, problems: Problems) -> Argument:
    if raw.value is True:
        return Argument((), {"by": ()})
    return Argument((), {"by": Reader(raw, "`uniform`", ("by",), problems).texts("by")})


def _unique(raw: Raw, problems: Problems) -> Argument:
    if raw.value not in ("in-record", "in-source"):
        problems.add(raw, "`unique` must be `in-record` or `in-source`")
    return Argument((), {"within": str(raw.value).removeprefix("in-")})


def _exclusive(raw: Raw, problems: Problems) -> Argument:
    fields = tuple(text_of(item, "`exclusive`", problems) for item in raw.items())
    if not fields:
        problems.add(raw, "`exclusive` needs at least one field")
    return Argument((), {"fields": fields})


def _known_keys(raw: Raw, problems: Problems) -> Argument:
    if isinstance(raw.value, list):
        names = tuple(text_of(item, "`known-keys`", problems) for item in raw.items())
        return Argument((), {"names": names, "schema": None})
    schema = Reader(raw, "`known-keys`", ("schema",), problems).require("schema")
    return Argument((), {"names": None, "schema": schema.value if schema else {}})


def _pattern(raw: Raw, problems: Problems) -> Argument:
    pattern = text_of(raw, "`pattern`", problems)
    return Argument((), {"pattern": pattern})


RELATIONS: dict[str, Shape] = {
    "exists-in": Shape(_sides, ("per",), needs_field=False),
    "equal": Shape(_sides, (), needs_field=True),
    "same-set": Shape(_sides, (), needs_field=True),
    "subset-of": Shape(_sides, (), needs_field=True),
    "references": Shape(_sides, ("scope",), needs_field=False),
    "member-of": Shape(_sides, ("scope",), needs_field=False),
    "sum": Shape(_sum, (), needs_field=True),
    "uniform": Shape(_uniform, (), needs_field=True),
    "unique": Shape(_unique, (), needs_field=False),
    "exclusive": Shape(_exclusive, ("during",), needs_field=False),
    "before": Shape(_sides, (), needs_field=True),
    "known-keys": Shape(_known_keys, (), needs_field=False),
    "pattern": Shape(_pattern, (), needs_field=False),
}
