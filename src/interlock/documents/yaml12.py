"""YAML read from libyaml's events: values in one pass, positions in another by the same code.

Events, not PyYAML's compose: compose recurses in C and crashes the process on deep nesting, and
is several times slower. Nothing here recurses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from interlock.documents.base import DocumentProblem, Node, Span, Value
from interlock.documents.limits import MAX_DEPTH, MAX_NODES, duplicate, fatal, too_deep, too_many
from interlock.documents.yaml_scalars import resolve, tagged

_Loader: Any = getattr(yaml, "CLoader", yaml.Loader)
_SCALAR_STYLES = {None: "plain", "": "plain", "'": "single", '"': "double", "|": "literal", ">": "folded"}
_MERGE = object()

Read = tuple[tuple[Value, ...], Callable[[str], tuple[Node, ...]], tuple[DocumentProblem, ...]]


def read_yaml(text: str) -> Read:
    """Values, the function that gives positions, and the problems."""
    builder = _Builder(text, positions=False)
    try:
        builder.run()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(part for part in (error.context, error.problem) if part)
        offset = mark.index if mark else 0
        return (), _nothing, (fatal(f"is not valid YAML: {reason}", min(offset, len(text))),)
    except yaml.YAMLError as error:
        offset = getattr(error, "position", 0) or 0
        reason = str(getattr(error, "reason", "") or error).splitlines()[0]
        return (), _nothing, (fatal(f"is not valid YAML: {reason}", min(offset, len(text))),)
    return tuple(builder.documents), yaml_nodes, tuple(builder.problems)


def yaml_nodes(text: str) -> tuple[Node, ...]:
    """The root node of each document of a text that was read without a fatal problem."""
    builder = _Builder(text, positions=True)
    builder.run()
    return tuple(builder.roots)


def _nothing(text: str) -> tuple[Node, ...]:
    return (Node(Span(0, len(text)), "plain"),)


class _Frame:
    """A collection that is open: its value so far, and the key that waits for its value."""

    __slots__ = ("anchor", "end", "flow", "is_map", "key", "key_span", "lines", "merges", "names",
                 "nodes", "size", "start", "value")

    def __init__(self, is_map: bool, flow: bool, start: int, anchor: str | None) -> None:
        self.is_map = is_map
        self.flow = flow
        self.start = start
        self.end = start
        self.anchor = anchor
        self.value: Any = {} if is_map else []
        self.nodes: Any = {} if is_map else []
        self.size = 1
        self.key: Any = None
        self.key_span = Span(0, 0)
        self.lines: dict[str, int] = {}
        self.merges: list[tuple[Any, Node | None]] = []


class _Builder:
    """Runs the events of one text."""

    def __init__(self, text: str, *, positions: bool) -> None:
        self.text = text
        self.positions = positions
        self.documents: list[Value] = []
        self.roots: list[Node] = []
        self.problems: list[DocumentProblem] = []
        self._stack: list[_Frame] = []
        self._anchors: dict[str, tuple[Value, Node | None, int]] = {}
        self._open: set[str] = set()
        self._total = 0

    def run(self) -> None:
        loader = _Loader(self.text)
        get = loader.get_event
        try:
            while True:
                event = get()
                kind = type(event)
                if kind is yaml.ScalarEvent:
                    self._scalar(event)
                elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                    self._start(event, kind is yaml.MappingStartEvent)
                elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                    self._close(event)
                elif kind is yaml.AliasEvent:
                    self._alias(event)
                elif kind is yaml.DocumentStartEvent:
                    self._anchors.clear()
                elif kind is yaml.StreamEndEvent or event is None:
                    return
        finally:
            loader.dispose()

    def _scalar(self, event: Any) -> None:  # noqa: ANN401  PyYAML's events are untyped
        text, start = event.value, event.start_mark.index
        plain = event.implicit[0]
        stack = self._stack
        if stack and stack[-1].is_map and stack[-1].key is None:
            merge = plain and text == "<<"
            self._name(stack[-1], _MERGE if merge else text, Span(start, event.end_mark.index))
            return
        if event.tag:
            value = tagged(event.tag, text, start, plain)
        else:
            value = resolve(text, start) if plain else text
        node = None
        if self.positions:
            style = _SCALAR_STYLES.get(event.style, "plain")
            end = event.end_mark.index
            if style in ("literal", "folded"):
                end = start + len(self.text[start:end].rstrip())
            node = Node(Span(start, end), style, shared=event.anchor is not None)
        self._add(value, node, 1, start, event.anchor)

    def _name(self, frame: _Frame, name: Any, span: Span) -> None:  # noqa: ANN401
        frame.key = name
        frame.key_span = span
        frame.end = span.end
        if name is _MERGE or self.positions:
            return
        if name in frame.lines:
            first = self.text.count("\n", 0, frame.lines[name]) + 1
            line = self.text.count("\n", 0, span.start) + 1
            self.problems.append(duplicate(str(name), first, line, span))
        frame.lines[name] = span.start

    def _start(self, event: Any, is_map: bool) -> None:  # noqa: ANN401
        start = event.start_mark.index
        if len(self._stack) >= MAX_DEPTH:
            raise too_deep(start)
        if event.anchor:
            self._open.add(event.anchor)
        self._stack.append(_Frame(is_map, bool(event.flow_style), start, event.anchor))

    def _close(self, event: Any) -> None:  # noqa: ANN401
        frame = self._stack.pop()
        if frame.flow:
            frame.end = event.end_mark.index
        if frame.anchor:
            self._open.discard(frame.anchor)
        for value, node in frame.merges:
            self._merge(frame, value, node)
        node = None
        if self.positions:
            node = Node(
                Span(frame.start, max(frame.end, frame.start)),
                "flow" if frame.flow else "block",
                frame.nodes,
                shared=frame.anchor is not None,
            )
        self._add(frame.value, node, frame.size, frame.start, frame.anchor)

    def _merge(self, frame: _Frame, value: Value, node: Node | None) -> None:
        """YAML 1.1's merge key: the mapping's own members win, then earlier merges."""
        if isinstance(value, list):
            nodes = node.children if node and isinstance(node.children, list) else [None] * len(value)
            for one, below in zip(value, nodes, strict=True):
                self._merge(frame, one, below)
            return
        if not isinstance(value, dict):
            return
        self._count(len(value), frame.start)
        members = node.children if node and isinstance(node.children, dict) else {}
        for name, member in value.items():
            if name not in frame.value:
                frame.value[name] = member
                if self.positions:
                    frame.nodes[name] = _shared(members[name])

    def _alias(self, event: Any) -> None:  # noqa: ANN401
        start = event.start_mark.index
        if event.anchor in self._open:
            raise yaml.composer.ComposerError(
                None, None, f"the alias *{event.anchor} stands inside what it names", event.start_mark
            )
        if event.anchor not in self._anchors:
            raise yaml.composer.ComposerError(
                None, None, f"the alias *{event.anchor} names nothing above it", event.start_mark
            )
        value, node, size = self._anchors[event.anchor]
        stack = self._stack
        if stack and stack[-1].is_map and stack[-1].key is None:
            self._name(stack[-1], str(value), Span(start, event.end_mark.index))
            return
        if node is not None:
            node = Node(Span(start, event.end_mark.index), node.style, node.children, shared=True)
        self._count(size, start)
        self._add(value, node, size, start, None)

    def _count(self, size: int, start: int) -> None:
        self._total += size
        if self._total > MAX_NODES:
            raise too_many(start)

    def _add(self, value: Value, node: Node | None, size: int, start: int, anchor: str | None) -> None:
        if size == 1:
            self._count(1, start)
        if anchor:
            self._anchors[anchor] = (value, node, size)
        if not self._stack:
            self.documents.append(value)
            if node is not None:
                self.roots.append(node)
            return
        frame = self._stack[-1]
        frame.size += size
        if node is not None:
            frame.end = max(frame.end, node.span.end)
        if not frame.is_map:
            frame.value.append(value)
            frame.nodes.append(node)
            return
        if frame.key is None:  # a mapping or sequence as a key: keep it as text
            self._name(frame, _complex_name(value), Span(start, start))
            return
        if frame.key is _MERGE:
            frame.merges.append((value, node))
        else:
            frame.value[frame.key] = value
            if node is not None:
                node.name = frame.key_span
                frame.nodes[frame.key] = node
        frame.key = None


def _shared(node: Node) -> Node:
    return Node(node.span, node.style, node.children, node.name, shared=True)


def _complex_name(value: Value) -> str:
    return "[…]" if isinstance(value, list) else "{…}"
