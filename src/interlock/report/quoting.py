"""Quotes a place: its lines with numbers, and carets under what is meant."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.model import Place
from interlock.report.layout import row
from interlock.report.neutral import harmless
from interlock.report.paint import Paint

#: Lines of one place that are shown; a longer span says where it ends.
MAX_LINES = 6
#: Characters of a path, an alias or a revision, and of a note.
_NAME, _NOTE = 500, 300


def header(place: Place) -> str:
    """``alias: path:line:column  (what was read)``.

    The blank after the alias is what lets terminals and editors open the path on a click.
    """
    where = harmless(place.path, _NAME)
    if place.line and where:
        where = f"{where}:{place.line}:{place.column}"
    alias = "" if place.repo == "policy" else harmless(place.repo, _NAME)
    head = ": ".join(part for part in (alias, where) if part)
    return f"{head}  ({harmless(place.revision, _NAME)})" if place.revision else head


def gutter(places: tuple[Place, ...]) -> int:
    """The width of the line numbers, the same for all places of one finding."""
    return max((len(str(p.line + len(_lines(p)) - 1)) for p in places if _lines(p)), default=1)


def quote(place: Place, paint: Paint, width: int = 0) -> Iterator[str]:
    """The lines to print for one place; ``width`` is the gutter's, 0 for this place's own."""
    width = width or gutter((place,))
    margin = f"{' ' * width} {paint('|', 'frame')}"
    yield f"{' ' * width}{paint('-->', 'frame')} {header(place)}"
    lines = _lines(place)
    note = harmless(place.note, _NOTE)
    if not lines:
        if note:
            yield f"{margin} {paint(note, 'mark')}"
        return
    yield margin
    body = (
        _one(place, lines[0], note) if place.end_line <= place.line else _many(place, lines, note)
    )
    for number, text, marked in body:
        shown = paint(text, "mark") if marked else text
        if number:
            yield f"{paint(f'{number:>{width}}', 'frame')} {paint('|', 'frame')} {shown}".rstrip()
        else:
            yield f"{margin} {shown}"


def _lines(place: Place) -> list[str]:
    """The quoted lines that the span covers, as far as they are shown."""
    if not place.line or not place.excerpt:
        return []
    spanned = max(place.end_line - place.line, 0) + 1
    return place.excerpt.split("\n", MAX_LINES)[: min(spanned, MAX_LINES)]


#: (line number or 0, text, whether the text is a mark)
_Body = Iterator[tuple[int, str, bool]]


def _one(place: Place, line: str, note: str) -> _Body:
    left = place.cut
    shown = row(line, place.column - 1 - left, place.end_column - 1 - left, cut=bool(left))
    carets = "^" * max(shown.end - shown.start, 1)
    yield place.line, shown.text, False
    yield 0, f"{' ' * shown.start}{carets} {note}".rstrip(), True


def _many(place: Place, lines: list[str], note: str) -> _Body:
    """A span over several lines, with a bar at its left from the first to the last."""
    start = place.column - 1 - place.cut
    at_indent = not place.cut and not lines[0][:start].strip()
    opening = row(lines[0], start, start, cut=bool(place.cut))
    yield place.line, f"{'/' if at_indent else ' '} {opening.text}", False
    if not at_indent:
        yield 0, f" {'_' * (opening.start + 1)}^", True
    whole = place.end_line - place.line < len(lines)
    end = 0
    for at, line in enumerate(lines[1:], start=1):
        last = whole and at == len(lines) - 1
        stop = place.end_column - 1 if last else 0
        shown = row(line, max(stop - 1, 0), stop)
        end = shown.end
        yield place.line + at, f"| {shown.text}", False
    more = "" if whole else f"… to line {place.end_line}"
    tail = "  ".join(part for part in (more, note) if part)
    yield 0, f"|{'_' * max(end, 1)}^ {tail}".rstrip(), True
