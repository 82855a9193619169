"""Texts of Jira: documents of Cloud and wiki markup of Data Center, as their readers see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: Nodes of a document that stand on lines of their own.
_BLOCKS = ("paragraph", "heading", "listItem", "taskItem", "codeBlock", "tableRow", "rule")
#: Levels of a document that are read; Jira's own go to about ten.
_DEPTH = 50


def text_of(body: Any) -> str:
    """A body's text, its blocks apart by an empty line."""
    if isinstance(body, str):
        return body
    return "".join(_texts(body, _DEPTH)).strip("\n")


def seen(body: Any) -> object:
    """What a reader sees of a body: texts, where they lead, what is ticked.

    Jira adds attributes to nodes and may split texts; a body that reads the same is the same.
    """
    if isinstance(body, str):
        return "\n".join(line.rstrip() for line in body.strip().splitlines())
    return tuple(_marks(body, _DEPTH))


def _texts(node: Any, depth: int) -> Iterator[str]:
    if not isinstance(node, dict) or not depth:
        return
    kind = node.get("type")
    if kind == "hardBreak":
        yield "\n"
    yield str(node.get("text") or "")
    inner = node.get("content")
    for one in inner if isinstance(inner, list) else ():
        yield from _texts(one, depth - 1)
    if kind in _BLOCKS:
        yield "\n\n"


def _marks(node: Any, depth: int) -> Iterator[tuple[str, str]]:
    """(what it looks like, character) of each character, and the state of each task."""
    if not isinstance(node, dict) or not depth:
        return
    kind, attrs = str(node.get("type")), node.get("attrs")
    if kind != "text":
        state = attrs.get("state", "") if isinstance(attrs, dict) else ""
        yield kind, str(state)
    looks = "|".join(sorted(_look(mark) for mark in node.get("marks") or ()))
    for char in str(node.get("text") or ""):
        yield looks, char
    inner = node.get("content")
    for one in inner if isinstance(inner, list) else ():
        yield from _marks(one, depth - 1)


def _look(mark: Any) -> str:
    attrs = mark.get("attrs") if isinstance(mark, dict) else None
    href = attrs.get("href", "") if isinstance(attrs, dict) else ""
    return f"{mark.get('type') if isinstance(mark, dict) else mark} {href}"
