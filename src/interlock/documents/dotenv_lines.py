"""The lines of dotenv and INI files, each with its places.

There is no common standard. Read here: ``NAME=value``, in dotenv with ``export`` before it, in INI
and properties files with ``:`` for ``=`` too; comments after ``#`` (``;`` and ``!`` in INI, there
on their own lines only); quotes around a whole value, in dotenv over several lines and with the
escapes of a double-quoted text; ``[section]`` in INI; INI values that go on in deeper indented
lines, joined by a line break, or after a backslash, joined without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from interlock.documents.base import Span
from interlock.values import NamedTuple

_SECTION = re.compile(r"\[([^\]\n]*)\][ \t\r]*(?:[#;][^\n]*)?$")
_NAME = re.compile(r"(?:export[ \t]+)?([^\W\d][\w.\-]*)[ \t]*=[ \t]*")
_SEPARATOR = re.compile(r"[=:]")
_BLANKS = re.compile(r"[ \t\r]*")
_QUOTED = re.compile(r"\"([^\"\\]*(?:\\[\s\S][^\"\\]*)*)\"|'([^']*)'|`([^`]*)`")
_NOTHING_MORE = re.compile(r"[ \t\r]*(?:[ \t]#[^\n]*)?(?=\n|\Z)")
_COMMENT = re.compile(r"[ \t]#")
_ESCAPE = re.compile(r"\\([nrt\"\\$`])")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


class Line(NamedTuple):
    """A section, a pair, or a line that is neither; ``text`` and ``span`` are the value's."""

    kind: Literal["section", "pair", "unclear"]
    name: str
    name_span: Span
    text: str
    span: Span


class Row(NamedTuple):
    """A physical line: its start, its content without blanks at either side, the next start."""

    start: int
    begin: int
    end: int
    after: int


def _row(text: str, at: int) -> Row:
    newline = text.find("\n", at)
    after = len(text) if newline == -1 else newline + 1
    blanks = _BLANKS.match(text, at, after)
    begin = blanks.end() if blanks else at
    content = text[begin:after].rstrip()
    return Row(at, begin, begin + len(content), after)


def _unclear(row: Row) -> Line:
    span = Span(row.begin, row.end)
    return Line("unclear", "", span, "", span)


def dotenv_lines(text: str) -> Iterator[Line]:
    """The pairs of a dotenv file, in order."""
    at = 0
    while at < len(text):
        row = _row(text, at)
        at = row.after
        if row.begin == row.end or text[row.begin] == "#":
            continue
        key = _NAME.match(text, row.begin, row.end)
        if key is None:
            yield _unclear(row)
            continue
        value, span = _quoted(text, key.end()) or _unquoted(text, key.end(), row.end)
        if span.end > row.end:
            at = _row(text, span.end).after
        yield Line("pair", key.group(1), Span(*key.span(1)), value, span)


def _quoted(text: str, start: int) -> tuple[str, Span] | None:
    """A value in quotes, where nothing but a comment follows them."""
    found = _QUOTED.match(text, start)
    if found is None or not _NOTHING_MORE.match(text, found.end()):
        return None
    value = found.group(found.lastindex or 0).replace("\r\n", "\n")
    if text[start] == '"':
        value = _ESCAPE.sub(lambda one: _ESCAPED.get(one.group(1), one.group(1)), value)
    return value, Span(*found.span())


def _unquoted(text: str, start: int, end: int) -> tuple[str, Span]:
    comment = _COMMENT.search(text, start - 1, end)
    value = text[start : max(start, comment.start()) if comment else end].rstrip()
    return value, Span(start, start + len(value))


def ini_lines(text: str) -> Iterator[Line]:
    """The sections and pairs of an INI or properties file, in order."""
    at = 0
    while at < len(text):
        row = _row(text, at)
        at = row.after
        if row.begin == row.end or text[row.begin] in "#;!":
            continue
        section = _SECTION.match(text, row.begin, row.end)
        separator = _SEPARATOR.search(text, row.begin, row.end)
        if section:
            name, span = section.group(1), Span(row.begin, section.end(1) + 1)
            yield Line("section", name.strip(), Span(*section.span(1)), "", span)
        elif text[row.begin] in "[=:" or separator is None:
            yield _unclear(row)
        else:
            name = text[row.begin : separator.start()].rstrip()
            value, span, at = _continued(text, separator.end(), row)
            yield Line("pair", name, Span(row.begin, row.begin + len(name)), value, span)


def _continued(text: str, start: int, row: Row) -> tuple[str, Span, int]:
    """A value from ``start``, with the lines that continue it; where the next line begins."""
    blanks = _BLANKS.match(text, start, row.end)
    start = blanks.end() if blanks else start
    pieces = [text[start : row.end]]
    indent, end, at = row.begin - row.start, row.end, row.after
    gap = ""
    while at < len(text):
        row = _row(text, at)
        open_end = not gap and pieces[-1].endswith("\\") and not pieces[-1].endswith("\\\\")
        if open_end:
            pieces[-1] = pieces[-1][:-1]
        elif row.begin == row.end:
            gap, at = gap + "\n", row.after
            continue
        elif row.begin - row.start <= indent:
            break
        elif text[row.begin] in "#;":
            at = row.after
            continue
        else:
            pieces.append(gap + "\n")
        pieces.append(text[row.begin : row.end])
        gap, end, at = "", max(row.end, end), row.after
    value = "".join(pieces)
    quoted = _QUOTED.fullmatch(value) if end == start + len(value) else None
    if quoted:
        value = quoted.group(quoted.lastindex or 0)
    return value, Span(start, end), at
