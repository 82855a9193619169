"""Edits text at the positions of its parsed nodes; every other byte stays as it is.

Each function gives (start, end, replacement) in character offsets, or raises CannotSplice with
the reason. Nothing is ever rendered by loading and dumping a document.
"""

from __future__ import annotations

import re

from interlock.documents.base import Document, Node, Steps, Value
from interlock.documents.scalars import CannotRender, render_scalar

Splice = tuple[int, int, str]
_FLOW_FORMATS = ("json", "json5")
_AFTER = re.compile(r"[ \t]*(?:#[^\r\n]*)?(\r?\n|\Z)")
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


class CannotSplice(ValueError):
    """An edit that would not be safe; the text says why."""


def replaced(document: Document, node: Node, value: Value, old: Value) -> Splice:
    """Replace the scalar at ``node`` by ``value``."""
    _unshared(node)
    if node.children is not None:
        raise CannotSplice("a whole mapping or list would be replaced")
    try:
        text = render_scalar(document.format, value, old, node)
    except CannotRender as error:
        raise CannotSplice(str(error)) from None
    start, end = node.span
    if start == end:
        text = " " + text  # a member without a value: `name:`
    return start, end, text


def renamed(document: Document, node: Node, name: str) -> Splice:
    """Call the member at ``node`` ``name``."""
    if node.name is None or node.shared:
        raise CannotSplice("its name stands for more than this one entry")
    start, end = node.name
    old = document.text[start:end]
    quote = old[0] if old[:1] in ("'", '"') else ""
    return start, end, f"{quote}{_named(name, quote)}{quote}"


def removed(document: Document, index: int, steps: Steps) -> Splice:
    """Remove the member or element at ``steps``."""
    parent, _ = document.node(index, steps[:-1])
    node, exact = document.node(index, steps)
    if not exact or parent.children is None:
        raise CannotSplice("it stands somewhere else than it seems")
    _unshared(parent)
    if node.shared:
        raise CannotSplice("it carries an anchor or comes from one")
    if len(parent.children) == 1:
        raise CannotSplice("it is the only entry, and the rest would mean something else")
    if document.format in _FLOW_FORMATS or parent.style in ("flow", "inline", "array"):
        return _removed_from_flow(document.text, parent, node)
    if document.format == "toml" and node.style in ("table", "tables", "implicit"):
        raise CannotSplice("it is a whole table")
    return _removed_lines(document.text, parent, node)


def inserted(document: Document, index: int, steps: Steps, name: str, value: Value) -> Splice:
    """Add ``name: value`` as the last member of the mapping at ``steps``."""
    node, exact = document.node(index, steps)
    if not exact or not isinstance(node.children, dict) or not node.children:
        raise CannotSplice("there is no entry beside which it could be written")
    _unshared(node)
    if any(member.shared for member in node.children.values()):
        raise CannotSplice("the mapping is put together from anchors or merge keys")
    last = list(node.children.values())[-1]
    if last.name is None or last.children is not None:
        raise CannotSplice("the entry beside it is not a single value")
    try:
        text = render_scalar(document.format, value, None, None)
    except CannotRender as error:
        raise CannotSplice(str(error)) from None
    start = last.name.start
    gap = document.text[last.name.end : last.span.start]
    if document.format in _FLOW_FORMATS or node.style in ("flow", "inline"):
        quote = document.text[start] if document.text[start] in "'\"" else ""
        return _beside(document.text, last, f"{quote}{_named(name, quote)}{quote}{gap}{text}")
    line = document.text.rfind("\n", 0, start) + 1
    indent = document.text[line:start]
    after = _AFTER.match(document.text, last.span.end)
    if indent.strip() or after is None:
        raise CannotSplice("the entry beside it shares its line with something else")
    newline = after.group(1) or "\n"
    lead = "" if after.group(1) else newline
    new = f"{lead}{indent}{_named(name, '')}{gap}{text}{newline if after.group(1) else ''}"
    return after.end(), after.end(), new


def _named(name: str, quote: str) -> str:
    if not _PLAIN_NAME.match(name) and not (quote and name.isprintable() and quote not in name):
        raise CannotSplice(f"the name {name!r} would need quotes")
    return name


def _unshared(node: Node) -> None:
    if node.shared:
        raise CannotSplice("the text is shared by an anchor, an alias or a merge key")


def _beside(text: str, last: Node, entry: str) -> Splice:
    """After ``last`` in a flow collection, laid out as ``last`` is."""
    assert last.name is not None
    line = text.rfind("\n", 0, last.name.start)
    lead = text[line : last.name.start] if line >= 0 else ""
    separator = f",{lead}" if lead and not lead.strip() else ", "
    return last.span.end, last.span.end, separator + entry


def _removed_lines(text: str, parent: Node, node: Node) -> Splice:
    start = node.name.start if node.name is not None else node.span.start
    line = text.rfind("\n", 0, start) + 1
    lead = text[line:start]
    after = _AFTER.match(text, node.span.end)
    if after is None or lead.strip() not in ("", "-"):
        raise CannotSplice("it shares its line with something else")
    if parent.span.start == start and lead.strip() == "" and line < parent.span.start - len(lead):
        raise CannotSplice("it begins its mapping in the middle of a line")
    return line, after.end(), ""


def _removed_from_flow(text: str, parent: Node, node: Node) -> Splice:
    start = node.name.start if node.name is not None else node.span.start
    members = parent.children
    listed = list(members.values()) if isinstance(members, dict) else list(members or [])
    at = next(i for i, member in enumerate(listed) if member is node)
    if at + 1 < len(listed):
        following = listed[at + 1]
        end = following.name.start if following.name is not None else following.span.start
        gap = text[node.span.end : end]
    else:
        start_of_gap = listed[at - 1].span.end
        gap = text[start_of_gap:start]
        start, end = start_of_gap, node.span.end
    if gap.count(",") != 1 or gap.replace(",", "").strip():
        raise CannotSplice("a comment stands beside it")
    return start, end, ""
