"""Pages of the sandbox as tests read them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
import requests

pytest.importorskip("markdown_it", reason="the sandbox's pages need markdown-it-py")
pytest.importorskip("nh3", reason="the sandbox's pages need nh3")
from interlock.sandbox import Sandbox

#: What a person who wants to break pages writes; each is tried in titles, names and comments.
HOSTILE = (
    "<script>document.title='pwned'</script>",
    "<img src=x onerror=\"document.title='pwned'\">",
    "<svg/onload=\"document.title='pwned'\"><math><mi//xlink:href='data:x,<script>1</script>'>",
    "[click](javascript:document.title='pwned') <a href='javascript:1'>x</a> <jav&#x09;ascript:1>",
    '"><iframe src="javascript:1"></iframe><style>*{display:none}</style>',
    "<form action=https://evil.example><input name=csrf><button>send</button></form>",
    "<p style='position:fixed;inset:0' class=badge id=content>over everything</p>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'><base href=https://evil.example>",
    "]]></textarea></title></pre></main></body><!-- <noscript><plaintext>",
    "`` ` ```\n~~~\n<details open><summary>&lt;script&gt;",
    "\u202egpj.exe\u2066 \ud800 \x00 \x1b[31m",
)


class Page(HTMLParser):
    """An answer: its elements in order, each with its attributes and the text directly in it."""

    def __init__(self, answer: requests.Response) -> None:
        super().__init__(convert_charrefs=True)
        self.status = answer.status_code
        self.headers = answer.headers
        self.html = answer.text
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """All text, with single blanks."""
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        """The attributes of elements of a kind that have these."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(k) == v for k, v in wanted.items())
        ]

    def links(self) -> list[str]:
        """Where links lead."""
        return [found["href"] for found in self.all("a") if "href" in found]


def look(sandbox: Sandbox, path: str, status: int = 200, **headers: str) -> Page:
    """A page, without following where it leads."""
    answer = requests.get(
        f"{sandbox.url}{path}", headers=headers, timeout=60, allow_redirects=False
    )
    assert answer.status_code == status, answer.text[-2000:]
    return Page(answer)


def send(sandbox: Sandbox, path: str, form: dict[str, str], **more: Any) -> Page:
    """The answer to a form."""
    answer = requests.post(
        f"{sandbox.url}{path}", data=form, timeout=60, allow_redirects=False, **more
    )
    return Page(answer)
