"""A line of source as a terminal shows it: what stands for each character, and in which column."""

from __future__ import annotations

from itertools import accumulate
from unicodedata import category, east_asian_width

from interlock.report.neutral import glyphs
from interlock.values import NamedTuple

#: Columns of source shown of one line; a terminal rarely has more beside the line numbers.
MAX_COLUMNS = 140
#: Columns kept to the left of what is marked, where the beginning of a line is left out.
_BEFORE = 30
#: Characters of one line that are laid out at all.
_MAX_LINE = 4_000
_TAB = 4
_CUT = "…"


class Row(NamedTuple):
    """``text`` as shown; ``start`` and ``end`` are the columns (from 0) of what is marked."""

    text: str
    start: int
    end: int


def row(line: str, start: int, end: int, *, cut: bool = False) -> Row:
    """Lay out ``line``, of which the characters [start:end] are marked (clipped to the line).

    A mark beyond the end stands at the end, under the sign that something was left out. ``cut``
    says that something was left out before it.
    """
    line = line[:_MAX_LINE]
    shown = _expanded(glyphs(line))
    if start > len(line):
        shown.append(_CUT)
        start = end = len(line)
    start = min(start, len(shown))
    end = max(min(end, len(shown)), start)
    if cut:
        shown.insert(0, _CUT)
        start, end = start + 1, end + 1
    columns = [0, *accumulate(_width(glyph) for glyph in shown)]
    if columns[-1] <= MAX_COLUMNS:
        return Row("".join(shown), columns[start], columns[end])
    return _window(shown, columns, start, end)


def _window(shown: list[str], columns: list[int], start: int, end: int) -> Row:
    """The part of a long line that holds the beginning of the mark."""
    first = 0
    if columns[min(end, start + 1)] > MAX_COLUMNS - _BEFORE:
        first = next(at for at, column in enumerate(columns) if column >= columns[start] - _BEFORE)
    limit = columns[first] + MAX_COLUMNS
    last = max(at for at, column in enumerate(columns) if column <= limit)
    left, right = _CUT if first else "", _CUT if last < len(shown) else ""
    shift = len(left) - columns[first]
    return Row(
        left + "".join(shown[first:last]) + right,
        columns[start] + shift,
        columns[min(end, last)] + shift,
    )


def _expanded(shown: list[str]) -> list[str]:
    """Tabs as spaces up to the next stop, as an editor has them."""
    column = 0
    for at, glyph in enumerate(shown):
        if glyph == "\\t":
            shown[at] = " " * (_TAB - column % _TAB)
        column += _width(shown[at])
    return shown


def _width(glyph: str) -> int:
    """Columns on a terminal: two for East Asian wide characters, none for combining marks."""
    if glyph.isascii():
        return len(glyph)
    if category(glyph) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(glyph) in ("W", "F") else 1
