"""How the argument of each relation is written: one table for the loader and the schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from interlock.policy.model import Target
from interlock.policy.paths import pattern_of
from interlock.policy.raw import Raw
from interlock.policy.shapes import Reader, texts_of
from interlock.policy.sides import Scope, anything, fields_of, fields_only, sources_only
from interlock.values import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

SUM_NUMBERS = ("equals", "min", "max", "tolerance")
SUM_WORDS = (*SUM_NUMBERS, "by")
UNIFORM_WORDS = ("by",)
UNIQUE = ("in-record", "in-source")
KNOWN_KEYS_WORDS = ("schema",)


class Argument(NamedTuple):
    """A relation's argument, checked: what it relates to, and the rest."""

    targets: tuple[Target, ...]
    options: Mapping[str, Any]


class Shape(NamedTuple):
    """How one relation is written.

    ``left`` says what its `each` names: a field, whole records, or either (then without a field
    the key is meant). ``modifiers`` are those words of a rule that not every relation takes.
    """

    parse: Callable[[str, Raw, Scope], Argument]
    left: Literal["field", "record", "either"]
    modifiers: tuple[str, ...]


def _sources(relation: str, raw: Raw, scope: Scope) -> Argument:
    return Argument(sources_only(relation, raw, scope), {"per": ()})


def _fields(relation: str, raw: Raw, scope: Scope) -> Argument:
    return Argument(fields_only(relation, raw, scope), {})


def _anything(relation: str, raw: Raw, scope: Scope) -> Argument:
    return Argument(anything(relation, raw, scope), {})


def _sum(relation: str, raw: Raw, scope: Scope) -> Argument:
    options: dict[str, Any] = dict.fromkeys(SUM_NUMBERS)
    options["by"] = ""
    if not isinstance(raw.value, dict):
        options["equals"] = _decimal(raw, f"`{relation}`", scope)
        return Argument((), options)
    reader = Reader(raw, f"`{relation}`", SUM_WORDS, scope.problems)
    for name in SUM_NUMBERS:
        if name in reader:
            options[name] = _decimal(reader.parts[name], f"`{name}`", scope)
    if not {"equals", "min", "max"} & set(reader.parts):
        reader.unclear("`sum` needs `equals`, `min` or `max`")
    by = reader.get("by")
    if by is not None:
        options["by"] = "".join(_left_fields(by, "`by`", scope, most=1))
    return Argument((), options)


def _decimal(raw: Raw, what: str, scope: Scope) -> Decimal | None:
    """A number of the policy, as it is written: 0.1 is one tenth."""
    from decimal import Decimal

    if isinstance(raw.value, (int, float)) and not isinstance(raw.value, bool):
        number = Decimal(str(raw.value))
        if number.is_finite():
            return number
    scope.problems.add(raw, f"{what} must be a number")
    return None


def _left_fields(raw: Raw, what: str, scope: Scope, most: int) -> tuple[str, ...]:
    names = fields_of(raw, what, scope.left.source if scope.left else None, scope)
    if len(names) > most:
        scope.problems.add(raw, f"{what} takes {most if most > 1 else 'one field only'}")
    return names


def _uniform(relation: str, raw: Raw, scope: Scope) -> Argument:
    if raw.value is True:
        return Argument((), {"by": ()})
    if not isinstance(raw.value, dict):
        scope.problems.add(raw, "`uniform` is `true`, or {by: field}")
        return Argument((), {"by": ()})
    by = Reader(raw, f"`{relation}`", UNIFORM_WORDS, scope.problems).require("by")
    left = scope.left.source if scope.left else None
    return Argument((), {"by": fields_of(by, "`by`", left, scope) if by is not None else ()})


def _unique(relation: str, raw: Raw, scope: Scope) -> Argument:
    if raw.value not in UNIQUE:
        scope.problems.add(raw, f"`{relation}` must be `in-record` or `in-source`")
    within = "record" if raw.value == "in-record" else "source"
    if within == "record" and scope.left is not None and not scope.left.field:
        scope.problems.add(
            raw,
            "`unique: in-record` needs a field: a record has only one key",
            f"write `each: {scope.left.source}.field`, or `unique: in-source`",
        )
    return Argument((), {"within": within})


def _exclusive(relation: str, raw: Raw, scope: Scope) -> Argument:
    left = scope.left.source if scope.left else None
    fields = fields_of(raw, f"`{relation}`", left, scope)
    return Argument((), {"fields": fields, "during": None})


def _known_keys(relation: str, raw: Raw, scope: Scope) -> Argument:
    options: dict[str, Any] = {"names": None, "schema": None}
    if not isinstance(raw.value, dict):
        options["names"] = tuple(t for _, t in texts_of(raw, f"`{relation}`", scope.problems))
        return Argument((), options)
    given = Reader(raw, f"`{relation}`", KNOWN_KEYS_WORDS, scope.problems).require("schema")
    if given is not None:
        mapping = isinstance(given.value, dict)
        options["schema"] = given.value if mapping else scope.schema(given)
    return Argument((), options)


def _pattern(relation: str, raw: Raw, scope: Scope) -> Argument:
    pattern, _ = pattern_of(raw, f"`{relation}`", scope.problems)
    return Argument((), {"pattern": pattern})


_JOINED = ("join", "on", "compare", "authority")
RELATIONS: dict[str, Shape] = {
    "exists-in": Shape(_sources, "record", ("per", "join", "on", "authority")),
    "equal": Shape(_fields, "field", _JOINED),
    "same-set": Shape(_fields, "field", _JOINED),
    "subset-of": Shape(_fields, "field", _JOINED),
    "references": Shape(_anything, "either", ("scope", *_JOINED)),
    "member-of": Shape(_anything, "either", ("scope", *_JOINED)),
    "sum": Shape(_sum, "field", ()),
    "uniform": Shape(_uniform, "field", ("compare",)),
    "unique": Shape(_unique, "either", ("compare",)),
    "exclusive": Shape(_exclusive, "record", ("during",)),
    "before": Shape(_fields, "field", _JOINED),
    "known-keys": Shape(_known_keys, "either", ()),
    "pattern": Shape(_pattern, "either", ()),
}
#: Words that only some relations take.
SPECIAL = tuple(dict.fromkeys(word for shape in RELATIONS.values() for word in shape.modifiers))
