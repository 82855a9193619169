"""New entries in brackets: JSON, JSON5, YAML's flow collections, TOML's inline ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

from interlock.documents.base import Document, Node, Value
from interlock.documents.layout import (
    below,
    elements,
    end_of,
    like,
    line_start,
    members,
    nearest,
    newline_of,
    ordered,
    start_of,
    step_of,
)
from interlock.documents.scalars import render_name, render_scalar
from interlock.documents.splice import FLOW_FORMATS, CannotSplice, Splice, quote_of
from interlock.values import NamedTuple

_COMMENT = {
    "json": r"",
    "json5": r"(?://[^\r\n]*|/\*[^\r\n]*?\*/)?",
    "yaml": r"(?:(?<=[ \t])#[^\r\n]*)?",
    "toml": r"(?:#[^\r\n]*)?",
}


_GAP = re.compile(r"[\"'\w]([ \t]*:[ \t]*)(?=[\"'\[{\w.+-])")
_COMMA = re.compile(r"[ \t]*,[ \t]*")


class Manner(NamedTuple):
    """How one bracket is written.

    ``pad`` is inside the brackets of one line, ``comma`` between entries of one line, ``gap``
    between a name and its value. ``inner`` is the indentation added where it takes several lines,
    None where it takes one. ``trailing`` says that a comma follows the last entry.
    """

    pad: str
    comma: str
    gap: str
    quote: str
    inner: str | None
    trailing: bool


def flow(
    document: Document,
    value: Value,
    examples: Sequence[Node],
    indent: str,
    around: Manner | None = None,
) -> str:
    """``value`` in brackets as the examples are, or else as the bracket around it is.

    ``indent`` is that of the line it begins on.
    """
    examples = [one for one in examples if one.style not in ("table", "tables", "implicit")]
    example = like(value, examples)
    if not isinstance(value, (dict, list)):
        return render_scalar(document.format, value, example)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    if not value:
        return opening + closing
    manner = _manner(document, value, example, around)
    deeper = indent + (manner.inner or "")
    if isinstance(value, dict):
        texts = [
            render_name(document.format, name, manner.quote)
            + manner.gap
            + flow(document, value[name], below(examples, name), deeper, manner)
            for name in ordered(value, example)
        ]
    else:
        texts = [flow(document, one, elements(examples), deeper, manner) for one in value]
    if manner.inner is None:
        return opening + manner.pad + manner.comma.join(texts) + manner.pad + closing
    newline = newline_of(document.text)
    comma = "," if manner.trailing else ""
    inside = f",{newline}{deeper}".join(texts)
    return f"{opening}{newline}{deeper}{inside}{comma}{newline}{indent}{closing}"


def _manner(
    document: Document, value: Value, example: Node | None, around: Manner | None
) -> Manner:
    if example is not None and example.children:
        return manner_of(document, example)
    if around is None:
        around = _habit(document)
    lines = around.inner is not None and isinstance(value, dict)
    return around._replace(inner=(around.inner or step_of(document)) if lines else None)


def _habit(document: Document) -> Manner:
    """How brackets are written where none is there to look at: as the file is elsewhere."""
    in_json = document.format in FLOW_FORMATS
    gap = " = " if document.format == "toml" else ": "
    found = _GAP.search(document.text) if in_json else None
    gap = found.group(1) if found else gap
    inner = step_of(document) if in_json and "\n" in document.text.strip() else None
    comma = ", " if gap[-1:].isspace() else ","
    return Manner("", comma, gap, '"' if in_json else "", inner, trailing=False)


def manner_of(document: Document, example: Node) -> Manner:
    """How the bracket ``example``, which is not empty, is written."""
    text, inside, habit = document.text, members(example), _habit(document)
    first, named = start_of(inside[0]), [node for node in inside if node.name is not None]
    gap = next((gap for node in reversed(named) if (gap := gap_of(text, node))), habit.gap)
    between = text[end_of(inside[-2]) : start_of(inside[-1])] if len(inside) > 1 else ""
    comma = between if _COMMA.fullmatch(between) else habit.comma
    pad = text[example.span.start + 1 : first]
    inner = None
    if "\n" in pad:
        column, own = text[line_start(text, first) : first], indent_of(text, start_of(example))
        inner = column[len(own) :] if column.startswith(own) and not column.strip() else ""
        inner = inner or step_of(document)
    quote = quote_of(text[named[0].name.start :][:1]) if named and named[0].name else habit.quote
    trailing = "," in text[end_of(inside[-1]) : example.span.end]
    return Manner(pad if not pad.strip("\t ") else "", comma, gap, quote, inner, trailing)


def indent_of(text: str, offset: int) -> str:
    """The blanks with which the line of ``offset`` begins."""
    line = text[line_start(text, offset) : offset]
    return line[: len(line) - len(line.lstrip(" \t"))]


def gap_of(text: str, node: Node) -> str:
    """What stands between an entry's name and its value; "" where they share no line."""
    if node.name is None or node.span.start < node.name.end:
        return ""
    gap = text[node.name.end : node.span.start]
    return gap if gap.strip() in (":", "=") and "\n" not in gap else ""


def beside(document: Document, node: Node, name: str, value: Value) -> Splice:
    """Add an entry as the last one of the bracket ``node``."""
    text, inside = document.text, members(node)
    if not inside:
        return _into_empty(document, node, name, value)
    last = inside[-1]
    if end_of(last) != last.span.end:
        raise CannotSplice("the entry beside it ends somewhere else than it seems")
    before = text[line_start(text, start_of(last)) : start_of(last)]
    indent = indent_of(text, start_of(last))
    own_line = not before.strip() and "\n" in text[node.span.start : start_of(last)]
    entry = _entry(document, node, name, value, indent)
    lead = (
        newline_of(text) + before if own_line else manner_of(document, node).comma.lstrip(" \t")[1:]
    )
    rest = re.compile(r"([ \t]*)(,?)([ \t]*" + _COMMENT[document.format] + r")(?=[ \t]*(\r?\n)?)")
    found = rest.match(text, last.span.end)
    if found is None:
        raise CannotSplice("something stands behind the entry beside it")
    if found.group(2):
        end = found.end() if own_line and found.group(4) else found.end(2)
        return end, end, f"{lead}{entry},"
    if own_line and found.group(3).strip() and found.group(4):
        kept = text[last.span.end : found.end()]
        return last.span.end, found.end(), f",{kept}{lead}{entry}"
    return last.span.end, last.span.end, f",{lead}{entry}"


def _entry(document: Document, node: Node, name: str, value: Value, indent: str) -> str:
    manner, last = manner_of(document, node), members(node)[-1]
    body = flow(document, value, nearest(node), indent, manner)
    if isinstance(node.children, list):
        return body
    if last.name is None:
        raise CannotSplice("the entry beside it has no name")
    quote = quote_of(document.text[last.name.start :][:1])
    gap = gap_of(document.text, last) or manner.gap
    return render_name(document.format, name, quote) + gap + body


def _into_empty(document: Document, node: Node, name: str, value: Value) -> Splice:
    start, end = node.span
    if document.text[start + 1 : end - 1].strip():
        raise CannotSplice("a comment stands in the empty brackets")
    whole: Value = [value] if isinstance(node.children, list) else {name: value}
    return start, end, flow(document, whole, (), indent_of(document.text, start_of(node)))
