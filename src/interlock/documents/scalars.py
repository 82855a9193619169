"""Renders one scalar or name as a format writes it, in the style of what it stands for."""

from __future__ import annotations

import json
import re
from typing import Any

from interlock.documents.base import Node, Value

_SAFE = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,17})(\.\d{1,17})?\Z")
#: Text that some reader of YAML 1.1 or 1.2 takes for something else.
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
_TEXT_ONLY = ("dotenv", "ini")
_NAMES = {
    "yaml": re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*\Z"),
    "json5": re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*\Z"),
    "toml": re.compile(r"[A-Za-z0-9_-]+\Z"),
    "dotenv": re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z"),
    "ini": re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z"),
}


class CannotRender(ValueError):
    """A value that cannot be written there; the text says why."""


def storable(form: str, value: Value) -> Value:
    """``value`` as a file of this format can hold it: dates are text outside TOML."""
    if isinstance(value, dict):
        return {name: storable(form, member) for name, member in value.items()}
    if isinstance(value, list):
        return [storable(form, member) for member in value]
    if hasattr(value, "isoformat"):
        return value if form == "toml" else value.isoformat()
    if form in _TEXT_ONLY and isinstance(value, bool):
        return "true" if value else "false"
    if form in _TEXT_ONLY and isinstance(value, (int, float)):
        return _number(form, value)
    return value


def typed_like(value: Value, old: Value) -> Value:
    """``value`` as text where ``old`` is text, and as a number where it is one and both can."""
    if isinstance(value, bool) or isinstance(old, bool):
        return value
    if isinstance(old, str) and isinstance(value, (int, float)):
        return repr(value)
    if isinstance(old, (int, float)) and isinstance(value, str):
        found = _NUMBER.match(value)
        if found:
            return float(value) if found.group(1) else int(value)
    return value


def render_scalar(form: str, value: Value, node: Node | None) -> str:
    """The text of ``value`` in the format ``form``, in the style of ``node``; see CannotRender."""
    if isinstance(value, (dict, list)):
        raise CannotRender("the value is a whole mapping or list, which needs your decision")
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        if form in ("toml", *_TEXT_ONLY):
            raise CannotRender(f"{form} cannot write null")
        return "null"
    if isinstance(value, (int, float)):
        return _number(form, value)
    if isinstance(value, str):
        return _text(form, value, node)
    return _text(form, value.isoformat(), node) if form != "toml" else str(value.isoformat())


def is_simple(text: str) -> bool:
    """True where every reader of YAML takes ``text`` without quotes for text."""
    return bool(_SAFE.match(text)) and text.lower() not in _WORDS


def render_name(form: str, name: str, quote: str) -> str:
    """The text of a member name, in ``quote`` ("" for bare) where the name allows it."""
    if form == "json":
        return quoted(form, name)
    plain = _NAMES[form].match(name) and not (form == "yaml" and name.lower() in _WORDS)
    if not quote and plain:
        return name
    if form in _TEXT_ONLY:
        raise CannotRender(f"the name {name!r} cannot be written in this format")
    if quote == "'" and name.isprintable() and "'" not in name and "\\" not in name:
        return f"'{name}'"
    return quoted(form, name)


def quoted(form: str, text: str) -> str:
    """``text`` in double quotes; what is invisible or no reader agrees on is escaped."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise CannotRender("the text holds half a character") from None
    inner = json.dumps(text, ensure_ascii=False)
    return "".join(c if c == " " or c.isprintable() else _escaped(form, c) for c in inner)


def _escaped(form: str, char: str) -> str:
    code = ord(char)
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    return f"\\U{code:08x}" if form in ("yaml", "toml") else json.dumps(char)[1:-1]


def _number(form: str, value: Any) -> str:
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124  NaN
        raise CannotRender("the value is not a finite number")
    text = repr(value)
    if form == "yaml" and "e" in text and "." not in text:
        return text.replace("e", ".0e")  # 1e+16 is text to readers of YAML 1.1
    return text


def _text(form: str, text: str, node: Node | None) -> str:
    style = node.style if node is not None and node.children is None else ""
    if form in _TEXT_ONLY:
        if not _SAFE.match(text) and not _NUMBER.match(text):
            raise CannotRender(
                "the text would need quotes, which this format's readers disagree on"
            )
        quote = {"double": '"', "single": "'"}.get(style, "") if form == "dotenv" else ""
        return f"{quote}{text}{quote}"
    if form == "yaml" and style in ("plain", "") and is_simple(text):
        return text
    bare = form in ("yaml", "toml") or (form == "json5" and "\\" not in text)
    if style == "single" and bare and text.isprintable() and "'" not in text:
        return f"'{text}'"
    return quoted(form, text)


def render_again(form: str, value: Value, old: Value, source: str, node: Node) -> str:
    """The text of ``value`` in place of ``old``, which stands as ``source`` at ``node``."""
    if node.style in ("literal", "folded"):
        raise CannotRender("the value is a block of several lines")
    date = isinstance(value, str) and _DATE.match(value)
    if form == "yaml" and node.style == "plain" and date and old == source and _DATE.match(source):
        return str(value)
    return render_scalar(form, value, node)
