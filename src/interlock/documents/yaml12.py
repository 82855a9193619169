"""YAML 1.2 streams: values at once, positions when asked, both bounded."""

from __future__ import annotations

from interlock.documents.base import DocumentProblem, Node, Parsed, Span
from interlock.documents.limits import StopError
from interlock.documents.yaml_build import Builder


def read_yaml(text: str) -> Parsed:
    """The values of every document of a stream; a file without any document is one null.

    Member names are text as written. Duplicate names are problems that are not fatal.
    """
    builder = Builder(text)
    problem = _run(builder)
    if problem is not None:
        return Parsed((), yaml_positions, (problem,))
    problems = builder.problems
    if builder.duplicated:
        from interlock.documents.yaml_nodes import NodeBuilder

        located = NodeBuilder(text)
        _run(located)
        problems = located.problems
    return Parsed(tuple(builder.roots) or (None,), yaml_positions, tuple(problems))


def yaml_positions(text: str) -> tuple[Node, ...]:
    """The root node of every document; () where the stream cannot be read."""
    from interlock.documents.yaml_nodes import NodeBuilder

    builder = NodeBuilder(text)
    if _run(builder) is not None:
        return ()
    return tuple(builder.roots) or (Node(Span(0, 0), "plain"),)


def _run(builder: Builder) -> DocumentProblem | None:
    """Read the whole stream; what keeps it from being read."""
    import yaml

    from interlock.documents import yaml_events

    try:
        builder.run(yaml_events.parse(builder.text))
    except yaml.YAMLError as error:
        return yaml_events.problem(error, builder.text)
    except StopError as stop:
        return stop.problem
    return None
