"""Edits text at the positions of its parsed nodes; every other byte stays as it is.

Each function gives (start, end, replacement) in character offsets, or raises CannotSplice with
the reason. Nothing is ever rendered by loading and dumping a document.
"""

from __future__ import annotations

import re

from interlock.documents.base import Document, Node, Steps, Value
from interlock.documents.scalars import CannotRender, render_again, render_name

Splice = tuple[int, int, str]
FLOW_FORMATS = ("json", "json5")
#: The rest of a line behind a value in formats whose comments begin with "#".
AFTER = re.compile(r"[ \t]*(?:#[^\r\n]*)?(\r?\n|\Z)")
_TAG = re.compile(r"(?:^|[\s\[{,])!(?:<[^>\s]*>|[^\s,\[\]{}]*)[ \t]*\Z")


class CannotSplice(ValueError):
    """An edit that would not be safe; the text says why."""


def replaced(document: Document, node: Node, value: Value, old: Value) -> Splice:
    """Replace the scalar ``old`` at ``node`` by ``value``."""
    unshared(node)
    if node.children is not None:
        raise CannotSplice("a whole mapping or list would be replaced")
    start, end = node.span
    before = document.text[max(0, start - 200) : start]
    if document.format == "yaml" and _TAG.search(before.rpartition("\n")[2]):
        raise CannotSplice("the value carries a tag, which says how programs read it")
    try:
        text = render_again(document.format, value, old, document.text[start:end], node)
    except CannotRender as error:
        raise CannotSplice(str(error)) from None
    if start == end and before[-1:] != "=":
        if before.rstrip(" \t")[-1:] not in (":", "-", "="):
            raise CannotSplice("the value is missing together with the ':' before it")
        text = text if before[-1:] in (" ", "\t") else " " + text  # without a value: `name:`
    return start, end, text


def renamed(document: Document, node: Node, steps: Steps, name: str) -> Splice:
    """Call the member at ``node``, which is at ``steps``, ``name``."""
    if node.name is None or node.shared:
        raise CannotSplice("its name stands for more than this one entry")
    spans = [node.name]
    if document.format == "toml" and all(isinstance(step, str) for step in steps):
        from interlock.documents.toml_mentions import mentions

        spans = mentions(document.text, steps) or spans
    try:
        text, at = "", spans[0].start
        for start, end in spans:
            quote = quote_of(document.text[start:end])
            text += document.text[at:start] + render_name(document.format, name, quote)
            at = end
        return spans[0].start, at, text
    except CannotRender as error:
        raise CannotSplice(str(error)) from None


def removed(document: Document, index: int, steps: Steps) -> Splice:
    """Remove the member or element at ``steps``."""
    parent, _ = document.node(index, steps[:-1])
    node, exact = document.node(index, steps)
    if not exact or parent.children is None:
        raise CannotSplice("it stands somewhere else than it seems")
    unshared(parent)
    if node.shared:
        raise CannotSplice("it carries an anchor or comes from one")
    if len(parent.children) == 1:
        raise CannotSplice("it is the only entry, and the rest would mean something else")
    if document.format in FLOW_FORMATS or parent.style in ("flow", "inline", "array"):
        return _removed_from_flow(document.text, parent, node)
    if document.format == "toml" and node.style in ("table", "tables", "implicit"):
        raise CannotSplice("it is a whole table")
    return _removed_lines(document.text, parent, node)


def quote_of(text: str) -> str:
    """The quote that a name is written in, "" for none."""
    return text[0] if text[:1] in ("'", '"') else ""


def unshared(node: Node) -> None:
    """Refuse text that stands for more than one value."""
    if node.shared:
        raise CannotSplice("the text is shared by an anchor, an alias or a merge key")


def _removed_lines(text: str, parent: Node, node: Node) -> Splice:
    start = node.name.start if node.name is not None else node.span.start
    line = text.rfind("\n", 0, start) + 1
    lead = text[line:start]
    after = AFTER.match(text, node.span.end)
    if after is None or lead.strip() not in ("", "-" if node.name is None else ""):
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
