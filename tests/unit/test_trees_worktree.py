"""The work tree: what counts as a file of it, and that nothing outside is read."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from gitrepos import NO_TEXT, Repository, contents, hide

from interlock.errors import TreeError
from interlock.trees import worktree as worktree_module
from interlock.trees.base import Entry
from interlock.trees.worktree import WorkTree

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs names or links of POSIX")


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "re po")


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_tracked_and_new_files_are_there_and_ignored_or_deleted_ones_not(repo: Repository) -> None:
    repo.commit({"a": "1", "sub/b": "2", "gone": "3", ".gitignore": "*.log\nbuild/\n"})
    (repo.folder / "gone").unlink()
    repo.write({"new": "4", "x.log": "5", "build/y": "6", "a": "edited", "sub/deep/c": "7"})
    tree = WorkTree(repo.path)
    got = contents(tree)
    assert got.pop(".gitignore")
    assert got == {"a": b"edited", "new": b"4", "sub/b": b"2", "sub/deep/c": b"7"}
    assert [e.path for e in tree.entries("sub")] == ["sub/b", "sub/deep/c"]
    assert [e.path for e in tree.entries("sub/b")] == ["sub/b"]
    assert tree.entries("su") == []


def test_outside_git_every_file_but_those_of_git_is_there(tmp_path: Path) -> None:
    write(tmp_path / "plain", {"a": "1", "sub/b": "2", "sub/.git/config": "secret", ".hidden": "3"})
    assert contents(WorkTree(str(tmp_path / "plain"))) == {
        ".hidden": b"3",
        "a": b"1",
        "sub/b": b"2",
    }


def test_a_submodule_and_a_repository_inside_are_no_files(repo: Repository) -> None:
    commit = repo.commit({"a": "1"})
    Repository(repo.folder / "inner").commit({"x": "1"})
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{commit},vendored")
    (repo.folder / "vendored").mkdir()
    assert contents(WorkTree(repo.path)) == {"a": b"1"}


def test_a_path_with_a_conflict_is_listed_once(repo: Repository) -> None:
    repo.commit({"a": "base"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"a": "theirs"})
    repo.git("checkout", "-q", "main")
    repo.commit({"a": "ours"})
    with pytest.raises(AssertionError, match="merge"):
        repo.git("merge", "side")
    assert [e.path for e in WorkTree(repo.path).entries("")] == ["a"]


@posix_only
@pytest.mark.parametrize("tracked", [True, False])
def test_links_never_lead_out_or_into_the_folder_of_git(tmp_path: Path, tracked: bool) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "tree"
    if tracked:
        Repository(folder)
    else:
        write(folder, {"real/.git/config": "token"})
    git = ".git" if tracked else "real/.git"
    write(folder, {"real/file": "here"})
    write(tmp_path / "tree-not", {"x": "secret"})
    for name, target in {
        "good": "real/file",
        "out": "../secret",
        "absolute": str(tmp_path / "secret"),
        "inside-absolute": str(folder / "real" / "file"),
        "prefix-alike": "../tree-not/x",
        "config": f"{git}/config",
        "to-git": git,
        "folder": "real",
        "dangling": "nothing",
        "round": "round",
        "real/up": "../../secret",
    }.items():
        os.symlink(target, folder / name)
    out = "is a symbolic link out of the repository"
    assert contents(WorkTree(str(folder))) == {
        "absolute": out,
        "config": out,
        "dangling": "is a symbolic link to nothing in the repository",
        "folder": "is a symbolic link to a folder",
        "good": b"here",
        "inside-absolute": b"here",
        "out": out,
        "prefix-alike": out,
        "real/file": b"here",
        "real/up": out,
        "round": "cannot be read: Too many levels of symbolic links",
        "to-git": out,
    }


@posix_only
def test_a_folder_that_is_a_link_out_is_not_walked(tmp_path: Path) -> None:
    write(tmp_path, {"outside/secret": "x", "plain/a": "1"})
    os.symlink("../outside", tmp_path / "plain" / "linked")
    assert contents(WorkTree(str(tmp_path / "plain"))) == {
        "a": b"1",
        "linked": "is a symbolic link out of the repository",
    }


def test_a_path_that_was_never_listed_does_not_lead_out(tmp_path: Path) -> None:
    write(tmp_path, {"secret": "x", "plain/a": "1"})
    tree = WorkTree(str(tmp_path / "plain"))
    entries = [Entry("../secret", ""), Entry("a/../../secret", ""), Entry("a\0b", "")]
    assert not any(isinstance(data, bytes) for _, data in tree.read(entries))


@posix_only
def test_pipes_are_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path, {"a": "1"})
    os.mkfifo(tmp_path / "pipe")
    os.symlink("pipe", tmp_path / "link-to-pipe")
    assert contents(WorkTree(str(tmp_path))) == {
        "a": b"1",
        "link-to-pipe": "is not a regular file",
    }


@posix_only
@pytest.mark.parametrize("tracked", [True, False])
def test_hostile_names_go_through_unchanged(tmp_path: Path, tracked: bool) -> None:
    if tracked:
        Repository(tmp_path)
    names = ["new\nline", 'quo"te', *NO_TEXT, "ü ä/ö", "-f", "\ttab", "a/\n/b", "back\\s"]
    for at, name in enumerate(names):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(str(at).encode())
    expected = {name: str(at).encode() for at, name in enumerate(names)}
    assert contents(WorkTree(str(tmp_path))) == expected


def test_a_large_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worktree_module, "MAX_FILE_BYTES", 100)
    write(tmp_path, {"large": "x" * 101, "just": "y" * 100})
    got = contents(WorkTree(str(tmp_path)))
    assert got["just"] == b"y" * 100
    assert "101 bytes" in str(got["large"])


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="needs /proc")
def test_a_file_that_claims_no_size_is_read_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worktree_module, "MAX_FILE_BYTES", 100)
    ((_, data),) = WorkTree("/proc/self").read([Entry("status", "")])
    assert "too large" in str(data)


@posix_only
@pytest.mark.skipif(getattr(os, "getuid", lambda: 1)() == 0, reason="root reads everything")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"a": "1"})
    (tmp_path / "a").chmod(0)
    assert contents(WorkTree(str(tmp_path))) == {"a": "cannot be read: Permission denied"}


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TreeError, match="there is no folder"):
        WorkTree(str(tmp_path / "nothing")).entries("")


def test_a_folder_without_end_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worktree_module, "MAX_ENTRIES", 3)
    write(tmp_path, dict.fromkeys("abcdef", ""))
    with pytest.raises(TreeError, match="more than 3 files"):
        WorkTree(str(tmp_path)).entries("")
    Repository(tmp_path)
    with pytest.raises(TreeError, match="more than 3 files"):
        WorkTree(str(tmp_path)).entries("")


def test_our_own_work_tree_is_where_git_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    write(home, {".bashrc": "1", "private": "2"})
    repo = Repository(tmp_path / "dotfiles")
    monkeypatch.setenv("GIT_DIR", str(repo.folder / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(home))
    (repo.folder / ".git" / "info").mkdir(exist_ok=True)
    (repo.folder / ".git" / "info" / "exclude").write_text("private\n")
    assert contents(WorkTree(str(home), own=True)) == {".bashrc": b"1"}
