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
    newline_of,
    ordered,
    start_of,
    step_of,
)
from interlock.documents.scalars import render_name, render_scalar
from interlock.documents.splice import CannotSplice, Splice, quote_of
from interlock.values import NamedTuple

_COMMENT = {
    "json": r"",
    "json5": r"(?://[^\r\n]*|/\*[^\r\n]*?\*/)?",
    "yaml": r"(?:(?<=[ \t])#[^\r\n]*)?",
    "toml": r"(?:#[^\r\n]*)?",
}


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


def flow(document: Document, value: Value, examples: Sequence[Node], indent: str) -> str:
    """``value`` in brackets as the examples are; ``indent`` is that of the line it begins on."""
    example = like(value, examples)
    if not isinstance(value, (dict, list)):
        return render_scalar(document.format, value, example)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    if not value:
        return opening + closing
    manner = _manner(document, example, indent, lines=_many(document, value, example))
    deeper = indent + (manner.inner or "")
    if isinstance(value, dict):
        texts = [
            render_name(document.format, name, manner.quote)
            + manner.gap
            + flow(document, value[name], below(examples, name), deeper)
            for name in ordered(value, example)
        ]
    else:
        texts = [flow(document, one, elements(examples), deeper) for one in value]
    if manner.inner is None:
        return opening + manner.pad + manner.comma.join(texts) + manner.pad + closing
    newline = newline_of(document.text)
    comma = "," if manner.trailing else ""
    inside = f",{newline}{deeper}".join(texts)
    return f"{opening}{newline}{deeper}{inside}{comma}{newline}{indent}{closing}"


def _many(document: Document, value: Value, example: Node | None) -> bool:
    """Whether a bracket takes several lines, where no example says so: as JSON is printed."""
    if example is not None and example.children:
        return "\n" in document.text[example.span.start : start_of(members(example)[0])]
    return isinstance(value, dict) and document.format in _FORMATS and "\n" in _body(document)


_FORMATS = ("json", "json5")


def _body(document: Document) -> str:
    return document.text.strip()


def _manner(document: Document, example: Node | None, indent: str, *, lines: bool) -> Manner:
    text = document.text
    inside = members(example) if example is not None else []
    named = [node for node in inside if node.name is not None]
    gap = next((gap for node in reversed(named) if (gap := gap_of(text, node))), "")
    pad, comma, inner, trailing = "", "", None, False
    if example is not None and inside:
        pad = text[example.span.start + 1 : start_of(inside[0])]
        between = text[end_of(inside[0]) : start_of(inside[1])] if len(inside) > 1 else ""
        comma = between if re.fullmatch(r"[ \t]*,[ \t]*", between) else ""
        trailing = "," in text[end_of(inside[-1]) : example.span.end]
        if lines:
            start = line_start(text, start_of(inside[0]))
            column = text[start : start_of(inside[0])]
            own = _indent(text, example)
            inner = column[len(own) :] if column.startswith(own) and not column.strip() else None
    gap = gap or _habitual_gap(document)
    comma = comma or ("," if not gap[-1:].isspace() else ", ")
    quote = quote_of(text[named[0].name.start :][:1]) if named and named[0].name else ""
    if not named and document.format in _FORMATS:
        quote = '"'
    if lines and not inner:
        inner = step_of(document)
    del indent
    pad = pad if not pad.strip() and "\n" not in pad else ""
    return Manner(pad, comma, gap, quote, inner if lines else None, trailing)


def _indent(text: str, node: Node) -> str:
    line = text[line_start(text, start_of(node)) : start_of(node)]
    return line[: len(line) - len(line.lstrip(" \t"))]


def gap_of(text: str, node: Node) -> str:
    """What stands between an entry's name and its value; "" where they share no line."""
    if node.name is None or node.span.start < node.name.end:
        return ""
    gap = text[node.name.end : node.span.start]
    return gap if gap.strip() in (":", "=") and "\n" not in gap else ""


def _habitual_gap(document: Document) -> str:
    if document.format == "toml":
        return " = "
    if document.format == "yaml":
        return ": "
    found = re.search(r"[\"'\w]([ \t]*:[ \t]*)(?=[\"'\[{\w.+-])", document.text)
    return found.group(1) if found else ": "


def beside(document: Document, node: Node, name: str, value: Value) -> Splice:
    """Add an entry as the last one of the bracket ``node``."""
    text, inside = document.text, members(node)
    if not inside:
        return _into_empty(document, node, name, value)
    last = inside[-1]
    if end_of(last) != last.span.end:
        raise CannotSplice("the entry beside it ends somewhere else than it seems")
    before = text[line_start(text, start_of(last)) : start_of(last)]
    indent = before[: len(before) - len(before.lstrip(" \t"))]
    own_line = not before.strip() and "\n" in text[node.span.start : start_of(last)]
    entry = _entry(document, node, last, name, value, indent)
    lead = newline_of(text) + before if own_line else _comma_of(document, node)[1:]
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


def _comma_of(document: Document, node: Node) -> str:
    """ "," and what follows it between entries of one line."""
    inside, text = members(node), document.text
    if len(inside) > 1:
        between = text[end_of(inside[-2]) : start_of(inside[-1])]
        if re.fullmatch(r"[ \t]*,[ \t]*", between):
            return between.lstrip()
    return _manner(document, node, "", lines=False).comma.lstrip()


def _entry(document: Document, node: Node, last: Node, name: str, value: Value, indent: str) -> str:
    body = flow(document, value, members(node), indent)
    if isinstance(node.children, list):
        return body
    if last.name is None:
        raise CannotSplice("the entry beside it has no name")
    manner = _manner(document, node, indent, lines=False)
    quote = quote_of(document.text[last.name.start :][:1])
    return (
        render_name(document.format, name, quote)
        + (gap_of(document.text, last) or manner.gap)
        + body
    )


def _into_empty(document: Document, node: Node, name: str, value: Value) -> Splice:
    start, end = node.span
    if document.text[start + 1 : end - 1].strip():
        raise CannotSplice("a comment stands in the empty brackets")
    whole: Value = [value] if isinstance(node.children, list) else {name: value}
    return start, end, flow(document, whole, (), _indent(document.text, node))
