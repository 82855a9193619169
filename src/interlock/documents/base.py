"""A file as values and, when somebody asks where a value stands, as positioned nodes.

Values are plain Python: dict with text keys, list, str, int, float, bool, None, and for TOML
the datetime types. A member name is always text, as written in the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from interlock.values import Any, NamedTuple

Value = Any
#: Steps from a document's root: member names and list indexes.
Steps = tuple[str | int, ...]


class Span(NamedTuple):
    """Half-open character offsets into ``Document.text``."""

    start: int
    end: int


class Node:
    """A value with its position. ``name`` is the span of its member name, where it has one.

    ``children`` is a dict for a mapping, a list for a sequence, None for a scalar.
    ``style``: plain, single, double, literal, folded, multi-single, multi-double (scalars, the
    last two TOML's); block, flow (YAML, JSON and JSON5 containers); table, tables (``[[x]]``),
    implicit (a table that only dotted keys or longer headers name), inline, array (TOML, INI);
    alias (YAML: the span is the ``*name``, the children are the anchor's). ``shared`` is set where
    the text stands for more than this one value (anchor, alias, merge key, and everything below),
    so that editing it is not safe.
    """

    __slots__ = ("children", "name", "shared", "span", "style")

    def __init__(
        self,
        span: Span,
        style: str,
        children: dict[str, Node] | list[Node] | None = None,
        name: Span | None = None,
        *,
        shared: bool = False,
    ) -> None:
        """Hold the five facts."""
        self.span = span
        self.style = style
        self.children = children
        self.name = name
        self.shared = shared


class DocumentProblem(NamedTuple):
    """Why a file, or a part of it, cannot be used. ``fatal`` means that no value was built.

    ``message`` is a clause whose subject is the file: "is not valid YAML: ...".
    """

    message: str
    span: Span
    fatal: bool


class Parsed(NamedTuple):
    """What a format's reader makes of a text: Document's values, positions and problems."""

    values: tuple[Value, ...]
    positions: Callable[[str], tuple[Node, ...]]
    problems: tuple[DocumentProblem, ...] = ()


class Document:
    """One file, read: its text without BOM, its values (one for each document of a stream).

    ``nodes`` is computed on first use, since a clean run never needs a position.
    """

    __slots__ = ("_lines", "_nodes", "_positions", "bom", "format", "problems", "text", "values")

    def __init__(
        self,
        format: str,  # noqa: A002  the word people use
        text: str,
        values: tuple[Value, ...],
        positions: Callable[[str], tuple[Node, ...]],
        problems: tuple[DocumentProblem, ...] = (),
        *,
        bom: bool = False,
    ) -> None:
        """Keep the values; ``positions`` parses ``text`` again into nodes when asked."""
        self.format = format
        self.text = text
        self.values = values
        self.problems = problems
        self.bom = bom
        self._positions = positions
        self._nodes: tuple[Node, ...] | None = None
        self._lines: list[int] | None = None

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The root node of each document of the stream."""
        if self._nodes is None:
            self._nodes = self._positions(self.text)
        return self._nodes

    def node(self, index: int, steps: Steps) -> tuple[Node, bool]:
        """The node at ``steps`` in document ``index``, or the nearest one above that exists.

        The second value is True where the node is the one that was asked for.
        """
        node = self.nodes[index]
        for step in steps:
            below = _child(node.children, step)
            if below is None:
                return node, False
            node = below
        return node, True

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of a character offset, both from 1."""
        starts = self._starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def offset_of_line(self, line: int) -> int:
        """The offset at which ``line`` (from 1) begins."""
        return self._starts()[line - 1]

    def _starts(self) -> list[int]:
        if self._lines is None:
            starts = [0]
            find = self.text.find
            at = find("\n")
            while at != -1:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._lines = starts
        return self._lines


def _child(children: dict[str, Node] | list[Node] | None, step: str | int) -> Node | None:
    if isinstance(children, dict):
        return children.get(step) if isinstance(step, str) else None
    if isinstance(children, list) and isinstance(step, int) and step < len(children):
        return children[step]
    return None
