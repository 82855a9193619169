"""Comments and descriptions as GitHub renders them: Markdown with tables and task lists, some HTML.

https://github.github.com/gfm/ and
https://docs.github.com/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax
"""

from __future__ import annotations

import re
import secrets
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from interlock.sandbox.web.clean import clean
from interlock.sandbox.web.live import Place, enliven
from interlock.sandbox.web.markup import Safe, whole

#: https://github.github.com/gfm/#task-list-items-extension-
_TASK = re.compile(r"\[([ xX])\][ \t\u00a0]+")
#: Stands for a check box until the HTML is clean. Nobody can guess it, so nobody can write one.
_SECRET = f"box{secrets.token_hex(16)}"
_BOXES = {
    f"{_SECRET}-open": '<input type="checkbox" disabled aria-label="to do">',
    f"{_SECRET}-done": '<input type="checkbox" disabled checked aria-label="done">',
}


def render(source: str | None, place: Place) -> Safe:
    """Clean HTML; ``place`` says where ``#12`` leads."""
    html = enliven(_cleaned(source or ""), place)
    for mark, box in _BOXES.items():
        html = html.replace(mark, box)
    return Safe(html)


@lru_cache(maxsize=256)
def _cleaned(source: str) -> str:
    return clean(_parser().render(whole(source)))


@cache
def _parser() -> MarkdownIt:
    # In comments a line break stays one, unlike in files.
    made = MarkdownIt("commonmark", {"html": True, "breaks": True})
    made.enable(["table", "strikethrough"])
    made.core.ruler.push("tasks", _tasks)
    made.core.ruler.push("alignment", _align)
    return made


def _tasks(state: StateCore) -> None:
    """``[ ]`` and ``[x]`` at the beginning of list items become marks for check boxes."""
    tokens = state.tokens
    for at, token in enumerate(tokens[:-2]):
        if token.type != "list_item_open" or tokens[at + 1].type != "paragraph_open":
            continue
        words = tokens[at + 2].children or []
        if words and words[0].type == "text" and (found := _TASK.match(words[0].content)):
            kind = "open" if found[1] == " " else "done"
            words[0].content = f"{_SECRET}-{kind} {words[0].content[found.end() :]}"


def _align(state: StateCore) -> None:
    """Columns are aligned by an attribute, as GitHub does it: styles are not allowed here."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and "style" in token.attrs:
            _aligned(token)


def _aligned(token: Token) -> None:
    style = str(token.attrs.pop("style"))
    token.attrs["align"] = style.rpartition(":")[2]
