"""Which paths differ, where two revisions parted, and what lay there some time ago."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from gitrepos import NO_TEXT, THEN, Repository, contents, hide, run_git

from interlock.errors import TreeError
from interlock.trees.changes import Change, changed_between, first_parent, merge_base
from interlock.trees.fetching import Network
from interlock.trees.history import past_tree
from interlock.trees.index import index_tree, staged_changes
from interlock.trees.objects import Objects
from interlock.trees.revision import RevisionTree, resolve

DAY = 86_400


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "re po")


@pytest.fixture
def opened(repo: Repository) -> Iterator[Objects]:
    objects = Objects(repo.path, own=True)
    yield objects
    objects.close()


def test_paths_on_both_sides_differ_and_nothing_else(repo: Repository) -> None:
    first = repo.commit({"same": "1", "edited": "1", "gone": "1", "old/name": "a long content"})
    (repo.folder / "gone").unlink()
    (repo.folder / "new").mkdir()
    repo.git("mv", "old/name", "new/name")
    second = repo.commit({"edited": "2", "deep/er/added": "3"})
    changes = changed_between(repo.path, first, second)
    assert set(changes) == {"edited", "gone", "old/name", "new/name", "deep/er/added"}
    assert changes["gone"] == Change(b"", "")
    assert changes["edited"] == Change(b"100644", repo.git("rev-parse", "HEAD:edited"))
    assert changed_between(repo.path, first, first) == {}


@pytest.mark.skipif(sys.platform == "win32", reason="names of POSIX")
def test_hostile_names_differ_unchanged(repo: Repository) -> None:
    first = repo.commit({})
    names = {"new\nline", 'quo"te', *NO_TEXT, "ü ä/ö", ":100644 000000 x", "-f", "\ttab"}
    second = repo.commit(dict.fromkeys(names, "x"))
    assert set(changed_between(repo.path, first, second)) == names


def test_a_file_that_becomes_a_link_differs(repo: Repository) -> None:
    first = repo.commit({"a": "target"})
    blob = repo.git("rev-parse", "HEAD:a")
    repo.git("update-index", "--cacheinfo", f"120000,{blob},a")
    repo.git("commit", "-q", "-m", "link")
    assert changed_between(repo.path, first, "HEAD") == {"a": Change(b"120000", blob)}


def test_two_branches_parted_where_git_says(repo: Repository) -> None:
    base = repo.commit({"a": "1"})
    repo.git("checkout", "-q", "-b", "side")
    side = repo.commit({"a": "2"})
    repo.git("checkout", "-q", "main")
    main = repo.commit({"b": "3"})
    assert merge_base(repo.path, main, side) == base


def test_without_common_history_a_sentence_says_what_to_fetch(repo: Repository) -> None:
    one = repo.commit({"a": "1"})
    repo.git("checkout", "-q", "--orphan", "other")
    two = repo.commit({"a": "2"})
    with pytest.raises(TreeError) as raised:
        merge_base(repo.path, one, two)
    assert f"{one[:12]} and {two[:12]} have no common history here" in str(raised.value)
    assert "fetch-depth: 0" in str(raised.value)


def test_the_first_parent_of_a_merge_is_the_branch_it_went_into(
    repo: Repository, opened: Objects
) -> None:
    first = repo.commit({"a": "1"})
    assert first_parent(opened, first) is None
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"side": "x"})
    repo.git("checkout", "-q", "main")
    main = repo.commit({"a": "2"})
    repo.git("merge", "-q", "--no-edit", "side")
    before = first_parent(opened, repo.git("rev-parse", "HEAD"))
    assert before is not None
    assert before.commit == main
    assert contents(before) == {"a": b"2"}
    assert before.label.endswith(f"({main[:7]})")


def test_where_a_shallow_clone_ends_not_everything_is_new(repo: Repository, tmp_path: Path) -> None:
    repo.commit({"a": "1"})
    head = repo.commit({"a": "2"})
    run_git(tmp_path, "clone", "-q", "--depth=1", repo.folder.as_uri(), "shallow")
    objects = Objects(str(tmp_path / "shallow"))
    with pytest.raises(TreeError, match=f"the commit before {head[:7]} is not in this shallow"):
        first_parent(objects, head)
    objects.close()


def history(repo: Repository) -> list[str]:
    """A commit a day from THEN on, the file saying which."""
    return [repo.commit({"day": str(day)}, when=THEN + day * DAY) for day in range(6)]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (THEN, b"0"),
        (THEN + 1, b"0"),
        (THEN + DAY - 1, b"0"),
        (THEN + DAY, b"1"),
        (THEN + 3 * DAY + 5, b"3"),
        (THEN + 99 * DAY, b"5"),
    ],
)
def test_the_past_is_the_last_commit_until_then(
    repo: Repository, opened: Objects, moment: int, day: bytes
) -> None:
    commits = history(repo)
    past = past_tree(opened, commits[-1], moment)
    assert past.tree is not None
    assert contents(past.tree) == {"day": day}
    assert past.reason == ""


def test_before_the_first_commit_there_is_no_past(repo: Repository, opened: Objects) -> None:
    commits = history(repo)
    past = past_tree(opened, commits[-1], THEN - 1)
    assert past.tree is None
    assert past.reason == "the repository is younger than that"


def test_small_moments_are_seconds_too(repo: Repository, opened: Objects) -> None:
    commit = repo.commit({"a": "1"}, when=100_000_000)
    assert past_tree(opened, commit, 99_999_999).tree is None
    assert past_tree(opened, commit, 100_000_000).tree is not None


def test_only_first_parents_count(repo: Repository, opened: Objects) -> None:
    history(repo)
    repo.git("checkout", "-q", "-b", "side", "HEAD~5")
    repo.commit({"side": "x"}, when=THEN + 4 * DAY + 10)
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-edit", "side", when=THEN + 8 * DAY)
    past = past_tree(opened, repo.git("rev-parse", "HEAD"), THEN + 4 * DAY + 20)
    assert past.tree is not None
    assert contents(past.tree) == {"day": b"4"}


def shallow(repo: Repository, tmp_path: Path, network: Network | None) -> tuple[Objects, str]:
    commits = history(repo)
    run_git(tmp_path, "clone", "-q", "--depth=2", repo.folder.as_uri(), "shallow clone")
    return Objects(str(tmp_path / "shallow clone"), network=network), commits[-1]


def test_a_shallow_clone_knows_the_past_as_far_as_it_reaches(
    repo: Repository, tmp_path: Path
) -> None:
    objects, head = shallow(repo, tmp_path, None)
    assert past_tree(objects, head, THEN + 4 * DAY).tree is not None
    past = past_tree(objects, head, THEN + 2 * DAY)
    assert past.tree is None
    assert past.reason == "the clone is shallow and ends before: fetch more of its history"
    objects.close()


def test_a_shallow_clone_is_deepened_where_network_is_allowed(
    repo: Repository, tmp_path: Path
) -> None:
    objects, head = shallow(repo, tmp_path, Network("origin"))
    past = past_tree(objects, head, THEN + 2 * DAY + 10)
    assert past.tree is not None
    assert contents(past.tree) == {"day": b"2"}
    past = past_tree(objects, head, THEN - 1)
    assert past == (None, "the repository is younger than that")
    objects.close()


def test_a_shallow_clone_whose_host_is_gone_has_no_past(repo: Repository, tmp_path: Path) -> None:
    objects, head = shallow(repo, tmp_path, Network("origin"))
    repo.folder.rename(tmp_path / "gone")
    past = past_tree(objects, head, THEN + 2 * DAY)
    assert past.tree is None
    assert past.reason.startswith("the clone is shallow and could not be deepened: ")
    objects.close()


def test_a_staged_check_of_ours_costs_two_processes_of_git(
    repo: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit({f"conf/{n}": str(n) for n in range(20)})
    repo.write({"conf/3": "staged"})
    repo.git("add", "-A")
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    objects = Objects(repo.path, own=True)
    found = resolve(objects, ("HEAD",))
    assert found is not None
    head = RevisionTree(objects, found[1], "HEAD")
    staged = index_tree(objects, head, staged_changes(repo.path))
    assert contents(staged)["conf/3"] == b"staged"
    assert contents(head)["conf/3"] == b"3"
    objects.close()
    started = [line for line in trace.read_text().splitlines() if "built-in: git" in line]
    assert len(started) == 2, started
