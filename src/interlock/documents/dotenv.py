"""dotenv, INI and properties files: one map of texts, in INI with a map for each section."""

from __future__ import annotations

from typing import Any

from interlock.documents.base import DocumentProblem, Node, Parsed, Span, Value
from interlock.documents.dotenv_lines import Line, dotenv_lines, ini_lines
from interlock.documents.limits import MAX_NODES, MAX_PROBLEMS, TOO_MANY, StopError, twice
from interlock.values import NamedTuple

_STYLES = {'"': "double", "`": "double", "'": "single"}


class Built(NamedTuple):
    """A file's map, its root node with the same members, and its problems."""

    values: dict[str, Value]
    root: Node
    problems: list[DocumentProblem]


def read_dotenv(text: str) -> Parsed:
    """The names and values of a dotenv file."""
    return _read(text, "dotenv")


def read_ini(text: str) -> Parsed:
    """The sections, names and values of an INI or properties file."""
    return _read(text, "ini")


def _read(text: str, dialect: str) -> Parsed:
    def positions(again: str) -> tuple[Node, ...]:
        try:
            return (_build(again, dialect).root,)
        except StopError:
            return ()

    try:
        built = _build(text, dialect)
    except StopError as stop:
        return Parsed((), positions, (stop.problem,))
    return Parsed((built.values,), positions, tuple(built.problems))


def _build(text: str, dialect: str) -> Built:
    root = Node(Span(0, 0), "table", {})
    built = Built({}, root, [])
    into: dict[str, Any] = built.values
    table = root
    lines = dotenv_lines(text) if dialect == "dotenv" else ini_lines(text)
    for count, line in enumerate(lines):
        if count >= MAX_NODES:
            raise StopError(TOO_MANY, *line.span)
        if line.kind == "unclear":
            _note(built, DocumentProblem(_UNCLEAR[dialect], line.span, fatal=False))
            continue
        if line.kind == "section":
            into, table = _section(built, line, text)
        else:
            members = _members(table)
            first = members.get(line.name)
            if first is not None:
                _repeated(built, text, first, line)
            into[line.name] = line.text
            style = _STYLES.get(text[line.span.start : line.span.start + 1], "plain")
            if line.text == text[line.span.start : line.span.end]:
                style = "plain"
            members[line.name] = Node(line.span, style, None, line.name_span)
        table.span = Span(table.span.start, line.span.end)
        root.span = Span(root.span.start, line.span.end)
    return built


_UNCLEAR = {
    "dotenv": "has a line that is neither NAME=value nor a comment; it is left out",
    "ini": "has a line that is neither a [section], name = value nor a comment; it is left out",
}


def _section(built: Built, line: Line, text: str) -> tuple[dict[str, Any], Node]:
    """Begin a section, or go on with one that stands in several places."""
    members = _members(built.root)
    known = members.get(line.name)
    if known is None or known.children is None:
        if known is not None:
            _repeated(built, text, known, line)
        built.values[line.name] = {}
        members[line.name] = Node(line.span, "table", {}, line.name_span)
    return built.values[line.name], members[line.name]


def _members(node: Node) -> dict[str, Node]:
    return node.children if isinstance(node.children, dict) else {}


def _repeated(built: Built, text: str, first: Node, line: Line) -> None:
    if len(built.problems) < MAX_PROBLEMS:  # finding the lines takes time
        _note(built, twice(text, line.name, first.name or first.span, line.name_span))


def _note(built: Built, problem: DocumentProblem) -> None:
    if len(built.problems) < MAX_PROBLEMS:
        built.problems.append(problem)
