"""Comments as GitHub would render them, whatever is written into them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from webpages import HOSTILE

from interlock.sandbox.web.live import Place
from interlock.sandbox.web.markdown import render

SHA = "0123456789abcdef0123456789abcdef01234567"
PLACE = Place("/acme/a", lambda name: SHA if SHA.startswith(name) else "")
#: All that may come out, whoever wrote it.
ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        """
        h1 h2 h3 h4 h5 h6 h7 h8 br b i strong em a pre code tt div ins del sup sub p ol ul table
        thead tbody tfoot blockquote dl dt dd kbd q samp var hr ruby rt rp li tr td th s strike
        summary details caption figure figcaption abbr bdo cite dfn mark small span time wbr input
        """,
    )
)
ATTRIBUTES = frozenset(
    re.findall(
        r"[\w-]+",
        """
        align alt dir height lang title valign width href start type reversed value colspan rowspan
        scope datetime open rel class disabled checked aria-label
        """,
    )
)
OURS = {"mention", "reference", "autolink", "autolink reference", "commit", "image", "hidden"}


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment came through: {data}")


def html(source: str) -> str:
    return render(source, PLACE)


def links(source: str) -> list[tuple[str | None, str | None]]:
    return [
        (a.get("class"), a.get("href")) for tag, a in Elements(html(source)).found if tag == "a"
    ]


def check(source: str) -> None:
    """Nothing runs, loads, covers the page, or looks like the page's own."""
    for tag, attributes in Elements(html(source)).found:
        assert tag in ELEMENTS
        assert set(attributes) <= ATTRIBUTES
        assert attributes.get("class") in {None, *OURS}
        scheme = re.match(r"\s*([a-z][\w+.-]*):", attributes.get("href") or "", re.IGNORECASE)
        assert scheme is None or scheme[1].lower() in ("http", "https", "mailto")
        if tag == "input":
            assert (attributes["type"], "disabled" in attributes) == ("checkbox", True)


@pytest.mark.parametrize("source", HOSTILE)
@pytest.mark.parametrize("frame", ["{}", "a {} b", "- [ ] {}", "| {} |\n|---|\n| {} |", "[{}](x)"])
def test_hostile_text_stays_harmless(source: str, frame: str) -> None:
    check(frame.replace("{}", source))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *HOSTILE,
                "<",
                ">",
                '"',
                "'",
                "`",
                "\n",
                "\n\n",
                "    ",
                "&lt;",
                "&#x3c;",
                "[",
                "](",
                ")",
                "<a title=",
                "<!--",
                "-->",
                "<table><td>",
                "@a",
                "#1",
                "<img alt=",
                "](javascript:x)",
                "http://a/\"'>",
                "\\",
                "*",
            ]
        ),
        max_size=14,
    ).map("".join)
)
def test_no_mixture_gets_through(source: str) -> None:
    check(source)


@pytest.mark.parametrize(
    "piece", ["<div>", "[", "<b><i><p>", "@a ", "|a|b|\n", "a@a.", "http://a))", "> ", "[a](b"]
)
def test_a_long_comment_is_rendered_in_bounded_time(piece: str) -> None:
    import time

    begun = time.perf_counter()
    check((piece * 65_536)[:32_768])
    # A quadratic step takes minutes; the slowest of these takes a second.
    assert time.perf_counter() - begun < 30


def test_tables_strikethrough_and_line_breaks() -> None:
    made = html("| a | b |\n|:-:|--|\n| `1` | ~~2~~ |\n\none\ntwo")
    assert '<th align="center">a</th>' in made
    assert "<td><s>2</s></td>" in made
    assert "one<br>\ntwo" in made


def test_the_html_that_comments_use_stays_and_html_comments_go() -> None:
    source = (
        "<!-- marker -->\n<details open><summary>Why <code>x</code></summary>\n\n**so**\n\n"
        "</details>\n\n<table><tr><td colspan=2>H<sub>2</sub>O<br>x</td></tr></table>"
    )
    made = html(source)
    assert "marker" not in made
    assert '<details open=""><summary>Why <code>x</code></summary>' in made
    assert "<strong>so</strong>" in made
    assert '<td colspan="2">H<sub>2</sub>O<br>x</td>' in made


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("hi @ada-l, @acme/core.", [("mention", "/ada-l"), ("mention", "/orgs/acme/teams/core")]),
        ("@nobody-has-this-name", [("mention", "/nobody-has-this-name")]),
        ("<b>&#64;ada</b> \\@bob", [("mention", "/ada"), ("mention", "/bob")]),
        ("ada@example.org", [("autolink", "mailto:ada@example.org")]),
        ("`@ada` <code>@ada #1</code>\n\n    @ada\n\n```\n#1\n```", []),
        ("[@ada #1](https://x.example)", [(None, "https://x.example")]),
        ("fixes #12, GH-3 (acme/b#4) bob#5", [
            ("reference", "/acme/a/issues/12"),
            ("reference", "/acme/a/issues/3"),
            ("reference", "/acme/b/issues/4"),
            ("reference", "/bob/a/issues/5"),
        ]),
        ("a#b #1x ##2 &#35; C#", []),
        (f"see {SHA[:7]} and deadbeef1", [("commit", f"/acme/a/commit/{SHA}")]),
        ("(see https://x.example/a_(b).)", [("autolink", "https://x.example/a_(b)")]),
        ("www.x.example, HTTP://Y.example", [
            ("autolink", "http://www.x.example"), ("autolink", "HTTP://Y.example"),
        ]),
        ("https://github.com/acme/b/pull/7", [
            ("autolink reference", "https://github.com/acme/b/pull/7"),
        ]),
        ("README.md e.g. this", []),
        ("![a cat](https://x.example/cat.png)", [("image", "https://x.example/cat.png")]),
        ("@\u200bada #\u200b1", []),
    ],
)  # fmt: skip
def test_what_is_live_is_marked(source: str, found: list[tuple[str | None, str]]) -> None:
    assert links(source) == found


def test_our_own_reports_have_nothing_live_but_links() -> None:
    from interlock.report.markdown_inline import code, prose

    for hostile in (*HOSTILE, "@acme/core fixes #1 GH-2 https://x.example www.x.example"):
        clean = "".join(c for c in hostile if not 0xD800 <= ord(c) <= 0xDFFF)
        for source in (code(clean), prose(clean)):
            assert links(source) == []


def test_a_link_to_several_lines_here_leads_to_the_first() -> None:
    here = Place("/acme/a", lambda _: "", "http://127.0.0.1:1")
    source = (
        "[a](http://127.0.0.1:1/acme/a/blob/main/x.txt#L3-L12 'why') "
        "[b](https://github.com/acme/a/blob/main/x.txt#L3-L12)"
    )
    found = [a for tag, a in Elements(render(source, here)).found if tag == "a"]
    assert [(a["href"], a.get("title")) for a in found] == [
        ("http://127.0.0.1:1/acme/a/blob/main/x.txt#L3", "why"),
        ("https://github.com/acme/a/blob/main/x.txt#L3-L12", None),
    ]


def test_check_boxes_come_from_lists_alone() -> None:
    made = html("- [ ] a\n- [x] **b**\n\n<input type=checkbox> [x] <li>[ ] c</li>")
    assert made.count("<input") == 2


def test_nothing_is_asked_of_git_too_often() -> None:
    asked: list[str] = []

    def commit(name: str) -> str:
        asked.append(name)
        return ""

    render("abcdef1 " * 5000, Place("/acme/a", commit))
    assert len(asked) == 50


def test_an_address_cannot_leave_its_attribute() -> None:
    for tag, attributes in Elements(html("https://x.example/\"onmouseover='1'")).found:
        assert tag != "a" or set(attributes) == {"href", "class", "rel"}
        assert tag != "a" or urlsplit(attributes["href"] or "").hostname == "x.example"
