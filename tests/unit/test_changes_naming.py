"""Branch names and trailers: what people write, read as text and never as anything else."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.changes.naming import PREFIX, id_of_branch, set_branch, set_id, trailers

KEYS = st.text(min_size=1, max_size=120)


@pytest.mark.parametrize(
    ("key", "wanted"),
    [("ranker-v2", "ranker-v2"), ("a.b_c-1", "a.b_c-1"), ("2026.01", "2026.01")],
)
def test_a_plain_key_names_its_branch(key: str, wanted: str) -> None:
    assert set_branch(key) == f"interlock/{wanted}"
    assert id_of_branch(set_branch(key)) == wanted


@given(KEYS)
def test_an_id_is_its_own_and_its_branch_names_it(key: str) -> None:
    found = set_id(key)
    assert found == set_id(key)
    assert set_id(found) == found
    assert id_of_branch(set_branch(key)) == found


@given(KEYS, KEYS)
def test_two_keys_never_share_an_id(one: str, other: str) -> None:
    if one != other and other != set_id(one) and one != set_id(other):
        assert set_id(one) != set_id(other)


@pytest.mark.parametrize(
    "key",
    [
        "Ranker V2",
        "a..b",
        "a.lock",
        "a.lock/b",
        "-x",
        ".x",
        "x.",
        "@{",
        "a~b^c:d",
        "ü",
        "a/b",
        "x" * 300,
        "\x00",
        "\udcff",
        "a\nb",
        "$(id)",
        "refs/heads/x",
        "HEAD",
        "@",
        "a b",
    ],
)
def test_git_takes_every_branch(key: str) -> None:
    branch = set_branch(key)
    done = subprocess.run(["git", "check-ref-format", f"refs/heads/{branch}"], check=False)
    assert done.returncode == 0, branch
    assert branch.isascii()
    assert branch == branch.lower()
    assert len(branch) < 100


@pytest.mark.parametrize(
    "branch", ["main", "interlock", "interlock/", "interlock/A", "x/interlock/a"]
)
def test_other_branches_name_no_set(branch: str) -> None:
    assert id_of_branch(branch) == ""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Interlock-Set: ranker-v2", ("ranker-v2",)),
        ("Add it\n\nInterlock-Set: ranker-v2\n", ("ranker-v2",)),
        ("Add it\r\n\r\nInterlock-Set: ranker-v2\r\n\r\n", ("ranker-v2",)),
        ("Add it\n\nSigned-off-by: A <a@b>\ninterlock-set:ranker-v2", ("ranker-v2",)),
        ("x\n\nInterlock-Set: a\nInterlock-Set: b/c\nInterlock-Set: a", ("a", "b/c")),
        ("x\n\nInterlock-Set: a\n(cherry picked from commit 123)", ("a",)),
        ("x\n\nInterlock-Set: a\n\n<!-- a template\nends here -->\n", ("a",)),
        ("x\n\nInterlock-Set: a <!-- which -->", ("a",)),
        ("say `<!--` here\n\nInterlock-Set: a", ("a",)),
        ("```\ncode\n```\n\nInterlock-Set: a", ("a",)),
        ("", ()),
        ("the interlock set of this", ()),
    ],
)
def test_trailers_at_the_end_count(text: str, wanted: tuple[str, ...]) -> None:
    assert trailers(text) == (wanted, ())


@pytest.mark.parametrize(
    "text",
    [
        "x\n\n```\nInterlock-Set: a\n```",
        "x\n\n~~~~ text\nInterlock-Set: a\n~~~\nInterlock-Set: b",
        "x\n\n````\n```\nInterlock-Set: a\n",
        "x\n\n> Interlock-Set: a",
        "x\n\n    Interlock-Set: a",
        "x\n\n\tInterlock-Set: a",
        "<!-- x\n\nInterlock-Set: a\n\n-->",
        "<!-- Interlock-Set: a -->",
        "x\n\n<!--\n\nInterlock-Set: a",
    ],
)
def test_code_quotes_and_comments_are_nobodys_words(text: str) -> None:
    assert trailers(text) == ((), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Interlock-Set: a\n\nMore text", "last paragraph"),
        ("Interlock-Set: a\nand more text", "last paragraph"),
        ("> quoted\nInterlock-Set: a", "last paragraph"),
        ("Interlock-Set:", "needs one key"),
        ("Interlock-Set: a b", "needs one key"),
        ("Interlock-Set: a, b", "needs one key"),
        ("Interlock-Set: $(id)", "needs one key"),
        ("Interlock-Set: @org/team", "needs one key"),
        ("Interlock-Set: " + "x" * 300, "needs one key"),
        ("Interlock Set: a", "on a line of its own"),
        ("- Interlock-Set: a", "on a line of its own"),
        ("**Interlock-Set: a**", ""),
        ("InterlockSet: a", "on a line of its own"),
    ],
)
def test_what_was_probably_meant_is_warned_of(text: str, said: str) -> None:
    found = trailers(text)
    assert found.values == ()
    assert len(found.warnings) == bool(said)
    assert all(said in warning for warning in found.warnings)


@given(st.text(alphabet="Interlock-Set: a\n`~<!-> ", max_size=200))
def test_any_text_is_read_and_gives_only_values_that_can_stand_in_a_line(text: str) -> None:
    assert all(value and value == value.strip() for value in trailers(text).values)


def test_a_huge_text_costs_little() -> None:
    assert trailers("<!--\n" * 500_000).values == ()
    assert trailers(("`" * 1000 + "<!--\n") * 2_000).values == ()


def test_the_prefix_is_ours() -> None:
    assert PREFIX == "interlock/"
