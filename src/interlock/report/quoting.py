"""Quotes a place: its lines with numbers, and carets under what is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from unicodedata import combining, east_asian_width

from interlock.model import Place
from interlock.report.neutral import harmless

_TAB = "    "
Paint = Callable[[str, str], str]


def header(place: Place) -> str:
    """``repo:path:line:column``, with what was read."""
    path = harmless(place.path)
    where = f"{path}:{place.line}:{place.column}" if place.line else path
    alias = "" if place.repo in ("", "policy") else f"{place.repo}:"
    revision = f"  ({harmless(place.revision)})" if place.revision else ""
    return f"{alias}{where}{revision}"


def quote(place: Place, paint: Paint) -> Iterator[str]:
    """The lines to print for one place."""
    lines = place.excerpt.split("\n") if place.excerpt and place.line else []
    width = len(str(place.line + max(len(lines) - 1, 0))) if place.line else 1
    yield f"{' ' * width}{paint('-->', 'blue')} {header(place)}"
    bar = paint("|", "blue")
    if not lines:
        if place.note:
            yield f"{' ' * width} {bar} {paint(harmless(place.note), 'cyan')}"
        return
    yield f"{' ' * width} {bar}"
    last = min(len(lines), place.end_line - place.line + 1)
    for at, line in enumerate(lines[:last]):
        number = paint(str(place.line + at).rjust(width), "blue")
        yield f"{number} {bar} {_expanded(line)}"
        carets = _carets(place, at, line)
        note = f" {harmless(place.note)}" if at == last - 1 and place.note else ""
        if carets or note:
            yield f"{' ' * width} {bar} {paint(carets + note, 'cyan')}"


def _carets(place: Place, at: int, line: str) -> str:
    start = place.column - 1 if at == 0 else len(line) - len(line.lstrip())
    only = place.end_line == place.line + at
    end = place.end_column - 1 if only else len(line.rstrip())
    start, end = min(start, len(line)), min(end, len(line))
    return " " * _width(line[:start]) + "^" * max(_width(line[start:end]), 1)


def _expanded(line: str) -> str:
    return harmless(line.replace("\t", _TAB))


def _width(text: str) -> int:
    """Columns that ``text`` takes on a terminal once it is expanded."""
    total = 0
    for char in _expanded(text):
        if not combining(char):
            total += 2 if east_asian_width(char) in "WF" else 1
    return total
