"""Siblings: which checkout, which branch, and what is said when there is none."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from gitrepos import THEN, Repository, contents, hide, run_git

from interlock.errors import UsageError
from interlock.trees import neighbours as neighbours_module
from interlock.trees.access import Access
from interlock.trees.base import Repo
from interlock.trees.checkouts import find_checkout
from interlock.trees.siblings import Given, Siblings, spoken

SERVING = "acme/serving"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch)


class Place:
    """A folder with our checkout ``pipelines`` in it, and whatever a test puts beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.own = self.checkout("pipelines", "acme/pipelines")
        self.opened: list[Siblings] = []

    def checkout(
        self, folder: str, name: str, files: Mapping[str, str] | None = None
    ) -> Repository:
        repo = Repository(self.folder / folder)
        repo.git("remote", "add", "origin", f"git@github.com:{name}.git")
        repo.commit(files or {"at": folder})
        return repo

    def clone(self, source: Repository, folder: str, name: str = SERVING) -> Repository:
        """A clone whose remote is then called ``name``."""
        run_git(self.folder, "clone", "-q", source.path, folder)
        run_git(self.folder / folder, "remote", "set-url", "origin", f"https://h/{name}.git")
        return Repository(self.folder / folder)

    def siblings(
        self,
        given: Mapping[str, Given] | None = None,
        start: Path | None = None,
        access: Access | None = None,
    ) -> Siblings:
        own = find_checkout(str(start or self.own.folder))
        self.opened.append(Siblings(own, given or {}, access))
        return self.opened[-1]

    def find(self, given: Mapping[str, Given] | None = None, start: Path | None = None) -> Repo:
        return self.siblings(given, start).find("serving", SERVING)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path.resolve() / "my code")
    yield made
    for siblings in made.opened:
        siblings.close()


def read(repo: Repo) -> dict[str, bytes | str]:
    assert repo.tree is not None, repo.reason
    return contents(repo.tree)


def label(repo: Repo) -> str:
    assert repo.tree is not None, repo.reason
    return repo.tree.label


def test_a_checkout_beside_ours_is_found_by_its_remote_in_any_case(place: Place) -> None:
    serving = place.checkout("renamed folder", "Acme/Serving", {"a": "1"})
    place.checkout("serving", "other/serving")
    (place.folder / "plain").mkdir()
    found = place.find()
    assert (found.alias, found.name, found.reason) == ("serving", SERVING, "")
    assert read(found) == {"a": b"1"}
    assert label(found) == f"main ({serving.git('rev-parse', 'HEAD')[:7]})"


def test_what_is_not_committed_there_is_not_read(place: Place) -> None:
    serving = place.checkout("serving", SERVING, {"a": "1"})
    serving.write({"a": "edited", "b": "new"})
    serving.git("add", "b")
    assert read(place.find()) == {"a": b"1"}


def test_any_remote_counts_and_its_branches_are_used(place: Place) -> None:
    upstream = place.checkout("../elsewhere", SERVING, {"a": "upstream"})
    fork = place.checkout("serving", "me/serving", {"a": "fork"})
    fork.git("remote", "add", "upstream", upstream.path)
    fork.git("fetch", "-q", "upstream")
    fork.git("remote", "set-url", "upstream", f"git@github.com:{SERVING}.git")
    fork.git("remote", "set-head", "upstream", "main")
    found = place.find()
    assert read(found) == {"a": b"upstream"}
    assert label(found).startswith("upstream/main (")


def test_the_published_default_branch_is_read_and_not_what_is_only_local(place: Place) -> None:
    source = place.checkout("../source", SERVING, {"a": "published"})
    source.git("branch", "-m", "trunk")
    clone = place.clone(source, "serving")
    clone.commit({"a": "local"})
    found = place.find()
    assert read(found) == {"a": b"published"}
    assert label(found).startswith("origin/trunk (")


def test_a_branch_of_our_name_comes_first_and_the_local_one_before_the_remote(
    place: Place,
) -> None:
    source = place.checkout("../source", SERVING, {"a": "main"})
    source.git("checkout", "-q", "-b", "exp/ranker")
    source.commit({"a": "published branch"})
    source.git("checkout", "-q", "main")
    clone = place.clone(source, "serving")
    place.own.git("checkout", "-q", "-b", "exp/ranker")
    found = place.find()
    assert read(found) == {"a": b"published branch"}
    assert label(found).startswith("origin/exp/ranker (")
    clone.git("checkout", "-q", "exp/ranker")
    clone.commit({"a": "local branch"})
    clone.git("checkout", "-q", "main")
    found = place.find()
    assert read(found) == {"a": b"local branch"}
    assert label(found).startswith("exp/ranker (")


def test_our_main_is_its_default_branch_and_so_the_published_one(place: Place) -> None:
    source = place.checkout("../source", SERVING, {"a": "published"})
    clone = place.clone(source, "serving")
    clone.commit({"a": "local"})
    assert read(place.find()) == {"a": b"published"}


def test_a_tag_of_our_branch_name_is_no_branch(place: Place) -> None:
    serving = place.checkout("serving", SERVING, {"a": "old"})
    serving.git("tag", "exp")
    serving.commit({"a": "new"})
    place.own.git("checkout", "-q", "-b", "exp")
    assert read(place.find()) == {"a": b"new"}


def test_without_any_default_branch_the_reason_says_what_to_do(place: Place) -> None:
    serving = place.checkout("serving", SERVING)
    serving.git("branch", "-m", "odd")
    found = place.find()
    assert found.tree is None
    assert "has no branch main and no default branch" in found.reason
    assert "remote set-head origin --auto" in found.reason
    assert f"--repo serving={serving.path}@REVISION" in found.reason


def test_nothing_found_says_where_it_was_looked_for_and_what_to_do(place: Place) -> None:
    found = place.find()
    assert found.tree is None
    assert found.reason == (
        f"there is no checkout of acme/serving in {place.folder}: "
        "clone it there, or pass --repo serving=PATH"
    )


def test_a_work_tree_is_read_only_where_it_is_given(place: Place, tmp_path: Path) -> None:
    serving = place.checkout("serving", SERVING, {"a": "committed"})
    serving.write({"a": "edited", "b": "new"})
    found = place.find({"serving": Given(serving.path, "")})
    assert read(found) == {"a": b"edited", "b": b"new"}
    assert label(found) == "work tree"
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "x").write_text("1")
    assert read(place.find({"serving": Given(str(plain), "")})) == {"x": b"1"}


def test_a_revision_is_read_where_it_is_given(place: Place, tmp_path: Path) -> None:
    serving = place.checkout("serving", SERVING, {"a": "old"})
    serving.git("tag", "v1")
    serving.commit({"a": "new"})
    found = place.find({"serving": Given(serving.path, "v1")})
    assert read(found) == {"a": b"old"}
    assert label(found).startswith("v1 (")
    bare = str(tmp_path / "bare.git")
    run_git(tmp_path, "clone", "-q", "--bare", serving.path, bare)
    assert read(place.find({"serving": Given(bare, "main")})) == {"a": b"new"}


@pytest.mark.parametrize(
    ("path", "revision", "reason"),
    [
        ("nothing", "", "there is no such folder"),
        ("nothing", "main", "there is no such folder"),
        ("serving", "mian", "did you mean `main`"),
        ("serving", "--all", "there is no revision `--all`"),
        ("plain", "main", "not a git repository"),
        ("bare.git", "", "has no work tree: write"),
    ],
)
def test_what_is_given_wrongly_is_said(place: Place, path: str, revision: str, reason: str) -> None:
    serving = place.checkout("serving", SERVING)
    (place.folder / "plain").mkdir()
    run_git(place.folder, "clone", "-q", "--bare", serving.path, "bare.git")
    with pytest.raises(UsageError) as raised:
        place.find({"serving": Given(str(place.folder / path), revision)})
    assert reason in str(raised.value)
    assert str(raised.value).startswith("--repo serving=")


def test_of_two_checkouts_the_one_named_like_the_repository_is_read_and_said(
    place: Place,
) -> None:
    place.checkout("a-copy", SERVING, {"a": "copy"})
    place.checkout("Serving", SERVING, {"a": "named"})
    siblings = place.siblings()
    assert read(siblings.find("serving", SERVING)) == {"a": b"named"}
    siblings.find("again", SERVING)
    (notice,) = siblings.notices
    assert notice == (
        f"acme/serving lies here more than once: {place.folder / 'Serving'} is read, not "
        f"{place.folder / 'a-copy'}; --repo ALIAS=PATH chooses another"
    )


def test_linked_worktrees_of_one_repository_are_one_checkout(place: Place) -> None:
    serving = place.checkout("serving", SERVING, {"a": "1"})
    serving.git("worktree", "add", "-q", "-b", "x", str(place.folder / "serving-x"))
    siblings = place.siblings()
    assert read(siblings.find("serving", SERVING)) == {"a": b"1"}
    assert siblings.notices == ()


def test_a_linked_worktree_of_ours_has_the_neighbours_of_both(place: Place, tmp_path: Path) -> None:
    place.checkout("serving", SERVING, {"a": "1"})
    place.checkout("../worktrees/training", "acme/training", {"b": "2"})
    linked = tmp_path.resolve() / "worktrees" / "pipelines-x"
    place.own.git("worktree", "add", "-q", "-b", "x", str(linked))
    siblings = place.siblings(start=linked)
    assert read(siblings.find("serving", SERVING)) == {"a": b"1"}
    assert read(siblings.find("training", "acme/training")) == {"b": b"2"}
    assert siblings.notices == ()


def test_our_own_repository_is_not_its_own_neighbour(place: Place) -> None:
    place.own.git("worktree", "add", "-q", "-b", "x", str(place.folder / "beside"))
    siblings = place.siblings()
    found = siblings.checkout_of("acme/pipelines")
    assert found is not None
    assert found.top == place.own.path
    assert siblings.notices == ()


def test_the_variables_of_our_hook_do_not_redirect_a_sibling(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.checkout("serving", SERVING, {"a": "1"})
    monkeypatch.chdir(place.own.folder)
    monkeypatch.setenv("GIT_DIR", str(place.own.folder / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(place.own.folder / ".git" / "index"))
    assert read(place.find()) == {"a": b"1"}
    given = {"serving": Given(str(place.folder / "serving"), "")}
    assert read(place.find(given)) == {"a": b"1"}


def test_what_was_fetched_long_ago_is_said(place: Place) -> None:
    source = place.checkout("../source", SERVING, {"a": "1"})
    clone = place.clone(source, "serving")
    for name in ("FETCH_HEAD", "packed-refs"):
        path = clone.folder / ".git" / name
        path.touch()
        os.utime(path, (THEN, THEN))
    old = place.siblings(access=Access(now=THEN + 12 * 86_400))
    old.find("serving", SERVING)
    (notice,) = old.notices
    assert notice == (
        f"serving: origin/main in {clone.path} was fetched 12 days ago: "
        f"`git -C {clone.path} fetch` brings what came since"
    )
    young = place.siblings(access=Access(now=THEN + 3 * 86_400))
    young.find("serving", SERVING)
    assert young.notices == ()


def test_a_folder_with_very_many_folders_is_not_searched_without_end(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours_module, "MAX_FOLDERS", 0)
    place.checkout("serving", SERVING, {"a": "1"})
    place.checkout("other", "acme/training")
    siblings = place.siblings()
    assert read(siblings.find("serving", SERVING)) == {"a": b"1"}
    assert siblings.find("training", "acme/training").tree is None


def test_a_sibling_costs_one_process_of_git(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.checkout("serving", SERVING, {f"conf/{n}": str(n) for n in range(20)})
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    assert len(read(place.find())) == 20
    started = [line for line in trace.read_text().splitlines() if "trace: built-in: git" in line]
    assert len(started) == 1, started


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3 * 3600 + 5, "3 h"),
        (86_400, "1 day"),
        (12 * 86_400 + 7200, "12 days"),
        (-5, "0 s"),
    ],
)
def test_ages_are_spoken(seconds: int, words: str) -> None:
    assert spoken(seconds) == words
