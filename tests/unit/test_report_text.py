"""The text report: places quoted, carets where they belong, honest last lines."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportsamples import (
    CLEAN,
    DAY,
    DEFERRED,
    DIFFERS,
    EXPECTED,
    GRACE,
    OLD,
    PLAN,
    REPORT,
    SUM,
    UNKNOWN,
    WAIVED,
    without_colour,
)

from interlock.model import Checked, Place
from interlock.report.layout import MAX_COLUMNS, row
from interlock.report.paint import painter
from interlock.report.quoting import quote
from interlock.report.text import render

PLAIN = painter(colour=False)


@pytest.mark.parametrize(("name", "show_all"), [("typical.txt", False), ("typical-all.txt", True)])
def test_typical(name: str, show_all: bool) -> None:
    expected = (EXPECTED / name).read_text(encoding="utf-8")
    assert render(REPORT, show_all=show_all) == expected


def test_colour_adds_nothing_but_colour() -> None:
    plain, coloured = render(REPORT), render(REPORT, colour=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31merror\x1b[0m" in coloured
    assert without_colour(coloured) == plain


def test_order_does_not_depend_on_the_order_of_findings() -> None:
    expected = render(REPORT, show_all=True)
    for seed in range(20):
        shuffled = list(REPORT.findings)
        random.Random(seed).shuffle(shuffled)
        assert render(REPORT._replace(findings=tuple(shuffled)), show_all=True) == expected


def quoted(
    excerpt: str, span: tuple[int, int, int, int], note: str = "here", path: str = "a.yaml"
) -> str:
    place = Place("a", "x/a", path, *span, excerpt, note, "")
    lines = list(quote(place, PLAIN))
    assert lines[0].endswith(f"--> a: {path}:{span[0]}:{span[1]}" if span[0] else f"--> a: {path}")
    return "\n".join(lines[1:])


def block(text: str) -> str:
    return text.strip("\n")


def test_one_line() -> None:
    assert quoted("a: 1", (9, 4, 9, 5)) == block("""
  |
9 | a: 1
  |    ^ here
""")


def test_an_empty_span_has_one_caret() -> None:
    assert quoted("a:", (9, 3, 9, 3)) == block("""
  |
9 | a:
  |   ^ here
""")


def test_tabs_are_expanded_to_stops_and_carets_follow() -> None:
    assert quoted("\ta\tb: 1", (9, 4, 9, 5)) == block("""
  |
9 |     a   b: 1
  |         ^ here
""")


def test_wide_characters_take_two_columns() -> None:
    assert quoted("漢字: 値 # x", (9, 5, 9, 6)) == block("""
  |
9 | 漢字: 値 # x
  |       ^^ here
""")


def test_combining_marks_take_none() -> None:
    assert quoted("cafe\u0301: 1", (9, 8, 9, 9)) == block("""
  |
9 | cafe\u0301: 1
  |       ^ here
""")


def test_escapes_are_as_wide_as_they_look() -> None:
    assert quoted("a\x1bb: 1", (9, 3, 9, 4)) == block("""
  |
9 | a\\x1bb: 1
  |      ^ here
""")


def test_several_lines_from_the_first_word() -> None:
    assert quoted("  a:\n    b: 1\n    c: 2", (9, 3, 11, 9)) == block("""
   |
 9 | /   a:
10 | |     b: 1
11 | |     c: 2
   | |________^ here
""")


def test_several_lines_from_the_middle_of_one() -> None:
    assert quoted("  a: {b: 1,\n    c: 2}", (9, 6, 10, 10)) == block("""
   |
 9 |     a: {b: 1,
   |  ______^
10 | |     c: 2}
   | |_________^ here
""")


def test_a_span_that_is_not_quoted_to_its_end_says_where_it_ends() -> None:
    assert quoted("  a:\n    b: 1\n    c: 2", (9, 3, 400, 2)) == block("""
   |
 9 | /   a:
10 | |     b: 1
11 | |     c: 2
   | |_^ … to line 400  here
""")


def test_lines_after_the_span_are_not_shown() -> None:
    assert quoted("a: 1\nb: 2\nc: 3", (9, 1, 9, 2)) == block("""
  |
9 | a: 1
  | ^ here
""")


def test_a_whole_file_has_its_note_only() -> None:
    assert quoted("", (0, 0, 0, 0), "no `a` here") == "  | no `a` here"


def test_a_place_without_lines_or_note_is_its_header() -> None:
    assert quoted("", (3, 1, 3, 2), "") == ""


def test_a_mark_beyond_what_is_quoted_stands_at_the_cut() -> None:
    assert quoted("x" * 20, (1, 300, 1, 310)) == block(f"""
  |
1 | {"x" * 20}…
  | {" " * 20}^ here
""")


def test_a_long_line_is_shown_around_the_mark() -> None:
    text = quoted("a" * 500 + "NEEDLE" + "b" * 500, (1, 501, 1, 507))
    source, carets = text.split("\n")[1:]
    assert source[carets.index("^") : carets.rindex("^") + 1] == "NEEDLE"
    assert source.startswith("1 | …a")
    assert source.endswith("b…")
    assert len(source) <= MAX_COLUMNS + 6


def test_gutters_of_one_finding_are_equally_wide() -> None:
    lines = render(CLEAN._replace(findings=(DIFFERS,))).split("\n")
    assert len({line.index("|") for line in lines if "|" in line}) == 1


PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="#")


@given(st.text(PRINTABLE | st.just("\t"), max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_marks_cover_what_is_marked(line: str, one: int, two: int) -> None:
    start, end = sorted((min(one, len(line)), min(two, len(line))))
    shown = row(line, start, end)
    before, marked = line[:start].expandtabs(4), line[:end].expandtabs(4)
    assert shown.text == line.expandtabs(4)
    assert (shown.start, shown.end) == (len(before), len(marked))


@given(st.text(max_size=300), st.integers(0, 320), st.integers(0, 320))
def test_rows_are_bounded_and_marks_lie_inside(line: str, one: int, two: int) -> None:
    shown = row(line, min(one, two), max(one, two))
    assert 0 <= shown.start <= shown.end
    assert len(shown.text.split("\n")) == 1
    # One column for each sign that something was left out, and one for half of a wide character.
    assert shown.start <= MAX_COLUMNS + 3


def last(**changes: object) -> list[str]:
    return render(CLEAN._replace(**changes)).rstrip("\n").split("\n")  # type: ignore[arg-type]


def test_clean_says_what_was_checked() -> None:
    assert last() == ["12 rules over 48 records in 31 files of 2 repos: clean"]


def test_one_of_each_is_singular() -> None:
    lines = last(checked=Checked(1, 1, 1, 0), repos=(("a", "x/a", "staged"),))
    assert lines == ["1 rule over 1 record in 1 file of 1 repo: clean"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"checked": Checked(0, 0, 0, 12)},
            "nothing to check: the change touches no file that the policy's 12 rules read",
        ),
        (
            {"checked": Checked(0, 0, 0, 0), "mode": "check"},
            "nothing was checked: no rule of the policy was asked for, or it has none",
        ),
        (
            {"findings": (UNKNOWN,)},
            "12 rules over 48 records in 31 files of 2 repos: no finding, but not complete",
        ),
        (
            {"findings": (DEFERRED,)},
            "12 rules over 48 records in 31 files of 2 repos: no finding, but not complete",
        ),
        (
            {"findings": (OLD, UNKNOWN)},
            "12 rules over 48 records in 31 files of 2 repos: no finding, but not complete",
        ),
        ({"findings": (OLD,)}, "12 rules over 48 records in 31 files of 2 repos: nothing new"),
        (
            {"findings": (WAIVED,), "mode": "check"},
            "12 rules over 48 records in 31 files of 2 repos: clean",
        ),
        (
            {"findings": (UNKNOWN,), "checked": Checked(0, 0, 0, 3)},
            "0 rules over 0 records in 0 files of 2 repos: no finding, but not complete",
        ),
    ],
)
def test_clean_is_said_only_where_it_is_true(changes: dict[str, object], sentence: str) -> None:
    assert last(**changes)[-1] == sentence


def test_a_finding_below_the_fail_level_is_shown_and_said_to_pass() -> None:
    lines = last(findings=(SUM,))
    assert lines[0] == "warning experiment/weights-add-up  zoo"
    assert lines[-2].endswith(": 1 warning (passes: the fail level is error)")


def test_what_does_not_count_is_counted_with_its_age() -> None:
    older = OLD._replace(age=3 * DAY, key="x")
    unaged = OLD._replace(age=None, key="y")
    young = GRACE._replace(key="z")
    lines = last(findings=(OLD, older, unaged, GRACE, young, WAIVED))
    assert lines[0] == (
        "3 older findings (the oldest for at least 12 days), 2 within their grace, "
        "1 waived: --all shows them"
    )
    assert last(findings=(unaged,))[0] == "1 older finding: --all shows them"


def test_an_unread_repository_is_said_once_with_its_rules() -> None:
    one = UNKNOWN._replace(message="serving could not be read", rule="experiment/a", key="k1")
    two = one._replace(rule="experiment/b", key="k2")
    assert last(findings=(one, two, UNKNOWN, DEFERRED)) == [
        "unknown serving could not be read",
        "  rules: experiment/a, experiment/b",
        "  help: no checkout of acme/model-serving beside this one: clone it there",
        "  it passes here; where CI=true, or with --require-all, it fails",
        "",
        "unknown serving could not be read, so not checked: experiment/in-every-repo",
        "  help: no checkout of acme/model-serving beside this one: clone it there",
        "  it passes here; where CI=true, or with --require-all, it fails",
        "",
        f"deferred {DEFERRED.message}",
        "  help: no checkout of acme/model-serving beside this one: clone it there",
        "",
        "12 rules over 48 records in 31 files of 2 repos: no finding, but not complete",
    ]


def test_rules_that_the_sentence_names_are_not_listed_again() -> None:
    finding = UNKNOWN._replace(values=("experiment/in-every-repo", "experiment/other"))
    assert last(findings=(finding,))[1] == "  rules: experiment/other"
    assert "rules:" not in "\n".join(last(findings=(UNKNOWN,)))


def test_unknown_that_fails_is_not_said_to_pass() -> None:
    assert "passes" not in "\n".join(last(findings=(UNKNOWN,), require_all=True))


@pytest.mark.parametrize(
    ("own", "repos", "told", "next_step"),
    [
        ("training", (), "mend with --fix", "next: `interlock check --fix` mends 1 finding"),
        (
            "pipelines",
            (("training", "acme/model-training", "work tree"),),
            "mend with --fix",
            "next: `interlock check --fix` mends 1 finding",
        ),
        (
            "pipelines",
            (("training", "acme/model-training", "main (1a2b3c4)"),),
            "mend with --fix --repo training=PATH",
            "next: `interlock explain experiment/same-params` says",
        ),
    ],
)
def test_fix_is_offered_where_it_can_write(
    own: str, repos: tuple[tuple[str, str, str], ...], told: str, next_step: str
) -> None:
    text = render(CLEAN._replace(findings=(DIFFERS,), own=own, repos=repos))
    assert f"= fix: 1 edit in training: conf/experiment/ranker-v2.toml: {told}\n" in text
    assert f"\n{next_step}" in text


def test_findings_of_one_severity_stand_by_key() -> None:
    keys = ("b", "a", "c")
    text = render(CLEAN._replace(findings=tuple(SUM._replace(key=key) for key in keys)))
    heads = [line.split()[-1] for line in text.split("\n") if line.startswith("warning ")]
    assert heads == ["a", "b", "c"]


def test_the_policy_itself_is_quoted_without_an_alias() -> None:
    place = PLAN._replace(repo="policy", name="", path="interlock.yaml", excerpt="", revision="")
    assert next(iter(quote(place, PLAIN))) == " --> interlock.yaml:12:14"
