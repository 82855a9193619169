"""Which changes can have to do with one another, and how long those that ended still count."""

from __future__ import annotations

from changeworld import BASE, NEW, Edits, ground, labels, landed, member
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.changes.counting import REMEMBERED, TOLD, Near, related
from interlock.changes.linking import names_of
from interlock.changes.members import Member, State
from interlock.changes.records import touched
from interlock.changes.worlds import Ground

NOW = 10_000_000
DAY = 86_400


def at(one: Member, opened: int, ended: int = 0) -> Member:
    """``one`` with the days before now at which it was opened, and ended."""
    closed = one.state in ("merged", "closed")
    return one._replace(opened=NOW - opened * DAY, ended=NOW - ended * DAY if closed else 0)


def counting(on: Ground, *members: Member) -> list[list[str]]:
    found = (labels(near.members) for near in related(on, members, NOW))
    return [some for some in found if some]


def world(*merged: str) -> Ground:
    return ground(files=landed(BASE, *((alias, NEW[alias]) for alias in merged)))


def test_what_ended_counts_while_it_was_open_beside_one_that_may_land() -> None:
    on = world("training")
    plan = at(member(on, "pipelines"), 3)
    for opened, ended, counts in ((5, 2, True), (5, 4, False), (20, 2, True)):
        conf = at(member(on, "training", state="merged"), opened, ended)
        assert counting(on, plan, conf) == [["pipelines#1", *(["training#1"] if counts else [])]]


def test_what_ended_two_weeks_ago_counts_no_more() -> None:
    on = world("pipelines")
    old = at(member(on, "training"), 60)
    for days, counts in ((REMEMBERED // DAY, True), (REMEMBERED // DAY + 1, False)):
        plan = at(member(on, "pipelines", state="merged"), 61, days)
        assert counting(on, old, plan) == [["training#1", *(["pipelines#1"] if counts else [])]]


def test_one_that_broke_the_default_branch_counts_though_nothing_was_open_beside_it() -> None:
    on = world("pipelines")
    plan = at(member(on, "pipelines", state="merged"), 6, 5)
    late = at(member(on, "training"), 1)
    assert counting(on, plan) == [["pipelines#1"]]
    assert counting(on, plan, late) == [["pipelines#1", "training#1"]]
    mended = world("pipelines", "training", "serving")
    ended = [at(member(mended, alias, state="merged"), 6, 5) for alias in NEW]
    assert counting(mended, *ended) == []


def test_only_the_last_without_which_nothing_was_wrong_count() -> None:
    edits: dict[str, Edits] = {
        "first": {"plans/one.yaml": "rate: 1\nmodel: m1\n"},
        "second": {"plans/two.yaml": "rate: 1\nmodel: m1\n"},
    }
    conf: Edits = {"conf/one.yaml": "rate: 1\n", "conf/two.yaml": "rate: 1\n"}
    both = "old: {w: {a: 60, b: 40}}\none: {w: {a: 100}}\ntwo: {w: {a: 100}}\n"
    files = landed(BASE, ("training", conf), ("serving", {"live.yaml": both}))
    now = landed(files, *(("pipelines", edit) for edit in edits.values()))
    # What both need goes again, by the last that landed.
    gone: Edits = {"conf/one.yaml": None, "conf/two.yaml": None}
    now = landed(now, ("training", gone))
    on = ground(files=now)
    whole = landed(files, ("pipelines", edits["first"]))
    first = member(on, "pipelines", edits["first"], label="first", state="merged", files=files)
    second = member(on, "pipelines", edits["second"], label="second", state="merged", files=whole)
    last = member(on, "training", gone, label="last", state="merged", files=files)
    members = [at(first, 9, 8), at(second, 7, 6), at(last, 5, 4)]
    assert counting(on, *members) == [["last"]]
    assert counting(on, *members[::-1]) == [["last"]]


def test_a_set_that_is_done_is_told_for_a_day() -> None:
    on = world("pipelines", "training", "serving")
    for hours, counts in ((TOLD // 3_600, True), (TOLD // 3_600 + 1, False)):
        members = [
            at(member(on, alias, state="merged"), 5, 2)._replace(ended=NOW - hours * 3_600 - late)
            for late, alias in enumerate(("serving", "training", "pipelines"))
        ]
        members = [members[0], *(one._replace(ended=NOW - DAY * 2) for one in members[1:])]
        assert counting(on, *members) == (
            [["serving#1", "training#1", "pipelines#1"]] if counts else []
        )
    closed = at(member(on, "pipelines", state="closed"), 5)._replace(ended=NOW)
    assert counting(on, closed) == []


def test_only_the_groups_asked_for_are_looked_at() -> None:
    on = ground()
    mine = at(member(on, "pipelines"), 1)
    theirs = at(member(on, "pipelines", {"plans/x.yaml": "rate: 1\n"}, label="other#1"), 1)
    conf = at(member(on, "training"), 1)
    (near,) = related(on, [mine, theirs, conf], NOW, frozenset({"training#1"}))
    assert labels(near.members) == ["pipelines#1", "training#1"]
    assert related(on, [mine, theirs], NOW, frozenset({"none#1"})) == ()


CHANGES: list[tuple[str, Edits]] = [
    *NEW.items(),
    ("pipelines", {"plans/two.yaml": "rate: 1\nmodel: m1\n"}),
    ("training", {"conf/two.yaml": "rate: 1\n"}),
    ("training", {"models.yaml": "m1: {}\nm2: {}\n"}),
    ("pipelines", {"README.md": "nothing"}),
]
STATES: list[State] = ["open", "draft", "merged", "closed", "missing", "unknown"]
ONE = st.tuples(
    st.sampled_from(CHANGES),
    st.sampled_from(STATES),
    st.sampled_from(["", "x", "main", "interlock/new"]),
    st.integers(0, 40),
    st.integers(0, 40),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ONE, max_size=5))
def test_groups_share_nothing_and_every_change_is_in_one(
    drawn: list[tuple[tuple[str, Edits], State, str, int, int]],
) -> None:
    merged = [change for change, state, *_ in drawn if state == "merged"]
    on = ground(files=landed(BASE, *merged))
    members = [
        at(
            member(on, alias, edits, label=f"{alias}#{number}", branch=branch, state=state),
            max(opened, ended),
            min(opened, ended),
        )
        for number, ((alias, edits), state, branch, opened, ended) in enumerate(drawn)
    ]
    groups = related(on, members, NOW)
    marks = [_marks(on, near) for near in groups]
    for number, mine in enumerate(marks):
        assert all(mine.isdisjoint(theirs) for theirs in marks[number + 1 :])
    inside = [one.label for near in groups for one in (*near.members, *near.others)]
    assert sorted(inside) == sorted(one.label for one in members)
    counts = {one.label for near in groups for one in near.members}
    for one in members:
        if one.state in ("open", "draft", "unknown"):
            assert one.label in counts
        elif one.state != "missing" and NOW - one.ended > REMEMBERED:
            assert one.label not in counts


def _marks(on: Ground, near: Near) -> set[object]:
    found: set[object] = set()
    for one in (*near.members, *near.others):
        found |= names_of(one) | touched(on, one).tokens
    return found
