"""Compiles the text of a JSONPath; see paths.py for what is understood."""

from __future__ import annotations

import re
from collections.abc import Iterator

from interlock.documents.paths import JsonPath, Segment
from interlock.values import Any

_NAME = re.compile(r"[^\W\d][\w-]*|[\w-]+")
_NUMBER = re.compile(r"-?\d+")
_SLICE = re.compile(r"\s*(-?\d*)\s*:\s*(-?\d*)\s*(?::\s*(-?\d*))?\s*\Z")
_QUOTED = re.compile(r"\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")\s*\Z", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_EXISTS = re.compile(r"\(?\s*(@(?:\.[\w-]+|\[\s*(?:'[^'\\]*'|\"[^\"\\]*\"|\d+)\s*\])+)\s*\)?\s*\Z")


class PathSyntaxError(ValueError):
    """A path that cannot be read; ``offset`` is where, in characters from its start."""

    def __init__(self, message: str, offset: int) -> None:
        """Keep the offset for the caret."""
        super().__init__(message)
        self.offset = offset


def compile_path(text: str) -> JsonPath:
    """Compile ``text``; raises PathSyntaxError with a sentence and an offset."""
    start = text[:1]
    if start not in ("$", "@", "^"):
        raise PathSyntaxError(
            f"{text!r} must start with '$' (the document), '@' (the record) "
            "or '^' (the record around it)",
            0,
        )
    at = 1
    while start[0] == "^" and text[at : at + 1] == "^":
        start += "^"
        at += 1
    segments: list[Segment] = []
    while at < len(text):
        at = _segment(text, at, segments)
    return JsonPath(text, start, tuple(segments))


def _segment(text: str, at: int, segments: list[Segment]) -> int:
    descend = text.startswith("..", at)
    if descend:
        at += 2
    elif text[at] == ".":
        at += 1
        if text[at : at + 1] == "[":
            raise PathSyntaxError(f"{text!r} has a '.' before '['; leave the '.' out", at - 1)
    elif text[at] != "[":
        raise PathSyntaxError(f"{text!r} has an unexpected {text[at]!r}", at)
    if text[at : at + 1] == "[":
        end = _closing(text, at)
        segments.append(_bracket(text, at + 1, end, descend))
        return end + 1
    if text[at : at + 1] == "*":
        segments.append(Segment("wildcard", None, descend))
        return at + 1
    name = _NAME.match(text, at)
    if name is None:
        raise PathSyntaxError(f"{text!r} needs a member name, '*' or '[…]' here", at)
    segments.append(Segment("name", name.group(), descend))
    return name.end()


def _bare(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """(index, character) of what stands outside of quotes in ``text[start:end]``."""
    quote, here = "", start
    while here < end:
        char = text[here]
        if not quote:
            yield here, char
            quote = char if char in "'\"" else ""
        elif char == "\\":
            here += 1
        elif char == quote:
            quote = ""
        here += 1


def _closing(text: str, at: int) -> int:
    """The index of the ']' that closes the '[' at ``at``, quotes and nesting respected."""
    depth = 0
    for here, char in _bare(text, at, len(text)):
        depth += (char == "[") - (char == "]")
        if depth == 0:
            return here
    raise PathSyntaxError(f"{text!r} has a '[' that is never closed", at)


def _bracket(text: str, start: int, end: int, descend: bool) -> Segment:
    body = text[start:end]
    if body.lstrip().startswith("?"):
        return _filter(text, body.lstrip()[1:].strip(), start, descend)
    parts = [_selector(text, part, start, descend) for part in _split(body)]
    if len(parts) == 1:
        return parts[0]
    return Segment("union", tuple(part._replace(descend=False) for part in parts), descend)


def _split(body: str) -> list[str]:
    commas = [here for here, char in _bare(body, 0, len(body)) if char == ","]
    begins = [0, *(here + 1 for here in commas)]
    return [body[begin:end] for begin, end in zip(begins, [*commas, len(body)], strict=True)]


def _selector(text: str, body: str, at: int, descend: bool) -> Segment:
    stripped = body.strip()
    if stripped == "*":
        return Segment("wildcard", None, descend)
    if _NUMBER.fullmatch(stripped):
        return Segment("index", int(stripped[:9]), descend)
    quoted = _QUOTED.match(body)
    if quoted:
        raw = quoted.group(1) if quoted.group(1) is not None else quoted.group(2)
        return Segment("name", _ESCAPE.sub(_unescape, raw), descend)
    sliced = _SLICE.match(body)
    if sliced:
        bounds: list[Any] = [int(g) if g else None for g in sliced.groups()]
        if bounds[2] == 0:
            raise PathSyntaxError(f"{text!r} has a slice with step 0", at)
        return Segment("slice", slice(*bounds), descend)
    raise PathSyntaxError(
        f"{text!r} has {stripped!r} in brackets; a member name needs quotes: ['{stripped}']", at
    )


def _unescape(found: re.Match[str]) -> str:
    code = found.group(1)
    return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPES.get(code, code)


def _filter(text: str, body: str, at: int, descend: bool) -> Segment:
    exists = _EXISTS.match(body)
    if exists:
        return Segment("exists", compile_path(exists.group(1)), descend)
    if re.search(r"\$", re.sub(r"'[^']*'|\"[^\"]*\"", "", body)):
        raise PathSyntaxError(
            f"{text!r} has a filter that looks at the whole document ('$'); "
            "filter on the element ('@') only",
            at,
        )
    return Segment("filter", LibraryFilter(text, f"$[?{body}]", at), descend)


class LibraryFilter:
    """A filter expression run by jsonpath-rfc9535, compiled on first use."""

    def __init__(self, text: str, query: str, offset: int) -> None:
        """Keep the query; ``text`` and ``offset`` are for its error message."""
        self._text, self._query, self._offset = text, query, offset
        self._compiled: Any = None

    def compile(self) -> None:
        """Compile now; raises PathSyntaxError where the library refuses the expression."""
        import jsonpath_rfc9535

        if self._compiled is None:
            try:
                self._compiled = jsonpath_rfc9535.compile(self._query)
            except jsonpath_rfc9535.JSONPathError as error:
                message = f"{self._text!r} has a filter that cannot be read: {error}"
                raise PathSyntaxError(message, self._offset) from None

    def find(self, value: Any) -> Any:
        """The library's nodes for ``value``: each has ``value`` and ``location``."""
        self.compile()
        return self._compiled.find(value)
