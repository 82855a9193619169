"""Worlds and verdicts of sets, held against whole checks of every state and every order."""

from __future__ import annotations

from itertools import chain, combinations, permutations

import pytest
from changeworld import BASE, ground, landed, member, only
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.changes import worlds as module
from interlock.changes.change_set import change_sets
from interlock.changes.members import Member
from interlock.changes.order import Landed
from interlock.changes.records import touched
from interlock.changes.verdict import verdict
from interlock.changes.worlds import Ground, Trees, Worlds
from interlock.engine import Request, run
from interlock.model import Identity
from interlock.trees.memory import MemoryTree

#: Changes of each repository: good ones, and every way to get one wrong.
PLANS = [
    {"plans/new.yaml": "rate: 2\nmodel: m1\n"},
    {"plans/new.yaml": "rate: 2\nmodel: m2\n"},
    {"plans/old.yaml": "rate: 2\nmodel: m1\n"},
    {"plans/old.yaml": None},
    {"plans/old.yaml": "rate: [\n"},
]
CONFS = [
    {"conf/new.yaml": "rate: 2\n"},
    {"conf/new.yaml": "rate: 3\n", "models.yaml": "m1: {}\nm2: {}\n"},
    {"conf/old.yaml": "rate: 2\n"},
    {"conf/old.yaml": None, "models.yaml": "m2: {}\n"},
    {"models.yaml": "m2: {}\nm2: {}\n"},
]
LIVES = [
    {"live.yaml": "old: {w: {a: 60, b: 40}}\nnew: {w: {a: 50, b: 50}}\n"},
    {"live.yaml": "old: {w: {a: 60, b: 40}}\nnew: {w: {a: 50}}\n"},
    {"live.yaml": "{}\n"},
]
CHOICES = st.tuples(st.sampled_from(PLANS), st.sampled_from(CONFS), st.sampled_from(LIVES))


def members_of(on: Ground, changes: tuple[dict[str, str | None], ...]) -> list[Member]:
    aliases = ("pipelines", "training", "serving")
    return [member(on, alias, edits) for alias, edits in zip(aliases, changes, strict=True)]


def broken(on: Ground, members: list[Member], state: Landed) -> set[Identity]:
    """What a whole check of this world finds that one of the default branches does not."""
    trees = Trees(on.world, members)
    head, base = trees.world(state), trees.world(frozenset())
    report = run(Request(policy=on.policy, head=head, own="", today=on.today, base=base))
    return {
        f.identity
        for f in report.findings
        if (f.status, f.severity) == ("failing", "error") and not f.rule.startswith("policy/")
    }


@settings(max_examples=40, deadline=None)
@given(CHOICES)
def test_rule_by_rule_gives_what_a_whole_check_gives(
    changes: tuple[dict[str, str | None], ...],
) -> None:
    on = ground()
    members = members_of(on, changes)
    sources = [name for one in members for name in touched(on, one).sources]
    found = Worlds(on, members, sources)
    every = chain.from_iterable(combinations(range(3), count) for count in range(4))
    for state in map(frozenset, every):
        assert {f.identity for f in found.after(state).findings} == broken(on, members, state)


@settings(max_examples=40, deadline=None)
@given(CHOICES)
def test_the_verdict_is_what_trying_every_order_gives(
    changes: tuple[dict[str, str | None], ...],
) -> None:
    on = ground()
    members = members_of(on, changes)
    sources = [name for one in members for name in touched(on, one).sources]
    judged = verdict(Worlds(on, members, sources), members, ((),) * 3, tuple(on.policy.repos))
    whole = broken(on, members, frozenset(range(3)))
    assert {f.identity for f in judged.findings} == whole
    if whole:
        assert judged.kind == "inconsistent"
        return
    safe = [
        order
        for order in permutations((0, 1, 2))
        if not any(broken(on, members, frozenset(order[:at])) for at in (1, 2, 3))
    ]
    assert judged.kind == ("alone" if len(safe) == 6 else "together")
    assert judged.landing.order == (min(safe) if safe else None)
    assert set(judged.landing.next) == {order[0] for order in safe}


def test_taking_a_merged_change_back_leaves_what_others_landed() -> None:
    theirs = {"live.yaml": "old: {w: {a: 60, b: 40}}\n", "other.yaml": "x: 1\n"}
    mine = {"live.yaml": "old: {w: {a: 50, b: 50}}\n"}
    on = ground(files=landed(BASE, ("serving", {**theirs, **mine})))
    one = member(on, "serving", mine, state="merged")
    (repo,) = Trees(on.world, [one]).world(frozenset())["serving"]
    assert repo.tree is not None
    held = {entry.path: data for entry, data in repo.tree.read(repo.tree.entries(""))}
    assert held == {path: text.encode() for path, text in theirs.items()}


def test_a_set_of_many_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 8
    names = [f"r{at}" for at in range(count)]
    lines = [
        "version: 1",
        "repos: {" + ", ".join(f"{n}: acme/{n}" for n in names) + "}",
        "sources:",
    ]
    lines += [f"  s{n}: {{repo: {n}, files: 'c/{{key}}.yaml', fields: {{v: $.v}}}}" for n in names]
    lines += ["consistency:"]
    lines += [f"  - {{id: in-{n}, each: sr0, exists-in: s{n}}}" for n in names[1:]]
    files = {name: {"c/old.yaml": "v: 1\n"} for name in names}
    on = ground("\n".join(lines), files)
    runs = []
    evaluate = module.run
    monkeypatch.setattr(module, "run", lambda request: runs.append(1) or evaluate(request))
    found = only(on, *(member(on, n, {"c/new.yaml": "v: 2\n"}, files=files) for n in names))
    assert found.verdict.landing.order == (*range(1, count), 0)
    assert found.verdict.landing.after[0] == tuple(range(1, count))
    # 256 states: each rule reads two repositories and each source one, so that few of them differ.
    assert len(runs) < 120


def test_what_landed_in_the_meantime_can_make_a_change_conflict() -> None:
    on = ground()
    edits = {"plans/old.yaml": "rate: 5\nmodel: m1\n"}
    one = member(on, "pipelines", edits)
    on.world["pipelines"] = tuple(
        repo._replace(tree=MemoryTree({"plans/old.yaml": b"rate: 7\nmodel: m1\n"}))
        for repo in on.world["pipelines"]
    )
    sets = change_sets(on, [one])
    assert all(found.verdict.kind == "inconsistent" for found in sets)
    alone = Worlds(on, [one], ["plan"]).after(frozenset({0}))
    assert [f.rule for f in alone.findings] == ["experiment/unreadable-file"]
