"""Positioned nodes from YAML events, by the same structure that builds the values."""

from __future__ import annotations

import re

from interlock.documents.base import Node, Span
from interlock.documents.limits import MAX_PROBLEMS, twice
from interlock.documents.yaml_build import MERGE, Builder, Built, Event, Frame
from interlock.documents.yaml_scalars import is_core

_STYLES = {"'": "single", '"': "double", "|": "literal", ">": "folded"}
#: What may stand between the mark of a node and its content: anchor, tag, blanks, comments.
_PROPERTIES = re.compile(r"(?:!<[^>\s]*>|[&!][^\s,\[\]{}]*|[ \t\r\n]+|(?<=\s)#[^\n]*)*")
#: The same without what lies on other lines.
_OWN = re.compile(r"(?:(?:!<[^>\s]*>|[&!][^\s,\[\]{}]*)[ \t]*)*")
_COLON = re.compile(r"[ \t]*:")


class NodeBuilder(Builder):
    """Builds one node for each document, and tells where duplicate names stand."""

    def __init__(self, text: str) -> None:
        """See Builder."""
        super().__init__(text)
        # The name of the value to come, for each open container.
        self.named: list[Span | None] = [None]
        # How many open containers are anchored or merged: all below them is shared.
        self.sharing = 0
        # Where the content read so far ends; libyaml's own ends of blocks lie beyond comments.
        self.end = 0

    def start(self, event: Event) -> None:
        """See Builder."""
        super().start(event)
        self.end = event.end_mark.index

    def name(self, event: Event, text: str, *, mergeable: bool = True) -> None:
        """Remember where the member name stands."""
        end = max(event.end_mark.index, self.end)
        if getattr(event, "style", None) in ("|", ">"):
            end = self.block_end(event.start_mark.index, end, text)
        self.named[-1] = Span(min(self.content(event), end), end)
        self.end = end
        super().name(event, text, mergeable=mergeable)

    def duplicate(self, event: Event, text: str) -> None:
        """Name both lines."""
        super().duplicate(event, text)
        here, first = self.named[-1], self.into[text].name
        if here is not None and first is not None and len(self.problems) < MAX_PROBLEMS:
            self.problems.append(twice(self.text, text, first, here))

    def content(self, event: Event) -> int:
        """Where a node begins, after its anchor and tag."""
        start: int = event.start_mark.index
        if getattr(event, "tag", None) is None and not event.anchor:
            return start
        found = _PROPERTIES.match(self.text, start)
        return found.end() if found else start

    def open(self, event: Event, into: Built) -> None:
        """See Builder; what is in an anchored or merged container is shared."""
        self.sharing += bool(event.anchor) or self.key is MERGE
        super().open(event, into)
        self.named.append(None)

    def finish(self, frame: Frame, closing: Event, into: Built) -> Node:
        """A container's node."""
        self.named.pop()
        shared = self.sharing > 0
        self.sharing -= bool(frame.event.anchor) or frame.key is MERGE
        start = self.content(frame.event)
        if self.text[start : start + 1] in ("[", "{") and frame.event.flow_style:
            self.end = closing.end_mark.index
        style = "flow" if frame.event.flow_style else "block"
        span = Span(start, max(start, self.end))
        return Node(span, style, into, self.named[-1], shared=shared)

    def copy(self, value: Built, event: Event) -> Node:
        """An alias: its own place, the anchor's members."""
        span = Span(event.start_mark.index, event.end_mark.index)
        self.end = span.end
        return Node(span, "alias", value.children, self.named[-1], shared=True)

    def leaf(self, event: Event) -> Node:
        """A scalar's node."""
        self.resolve(event)
        start, end = event.start_mark.index, event.end_mark.index
        style = _STYLES.get(event.style, "plain")
        core = event.tag is not None and is_core(event.tag)
        if not event.value and style == "plain":
            start, end = self.empty(event, core=core)
        elif not core:
            start = min(self.content(event), end)
        if style in ("literal", "folded"):
            end = self.block_end(start, end, event.value)
        self.end = max(end, self.end)
        shared = self.sharing > 0 or bool(event.anchor)
        return Node(Span(start, end), style, None, self.named[-1], shared=shared)

    def empty(self, event: Event, *, core: bool) -> tuple[int, int]:
        """Where a missing value stands; libyaml may point at whatever comes next."""
        start: int = event.start_mark.index
        own = _OWN.match(self.text, start) if event.anchor or event.tag else None
        if own:
            end = start + len(own.group().rstrip())
            return (start if core else end), end
        if self.text[start - 1 : start] not in (":", "-"):
            colon = _COLON.match(self.text, self.end)
            start = colon.end() if colon else self.end
        return start, start

    def block_end(self, start: int, end: int, value: str) -> int:
        """The end of the last content line; libyaml's own end is the start of the next one."""
        text = self.text
        newline = text.find("\n", start, end)
        header = text[start : end if newline == -1 else newline]
        if "+" in header.partition("#")[0]:
            end -= text.endswith("\n", start, end)
            return end - text.endswith("\r", start, end)
        blanks = "\r\n" if value.rstrip("\n")[-1:].isspace() else " \t\r\n"
        return start + len(text[start:end].rstrip(blanks))
