"""How a file is laid out: indentation, line endings, and which entries to take as examples."""

from __future__ import annotations

import re
from collections.abc import Sequence

from interlock.documents.base import Document, Node, Value
from interlock.documents.scalars import is_simple

_INDENTED = re.compile(r"^([ \t]+)(?=[^\s#])", re.MULTILINE)
_NESTED_LIST = re.compile(r"^([ ]*)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n\1([ ]*)- ", re.MULTILINE)
#: So much of a file is looked at for its habits, in characters.
_LOOKED_AT = 100_000
_EXAMPLES = 40


def newline_of(text: str) -> str:
    """The line ending that the file uses."""
    at = text.find("\n")
    return "\r\n" if at > 0 and text[at - 1] == "\r" else "\n"


def line_start(text: str, offset: int) -> int:
    """Where the line of ``offset`` begins."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, offset: int) -> int:
    """Where the line of ``offset`` ends, its line break excluded."""
    at = text.find("\n", offset)
    at = len(text) if at == -1 else at
    return at - (text[at - 1 : at] == "\r" and at > offset)


def start_of(node: Node) -> int:
    """Where an entry begins: at its name, where it has one."""
    return node.name.start if node.name is not None else node.span.start


def end_of(node: Node) -> int:
    """Where the text of ``node`` and of everything below it ends."""
    end, waiting = 0, [node]
    while waiting:
        one = waiting.pop()
        end = max(end, one.span.end)
        waiting.extend(members(one))
    return end


def members(node: Node) -> list[Node]:
    """The entries of a container, in order; none of a scalar."""
    below = node.children
    return list(below.values()) if isinstance(below, dict) else list(below or ())


def nearest(node: Node) -> list[Node]:
    """The last entries of a container: enough to see how entries are written."""
    return members(node)[-_EXAMPLES:]


def step_of(document: Document) -> str:
    """One level of indentation: the first that the file shows, else two blanks."""
    found = _INDENTED.search(document.text, 0, _LOOKED_AT)
    return found.group(1) if found else "  "


def list_offset(document: Document) -> int:
    """How far a YAML file indents a list under its name, in columns."""
    found = _NESTED_LIST.search(document.text, 0, _LOOKED_AT)
    return len(found.group(2)) if found else len(step_of(document))


def kind_of(value: Value) -> type:
    """dict, list, or object for any scalar."""
    return type(value) if type(value) in (dict, list) else object


def like(value: Value, examples: Sequence[Node]) -> Node | None:
    """The example to render ``value`` by: the last of its kind, one with entries before others.

    Text that needs quotes goes by an example in quotes, other text by one without.
    """
    kind = kind_of(value)
    fitting = [n for n in examples if type(n.children) is (type(None) if kind is object else kind)]
    chosen = [node for node in fitting if node.children] or fitting
    if isinstance(value, str):
        bare = is_simple(value)
        chosen = [n for n in fitting if (n.style == "plain") == bare] or fitting
    return chosen[-1] if chosen else None


def below(examples: Sequence[Node], name: str) -> list[Node]:
    """What stands as ``name`` in the examples; where none has it, all that stands in them."""
    maps = [node.children for node in examples if isinstance(node.children, dict)]
    named = [children[name] for children in maps if name in children]
    return named or [child for children in maps for child in children.values()]


def elements(examples: Sequence[Node]) -> list[Node]:
    """All elements of the examples that are lists."""
    return [child for n in examples if isinstance(n.children, list) for child in n.children]


def ordered(value: dict[str, Value], example: Node | None) -> list[str]:
    """The names of ``value``, those that the example has first and in its order."""
    known = example.children if example is not None else None
    first = [name for name in known if name in value] if isinstance(known, dict) else []
    return [*first, *(name for name in value if name not in first)]
