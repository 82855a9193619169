"""JSON5 and JSON with comments: values at once, positions when asked."""

from __future__ import annotations

from interlock.documents.base import DocumentProblem, Node, Parsed
from interlock.documents.json5_build import Builder, NodeBuilder
from interlock.documents.limits import StopError


def read_json5(text: str) -> Parsed:
    """The one value of a text; duplicate names are problems that are not fatal."""
    builder = Builder(text)
    try:
        builder.run()
    except StopError as stop:
        return Parsed((), json5_positions, (stop.problem,))
    problems: tuple[DocumentProblem, ...] = ()
    if builder.duplicated:
        located = NodeBuilder(text)
        located.run()
        problems = tuple(located.problems)
    return Parsed(tuple(builder.roots), json5_positions, problems)


def json5_positions(text: str) -> tuple[Node, ...]:
    """The root node, or () where the text cannot be read."""
    builder = NodeBuilder(text)
    try:
        builder.run()
    except StopError:
        return ()
    return tuple(builder.roots)
