"""The gate: every combination of states and standings of the set of three."""

from __future__ import annotations

from itertools import product

import pytest
from changeworld import BASE, NEW, ground, landed, member, only

from interlock.changes.change_set import ChangeSet
from interlock.changes.gate import OWN, Checks, Standing, checks_of, gates
from interlock.changes.members import State

ALIASES = ("pipelines", "training", "serving")
READY = Standing(approved=True, checks="green")
STATES: tuple[State, ...] = ("open", "draft", "merged", "closed", "unknown")


def the_set(*states: State) -> ChangeSet | None:
    """The set of three in these states, over default branches that hold what has landed."""
    merged = [(a, NEW[a]) for a, state in zip(ALIASES, states, strict=True) if state == "merged"]
    on = ground(files=landed(BASE, *merged))
    members = [
        member(on, alias, state=state, branch="interlock/new")
        for alias, state in zip(ALIASES, states, strict=True)
    ]
    from interlock.changes.change_set import change_sets

    sets = change_sets(on, members)
    assert len(sets) <= 1
    return sets[0] if sets else None


@pytest.mark.parametrize("states", list(product(STATES, repeat=3)), ids="-".join)
def test_no_member_may_land_where_that_would_break_something(states: tuple[State, ...]) -> None:
    found = the_set(*states)
    if found is None or all(one.state in ("merged", "closed") for one in found.members):
        return
    ready = {one.label: READY for one in found.members}
    told = {
        one.alias: gate
        for one, gate in zip(found.members, gates(found, ready, 0), strict=True)
        if one.state in ("open", "draft")
    }
    landed_now = {one.alias for one in found.members if one.state == "merged"}
    whole = {one.alias for one in found.members if one.state in ("open", "draft", "merged")}
    for alias, gate in told.items():
        if gate.state != "success":
            assert gate.summary
            continue
        assert "unknown" not in states
        if states[0] == "closed":
            continue  # nobody needs what is left: it may land, or not
        # Everybody is there, nobody else is a draft, and what decides lands last.
        assert whole == set(ALIASES)
        assert alias != "pipelines" or {"training", "serving"} <= landed_now
    if whole == set(ALIASES) and "draft" not in states and "pipelines" not in landed_now:
        # Nobody waits for ever: somebody can go on.
        assert any(gate.state == "success" for gate in told.values())


def standings() -> list[Standing]:
    checks: tuple[Checks, ...] = ("green", "pending", "red", "none")
    return [Standing(a, c, now) for a in (True, False) for c in checks for now in (True, False)]


@pytest.mark.parametrize("standing", standings(), ids=str)
@pytest.mark.parametrize("at", range(3))
def test_each_waits_for_siblings_that_are_not_ready_and_never_for_itself(
    at: int, standing: Standing
) -> None:
    found = the_set("open", "open", "open")
    assert found is not None
    labels = [one.label for one in found.members]
    told = gates(found, {**dict.fromkeys(labels, READY), labels[at]: standing}, 0)
    for number, gate in enumerate(told):
        if standing == READY:
            assert gate.state == ("pending" if number == 0 else "success")
        elif number == at:
            assert labels[at] not in gate.waits
            assert gate.state == ("pending" if number == 0 else "success")
        else:
            assert (gate.state, gate.waits) == ("pending", (labels[at],))
            assert labels[at] in gate.summary


def test_nothing_that_was_not_asked_about_counts_as_ready() -> None:
    found = the_set("open", "open", "open")
    assert found is not None
    told = gates(found, {}, 3600)
    assert {gate.state for gate in told} == {"pending"}
    assert "is not approved and has no check" in told[0].summary


def test_a_draft_waits_for_itself_and_others_for_it() -> None:
    found = the_set("open", "draft", "open")
    assert found is not None
    told = gates(found, {one.label: READY for one in found.members}, 0)
    assert [gate.summary for gate in told] == [
        "waits: training#1 is a draft",
        "is a draft",
        "waits: training#1 is a draft",
    ]


def test_changes_that_only_share_a_name_never_wait() -> None:
    on = ground()
    plan = {"plans/old.yaml": "rate: 1\nmodel: m1\nnote: x\n"}
    weights = {"live.yaml": "old: {w: {a: 50, b: 50}}\n"}
    members = [
        member(on, "pipelines", plan, trailers=("old",)),
        member(on, "serving", weights, trailers=("old",), state="draft"),
    ]
    assert [gate.state for gate in gates(only(on, *members), {}, 0)] == ["success", "success"]


@pytest.mark.parametrize(
    ("contexts", "required", "wanted"),
    [
        ([], None, "none"),
        ([], (), "green"),
        ([("ci", "success")], None, "green"),
        ([("ci", "success"), ("lint", "neutral"), ("e2e", "skipped")], None, "green"),
        ([("ci", "success"), ("lint", "pending")], None, "pending"),
        ([("ci", "failure"), ("lint", "pending")], None, "red"),
        ([("ci", "error")], None, "red"),
        ([("ci", "action_required")], None, "red"),
        ([("ci", "")], None, "red"),
        ([(f"{OWN}change-set", "pending")], None, "none"),
        ([(f"{OWN}change-set", "failure"), ("ci", "success")], None, "green"),
        ([("ci", "success")], ("ci", f"{OWN}change-set"), "green"),
        ([(f"{OWN}change-set", "failure")], (f"{OWN}change-set",), "green"),
        ([("ci", "success"), ("optional", "failure")], ("ci",), "green"),
        ([("optional", "success")], ("ci",), "pending"),
        ([("ci", "failure")], ("ci",), "red"),
    ],
)
def test_the_checks_of_a_commit(
    contexts: list[tuple[str, str]], required: tuple[str, ...] | None, wanted: str
) -> None:
    assert checks_of(contexts, required) == wanted
