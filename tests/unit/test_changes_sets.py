"""Change sets over three small repositories: who is needed, who belongs, what it comes to."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from changeworld import BASE, NEW, POLICY, ground, labels, landed, member, only

from interlock.changes.change_set import change_sets, single
from interlock.changes.gate import Gate, Standing, gates
from interlock.changes.members import Member
from interlock.changes.records import touched
from interlock.errors import TreeError

READY = Standing(approved=True, checks="green")
ALIASES = ("pipelines", "training", "serving")


def test_the_first_change_names_who_else_has_to_change() -> None:
    on = ground()
    found = only(on, member(on, "pipelines"))
    assert found.keys == ("new",)
    assert [need.alias for need in found.needs[0]] == ["training", "serving"]
    assert {f.rule for need in found.needs[0] for f in need.findings} == {"experiment/everywhere"}
    assert (found.verdict.kind, found.verdict.missing) == ("inconsistent", ("training", "serving"))


@pytest.mark.parametrize("alias", ["training", "serving"])
def test_a_change_that_breaks_nothing_is_in_no_set(alias: str) -> None:
    on = ground()
    assert change_sets(on, [member(on, alias)]) == ()
    assert single(on, member(on, alias)) is None


@pytest.mark.parametrize("alias", ALIASES)
def test_a_change_that_touches_no_source_is_in_no_set(alias: str) -> None:
    on = ground()
    one = member(on, alias, {"README.md": "hello"}, branch="interlock/new", trailers=("new",))
    assert change_sets(on, [one]) == ()
    assert single(on, one) is None
    assert touched(on, one).sources == ()


def test_a_comment_or_a_moved_line_changes_no_record() -> None:
    on = ground()
    one = member(on, "pipelines", {"plans/old.yaml": "# why\nmodel: m1\nrate: 1\n"})
    what = touched(on, one)
    assert (what.sources, what.records) == (("plan",), ())


@pytest.mark.parametrize("members", list(permutations(ALIASES)))
def test_all_three_are_consistent_together_and_readers_land_first(members: tuple[str, ...]) -> None:
    on = ground()
    found = only(on, *(member(on, alias) for alias in members))
    assert (found.verdict.kind, found.verdict.missing) == ("together", ())
    order = found.verdict.landing.order
    assert order is not None
    assert [found.members[at].alias for at in order] == ["training", "serving", "pipelines"]


@pytest.mark.parametrize("order", list(permutations(ALIASES)))
def test_every_wrong_order_is_refused_and_every_right_one_goes_through(
    order: tuple[str, ...],
) -> None:
    merged: list[str] = []
    went = []
    for alias in order:
        on = ground(files=landed(BASE, *((a, NEW[a]) for a in merged)))
        members = [member(on, a, state="merged" if a in merged else "open") for a in ALIASES]
        found = only(on, *members)
        told = gates(found, {m.label: READY for m in members}, 3600)
        state = told[ALIASES.index(alias)]
        if state.state != "success":
            assert alias == "pipelines"
            assert state.state == "pending"
            assert state.waits == tuple(
                f"{a}#1" for a in ("training", "serving") if a not in merged
            )
            break
        went.append(alias)
        merged.append(alias)
    # What decides lands last: until then nothing is broken.
    assert (len(went) == 3) == (order[-1] == "pipelines")


def test_two_of_three_leave_the_third_missing() -> None:
    on = ground()
    found = only(on, member(on, "pipelines"), member(on, "training"))
    assert found.verdict.missing == ("serving",)
    assert found.present == (("pipelines", "acme/plans"), ("training", "acme/training"))
    told = gates(found, {"pipelines#1": READY, "training#1": READY}, 3600)
    assert {gate.state for gate in told} == {"failure"}
    assert all("serving is missing" in gate.summary for gate in told)


def test_what_disagrees_when_all_have_landed_is_inconsistent() -> None:
    on = ground()
    wrong = member(on, "training", {"conf/new.yaml": "rate: 3\n"})
    found = only(on, member(on, "pipelines"), wrong, member(on, "serving"))
    assert found.verdict.kind == "inconsistent"
    assert [f.rule for f in found.verdict.findings] == ["experiment/same-rate"]
    assert {place.repo for place in found.verdict.findings[0].places} == {"pipelines", "training"}
    assert {gate.state for gate in gates(found, {}, 3600)} == {"failure"}


def test_the_side_that_does_not_decide_needs_nobody() -> None:
    on = ground()
    wrong = member(on, "training", {"conf/old.yaml": "rate: 3\n"})
    assert change_sets(on, [wrong]) == ()
    found = single(on, wrong)
    assert found is not None
    assert (found.verdict.kind, found.needs) == ("inconsistent", ((),))


def test_where_no_order_is_safe_the_window_decides() -> None:
    on = ground()
    edits = (
        ("pipelines", {"plans/old.yaml": "rate: 2\nmodel: m1\n"}),
        (
            "training",
            {"conf/old.yaml": "rate: 2\n"},
        ),
    )
    members = [member(on, alias, change) for alias, change in edits]
    found = only(on, *members)
    assert (found.verdict.kind, found.verdict.landing.order) == ("together", None)
    ready = {one.label: READY for one in members}
    assert [g.state for g in gates(found, ready, 3600)] == ["success", "success"]
    assert [g.state for g in gates(found, ready, 0)] == ["failure", "failure"]
    # Once half of it has landed, the other half is what mends it.
    later = ground(files=landed(BASE, edits[0]))
    half = only(later, member(later, *edits[0], state="merged"), member(later, *edits[1]))
    assert half.verdict.half_landed
    assert [g.state for g in gates(half, ready, 0)] == ["success", "success"]


def test_a_set_that_has_landed_is_still_a_set() -> None:
    on = ground(files=landed(BASE, *NEW.items()))
    found = only(on, *(member(on, alias, state="merged") for alias in ALIASES))
    assert (found.verdict.kind, found.verdict.missing, found.verdict.half_landed) == (
        "together",
        (),
        (),
    )
    assert {gate.state for gate in gates(found, {}, 0)} == {"success"}


@pytest.mark.parametrize("merged", [(), ("training",), ("serving",), ALIASES])
def test_nobody_is_blamed_for_what_was_wrong_before(merged: tuple[str, ...]) -> None:
    wrong = "old: {w: {a: 1}}\n"
    files = landed(BASE, ("serving", {"live.yaml": wrong}))
    edits = {**NEW, "serving": {"live.yaml": f"{wrong}new: {{w: {{a: 100}}}}\n"}}
    on = ground(files=landed(files, *((alias, edits[alias]) for alias in merged)))
    members = [
        member(on, a, edits[a], files=files, state="merged" if a in merged else "open")
        for a in ALIASES
    ]
    found = only(on, *members)
    assert (found.verdict.kind, found.verdict.findings) == ("together", ())
    assert found.verdict.half_landed == ()


def test_changes_of_one_file_by_two_members_are_merged() -> None:
    lines = "".join(f"e{at}: {{w: {{a: 100}}}}\n" for at in range(9))
    files = landed(BASE, ("serving", {"live.yaml": lines}))
    files = landed(
        files, ("pipelines", {"plans/old.yaml": None}), ("training", {"models.yaml": "m1: {}\n"})
    )
    on = ground(files=files)
    one = {"live.yaml": f"new: {{w: {{a: 100}}}}\n{lines}"}
    other = {"live.yaml": f"{lines}more: {{w: {{a: 100}}}}\n"}
    members = [
        member(
            on,
            "pipelines",
            {**NEW["pipelines"], "plans/more.yaml": "rate: 1\nmodel: m1\n"},
            files=files,
        ),
        member(on, "training", {**NEW["training"], "conf/more.yaml": "rate: 1\n"}, files=files),
        member(on, "serving", one, label="serving#1", files=files),
        member(on, "serving", other, label="serving#2", files=files),
    ]
    found = only(on, *members)
    assert (found.verdict.kind, len(found.members)) == ("together", 4)
    assert set(found.keys) == {"new", "more"}


def test_a_value_that_another_repository_has_to_know_links_its_change() -> None:
    on = ground()
    plan = member(on, "pipelines", {"plans/old.yaml": "rate: 1\nmodel: m2\n"})
    registry = member(on, "training", {"models.yaml": "m1: {}\nm2: {}\n"})
    other = member(on, "training", {"models.yaml": "m1: {}\nm9: {}\n"}, label="training#9")
    found = only(on, plan, other, registry)
    assert labels(found.members) == ["pipelines#1", "training#1"]
    assert found.keys == ("old",)
    assert found.verdict.landing.order == (1, 0)


def test_a_renamed_experiment_is_one_set() -> None:
    on = ground()
    members = [
        member(on, "pipelines", {"plans/old.yaml": None, "plans/neo.yaml": "rate: 1\nmodel: m1\n"}),
        member(on, "training", {"conf/old.yaml": None, "conf/neo.yaml": "rate: 1\n"}),
        member(on, "serving", {"live.yaml": "neo: {w: {a: 60, b: 40}}\n"}),
    ]
    found = only(on, *members)
    assert set(found.keys) == {"old", "neo"}
    assert (found.verdict.kind, found.verdict.landing.order) == ("together", None)


def test_two_experiments_are_two_sets_unless_a_change_holds_both() -> None:
    on = ground()
    other = {"plans/two.yaml": "rate: 2\nmodel: m1\n"}
    apart = [member(on, "pipelines"), member(on, "pipelines", other, label="pipelines#2")]
    assert [s.keys for s in change_sets(on, apart)] == [("new",), ("two",)]
    both = [*apart, member(on, "training", {**NEW["training"], "conf/two.yaml": "rate: 2\n"})]
    found = only(on, *both)
    assert (set(found.keys), found.verdict.missing) == ({"new", "two"}, ("serving",))


def test_an_unreadable_repository_is_unknown_and_never_clean() -> None:
    on = ground(unread=("serving",))
    found = only(on, member(on, "pipelines"), member(on, "training"))
    assert found.verdict.kind == "unknown"
    assert found.verdict.unread == (("serving", "no access"),)
    told = gates(found, {"pipelines#1": READY, "training#1": READY}, 3600)
    assert {gate.state for gate in told} == {"failure"}
    assert all("no access" in gate.summary for gate in told)


def test_an_unreadable_member_blocks_and_names_the_permission() -> None:
    on = ground()
    lost = member(on, "serving", branch="interlock/new", state="unknown")
    found = only(on, member(on, "pipelines", branch="interlock/new"), member(on, "training"), lost)
    assert "serving#1" in labels(found.members)
    told = gates(found, {}, 3600)
    assert {gate.state for gate in told} == {"failure"}
    assert all("contents: read" in gate.summary for gate in told)


class Broken:
    """A tree whose files cannot be read."""

    label = "broken"

    def entries(self, prefix: str) -> Any:
        raise TreeError(f"the clone lacks {prefix or 'everything'}")

    def read(self, entries: Any) -> Any:
        raise TreeError(f"the clone lacks {entries}")


def test_a_change_whose_files_cannot_be_read_is_unknown() -> None:
    on = ground()
    lost = member(on, "serving", branch="interlock/new")._replace(head=Broken())
    for found in (single(on, lost), only(on, lost)):
        assert found is not None
        assert found.verdict.kind == "unknown"
        assert [who for who, _ in found.verdict.unread] == ["serving#1"]
        assert "the clone lacks" in found.verdict.unread[0][1]
        assert [gate.state for gate in gates(found, {}, 0)] == ["failure"]


def test_companions_ask_for_what_values_do_not_show() -> None:
    policy = POLICY + (
        "companions:\n  - {id: c, repo: serving, paths: 'schema/**', needs: training, why: w}\n"
    )
    on = ground(policy)
    one = member(on, "serving", {"schema/a.json": "{}"}, branch="schema")
    found = only(on, one)
    assert found.verdict.missing == ("training",)
    assert found.needs[0][0].companions[0].why == "w"
    docs = member(on, "training", {"notes.md": "x"}, branch="schema")
    whole = only(on, one, docs)
    assert (whole.verdict.kind, whole.verdict.missing) == ("together", ())
    empty = member(on, "training", {}, branch="schema")
    assert only(on, one, empty).verdict.missing == ("training",)
    forked = docs._replace(from_fork=True)
    assert only(on, one, forked).verdict.missing == ("training",)
    assert change_sets(on, [member(on, "serving", {"other.json": "{}"})]) == ()


def test_a_warning_blocks_nobody_unless_it_counts() -> None:
    on = ground(
        POLICY.replace(
            "exists-in: [training, serving]", "exists-in: [training, serving], severity: warning"
        )
    )
    assert change_sets(on, [member(on, "pipelines")]) == ()
    assert len(change_sets(on._replace(fail_level="warning"), [member(on, "pipelines")])) == 1


@pytest.mark.parametrize("state", ["closed", "missing"])
def test_one_that_was_closed_counts_for_nothing(state: str) -> None:
    on = ground()
    closed: Member = member(on, "serving", state=state)  # type: ignore[arg-type]
    found = only(on, member(on, "pipelines"), member(on, "training"), closed)
    assert found.verdict.missing == ("serving",)
    assert closed in found.members
    told = gates(found, {}, 3600)
    assert "serving#1 was closed" in told[0].summary
    # A new one for the same takes its place.
    again = member(on, "serving", label="serving#2")
    whole = only(on, member(on, "pipelines"), member(on, "training"), closed, again)
    assert (whole.verdict.missing, labels(whole.members)[-1]) == ((), "serving#2")
    assert closed not in whole.members


def test_the_same_name_of_another_owner_is_another_repository() -> None:
    on = ground()
    foreign = member(on, "serving", name="evil/serving", branch="interlock/new")
    found = only(
        on, member(on, "pipelines", branch="interlock/new"), member(on, "training"), foreign
    )
    assert found.verdict.missing == ("serving",)
    assert foreign not in found.members


def test_a_set_with_gates_for_all_never_deadlocks() -> None:
    on = ground()
    members = [member(on, alias) for alias in ALIASES]
    found = only(on, *members)
    ready = {one.label: READY for one in members}
    assert any(gate.state == "success" for gate in gates(found, ready, 0))
    assert gates(found, ready, 0)[0] == Gate(
        "pending", "after training#1, serving#1", ("training#1", "serving#1")
    )


@pytest.mark.parametrize("window", [0, 3600])
def test_a_set_that_landed_in_the_wrong_order_can_be_finished(window: int) -> None:
    merged: tuple[str, ...] = ("pipelines",)
    for rest in (("training", "serving"), ("serving",), ()):
        on = ground(files=landed(BASE, *((a, NEW[a]) for a in merged)))
        states = {a: "merged" if a in merged else "open" for a in ALIASES}
        found = only(on, *(member(on, a, state=states[a]) for a in ALIASES))  # type: ignore[arg-type]
        assert bool(found.verdict.half_landed) == bool(rest)
        told = gates(found, {one.label: READY for one in found.members}, window)
        assert {gate.state for gate in told} == {"success"}
        merged = (*merged, *rest[:1])


def test_what_is_within_its_grace_or_waived_needs_nobody() -> None:
    young = "exists-in: [training, serving], grace: 1d"
    on = ground(POLICY.replace("exists-in: [training, serving]", young))
    assert len(change_sets(on, [member(on, "pipelines")])) == 1
    on = on._replace(past=lambda _: on.world)
    assert change_sets(on, [member(on, "pipelines")]) == ()
    waiver = (
        "waivers: [{rule: experiment/everywhere, key: new, reason: r, owner: o, until: 2026-12-31}]"
    )
    on = ground(f"{POLICY}{waiver}\n")
    assert change_sets(on, [member(on, "pipelines")]) == ()
