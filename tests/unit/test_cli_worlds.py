"""Worlds of the command: one fetch for all sources of a repository, and whose past is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from forge import NOW, SERVING, Forge, Trace
from gitrepos import Repository, contents, hide, run_git

from interlock.cli.checking import Options, check
from interlock.cli.worlds import Selection, past_world
from interlock.trees.access import Access
from interlock.trees.base import Repo
from interlock.trees.checkouts import find_checkout
from interlock.trees.siblings import Given, Siblings
from interlock.trees.worktree import WorkTree

DAY = 86_400
POLICY = """version: 1
repos: {pipelines: acme/pipelines, serving: acme/serving}
sources:
  plan: {repo: pipelines, files: "plan/{key}.yaml", fields: {w: $.w}}
  one: {repo: serving, files: "one/{key}.yaml", fields: {w: $.w}}
  two: {repo: serving, files: "two/**/{key}.yaml", exclude: ["two/not/*"], fields: {w: $.w}}
consistency:
  - {id: one-same, each: plan.w, equal: one.w}
  - {id: two-same, each: plan.w, equal: two.w}
"""


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch)


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[Forge]:
    made = Forge(tmp_path.resolve())
    plan = {f"plan/{n}.yaml": f"w: {n}\n" for n in range(5)}
    made.own.commit({"interlock.yaml": POLICY} | plan)
    places = ("one", "two/deep/er", "two/not", "unused")
    made.serving.commit({f"{at}/{n}.yaml": f"# {at}\nw: {n}\n" for at in places for n in range(5)})
    yield made
    for siblings in made.opened:
        siblings.close()


def options(forge: Forge, kind: str = "worktree") -> Options:
    selection = Selection("staged") if kind == "staged" else Selection("worktree")
    access = Access(str(forge.cache), network=True, now=NOW)
    return Options(forge.own.path, selection, NOW, access=access)


def test_all_sources_of_a_cached_repository_come_in_one_fetch(
    forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = Trace(tmp_path / "trace", monkeypatch)
    report = check(options(forge)).report
    assert report.findings == ()
    assert report.checked.files == 15
    assert trace.verbs().count("fetch") == 1
    (folder,) = forge.cache.glob("*/*/*.git")
    monkeypatch.delenv("GIT_TRACE")
    blobs = run_git(folder, "cat-file", "--batch-all-objects", "--batch-check")
    # What no source matches was never asked for.
    assert blobs.count(" blob ") == 10


def test_a_change_that_touches_no_source_fetches_no_file(
    forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forge.own.write({"README": "x"})
    forge.own.git("add", "-A")
    trace = Trace(tmp_path / "trace", monkeypatch)
    assert check(options(forge, "staged")).report.findings == ()
    assert "fetch" not in trace.verbs()


def test_the_past_of_a_work_tree_that_is_given_is_its_own(tmp_path: Path) -> None:
    own, serving = Repository(tmp_path / "own"), Repository(tmp_path / "elsewhere")
    for repo, name in ((own, "own"), (serving, "serving")):
        repo.commit({"file": f"{name} then"}, when=NOW - 5 * DAY)
        repo.commit({"file": f"{name} lately"}, when=NOW - DAY)
        repo.write({"file": f"{name} now"})
    plain = tmp_path / "plain"
    plain.mkdir()
    checkout = find_checkout(own.path)
    siblings = Siblings(checkout, {"serving": Given(serving.path, "")})
    world = {
        "own": (Repo("own", "acme/own", WorkTree(own.path, own=True)),),
        "serving": (siblings.find("serving", SERVING),),
        "plain": (Repo("plain", "acme/plain", WorkTree(str(plain))),),
        "gone": (Repo("gone", "acme/gone", None, "gone"),),
    }
    objects = siblings.objects(own.path, own=True)
    past = past_world(world, NOW - 3 * DAY, checkout, objects, siblings)
    trees = {alias: repos[0].tree for alias, repos in past.items()}
    for alias in ("own", "serving"):
        tree = trees[alias]
        assert tree is not None
        assert contents(tree) == {"file": f"{alias} then".encode()}
    assert (trees["plain"], trees["gone"]) == (None, None)
    assert past["plain"][0].reason == "it has no history here"
    before = past_world(world, NOW - 9 * DAY, checkout, objects, siblings)
    assert before["serving"][0].reason == "the repository is younger than that"
    siblings.close()
