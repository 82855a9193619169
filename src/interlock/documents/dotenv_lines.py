"""The lines of dotenv and INI files, each with its places.

There is no common standard. What is read here: ``NAME=value``, with ``export`` before it and with
``:`` for ``=`` in INI and properties files; comments (``#``; ``;`` and ``!`` in INI too); quotes
around the whole value; ``[section]`` in INI; values that go on in deeper indented lines, or after
a backslash, in INI; quoted values over several lines in dotenv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from interlock.documents.base import Span

Kind = Literal["section", "pair", "unclear"]

_LINE = re.compile(r"[^\n]*\n?")
_SECTION = re.compile(r"\[([^\]\n]*)\][ \t\r]*(?:[#;][^\n]*)?$")
_DOTENV = re.compile(r"(?:export[ \t]+)?([A-Za-z_][\w.\-]*)[ \t]*=[ \t]*")
_INI = re.compile(r"([^=:\s\[][^=:\n]*?)[ \t]*[=:][ \t]*")
_QUOTED = re.compile(r"\"([^\"\\]*(?:\\[\s\S][^\"\\]*)*)\"|'([^']*)'|`([^`]*)`")
_AFTER = re.compile(r"[ \t\r]*(?:[ \t]#[^\n]*)?(?=\n|\Z)")
_COMMENT = re.compile(r"(?:^|[ \t])#[^\n]*")
_ESCAPE = re.compile(r"\\([nrt\"\\$`])")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
_STYLES = {'"': "double", "'": "single", "`": "double"}


class Line(NamedTuple):
    """A section, a pair or a line that is neither; ``text`` is the pair's value."""

    kind: Kind
    name: str
    name_span: Span
    text: str
    span: Span
    style: str


def dotenv_lines(text: str) -> Iterator[Line]:
    """The pairs of a dotenv file, in order."""
    at = 0
    while at < len(text):
        begin, end = _trimmed(text, at)
        after = _next(text, at)
        if begin < end and text[begin] != "#":
            found = _DOTENV.match(text, begin, end)
            if found is None:
                yield _unclear(text, begin, end)
            else:
                line, after = _dotenv_pair(text, found, end, after)
                yield line
        at = after


def _dotenv_pair(text: str, key: re.Match[str], end: int, after: int) -> tuple[Line, int]:
    start = key.end()
    name, name_span = key.group(1), Span(*key.span(1))
    quoted = _QUOTED.match(text, start)
    if quoted and _AFTER.match(text, quoted.end()):
        value = quoted.group(quoted.lastindex or 0)
        if text[start] == '"':
            value = _ESCAPE.sub(lambda one: _ESCAPED.get(one.group(1), one.group(1)), value)
        value = value.replace("\r\n", "\n")
        span = Span(start, quoted.end())
        after = _next(text, quoted.end())
        return Line("pair", name, name_span, value, span, _STYLES[text[start]]), after
    comment = _COMMENT.search(text[start - 1 : end])
    if comment:
        end = start - 1 + comment.start()
    value = text[start:end].rstrip()
    span = Span(start, start + len(value))
    return Line("pair", name, name_span, value, span, "plain"), after


def ini_lines(text: str) -> Iterator[Line]:
    """The sections and pairs of an INI or properties file, in order."""
    at = 0
    while at < len(text):
        begin, end = _trimmed(text, at)
        after = _next(text, at)
        if begin < end and text[begin] not in "#;!":
            section = _SECTION.match(text, begin, end)
            found = None if section else _INI.match(text, begin, end)
            if section:
                span = Span(begin, begin + len(section.group(1)) + 2)
                name_span = Span(*section.span(1))
                yield Line("section", section.group(1).strip(), name_span, "", span, "table")
            elif found:
                pieces, after = _pieces(text, found.end(), end, begin - at, after)
                yield _ini_pair(text, found, pieces)
            else:
                yield _unclear(text, begin, end)
        at = after


def _pieces(text: str, start: int, end: int, indent: int, at: int) -> tuple[list[Span], int]:
    """The parts of a value: its line, and the lines that continue it."""
    pieces = [Span(start, end)]
    while at < len(text):
        begin, end = _trimmed(text, at)
        last = pieces[-1]
        joined = _continued(text, last)
        if joined:
            pieces[-1] = Span(last.start, len(text[: last.end - 1].rstrip(" \t")) if False else last.end - 1)
        elif begin == end or begin - at <= indent or text[begin] in "#;":
            break
        pieces.append(Span(begin, end))
        at = _next(text, at)
    return pieces, at
