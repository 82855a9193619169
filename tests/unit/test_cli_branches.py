"""Branches of real repositories as changes: where they began, what they make of it, what landed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gitrepos import Repository, contents, hide

from interlock.cli.branches import Branch, branch_of
from interlock.trees.base import Repo
from interlock.trees.objects import Objects
from interlock.trees.revision import revision_tree


class Setting:
    """A repository, and what branch_of says of it."""

    def __init__(self, folder: Path) -> None:
        self.repo = Repository(folder)
        self.opened: list[Objects] = []

    def look(
        self, branch: str, *, where: str = "", remotes: tuple[str, ...] = (), revision: str = ""
    ) -> Branch:
        objects = Objects(where or self.repo.path)
        self.opened.append(objects)
        tree = revision_tree(objects, "main")
        return branch_of(Repo("serving", "acme/serving", tree), branch, remotes, revision)


@pytest.fixture
def setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Setting]:
    hide(monkeypatch)
    found = Setting(tmp_path / "serving")
    found.repo.commit({"a": "1"})
    found.repo.git("switch", "-q", "-c", "change")
    found.repo.commit({"b": "2"})
    found.repo.git("switch", "-q", "main")
    yield found
    for objects in found.opened:
        objects.close()


def test_a_branch_is_compared_with_where_it_began(setting: Setting) -> None:
    setting.repo.commit({"c": "3"})
    member = setting.look("change").member
    assert member is not None
    assert (member.state, member.label, member.alias) == ("open", "change", "serving")
    assert member.base is not None
    assert member.head is not None
    assert contents(member.base) == {"a": b"1"}
    assert contents(member.head) == {"a": b"1", "b": b"2"}
    assert member.base.label.startswith("where change began (")


def test_where_the_default_branch_stands_still_it_is_the_beginning_itself(
    setting: Setting,
) -> None:
    member = setting.look("change").member
    assert member is not None
    assert member.base is not None
    assert member.base.label.startswith("main (")


def test_what_is_not_there_or_holds_nothing_is_no_change(setting: Setting) -> None:
    assert setting.look("nope") == Branch(None)
    setting.repo.git("branch", "empty")
    assert setting.look("empty") == Branch(None, exists=True)
    assert setting.look("main") == Branch(None, exists=True)


@pytest.mark.parametrize("later", [False, True])
def test_a_merge_shows_what_landed(setting: Setting, later: bool) -> None:
    setting.repo.commit({"c": "3"})
    setting.repo.git("merge", "-q", "--no-ff", "--no-edit", "change")
    if later:
        setting.repo.commit({"d": "4"})
        setting.repo.git("switch", "-q", "-c", "other")
        setting.repo.commit({"e": "5"})
        setting.repo.git("switch", "-q", "main")
        setting.repo.git("merge", "-q", "--no-ff", "--no-edit", "other")
    member = setting.look("change").member
    assert member is not None
    assert member.state == "merged"
    assert member.base is not None
    assert member.head is not None
    assert contents(member.base) == {"a": b"1", "c": b"3"}
    assert contents(member.head) == {"a": b"1", "b": b"2", "c": b"3"}


@pytest.mark.parametrize("later", [False, True])
def test_where_main_was_moved_onto_it_nothing_tells_what_it_was(
    setting: Setting, later: bool
) -> None:
    setting.repo.git("merge", "-q", "--ff-only", "change")
    if later:
        setting.repo.commit({"d": "4"})
    assert setting.look("change") == Branch(None, exists=True)


def test_a_remote_branch_counts_where_there_is_no_local_one(
    setting: Setting, tmp_path: Path
) -> None:
    clone = Repository(tmp_path / "clone")
    clone.git("remote", "add", "origin", setting.repo.path)
    clone.git("fetch", "-q", "origin")
    clone.git("reset", "-q", "--hard", "origin/main")
    assert setting.look("change", where=clone.path) == Branch(None)
    member = setting.look("change", where=clone.path, remotes=("origin",)).member
    assert member is not None
    assert member.head is not None
    assert member.head.label.startswith("origin/change (")


def test_a_revision_that_was_given_counts_under_any_name(setting: Setting) -> None:
    member = setting.look("other", revision="change").member
    assert member is not None
    assert (member.label, member.branch) == ("change", "change")


def test_histories_that_cannot_be_compared_are_unknown(setting: Setting) -> None:
    setting.repo.git("switch", "-q", "--orphan", "alone")
    setting.repo.commit({"z": "1"})
    setting.repo.git("switch", "-q", "main")
    member = setting.look("alone").member
    assert member is not None
    assert (member.state, member.base, member.head) == ("unknown", None, None)
    assert "no common history" in member.problem


def test_a_commits_trailer_names_the_set(setting: Setting) -> None:
    setting.repo.git("switch", "-q", "change")
    setting.repo.git("commit", "-q", "--amend", "-m", "Add\n\nInterlock-Set: ranker-v2")
    member = setting.look("change").member
    assert member is not None
    assert member.trailers == ("ranker-v2",)
    setting.repo.git("commit", "-q", "--amend", "-m", "Add\n\nInterlock-Set: a b")
    warnings = setting.look("change").warnings
    assert [warning.partition(":")[0] for warning in warnings] == ["serving"]


def test_a_repository_that_cannot_be_read_has_no_branches() -> None:
    assert branch_of(Repo("serving", "acme/serving", None, "no"), "x", ()) == Branch(None)
