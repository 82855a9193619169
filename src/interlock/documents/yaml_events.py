"""YAML events from libyaml (or PyYAML's own parser without it), and its errors in plain words.

Events rather than PyYAML's nodes: composing nodes recurses in C, which ends the process on deep
input, and takes five times as long.
"""

from __future__ import annotations

from interlock.documents.base import DocumentProblem, Span
from interlock.values import Any, Protocol


class Events(Protocol):
    """A parser that hands out one event at a time, None after the last."""

    def get_event(self) -> Any:
        """The next event; raises yaml.YAMLError."""


def parse(text: str) -> Events:
    """A parser over ``text``; raises yaml.YAMLError at once or from get_event."""
    try:
        from yaml._yaml import CParser
    except ImportError:
        return _pure(text)
    parser: Events = CParser(text)
    return parser


def _pure(text: str) -> Events:
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class Pure(Reader, Scanner, Parser):
        def __init__(self, stream: str) -> None:
            Reader.__init__(self, stream)
            Scanner.__init__(self)
            Parser.__init__(self)

    return Pure(text)


#: What libyaml says, and what people understand; anything else is passed on as it is.
_PLAIN_WORDS = {
    "mapping values are not allowed in this context": (
        "a second ':' on this line, or a key indented under a value; quote text that holds ': '"
    ),
    "did not find expected key": "this line does not line up with the keys around it",
    "did not find expected '-' indicator": "this line does not line up with the list around it",
    "could not find expected ':'": "a key without ':'",
    "found unexpected end of stream": "the file ends inside a quoted text",
    "did not find expected ',' or '}'": "a ',' or '}' is missing",
    "did not find expected ',' or ']'": "a ',' or ']' is missing",
    "control characters are not allowed": "it holds a control character",
}


def problem(error: Exception, text: str) -> DocumentProblem:
    """The fatal problem that a yaml.YAMLError stands for."""
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    at = len(text) if mark is None else min(mark.index, len(text))
    if mark is None and hasattr(error, "position"):
        at = _reader_offset(error, text)
    here = text[at : at + 1]
    if here == "\t" and "cannot start any token" in reason:
        reason = "a tab is used for indentation; YAML allows spaces only"
    elif here in ("@", "`", "%") and "cannot start any token" in reason:
        reason = f"a value may not start with {here!r}; quote it"
    message = f"is not valid YAML: {_PLAIN_WORDS.get(reason, reason)}"
    opened = text.count("\n", 0, context.index) + 1 if context is not None else 0
    if opened and opened != text.count("\n", 0, at) + 1:
        message += f" (in what begins on line {opened})"
    return DocumentProblem(message, Span(at, min(at + 1, len(text))), fatal=True)


def _reader_offset(error: Any, text: str) -> int:
    """libyaml counts bytes here, the pure reader characters."""
    position: int = error.position
    if type(error.character) is not int:
        return min(position, len(text))
    return len(text.encode()[:position].decode(errors="ignore"))
