"""New entries of YAML's block mappings and lists, laid out as the entries beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from interlock.documents.base import Document, Node, Value
from interlock.documents.block_flow import flow, gap_of
from interlock.documents.layout import (
    below,
    elements,
    end_of,
    like,
    line_start,
    list_offset,
    members,
    nearest,
    newline_of,
    ordered,
    start_of,
    step_of,
)
from interlock.documents.scalars import render_name
from interlock.documents.splice import AFTER, CannotSplice, Splice, quote_of

_DASHES = re.compile(r" *(?:- +)+\Z")
_COMMENT_LINE = re.compile(r"([ ]*)#[^\n]*(?:\n|\Z)")


def entry_below(document: Document, node: Node, name: str, value: Value) -> Splice:
    """Add an entry as the last one of the block mapping or list ``node``."""
    text, inside = document.text, nearest(node)
    last = inside[-1]
    column = _column(text, inside, listed=isinstance(node.children, list))
    if isinstance(node.children, list):
        lines = _item(document, value, inside, column)
    else:
        lines = _pair(document, name, value, inside, column, _quote(text, last))
    newline = newline_of(text)
    after = AFTER.match(text, end_of(last))
    if after is None:
        raise CannotSplice("the entry beside it shares its line with something else")
    body = newline.join(lines)
    if not after.group(1):
        return after.end(), after.end(), newline + body
    at = after.end()
    while (found := _COMMENT_LINE.match(text, at)) and len(found.group(1)) > column:
        at = found.end()  # a comment that belongs to the entry above
    lead = "" if text[at - 1] == "\n" else newline
    return at, at, f"{lead}{body}{newline if not lead else ''}"


def _column(text: str, inside: Sequence[Node], *, listed: bool) -> int:
    """The column of the entries, from 0; of their dashes in a list."""
    columns = set()
    for node in inside:
        start = start_of(node)
        lead = text[line_start(text, start) : start]
        if listed:
            dash = lead.rstrip(" ")
            if not dash.endswith("-") or dash[:-1].strip(" "):
                raise CannotSplice("the entry beside it shares its line with something else")
            columns.add(len(dash) - 1)
        elif not lead.strip(" ") or _DASHES.match(lead):
            columns.add(len(lead))
        else:
            raise CannotSplice("the entry beside it shares its line with something else")
    if len(columns) != 1:
        raise CannotSplice("the entries beside it do not line up")
    return columns.pop()


def _quote(text: str, node: Node) -> str:
    return quote_of(text[node.name.start :][:1]) if node.name is not None else ""


def _pair(
    document: Document, name: str, value: Value, examples: Sequence[Node], column: int, quote: str
) -> list[str]:
    """The lines of ``name: value``."""
    text, example = document.text, like(value, examples)
    lead = " " * column + render_name("yaml", name, quote)
    if not isinstance(value, (dict, list)) or not value or _is_flow(example):
        gap = (gap_of(text, example) if example is not None else "") or ": "
        return (lead + gap + flow(document, value, examples, " " * column)).splitlines()
    if isinstance(value, list):
        offset = _offset(document, example)
        nested = elements(examples)
        items = [_item(document, one, nested, column + offset) for one in value]
        return [f"{lead}:", *(line for item in items for line in item)]
    deeper = column + _step(document, example)
    return [f"{lead}:", *_pairs(document, value, examples, deeper)]


def _pairs(
    document: Document, value: dict[str, Value], examples: Sequence[Node], column: int
) -> list[str]:
    example = like(value, examples)
    first = members(example)[0] if example is not None and example.children else None
    quote = _quote(document.text, first) if first is not None else ""
    lines: list[str] = []
    for name in ordered(value, example):
        lines += _pair(document, name, value[name], below(examples, name), column, quote)
    return lines


def _item(document: Document, value: Value, examples: Sequence[Node], column: int) -> list[str]:
    """The lines of ``- value``."""
    lead = " " * column + "- "
    if isinstance(value, dict) and value and not _is_flow(like(value, examples)):
        first, *rest = _pairs(document, value, examples, column + 2)
        return [lead + first[column + 2 :], *rest]
    return (lead + flow(document, value, examples, " " * (column + 2))).splitlines()


def _is_flow(example: Node | None) -> bool:
    return example is not None and example.style == "flow" and bool(example.children)


def _step(document: Document, example: Node | None) -> int:
    """How far the members of a mapping are indented below its name."""
    if example is not None and example.name is not None and example.children:
        text, first = document.text, start_of(members(example)[0])
        own = example.name.start - line_start(text, example.name.start)
        step = first - line_start(text, first) - own
        if step > 0 and "\n" in text[example.name.end : first]:
            return step
    return len(step_of(document))


def _offset(document: Document, example: Node | None) -> int:
    """How far the dashes of a list are indented below its name."""
    if example is not None and example.name is not None and example.children:
        text, first = document.text, start_of(members(example)[0])
        lead = text[line_start(text, first) : first]
        own = example.name.start - line_start(text, example.name.start)
        dash = len(lead) - len(lead.lstrip(" "))
        if "\n" in text[example.name.end : first] and dash >= own:
            return dash - own
    return list_offset(document)
