"""New entries of TOML tables: pairs, dotted pairs, [tables] and [[tables of an array]]."""

from __future__ import annotations

import re
from collections.abc import Sequence

from interlock.documents.base import Document, Node, Value
from interlock.documents.block_flow import flow, gap_of, indent_of
from interlock.documents.layout import (
    below,
    elements,
    end_of,
    like,
    line_start,
    members,
    newline_of,
    ordered,
    start_of,
)
from interlock.documents.scalars import render_name
from interlock.documents.splice import AFTER, CannotSplice, Splice, quote_of

_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)


def entry_in_table(document: Document, node: Node, name: str, value: Value) -> Splice:
    """Add an entry to the table or array of tables ``node``, as the entries beside it are."""
    text, inside = document.text, members(node)
    if node.style == "tables" and isinstance(value, dict):
        last = inside[-1].span.start
        path = text[last : text.find("]]", last)].lstrip("[").strip(" \t")
        lines = _table(document, path, value, inside, listed=True)
        return _lines_at(text, _end(text, inside[-1]), lines, _parted(text))
    pairs = [one for one in inside if one.style != "tables" and not _has_header(text, one)]
    example = like(value, [*pairs, *(one for one in inside if _has_header(text, one))])
    if isinstance(value, dict) and example is not None and _has_header(text, example):
        at = max(_end(text, one) for one in inside if _has_header(text, one))
        path = _before(text, example).lstrip("[ \t") + render_name(
            "toml", name, _quote(text, example)
        )
        lines = _table(document, path, value, inside, listed=False)
        return _lines_at(text, at, lines, _parted(text))
    if not pairs or node.style == "tables":
        raise CannotSplice("no entry beside it is of the same kind")
    return _pair_at_end(document, name, value, pairs)


def _pair_at_end(document: Document, name: str, value: Value, pairs: Sequence[Node]) -> Splice:
    """``name = value``, or the same with dots, after the pairs of a table."""
    text, example = document.text, like(value, pairs)
    model = example if example is not None else pairs[-1]
    lead = _before(text, model) + render_name("toml", name, _quote(text, model))
    last = max(pairs, key=end_of)
    if isinstance(value, dict) and value and model.style == "implicit":
        lines = _dotted(document, lead, value, pairs)
    else:
        gap = gap_of(text, model) or " = "
        lines = [lead + gap + flow(document, value, pairs, indent_of(text, start_of(model)))]
    return _lines_at(text, _end(text, last), lines, blank=False)


def _quote(text: str, node: Node) -> str:
    return quote_of(text[node.name.start :][:1]) if node.name is not None else ""


def _end(text: str, node: Node) -> int:
    """The end of the line on which a node's text ends."""
    after = AFTER.match(text, end_of(node))
    if after is None:
        raise CannotSplice("the entry beside it shares its line with something else")
    return after.end()


def _lines_at(text: str, at: int, lines: Sequence[str], blank: bool) -> Splice:
    newline = newline_of(text)
    body = newline.join([*([""] if blank else []), *lines])
    if at and text[at - 1] != "\n":
        return at, at, newline + body
    return at, at, body + newline


def _has_header(text: str, node: Node) -> bool:
    """True for a table whose name stands in a [header]."""
    if node.style not in ("table", "implicit", "tables") or node.name is None:
        return False
    start = line_start(text, node.name.start)
    return text[start : node.name.start].lstrip(" \t").startswith("[")


def _before(text: str, node: Node) -> str:
    """What stands before a name on its line: "variants." of ``variants.control.weight = 1``."""
    start = start_of(node)
    return text[line_start(text, start) : start]


def _parted(text: str) -> bool:
    """Whether blank lines stand before headers, as at least half of the file's do."""
    headers = [found.start() for found in _HEADER.finditer(text)][1:]
    blank = [at for at in headers if not _above(text, at).strip()]
    return len(blank) * 2 >= len(headers)


def _above(text: str, start: int) -> str:
    """The line above ``start`` that is no comment."""
    while start:
        above = text[line_start(text, start - 1) : start]
        if not above.lstrip(" \t").startswith("#"):
            return above
        start -= len(above)
    return ""


def _table(
    document: Document, path: str, value: Value, examples: Sequence[Node], *, listed: bool
) -> list[str]:
    """The lines of a table with its sub-tables; ``path`` is what stands in the brackets."""
    example = like(value, examples)
    pairs: list[str] = []
    tables: list[list[str]] = []
    for name in ordered(value, example):
        member, nested = value[name], below(examples, name)
        model = like(member, nested)
        inner = f"{path}.{render_name('toml', name, '')}"
        if isinstance(member, dict) and (model is None or model.style != "inline"):
            tables.append(_table(document, inner, member, nested, listed=False))
        elif _are_tables(member) and model is not None and model.style == "tables":
            rows = [_table(document, inner, one, elements(nested), listed=True) for one in member]
            tables += rows
        else:
            pairs.append(_row(document, name, member, nested))
    header = f"[[{path}]]" if listed else f"[{path}]"
    shown = listed or pairs or not tables or (example is not None and example.style == "table")
    parts = [[header, *pairs]] if shown else []
    parts += tables
    blank = [""] if _parted(document.text) else []
    return [line for at, part in enumerate(parts) for line in (blank if at else []) + part]


def _are_tables(value: Value) -> bool:
    """True for a list of nothing but mappings."""
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _row(document: Document, name: str, value: Value, examples: Sequence[Node]) -> str:
    model = like(value, examples)
    gap = (gap_of(document.text, model) if model is not None else "") or " = "
    return render_name("toml", name, "") + gap + flow(document, value, examples, "")


def _dotted(document: Document, path: str, value: Value, examples: Sequence[Node]) -> list[str]:
    """The lines of a table that is written as ``a.b = value``."""
    lines: list[str] = []
    for name in ordered(value, like(value, examples)):
        member, nested = value[name], below(examples, name)
        model = like(member, nested)
        if isinstance(member, dict) and member and (model is None or model.style == "implicit"):
            inner = f"{path}.{render_name('toml', name, '')}"
            lines += _dotted(document, inner, member, nested)
        else:
            lines.append(f"{path}.{_row(document, name, member, nested)}")
    return lines
