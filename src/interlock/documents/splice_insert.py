"""Adds an entry, of any depth, to a container of a file, in the style of the entries beside it."""

from __future__ import annotations

from interlock.documents.base import Document, Steps, Value
from interlock.documents.layout import line_start, members, newline_of
from interlock.documents.scalars import CannotRender, render_name, render_scalar
from interlock.documents.splice import AFTER, FLOW_FORMATS, CannotSplice, Splice, unshared

_BRACKETS = ("flow", "inline", "array")


def inserted(document: Document, index: int, steps: Steps, name: str, value: Value) -> Splice:
    """Add ``value`` at the end of the container at ``steps``, under ``name`` ("" into a list)."""
    node, exact = document.node(index, steps)
    if not exact or node.children is None:
        raise CannotSplice("there is no entry beside which it could be written")
    unshared(node)
    if any(member.shared for member in members(node)):
        raise CannotSplice("the mapping is put together from anchors or merge keys")
    bracketed = document.format in FLOW_FORMATS or node.style in _BRACKETS
    if not node.children and not bracketed:
        raise CannotSplice("there is no entry beside which it could be written")
    try:
        if bracketed:
            from interlock.documents.block_flow import beside

            return beside(document, node, name, value)
        if document.format == "yaml":
            from interlock.documents.block_yaml import entry_below

            return entry_below(document, node, name, value)
        if document.format == "toml":
            from interlock.documents.block_toml import entry_in_table

            return entry_in_table(document, node, name, value)
        return _line(document, index, steps, name, value)
    except CannotRender as error:
        raise CannotSplice(str(error)) from None


def _line(document: Document, index: int, steps: Steps, name: str, value: Value) -> Splice:
    """A line of a dotenv or INI file."""
    text, last = document.text, members(document.node(index, steps)[0])[-1]
    if last.name is None or last.children is not None or isinstance(value, (dict, list)):
        raise CannotSplice("the entry beside it is not a single value")
    gap = text[last.name.end : last.span.start].strip("\"'`")
    lead = text[line_start(text, last.name.start) : last.name.start]
    after = AFTER.match(text, last.span.end)
    if after is None or lead.strip() not in ("", "export"):
        raise CannotSplice("the entry beside it shares its line with something else")
    row = lead + render_name(document.format, name, "") + gap
    row += render_scalar(document.format, value, last)
    newline = newline_of(text)
    new = row + newline if after.group(1) else newline + row
    return after.end(), after.end(), new
