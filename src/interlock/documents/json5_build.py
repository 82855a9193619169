"""Values or positioned nodes from JSON5 tokens: one loop, no recursion, bounded."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Any

from interlock.documents.base import DocumentProblem, Node, Span
from interlock.documents.json5_tokens import (
    BAD,
    MARK,
    STRING,
    TOKEN,
    WORD,
    TokenError,
    name_of,
    text_of,
    value_of,
)
from interlock.documents.limits import (
    MAX_DEPTH,
    MAX_NODES,
    MAX_PROBLEMS,
    TOO_DEEP,
    TOO_LONG,
    TOO_MANY,
    NumberTooLongError,
    StopError,
    twice,
)

Match = re.Match[str]
#: A value here, a Node in NodeBuilder; or what holds its members.
Built = Any


class Expect(Enum):
    """What may come next; each member's text says it to people."""

    VALUE = "a value"
    ITEM = "a value or ']'"
    NAME = "a member name or '}'"
    COLON = "':'"
    IN_LIST = "',' or ']'"
    IN_MAP = "',' or '}'"
    END = "the end of the file"


class Builder:
    """Builds the one value of a text."""

    def __init__(self, text: str) -> None:
        """``text`` is what will be read."""
        self.text = text
        self.duplicated = False
        self.roots: list[Built] = []
        self.into: Built = self.roots
        self.key = ""
        self.expect = Expect.VALUE
        self.stack: list[tuple[Built, str, int]] = []
        self.names: dict[str, str] = {}
        self.count = 0

    def run(self) -> None:
        """Read to the end; raises StopError where it cannot go on."""
        handlers: dict[int | None, Callable[[Match], None]] = {
            STRING: self.string,
            WORD: self.word,
            MARK: self.mark,
            BAD: self.bad,
        }
        token = None
        try:
            for token in TOKEN.finditer(self.text):
                kind = token.lastindex
                if kind:
                    handlers[kind](token)
        except NumberTooLongError:
            raise self.stop(TOO_LONG, token) from None
        except TokenError as error:
            raise self.stop(f"is not valid JSON5: {error}", token) from None
        if self.expect is not Expect.END:
            self.ended()

    def stop(self, message: str, token: Match | None) -> StopError:
        """What to raise about ``token``."""
        start, end = token.span(token.lastindex or 0) if token else (0, 0)
        return StopError(message, start, end)

    def ended(self) -> None:
        """The text ends too early."""
        at = len(self.text)
        message = f"is not valid JSON5: {self.expect.value} is missing at the end"
        if not self.roots and not self.stack:
            message = "is empty where a value is expected"
        elif self.stack:
            opened = self.stack[-1][2]
            line = self.text.count("\n", 0, opened) + 1
            message += f", to close the {self.text[opened]!r} of line {line}"
        raise StopError(message, at, at)

    def unexpected(self, token: Match) -> StopError:
        """What to raise about a token in the wrong place."""
        found = token.group(token.lastindex or 0)[:40]
        message = f"is not valid JSON5: {found!r} stands where {self.expect.value} should"
        return self.stop(message, token)

    def bad(self, token: Match) -> None:
        """A character that begins no token."""
        here = token.group(BAD)
        if here in "\"'":
            raise self.stop("is not valid JSON5: a quote is not closed on its line", token)
        if self.text.startswith("/*", token.start(BAD)):
            raise self.stop("is not valid JSON5: a comment is not closed", token)
        raise self.unexpected(token)

    # Scalars and names

    def string(self, token: Match) -> None:
        """Quoted text: a name or a value."""
        if self.expect is Expect.NAME:
            self.name(text_of(token.group(STRING)), token)
        else:
            self.scalar(token)

    def word(self, token: Match) -> None:
        """Anything unquoted: a name or a value."""
        if self.expect is Expect.NAME:
            self.name(name_of(token.group(WORD)), token)
        else:
            self.scalar(token)

    def name(self, text: str, token: Match) -> None:
        """Take ``text`` as the name of the member that follows."""
        if text in self.into:
            self.duplicate(text, token)
        self.key = self.names.setdefault(text, text)
        self.expect = Expect.COLON

    def duplicate(self, text: str, token: Match) -> None:  # noqa: ARG002  for who overrides it
        """Note a repeated name; saying where needs positions."""
        self.duplicated = True

    def scalar(self, token: Match) -> None:
        """Put a scalar where it belongs."""
        if self.expect is not Expect.VALUE and self.expect is not Expect.ITEM:
            raise self.unexpected(token)
        self.count += 1
        if self.count > MAX_NODES:
            raise self.stop(TOO_MANY, token)
        self.place(self.leaf(token))

    def leaf(self, token: Match) -> Built:
        """What a scalar turns into."""
        if token.lastindex == STRING:
            return text_of(token.group(STRING))
        return value_of(token.group(WORD))

    def place(self, value: Built) -> None:
        """Put a finished value where it belongs."""
        into = self.into
        if type(into) is dict:
            into[self.key] = value
            self.expect = Expect.IN_MAP
        else:
            into.append(value)
            self.expect = Expect.IN_LIST if self.stack else Expect.END

    # Containers

    def mark(self, token: Match) -> None:
        """One of the six punctuation marks."""
        char = token.group(MARK)
        expect = self.expect
        if char == ",":
            if expect is Expect.IN_MAP:
                self.expect = Expect.NAME
            elif expect is Expect.IN_LIST:
                self.expect = Expect.ITEM
            else:
                raise self.unexpected(token)
        elif char == ":":
            if expect is not Expect.COLON:
                raise self.unexpected(token)
            self.expect = Expect.VALUE
        elif char in "{[":
            self.open(char, token)
        else:
            self.close(char, token)

    def open(self, char: str, token: Match) -> None:
        """A container begins."""
        if self.expect is not Expect.VALUE and self.expect is not Expect.ITEM:
            raise self.unexpected(token)
        self.stack.append((self.into, self.key, token.start(MARK)))
        self.count += 1
        if len(self.stack) > MAX_DEPTH:
            raise self.stop(TOO_DEEP, token)
        if self.count > MAX_NODES:
            raise self.stop(TOO_MANY, token)
        if char == "{":
            self.into = {}
            self.expect = Expect.NAME
        else:
            self.into = []
            self.expect = Expect.ITEM

    def close(self, char: str, token: Match) -> None:
        """The innermost container ends."""
        fitting = (Expect.NAME, Expect.IN_MAP) if char == "}" else (Expect.ITEM, Expect.IN_LIST)
        if self.expect not in fitting:
            raise self.unexpected(token)
        members = self.into
        self.into, self.key, start = self.stack.pop()
        self.place(self.finish(members, start, token.end(MARK)))

    def finish(self, members: Built, start: int, end: int) -> Built:  # noqa: ARG002
        """What a container turns into once all its members are known."""
        return members


class NodeBuilder(Builder):
    """Builds the one node of a text, and tells where duplicate names stand."""

    def __init__(self, text: str) -> None:
        """See Builder."""
        super().__init__(text)
        self.problems: list[DocumentProblem] = []
        self.named: list[Span | None] = [None]

    def name(self, text: str, token: Match) -> None:
        """Remember where the name stands."""
        self.named[-1] = Span(*token.span(token.lastindex or 0))
        super().name(text, token)

    def duplicate(self, text: str, token: Match) -> None:
        """Name both lines."""
        super().duplicate(text, token)
        here, first = self.named[-1], self.into[text].name
        if here is not None and len(self.problems) < MAX_PROBLEMS:
            self.problems.append(twice(self.text, text, first, here))

    def leaf(self, token: Match) -> Node:
        """A scalar's node; its text was read before, with the values."""
        span = Span(*token.span(token.lastindex or 0))
        style = {'"': "double", "'": "single"}.get(self.text[span.start], "plain")
        return Node(span, style, None, self.named[-1])

    def open(self, char: str, token: Match) -> None:
        """See Builder."""
        super().open(char, token)
        self.named.append(None)

    def finish(self, members: Built, start: int, end: int) -> Node:
        """A container's node."""
        self.named.pop()
        return Node(Span(start, end), "flow", members, self.named[-1])
