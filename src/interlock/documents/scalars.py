"""Renders one scalar as a format writes it, in the style of the value that it replaces."""

from __future__ import annotations

import json
import re

from interlock.documents.base import Node, Value

_SAFE = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*\Z")
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


class CannotRender(ValueError):
    """A value that cannot be written there; the text says why."""


def render_scalar(form: str, value: Value, old: Value, node: Node | None) -> str:
    """The text of ``value`` in the format ``form``; ``old`` and ``node`` are what it replaces."""
    if isinstance(value, (dict, list)):
        raise CannotRender("the value is a whole mapping or list, which needs your decision")
    if node is not None and node.style in ("literal", "folded"):
        raise CannotRender("the value is a block of several lines")
    if isinstance(old, str) and isinstance(value, (int, float)) and not isinstance(value, bool):
        value = _number(value)  # text stays text: only what it says changes
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        if form in ("toml", "dotenv", "ini"):
            raise CannotRender(f"{form} cannot write null")
        return "null"
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, str):
        return _text(form, value, node)
    if form == "toml":
        return str(value.isoformat())
    return _text(form, str(value.isoformat()), node)


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124  NaN
        raise CannotRender("the value is not a finite number")
    return repr(value)


def _text(form: str, text: str, node: Node | None) -> str:
    style = node.style if node is not None else "plain"
    if form in ("dotenv", "ini"):
        if not _SAFE.match(text):
            raise CannotRender(
                "the text would need quotes, which this format's readers disagree on"
            )
        return text
    simple = bool(_SAFE.match(text)) and text.lower() not in _WORDS
    if form == "yaml" and style == "plain" and simple:
        return text
    if form in ("yaml", "json5") and style == "single" and text.isprintable() and "'" not in text:
        return f"'{text}'" if "\\" not in text else json.dumps(text)
    return json.dumps(text, ensure_ascii=False)
