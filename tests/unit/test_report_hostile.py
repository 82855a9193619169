"""Nothing that stands in a repository is obeyed by a terminal, a CI log or GitHub's Markdown."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livemarkdown import live, parser
from reportsamples import HOSTILE, REPORT, UNKNOWN, WEB, hostile
from workflowlog import OLD_STYLE, obeyed

from interlock.model import Problem
from interlock.report.markdown import LIMIT
from interlock.report.markdown_inline import code, fenced, html_code, prose
from interlock.report.neutral import glyphs, harmless
from interlock.report.problems import render_problems
from interlock.report.table import FORMATS, render

TEXTS = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
ANY = st.text() | st.text("`@#$<>[]()*_~|!&\\:/.w-1aG \n\r\u202e\x1b", max_size=40)
OUR_LINKS = (WEB.partition("/blob/")[0], "https://wiki.acme.example/")


@TEXTS
@pytest.mark.parametrize("name", FORMATS)
def test_output_is_plain_printable_text(name: str, text: str) -> None:
    output = render(hostile(text), name, show_all=True)
    output.encode("utf-8")
    unseen = {c for c in output if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert unseen <= {"\n"}


@TEXTS
@pytest.mark.parametrize("name", FORMATS)
def test_no_line_of_any_format_is_an_old_command(name: str, text: str) -> None:
    assert not OLD_STYLE.search(render(hostile(text), name, show_all=True))


@TEXTS
@pytest.mark.parametrize("name", ["text", "json", "sarif", "markdown"])
def test_no_line_is_a_command_where_there_are_none(name: str, text: str) -> None:
    assert obeyed(render(hostile(text), name, show_all=True)) == []


@TEXTS
def test_commands_are_ours_alone(text: str) -> None:
    """As many commands as for harmless text, of the same kinds, in the same order."""
    usual = obeyed(render(REPORT, "github", show_all=True))
    found = obeyed(render(hostile(text), "github", show_all=True))
    # A path that cannot be written as it is goes into the message; the own file stays.
    assert [one.name for one in found] == [one.name for one in usual]
    for one, other in zip(found, usual, strict=True):
        assert set(one.properties) == set(other.properties)
        assert one.properties.get("file") == other.properties.get("file")


@TEXTS
def test_a_field_never_adds_a_line_to_text(text: str) -> None:
    usual = render(hostile("x", excerpts=False), "text", show_all=True)
    found = render(hostile(text or "x", excerpts=False), "text", show_all=True)
    assert found.count("\n") == usual.count("\n")


@TEXTS
def test_markdown_has_nothing_live(text: str) -> None:
    output = render(hostile(text), "markdown", show_all=True)
    assert live(output, OUR_LINKS) == []
    # Our own structure survives: as many headings, tables and folds as for harmless text.
    kept = 5 - (2 if "**2 findings did not fit here:**" in output else 0)
    findings = tuple(f for f in REPORT.findings if f.status != "unknown")
    few = REPORT._replace(findings=(*findings[:kept], UNKNOWN))
    usual = render(few, "markdown", show_all=True)
    for kind in ("heading_open", "table_open", "fence"):
        wanted = sum(token.type == kind for token in parser().parse(usual))
        assert sum(token.type == kind for token in parser().parse(output)) == wanted
    assert own_html(output) == own_html(usual)


def own_html(text: str) -> list[str]:
    """Our own tags, in order, without what is in them."""
    blocks = (token.content for token in parser().parse(text) if token.type == "html_block")
    return [tag for block in blocks for tag in re.findall(r"</?(?:details|summary)", block)]


@TEXTS
def test_sizes_are_bounded(text: str) -> None:
    assert len(render(hostile(text), "markdown", show_all=True)) <= LIMIT
    assert len(render(hostile(text), "text", show_all=True)) < 400_000
    assert max(map(len, render(hostile(text), "github").split("\n"))) < 20_000


@TEXTS
def test_json_keeps_every_character(text: str) -> None:
    data = json.loads(render(hostile(text), "json"))
    assert data["findings"][0]["message"] == text
    assert data["findings"][0]["places"][1]["excerpt"] == text


@TEXTS
def test_problems_of_a_policy_are_harmless_too(text: str) -> None:
    output = render_problems([Problem(text, text, 1, 1, 1, 2, text, text)])
    assert obeyed(output) == []
    assert not any(unicodedata.category(c) == "Cc" for c in output.replace("\n", ""))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "a\\nb"),
        ("\x1b[0m", "\\x1b[0m"),
        ("\u202ex", "\\u202ex"),
        ("a\u200bb", "a\\u200bb"),
        ("\U000e0041", "\\U000e0041"),
        ("a\u3164b\ufe01", "a\\u3164b\\ufe01"),
        ("\u2764\ufe0f", "\u2764\ufe0f"),
        ("\udc80", "\\udc80"),
        ("a\xa0b", "a\\xa0b"),
        ("漢字 é 🎉", "漢字 é 🎉"),
        ("a\u3000b", "a\u3000b"),
        ("::error::x", "\\x3a:error::x"),
        ("  ::error::x", "  \\x3a:error::x"),
        ("a::b", "a::b"),
        ("##[error]", "\\x23#[error]"),
        ("# # ## [x]", "# # ## [x]"),
        ("x" * 2_001, "x" * 2_000 + "… (1 more characters)"),
    ],
)
def test_harmless(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(ANY)
def test_glyphs_are_what_harmless_shows(text: str) -> None:
    line = "".join(glyphs(text))
    assert len(glyphs(text)) == len(text)
    assert harmless(f"x{text}", 10_000) == harmless(f"x{line}", 10_000) == f"x{line}"


@given(ANY)
def test_prose_is_never_live(text: str) -> None:
    assert live(prose(text)) == []
    assert live(f"**Help:** {prose(text)}") in ([], ["strong"])


@given(ANY)
def test_prose_says_what_the_text_says(text: str) -> None:
    """Every character is there, but for backticks around names and blanks."""
    said = "".join(
        child.content
        for token in parser().parse(prose(text))
        for child in token.children or []
        if child.type in ("text", "code_inline")
    )
    assert _letters(said) == _letters(harmless(text))


def _letters(text: str) -> str:
    return re.sub(r"[`\s]", "", text).replace("(empty)", "")


@given(ANY)
def test_a_code_span_holds_its_text(text: str) -> None:
    tokens = parser().parse(f"a {code(text)} b")
    assert len(tokens) == 3
    kinds = [child.type for child in tokens[1].children or []]
    assert kinds == ["text", "code_inline", "text"]


@given(st.lists(ANY.map(harmless), max_size=5))
def test_a_fence_holds_its_lines(lines: list[str]) -> None:
    (token,) = parser().parse(fenced(lines))
    assert (token.type, token.content) == ("fence", "".join(f"{line}\n" for line in lines))


def test_a_fence_is_longer_than_those_in_it() -> None:
    (token,) = parser().parse(fenced(["```", "`````", "# x"]))
    assert token.content == "```\n`````\n# x\n"


@given(ANY)
def test_html_code_holds_its_text(text: str) -> None:
    inner = html_code(text).removeprefix("<code>").removesuffix("</code>")
    assert not set(inner) & set("<>\"'\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "`a`: `w` is 0.4 in plan, but is 1,000 in b",
            "`a`: `w` is 0.4 in plan, but is 1,000 in b",
        ),
        ("adds up to 90, not 100.", "adds up to 90, not 100."),
        ("don't (really)", "don't (really)"),
        ("see @acme/team and #1", "see `@acme/team` and `#1`"),
        ("fixes GH-2 in 0a1b2c3 or ABC-1", "fixes `GH-2` in `0a1b2c3` or `ABC-1`"),
        ("add conf/x.toml: it is gone", "add `conf/x.toml`: it is gone"),
        ("1. one", "`1.` one"),
        ("`x`@y", "`x` `@y`"),
        ("a `", "a `` ` ``"),
        ("", ""),
    ],
)
def test_prose(text: str, shown: str) -> None:
    assert prose(text) == shown
