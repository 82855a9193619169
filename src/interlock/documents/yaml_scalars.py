"""What a YAML 1.2 scalar means (core schema, YAML 1.2.2 section 10.3.2)."""

from __future__ import annotations

import re

from interlock.documents.base import Value
from interlock.documents.limits import MAX_DIGITS, LimitError

_FIXED: dict[str, Value] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INT = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_SPECIAL = re.compile(r"([-+]?)\.(inf|Inf|INF)\Z")
_STARTS = frozenset("0123456789+-.~nNtTfF")


def resolve(text: str, offset: int) -> Value:
    """The value of a plain scalar; raises LimitError for a number with too many digits."""
    if text and text[0] not in _STARTS:
        return text
    if text in _FIXED:
        return _FIXED[text]
    if _INT.match(text):
        if len(text) > MAX_DIGITS:
            raise LimitError(f"holds a number with more than {MAX_DIGITS:,} digits", offset)
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    if _OCTAL.match(text):
        return int(text[2:], 8)
    if _HEX.match(text):
        return int(text[2:], 16)
    special = _SPECIAL.match(text)
    if special:
        return float("-inf") if special.group(1) == "-" else float("inf")
    return float("nan") if text in (".nan", ".NaN", ".NAN") else text


def tagged(tag: str, text: str, offset: int, plain: bool) -> Value:
    """The value of a scalar with its tag, where the tag is one of YAML's own; else untagged."""
    kind = tag.removeprefix("tag:yaml.org,2002:")
    if kind == "str":
        return text
    if kind in ("int", "float", "bool", "null"):
        value = resolve(text, offset)
        return float(value) if kind == "float" and isinstance(value, int) else value
    return resolve(text, offset) if plain else text
