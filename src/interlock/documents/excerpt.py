"""Where a span stands, and the lines to quote for it."""

from __future__ import annotations

from interlock.documents.base import Document, Span
from interlock.values import NamedTuple

#: Lines quoted for one place, and characters of each: enough to recognise it.
MAX_LINES = 3
MAX_WIDTH = 200
#: Characters kept before the span where the beginning of a long line is left out.
_BEFORE = 60
#: What a terminal or a browser would act on, or not show: control characters but the tab, and
#: those that turn the direction of writing. One character for one, so that columns stay.
_VISIBLE = {
    **{code: 0x2400 + code for code in range(0x20) if code != 0x09},
    0x7F: 0x2421,
    **dict.fromkeys((*range(0x80, 0xA0), 0x061C, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF), 0xFFFD),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD),
}


class Excerpt(NamedTuple):
    """Lines and columns from 1, the end exclusive, and the quoted lines.

    ``cut`` characters of the first line were left out before the quoted ones.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    cut: int = 0


def excerpt(document: Document, span: Span) -> Excerpt:
    """The place of ``span`` in ``document``."""
    size = len(document.text)
    start, end = min(span.start, size), min(max(span.end, span.start), size)
    line, column = document.line_column(start)
    end_line, end_column = document.line_column(end)
    if end_line > line and end_column == 1:  # the span ends with the line break before it
        end_line -= 1
        end_column = end - document.text.rfind("\n", 0, end - 1) - 1
    last = min(end_line, line + MAX_LINES - 1)
    cut = max(column - 1 - _BEFORE, 0) if column > MAX_WIDTH - _BEFORE else 0
    return Excerpt(line, column, end_line, end_column, _lines(document, line, last, cut), cut)


def _lines(document: Document, first: int, last: int, cut: int) -> str:
    text = document.text
    begin = document.offset_of_line(first) + cut
    quoted = []
    for _ in range(first, last + 1):
        end = text.find("\n", begin)
        end = len(text) if end == -1 else end
        line = text[begin : min(end, begin + MAX_WIDTH)].rstrip("\r")
        quoted.append(line.translate(_VISIBLE))
        begin = end + 1
    return "\n".join(quoted)
