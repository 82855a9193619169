"""The Markdown report: what a comment shows, and what it leaves out when it is long."""

from __future__ import annotations

import pytest
from livemarkdown import live, parser
from reportsamples import (
    CLEAN,
    DEFERRED,
    DIFFERS,
    EXPECTED,
    PLAN,
    REPORT,
    UNKNOWN,
    WEB,
)

from interlock.model import Checked
from interlock.report.markdown import LIMIT, render

#: What GitHub takes in a comment.
GITHUB = 65_536


def test_typical() -> None:
    assert render(REPORT) == (EXPECTED / "typical.md").read_text(encoding="utf-8")


def test_the_table_and_the_fences_are_what_a_parser_sees() -> None:
    tokens = parser().parse(render(REPORT))
    cells = [t.content for t in tokens if t.type == "inline" and t.level == 4]
    assert cells == [
        "errors", "warnings", "not checked", "within their grace", "older", "waived",
        *("1",) * 6,
    ]  # fmt: skip
    fences = [token.content for token in tokens if token.type == "fence"]
    assert len(fences) == 2
    assert " 3 | boost = 0.5\n   |         ^^^ is 0.5 in training\n" in fences[0]


def test_clean() -> None:
    assert render(CLEAN) == (
        "### Interlock: clean\n\n12 rules over 48 records in 31 files of 2 repos: clean.\n"
    )


@pytest.mark.parametrize("finding", [UNKNOWN, DEFERRED])
def test_what_was_not_checked_is_never_clean(finding: object) -> None:
    text = render(CLEAN._replace(findings=(finding,)))  # type: ignore[arg-type]
    assert text.startswith("### Interlock: no finding, but not complete\n")
    assert "**Not checked:**" in text or "**Deferred:**" in text
    assert "clean" not in text


def test_nothing_checked_is_never_clean() -> None:
    text = render(CLEAN._replace(checked=Checked(0, 0, 0, 0)))
    assert text.startswith("### Interlock: nothing was checked\n")
    assert "clean" not in text


def many(number: int) -> str:
    findings = tuple(DIFFERS._replace(key=f"key-{at:05}") for at in range(number))
    return render(REPORT._replace(findings=findings))


def test_a_long_report_is_cut_by_whole_findings_and_says_so() -> None:
    text = many(500)
    assert len(text) <= LIMIT < GITHUB
    shown = text.count("<details")
    assert shown == text.count("</details>")
    assert f"**{500 - shown} findings did not fit here:** `interlock check` shows" in text
    assert 40 < shown < 500
    # The worst come first, and the rest is told in the head and the last line.
    assert "key-00000" in text
    assert f"key-{shown - 1:05}" in text
    assert f"key-{shown:05}" not in text
    assert "### Interlock: 500 errors\n" in text
    assert text.endswith("12 rules over 48 records in 31 files of 2 repos: 500 errors.\n")


def test_thousands_are_counted_without_being_laid_out() -> None:
    text = many(3_000)
    shown = text.count("<details")
    assert f"**{3_000 - shown:,} findings did not fit here:**" in text


def test_a_finding_that_does_not_fit_hides_no_other() -> None:
    note = "\x1b" * 300
    big = DIFFERS._replace(
        key="a", why="@ " * 1_000, hint="@ " * 1_000, message="@ " * 1_000, owner="@ " * 1_000,
        places=(PLAN._replace(note=note, revision="\x1b" * 500, path="\x1b" * 500),) * 10,
    )  # fmt: skip
    text = render(REPORT._replace(findings=(big, DIFFERS)), limit=20_000)
    assert "<code>ranker-v2</code>" in text
    assert "**1 finding did not fit here:**" in text


def test_many_unread_repositories_leave_room_for_findings() -> None:
    gaps = tuple(UNKNOWN._replace(message="@ " * 500, hint=f"{at}") for at in range(100))
    text = render(REPORT._replace(findings=(*gaps, DIFFERS)))
    assert len(text) <= LIMIT
    assert "<code>ranker-v2</code>" in text
    assert "unread repos did not fit here" in text


def test_places_are_linked_where_their_address_is_known() -> None:
    text = render(CLEAN._replace(findings=(DIFFERS,)))
    assert f"({WEB}conf/experiment/ranker-v2.toml#L3)" in text
    assert live(text) == [
        f"link {WEB}conf/experiment/ranker-v2.toml#L3",
        "link https://wiki.acme.example/experiments",
    ]


def test_an_address_that_could_be_anything_is_not_linked() -> None:
    for docs in ("javascript:alert(1)", "https://x.example/a) [b](https://evil.example"):
        report = CLEAN._replace(findings=(DIFFERS._replace(docs=docs),), links=())
        assert live(render(report)) == []
    root = (("training", "javascript:x//"),)
    assert live(render(CLEAN._replace(findings=(DIFFERS._replace(docs=""),), links=root))) == []


def test_old_findings_are_folded_in_on_request() -> None:
    assert "<code>ads</code>" not in render(REPORT)
    assert "<code>ads</code> (<code>there for at least 12 days already</code>)" in render(
        REPORT, show_all=True
    )
