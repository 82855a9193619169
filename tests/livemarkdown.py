"""What is live in Markdown once it is rendered, for the tests: links, HTML, mentions and so on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

#: HTML that Interlock writes itself; text from repositories is inside <code>, escaped.
OWN_HTML = re.compile(
    r"<details>|<details open>|</details>"
    r"|<summary>(?:error|warning|info)(?: \(?<code>[^<>]+</code>\)?)+</summary>"
)
#: What GitHub makes live in text that is not code, whatever the parser says.
LIVE_TEXT = re.compile(
    r"@\w|#\d|\bGH-\d|://|\bwww\.|[\w.]@|<\w|</|:\w+:|\$\S"
    r"|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}\b",
    re.IGNORECASE,
)


def parser() -> MarkdownIt:
    """A parser with GitHub's extensions: tables, strikethrough and bare addresses."""
    return MarkdownIt("gfm-like", {"linkify": True, "html": True})


def live(text: str, allowed_links: tuple[str, ...] = ()) -> list[str]:
    """Everything live in ``text`` that is neither our own HTML nor below ``allowed_links``."""
    return list(_live(parser().parse(text), allowed_links))


def _live(tokens: list[Token], allowed: tuple[str, ...]) -> Iterator[str]:
    for token in tokens:
        if token.type == "link_open":
            href = str(token.attrs["href"])
            if not href.startswith(allowed or ("\0",)):
                yield f"link {href}"
        elif token.type in ("html_inline", "html_block"):
            yield from (f"html {line}" for line in _foreign_html(token.content))
        elif token.type == "text":
            yield from (f"text {found[0]}" for found in LIVE_TEXT.finditer(token.content))
        elif token.type in _NEVER:
            yield token.type
        yield from _live(token.children or [], allowed)


#: Structure that no report has: only text from a repository could have made it.
_NEVER = {
    "image", "blockquote_open", "bullet_list_open", "ordered_list_open", "hr", "code_block",
    "s_open", "em_open", "lheading_open",
}  # fmt: skip


def _foreign_html(content: str) -> Iterator[str]:
    return (line for line in content.split("\n") if line and not OWN_HTML.fullmatch(line))
