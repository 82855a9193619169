"""A checklist as Jira writes texts: a document (Cloud, REST v3), wiki markup (Data Center, v2).

https://developer.atlassian.com/cloud/jira/platform/apis/document/structure
https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from interlock.changes.checklist import Checklist
from interlock.report.checklist import (
    Item,
    Piece,
    fitting,
    footer,
    headline,
    items,
    left_out,
    remark,
)
from interlock.report.neutral import harmless

Node = dict[str, Any]
#: Jira refuses comments of more than 32,767 characters; a document counts as its JSON.
ROOM = 32_000
_NAME, _NOTE = 200, 300
#: Every mark, macro, link, mention, emoticon and ticket's key of wiki markup needs one of these.
_OBEYED = re.compile(r"[^A-Za-z0-9 \u0080-\U0010ffff]")


def as_document(found: Checklist, room: int = ROOM) -> Node:
    """As a document in Atlassian Document Format; the same checklist gives the same document."""
    title = [_text("Interlock: ", "strong"), *_inline(headline(found))]
    tasks = [_task(at, one) for at, one in enumerate(items(found))]
    fit = fitting([_size(one) for one in tasks], room - _size(title) - 1_000)
    content = [_paragraph(title)]
    if remark(found):
        content.append(_paragraph(_inline(remark(found))))
    if fit:
        local = {"localId": "interlock-list"}
        content.append({"type": "taskList", "attrs": local, "content": tasks[:fit]})
    if fit < len(tasks):
        content.append(_paragraph([_text(left_out(len(tasks) - fit))]))
    content.append(_paragraph([_text(footer(found))]))
    return {"version": 1, "type": "doc", "content": content}


def _task(at: int, item: Item) -> Node:
    attrs = {"localId": f"interlock-{at}", "state": "DONE" if item.done else "TODO"}
    return {"type": "taskItem", "attrs": attrs, "content": _inline(item.pieces)}


def _inline(pieces: Iterable[Piece]) -> list[Node]:
    nodes = []
    for piece in pieces:
        if piece.kind == "text":
            node = _text(piece.text)
        elif piece.kind == "note":
            node = _text(harmless(piece.text, _NOTE) or "(empty)")
        else:
            node = _text(harmless(piece.text, _NAME) or "(empty)", "code")
        if piece.url:
            node.setdefault("marks", []).append({"type": "link", "attrs": {"href": piece.url}})
        nodes.append(node)
    return nodes


def _text(text: str, mark: str = "") -> Node:
    node: Node = {"type": "text", "text": text}
    return {**node, "marks": [{"type": mark}]} if mark else node


def _paragraph(content: list[Node]) -> Node:
    return {"type": "paragraph", "content": content}


def _size(value: Any) -> int:
    return len(json.dumps(value)) + 1


def as_wiki(found: Checklist, room: int = ROOM) -> str:
    """As wiki markup, at most ``room`` characters; done lines have a tick, others a cross."""
    head = f"*Interlock:* {_wiki(headline(found))}"
    lines = [f"* {'(/)' if one.done else '(x)'} {_wiki(one.pieces)}" for one in items(found)]
    fit = fitting([len(line) + 1 for line in lines], room - len(head) - 1_000)
    parts = [head, _wiki(remark(found)), "\n".join(lines[:fit])]
    if fit < len(lines):
        parts.append(left_out(len(lines) - fit))
    return "\n\n".join(part for part in (*parts, footer(found)) if part)


def _wiki(pieces: Sequence[Piece]) -> str:
    return "".join(_marked(one) for one in pieces)


def _marked(piece: Piece) -> str:
    if piece.kind == "text":
        text = piece.text.replace("(", "&#40;").replace(")", "&#41;")  # (x) would be a cross
        return f"[{text}|{piece.url}]" if piece.url else text
    text = _inert(harmless(piece.text, _NOTE if piece.kind == "note" else _NAME) or "(empty)")
    if piece.url:
        return f"[{text}|{piece.url}]"
    return f"{{{{{text}}}}}" if piece.kind == "code" else text


def _inert(text: str) -> str:
    """``text`` with every character that wiki markup could obey as a character reference.

    Jira's renderer keeps references as they are, and nothing that it looks for has one in it;
    backslashes do not help against all of it.
    """
    return _OBEYED.sub(lambda found: f"&#{ord(found[0])};", text)
