"""What a YAML scalar means: the core schema of YAML 1.2.2, section 10.3.2.

So ``no``, ``on`` and dates are text, ``0o17`` and ``0x1f`` are numbers, ``0123`` is 123.
No regular expression: compiling one costs more than reading a small file.
"""

from __future__ import annotations

from interlock.documents.base import Value
from interlock.documents.limits import MAX_DIGITS, MAX_RADIX_DIGITS, NumberTooLongError

_INF = float("inf")
_CONSTANTS: dict[str, Value] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), _INF),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -_INF),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_RADIX = {"0o": (8, "01234567"), "0x": (16, "0123456789abcdefABCDEF")}
#: A plain scalar that starts otherwise is text.
SPECIAL_STARTS = frozenset("~nNtTfF.+-0123456789")

_PREFIX = "tag:yaml.org,2002:"
_KINDS = {"null": type(None), "bool": bool, "int": int, "float": float}


def plain(text: str) -> Value:
    """The value of an untagged plain scalar; raises NumberTooLongError."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in SPECIAL_STARTS:
        return text
    return _number(text)


def _number(text: str) -> Value:
    digits = text[1:] if text[0] in "+-" else text
    if digits.isdecimal() and digits.isascii():
        if len(digits) > MAX_DIGITS:
            raise NumberTooLongError
        return int(text)
    # Of these characters float() takes exactly what the core schema takes.
    if not text.strip("0123456789.eE+-"):
        try:
            return float(text)
        except ValueError:
            return text
    base, alphabet = _RADIX.get(text[:2], (0, ""))
    if base and text[2:] and not text[2:].strip(alphabet):
        if len(text) > MAX_RADIX_DIGITS:
            raise NumberTooLongError
        return int(text[2:], base)
    return text


def is_core(tag: str) -> bool:
    """True where ``tag`` decides how a scalar is read; all others count as untagged."""
    return tag.startswith(_PREFIX) and tag[len(_PREFIX) :] in ("str", *_KINDS)


def tagged(tag: str, text: str) -> tuple[Value, bool]:
    """The value of a scalar with a core tag; False where the text does not fit (then text)."""
    kind = tag[len(_PREFIX) :]
    if kind == "str":
        return text, True
    value = plain(text)
    if kind == "float" and type(value) is int:
        try:
            return float(value), True
        except OverflowError:
            return (_INF if value > 0 else -_INF), True
    if type(value) is _KINDS[kind]:
        return value, True
    return text, False
