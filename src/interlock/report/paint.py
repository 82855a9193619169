"""Colours for a terminal, or none."""

from __future__ import annotations

from collections.abc import Callable

#: (text, shade) -> the text as it is printed.
Paint = Callable[[str, str], str]

#: SGR codes (ECMA-48, section 8.3.117).
_CODES = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "off": "1;36",
    "good": "1;32",
    "frame": "1;34",
    "mark": "36",
    "strong": "1",
}


def painter(*, colour: bool) -> Paint:
    """What paints in ``colour``, or leaves text as it is."""
    return _painted if colour else _plain


def _painted(text: str, shade: str) -> str:
    return f"\x1b[{_CODES[shade]}m{text}\x1b[0m"


def _plain(text: str, shade: str) -> str:  # noqa: ARG001  the signature of Paint
    return text
