"""Bodies of Jira's comments as their readers see them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from interlock.changes.checklist import Checklist, Line
from interlock.report.checklist_jira import as_document, as_wiki
from interlock.tickets.documents import seen, text_of

LINE = Line("serving", "acme/serving", "https://github.com/acme/serving", "serving#12",
            "https://github.com/acme/serving/pull/12", "open")  # fmt: skip
FOUND = Checklist("ranker-v2", "interlock/ranker-v2", (LINE,))


def task(document: Any) -> Any:
    return document["content"][1]["content"][0]


def annotated(document: Any) -> None:
    document["content"][0]["attrs"] = {"localId": "x"}
    task(document)["attrs"]["localId"] = "another"


def split(document: Any) -> None:
    node = document["content"][2]["content"][0]
    document["content"][2]["content"] = [
        {**node, "text": node["text"][:5]},
        {**node, "text": node["text"][5:]},
    ]


def reordered(document: Any) -> None:
    task(document)["content"][0]["marks"].reverse()


def ticked(document: Any) -> None:
    task(document)["attrs"]["state"] = "DONE"


def led_elsewhere(document: Any) -> None:
    task(document)["content"][0]["marks"][1]["attrs"]["href"] = "https://evil.example"


def plain(document: Any) -> None:
    del task(document)["content"][0]["marks"]


def reworded(document: Any) -> None:
    task(document)["content"][0]["text"] += "x"


def untasked(document: Any) -> None:
    document["content"][1]["type"] = "bulletList"


def without_one(document: Any) -> None:
    document["content"].pop()


@pytest.mark.parametrize("change", [annotated, split, reordered])
def test_what_reads_the_same_is_the_same(change: Any) -> None:
    changed = deepcopy(as_document(FOUND))
    change(changed)
    assert changed != as_document(FOUND)
    assert seen(changed) == seen(as_document(FOUND))


@pytest.mark.parametrize("change", [ticked, led_elsewhere, plain, reworded, untasked, without_one])
def test_what_reads_otherwise_is_another(change: Any) -> None:
    changed = deepcopy(as_document(FOUND))
    change(changed)
    assert seen(changed) != seen(as_document(FOUND))


def test_wiki_markup_is_the_same_whatever_ends_its_lines() -> None:
    text = as_wiki(FOUND)
    assert seen(text.replace("\n", "\r\n") + "\r\n") == seen(text)
    assert seen(text.replace("(x)", "(/)")) != seen(text)


@pytest.mark.parametrize("body", [None, [], 7, {"content": "x"}, {"content": [None, 1]},
                                  {"marks": None, "attrs": 1, "text": None}], ids=str)  # fmt: skip
def test_what_is_no_document_is_read_as_none(body: Any) -> None:
    assert text_of(body) == ""
    seen(body)


def test_a_document_of_any_depth_is_read_as_far_as_documents_go() -> None:
    deep: dict[str, Any] = {"type": "text", "text": "x"}
    for _ in range(5_000):
        deep = {"type": "listItem", "content": [deep]}
    assert text_of(deep) == ""
    assert seen(deep)


def test_blocks_and_breaks_are_lines() -> None:
    inner = [{"type": "text", "text": "a"}, {"type": "hardBreak"}, {"type": "text", "text": "b"}]
    document = {"type": "doc", "content": [{"type": "paragraph", "content": inner}] * 2}
    assert text_of(document) == "a\nb\n\na\nb"
