"""When two values count as the same, and how a value is shown.

Every mode maps a value to a canonical form; two values are the same where their forms are equal.
"""

from __future__ import annotations

import re

from interlock.documents.base import Value
from interlock.values import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from decimal import Decimal

Mode = Literal["typed", "number", "text", "date", "version", "share"]

#: Longer values are cut when shown; the place shows the rest.
_SHOWN = 60
# As text: Python compiles and keeps each on its first use, and most runs use none.
_DATE = r"\d{4}-\d{2}-\d{2}(?:$|[Tt ])"
_VERSION = r"(?s)[vV]?(\d{1,18}(?:\.\d{1,18})*)(.*)\Z"
_EARLIER = r"-|[._]?(?:a|alpha|b|beta|c|rc|pre|preview|dev|snapshot)(?![a-z])"
_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\Z"


def as_text(value: Value) -> str:
    """A scalar as a person writes it: true, null, 0.4, ranker-v2, 2026-01-31."""
    if isinstance(value, str):
        return value
    if value is True or value is False:
        return "true" if value else "false"
    if value is None:
        return "null"
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)


def shown(value: Value) -> str:
    """A value for a message: text in double quotes, the rest as in JSON, cut to a line."""
    if isinstance(value, str):
        text = '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    elif isinstance(value, dict):
        text = "{" + ", ".join(f"{k}: {shown(v)}" for k, v in list(value.items())[:8]) + "}"
    elif isinstance(value, list):
        text = "[" + ", ".join(shown(v) for v in value[:8]) + "]"
    else:
        text = as_text(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def canonical(value: Value, mode: Mode = "typed") -> Any:
    """The hashable form under which equal values are equal."""
    if isinstance(value, dict):
        return frozenset((k, canonical(v, mode)) for k, v in value.items())
    if isinstance(value, list):
        return ("list", *(canonical(v, mode) for v in value))
    return _SCALARS[mode](value)


def _typed(value: Value) -> Any:
    if value is True or value is False:
        return ("bool", value)
    if isinstance(value, str):
        return _as_date(value) if re.match(_DATE, value) else value
    if value is None or isinstance(value, (int, float)):
        return value if value == value else ("nan",)  # noqa: PLR0124  only NaN differs from itself
    return _as_date(value)


def _number(value: Value) -> Any:
    number = as_decimal(value)
    return _typed(value) if number is None else number


def _date(value: Value) -> Any:
    return _as_date(value)


def _version(value: Value) -> Any:
    return version_of(as_text(value))


_SCALARS = {
    "typed": _typed,
    "number": _number,
    "text": as_text,
    "date": _date,
    "version": _version,
    "share": _number,
}


def as_decimal(value: Value) -> Decimal | None:
    """The value as a decimal number, text included ("0.4"); None where it is none."""
    from decimal import Decimal, InvalidOperation

    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return number if number.is_finite() else None
    if isinstance(value, str) and re.match(_NUMBER, value.strip()):
        try:
            return Decimal(value.strip())
        except InvalidOperation:
            return None
    return None


def _as_date(value: Value) -> Any:
    moment = as_moment(value)
    return as_text(value) if moment is None else ("date", moment)


def as_moment(value: Value) -> str | None:
    """A date or time as text that sorts in time order, in UTC where it has an offset.

    A date alone is its midnight; a time without an offset is taken as UTC. None where the value
    is no ISO 8601 date.
    """
    from datetime import UTC, date, datetime

    if isinstance(value, str):
        text = value.strip()
        if not re.match(_DATE, text):
            return None
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if not isinstance(value, datetime):
        return None
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    try:
        return str(value.astimezone(UTC).isoformat())
    except OverflowError:
        return None


def version_of(text: str) -> tuple[Any, ...]:
    """A version as a tuple that sorts: "v1.10" above "1.9", "1.0-rc1" below "1.0", which is 1.

    What follows the numbers after a hyphen, or with a word such as rc, comes before the release,
    as in Semantic Versioning. What does not begin with a number sorts first, as text.
    """
    found = re.match(_VERSION, text.strip())
    if found is None:
        return (-1,), 0, ((0, 0, text),)
    release = [int(number) for number in found.group(1).split(".")]
    while len(release) > 1 and not release[-1]:
        release.pop()
    rest = found.group(2).lower()
    pieces = re.findall(r"\d{1,18}|[^\W\d_]+", rest) or [rest]
    parts = [(1, int(p), "") if p.isdecimal() else (0, 0, p) for p in pieces]
    if not rest:
        return tuple(release), 0, ()
    return tuple(release), -1 if re.match(_EARLIER, rest) else 1, tuple(parts)


def shares(values: dict[str, Value]) -> dict[str, Any]:
    """Weights as shares of their sum; a weight that is no number stays as it is."""
    from fractions import Fraction

    numbers = {name: as_decimal(value) for name, value in values.items()}
    total = sum((Fraction(n) for n in numbers.values() if n is not None), Fraction(0))
    return {
        name: _number(values[name]) if number is None or not total else Fraction(number) / total
        for name, number in numbers.items()
    }
