"""Positioned nodes from YAML events, by the same structure that builds the values."""

from __future__ import annotations

import re
from typing import Any

from interlock.documents.base import Node, Span
from interlock.documents.limits import MAX_PROBLEMS
from interlock.documents.yaml_build import Builder

_STYLES = {"'": "single", '"': "double", "|": "literal", ">": "folded"}
#: What may stand between the start of a node's properties and its content.
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*|[ \t\r\n]+|(?<=\s)#[^\n]*)*")
_BLANK = " \t\r\n"


class NodeBuilder(Builder):
    """Builds one node for each document, and tells where duplicate names stand."""

    def __init__(self, text: str) -> None:
        """See Builder."""
        super().__init__(text)
        self.names_at: list[Span | None] = [None]
        self.shared = 0

    def name(self, event: Any, text: str, *, mergeable: bool = True) -> None:  # noqa: ANN401
        """Remember where the member name stands."""
        start = self.skip_properties(event) if event.anchor else event.start_mark.index
        if hasattr(event, "value"):
            end = event.end_mark.index
        else:  # an alias, or a collection written as a key
            end = max(event.end_mark.index, start + len(text))
        self.names_at[-1] = Span(start, end)
        super().name(event, text, mergeable=mergeable)

    def duplicate(self, event: Any, text: str) -> None:  # noqa: ANN401  an event
        """Name both lines."""
        super().duplicate(event, text)
        if len(self.problems) >= MAX_PROBLEMS:
            return
        first = self.into[text].name
        here = event.start_mark.index
        lines = [self.text.count("\n", 0, at) + 1 for at in (first.start, here)]
        self.warn(
            f"key {text[:80]!r} stands twice, lines {lines[0]} and {lines[1]}; the last one wins",
            here,
            event.end_mark.index,
        )

    def skip_properties(self, event: Any) -> int:  # noqa: ANN401  an event
        """Where the content begins after anchor and tag."""
        start: int = event.start_mark.index
        found = _PROPERTIES.match(self.text, start)
        return found.end() if found else start

    def open(self, event: Any, into: Any) -> None:  # noqa: ANN401  an event
        """Members of an anchored or merged container are shared."""
        if event.anchor or (self.key is not None and type(self.key) is not str):
            self.shared += 1
        super().open(event, into)
        self.names_at.append(None)

    def leaf(self, event: Any) -> Node:  # noqa: ANN401  an event
        """A scalar's node."""
        self.resolve(event)
        start, end = event.start_mark.index, event.end_mark.index
        style = _STYLES.get(event.style, "plain")
        name = self.names_at[-1]
        if event.anchor and event.tag is None:
            start = min(self.skip_properties(event), end)
        if style in ("literal", "folded"):
            end = self.block_end(start, end, event.value)
        elif start == end and name is not None and self.text[start - 1 : start] != ":":
            # '? key' without a value: libyaml points at whatever comes next.
            start = end = name.end
        return Node(Span(start, end), style, None, name, shared=bool(self.shared or event.anchor))

    def block_end(self, start: int, end: int, value: str) -> int:
        """The end of the last content line; libyaml's own end is the start of the next one."""
        text = self.text
        header = text[start : text.find("\n", start)]
        if "+" in header.partition("#")[0]:
            end -= text[start:end].endswith("\n")
            return end - text[start:end].endswith("\r")
        strip = "\r\n" if value.rstrip("\n")[-1:].isspace() else _BLANK
        return start + len(text[start:end].rstrip(strip))

    def finish(self, opening: Any, closing: Any, into: Any) -> Node:  # noqa: ANN401
        """A container's node."""
        self.names_at.pop()
        shared = bool(self.shared)
        key = self.stack_key
        if opening.anchor or (key is not None and type(key) is not str):
            self.shared -= 1
        start = self.skip_properties(opening) if opening.anchor or opening.tag else None
        span, style = self.extent(opening, closing, into, start)
        return Node(span, style, into, self.names_at[-1], shared=shared)
