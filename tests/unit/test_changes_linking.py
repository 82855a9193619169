"""What belongs together: by need and records; what only says so never joins."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from changeworld import BASE, NEW, POLICY, ground, labels, landed, member, only

from interlock.changes import linking
from interlock.changes.change_set import change_sets
from interlock.changes.linking import FORK, NO_RECORD, Candidate, link
from interlock.changes.records import touched

BRANCH = "interlock/new"


def why(found: Any) -> dict[str, str]:
    return {one.label: reason for one, reason in found.ignored}


@pytest.mark.parametrize(
    "claim",
    [{"branch": BRANCH}, {"trailers": ("new",)}, {"branch": "shared-name"}],
    ids=["branch", "trailer", "same-branch"],
)
@pytest.mark.parametrize("edits", [{}, {"notes.md": "x"}, {"live.yaml": "old: {w: {a: 100}}\n"}])
def test_a_name_alone_neither_satisfies_nor_blocks(
    claim: dict[str, Any], edits: dict[str, str]
) -> None:
    on = ground()
    ours = [member(on, "pipelines", **claim), member(on, "training", **claim)]
    claimer = member(on, "serving", edits, label="serving#9", **claim)
    found = only(on, *ours, claimer)
    assert labels(found.members) == ["pipelines#1", "training#1"]
    assert found.verdict.missing == ("serving",)
    assert why(found) == {"serving#9": NO_RECORD}
    # With the real one there, it still changes nothing.
    whole = only(on, *ours, member(on, "serving"), claimer)
    assert (whole.verdict.kind, len(whole.members)) == ("together", 3)


def test_a_forks_name_links_nothing_and_its_records_do_where_nobody_else_changes_them() -> None:
    on = ground()
    ours = [member(on, "pipelines", branch=BRANCH), member(on, "training", branch=BRANCH)]
    empty = member(on, "serving", {"a": "b"}, label="serving#9", branch=BRANCH, fork=True)
    found = only(on, *ours, empty)
    assert (found.verdict.missing, why(found)) == (("serving",), {"serving#9": FORK})
    forked = member(on, "serving", label="serving#8", branch=BRANCH, fork=True)
    assert labels(only(on, *ours, forked).members)[-1] == "serving#8"
    own = member(on, "serving", label="serving#7")
    both = only(on, *ours, forked, own)
    assert labels(both.members)[-1] == "serving#7"
    assert "serving#7 stands for serving" in why(both)["serving#8"]


def test_a_fork_cannot_block_by_changing_the_same_record() -> None:
    on = ground()
    ours = [member(on, alias, branch=BRANCH) for alias in NEW]
    wrong = {"live.yaml": "old: {w: {a: 60, b: 40}}\nnew: {w: {a: 1}}\n"}
    forked = member(on, "serving", wrong, label="serving#9", branch=BRANCH, fork=True)
    found = only(on, *ours, forked)
    assert (found.verdict.kind, found.verdict.findings) == ("together", ())


def test_one_that_is_linked_by_name_stands_for_those_that_only_touch_the_record() -> None:
    on = ground()
    ours = [member(on, alias, branch=BRANCH) for alias in NEW]
    other = member(on, "training", {"conf/new.yaml": "rate: 9\n"}, label="training#9")
    found = only(on, *ours, other)
    assert found.verdict.kind == "together"
    assert "training#1 stands for training" in why(found)["training#9"]
    # Without a name nobody can tell which of the two is meant: both count.
    unnamed = only(on, *(member(on, alias) for alias in NEW), other)
    assert len(unnamed.members) == 4


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_order_in_which_changes_come_does_not_matter(order: tuple[int, ...]) -> None:
    on = ground()
    every = [member(on, alias) for alias in NEW]
    every.append(member(on, "serving", {"x": "y"}, label="serving#9"))
    found = only(on, *(every[at] for at in order))
    assert sorted(labels(found.members)) == ["pipelines#1", "serving#1", "training#1"]
    landing = found.verdict.landing.order
    assert landing is not None
    assert [found.members[at].alias for at in landing] == ["training", "serving", "pipelines"]


def test_names_link_changes_that_share_a_record_but_no_need() -> None:
    on = ground()
    plan = {"plans/old.yaml": "rate: 1\nmodel: m1\nnote: x\n"}
    weights = {"live.yaml": "old: {w: {a: 50, b: 50}}\n"}
    apart = [member(on, "pipelines", plan), member(on, "serving", weights)]
    assert change_sets(on, apart) == ()
    named = [one._replace(trailers=("old",)) for one in apart]
    found = only(on, *named)
    assert (found.verdict.kind, found.keys) == ("alone", ("old",))
    assert change_sets(on, [named[0], named[1]._replace(from_fork=True)]) == ()
    # Everybody's branch names are no names.
    assert change_sets(on, [one._replace(branch="main") for one in apart]) == ()


def test_the_written_key_and_its_id_are_one_name() -> None:
    on = ground()
    plan = {"plans/old.yaml": "rate: 1\nmodel: m1\nnote: x\n"}
    weights = {"live.yaml": "old: {w: {a: 50, b: 50}}\n"}
    one = member(on, "pipelines", plan, trailers=("old",))
    other = member(on, "serving", weights, branch="interlock/old")
    assert len(only(on, one, other).members) == 2


def test_keys_are_joined_as_the_rule_joins_them() -> None:
    policy = POLICY.replace("exists-in: [training, serving]", "exists-in: training, join: lower")
    on = ground(policy)
    plan = member(on, "pipelines", {"plans/NEW.yaml": "rate: 2\nmodel: m1\n"})
    conf = member(on, "training")
    found = only(on, plan, conf)
    assert found.verdict.missing == ()
    assert len(found.members) == 2


def test_the_same_key_in_sources_that_no_rule_joins_links_nothing() -> None:
    on = ground()
    model = member(on, "training", {"models.yaml": "m1: {}\nnew: {}\n"})
    found = only(on, member(on, "pipelines"), model)
    assert labels(found.members) == ["pipelines#1"]


def test_two_policies_words_for_one_repository_are_two_members_of_it() -> None:
    policy = POLICY.replace("serving: acme/serving", "serving: [acme/serving, acme/serving-eu]")
    files = {"acme/serving": {"live.yaml": "old: {w: {a: 60, b: 40}}\n"}, "acme/serving-eu": {}}
    base = {"pipelines": {"plans/old.yaml": "rate: 1\nmodel: m1\n"}, **files}
    base["training"] = {"conf/old.yaml": "rate: 1\n", "models.yaml": "m1: {}\n"}
    on = ground(policy, base)
    eu = member(
        on, "serving", {"live.yaml": "new: {w: {a: 100}}\n"}, name="acme/serving-eu", files={}
    )
    found = only(on, member(on, "pipelines"), member(on, "training"), eu)
    assert (found.verdict.kind, found.present[-1]) == ("together", ("serving", "acme/serving-eu"))


def test_what_a_change_touches() -> None:
    on = ground()
    edits = {"plans/new.yaml": "rate: 2\nmodel: m1\n", "plans/old.yaml": None}
    what = touched(on, member(on, "pipelines", edits))
    assert [(r.key, r.kind) for r in what.records] == [("old", "removed"), ("new", "added")]
    assert ("same-rate", ("new",)) in what.tokens
    assert ("model-known", ("m1",)) in what.tokens
    assert what.sources == ("plan",)
    same = touched(on, member(on, "pipelines", {"plans/old.yaml": "rate: 1.0\nmodel: m1\n"}))
    assert same.records == ()
    other = touched(on, member(on, "pipelines", {"plans/old.yaml": "rate: true\nmodel: m1\n"}))
    assert [(r.key, r.kind) for r in other.records] == [("old", "changed")]


def test_a_merged_change_is_compared_with_what_it_landed_on() -> None:
    on = ground(files=landed(BASE, ("training", NEW["training"])))
    what = touched(on, member(on, "training", state="merged"))
    assert [(r.key, r.kind) for r in what.records] == [("new", "added")]
    # As an open one it would have nothing left to land.
    assert touched(on, member(on, "training")).records == ()


class Untouchable:
    """A tree that nobody may look into."""

    label = "untouchable"

    def entries(self, prefix: str) -> Any:
        raise AssertionError(prefix)

    def read(self, entries: Any) -> Any:
        raise AssertionError(entries)


def test_where_the_paths_are_known_nothing_else_is_read() -> None:
    on = ground(POLICY + "companions: [{repo: serving, paths: 's/**', needs: training}]\n")
    tree = Untouchable()
    one = member(on, "serving", branch="x")._replace(base=tree, head=tree)
    assert change_sets(on, [one._replace(paths=frozenset({"README.md"}))]) == ()
    found = only(on, one._replace(paths=frozenset({"README.md", "s/a.json"})))
    assert found.verdict.missing == ("training",)
    known = member(on, "pipelines")._replace(paths=frozenset({"plans/new.yaml"}))
    assert only(on, known).verdict.missing == ("training", "serving")
    # An empty one of the same name is no companion.
    empty = member(on, "training", branch="x")._replace(base=tree, head=tree, paths=frozenset())
    both = [one._replace(paths=frozenset({"s/a.json"})), empty]
    assert only(on, *both).verdict.missing == ("training",)


def test_many_changes_that_have_nothing_in_common_are_not_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on = ground()
    pairs: list[int] = []
    together = linking._together
    monkeypatch.setattr(linking, "_together", lambda *a: pairs.append(1) or together(*a))
    candidates = []
    for at in range(300):
        for alias in ("pipelines", "training"):
            key = f"k{at}"
            edits = {
                "pipelines": {f"plans/{key}.yaml": "x: 1"},
                "training": {f"conf/{key}.yaml": ""},
            }
            one = member(on, alias, edits[alias], label=f"{alias}#{at}")
            what = linking.Touched((), ("plan",), frozenset({("everywhere", (key,))}), ())
            needs = (linking.Need("training", (None,), ()),) if alias == "pipelines" else ()  # type: ignore[arg-type]
            candidates.append(Candidate(one, what, needs))
    assert [group.members for group in link(candidates)] == [
        (at, at + 1) for at in range(0, 600, 2)
    ]
    assert len(pairs) < 2_000
