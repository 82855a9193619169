"""Text from repositories made harmless and visible: hostile until shown otherwise.

A terminal obeys escape sequences, bidi marks reorder what a reviewer reads (CVE-2021-42574),
invisible characters make two different values look the same, and a CI log obeys lines that
begin with ``::`` and lines that hold ``##[`` anywhere (actions/runner, ActionCommand.cs;
``##vso[`` and ``##teamcity[`` elsewhere). All of that is written as ``\\xNN`` or ``\\uNNNN``.
"""

from __future__ import annotations

import re

#: Characters of one field that are shown; a value of a hostile file can have millions.
LIMIT = 2_000

_SUSPECT = re.compile(r"[^ -~]|#(?=#\w*\[)")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
#: Printable by Unicode's categories, and yet nothing is seen: fillers, joiners, selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0e\uffa0"
    "\U000e0100-\U000e01ef]"
)
_IDEOGRAPHIC_SPACE = "\u3000"


def harmless(text: str, limit: int = LIMIT) -> str:
    """``text`` on one line, cut to ``limit`` characters, everything unseen or obeyed escaped."""
    shown = _SUSPECT.sub(_escaped, cut(text, limit))
    if shown.lstrip().startswith("::"):
        return shown.replace("::", "\\x3a:", 1)
    return shown


def cut(text: str, limit: int) -> str:
    """``text``, or its beginning and how much is missing."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def glyphs(line: str) -> list[str]:
    """What is shown for each character of ``line``: as ``harmless``, one entry a character."""
    return [
        char if " " <= char <= "~" and char != "#" else _glyph(line, at)
        for at, char in enumerate(line)
    ]


def _glyph(line: str, at: int) -> str:
    found = _SUSPECT.match(line, at)
    return _escaped(found) if found is not None else line[at]


def _escaped(found: re.Match[str]) -> str:
    char = found[0]
    if char == "#":
        return "\\x23"
    if (char.isprintable() or char == _IDEOGRAPHIC_SPACE) and not _UNSEEN.match(char):
        return char
    code = ord(char)
    if char in _NAMED:
        return _NAMED[char]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
