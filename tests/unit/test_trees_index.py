"""What is staged: overlays on HEAD, deletions, first commits, conflicts, other indexes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from gitrepos import NO_TEXT, Repository, contents, hide, run_git

from interlock.errors import TreeError
from interlock.trees.index import IndexTree, index_tree, staged_changes
from interlock.trees.objects import Objects
from interlock.trees.revision import RevisionTree, resolve
from interlock.trees.walking import UNMERGED

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs names or links of POSIX")


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "re po")


def staged(repo: Repository) -> IndexTree:
    objects = Objects(repo.path, own=True)
    found = resolve(objects, ("HEAD",))
    head = RevisionTree(objects, found[1], "HEAD") if found else None
    return index_tree(objects, head, staged_changes(repo.path))


def test_staged_content_is_read_and_not_what_lies_in_the_folder(repo: Repository) -> None:
    repo.commit({"a": "old", "keep": "kept"})
    repo.write({"a": "staged"})
    repo.git("add", "a")
    repo.write({"a": "later", "untracked": "x", "keep": "edited"})
    assert contents(staged(repo)) == {"a": b"staged", "keep": b"kept"}
    assert set(staged_changes(repo.path)) == {"a"}


def test_a_staged_deletion_is_seen_though_the_file_lies_there(repo: Repository) -> None:
    repo.commit({"conf/a": "1", "conf/b": "2", "c": "3"})
    repo.git("rm", "-q", "--cached", "conf/a")
    tree = staged(repo)
    assert (repo.folder / "conf" / "a").exists()
    assert contents(tree) == {"c": b"3", "conf/b": b"2"}
    assert tree.entries("conf/a") == []
    assert set(staged_changes(repo.path)) == {"conf/a"}


def test_a_deletion_that_is_not_staged_is_not_seen(repo: Repository) -> None:
    repo.commit({"a": "1"})
    (repo.folder / "a").unlink()
    assert contents(staged(repo)) == {"a": b"1"}
    assert staged_changes(repo.path) == {}


def test_both_sides_of_a_rename_are_changed(repo: Repository) -> None:
    repo.commit({"old/name": "the same content in both places"})
    repo.git("config", "diff.renames", "copies")
    (repo.folder / "new").mkdir()
    repo.git("mv", "old/name", "new/name")
    assert set(staged_changes(repo.path)) == {"old/name", "new/name"}
    assert list(contents(staged(repo))) == ["new/name"]


def test_new_folders_and_every_prefix_are_listed(repo: Repository) -> None:
    repo.commit({"a/b/old": "1"})
    repo.write({"a/b/c/new": "2", "z/y/x/new": "3"})
    repo.git("add", "-A")
    tree = staged(repo)
    assert [e.path for e in tree.entries("")] == ["a/b/c/new", "a/b/old", "z/y/x/new"]
    assert [e.path for e in tree.entries("z/y")] == ["z/y/x/new"]
    assert [e.path for e in tree.entries("a/b")] == ["a/b/c/new", "a/b/old"]
    assert [e.path for e in tree.entries("a/b/c/new")] == ["a/b/c/new"]
    assert tree.entries("z/nothing") == []


def test_a_file_may_become_a_folder_and_a_folder_a_file(repo: Repository) -> None:
    repo.commit({"one": "file", "two/a": "1", "two/b": "2"})
    (repo.folder / "one").unlink()
    (repo.folder / "two" / "a").unlink()
    (repo.folder / "two" / "b").unlink()
    (repo.folder / "two").rmdir()
    repo.write({"one/inner": "now a folder", "two": "now a file"})
    repo.git("add", "-A")
    assert contents(staged(repo)) == {"one/inner": b"now a folder", "two": b"now a file"}
    assert set(staged_changes(repo.path)) == {"one", "one/inner", "two", "two/a", "two/b"}


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_the_first_commit_has_a_staged_tree(tmp_path: Path, form: str) -> None:
    repo = Repository(tmp_path / "new", f"--object-format={form}")
    assert contents(staged(repo)) == {}
    repo.write({"a/b": "1", "c": "2"})
    repo.git("add", "a")
    assert contents(staged(repo)) == {"a/b": b"1"}
    assert set(staged_changes(repo.path)) == {"a/b"}


def test_a_sha256_repository_is_overlaid(tmp_path: Path) -> None:
    repo = Repository(tmp_path / "long", "--object-format=sha256")
    repo.commit({"a": "1", "b": "2"})
    repo.write({"a": "changed"})
    repo.git("add", "a")
    assert contents(staged(repo)) == {"a": b"changed", "b": b"2"}


def test_what_is_only_intended_to_be_added_is_not_staged(repo: Repository) -> None:
    repo.commit({"a": "1"})
    repo.write({"later": "2"})
    repo.git("add", "-N", "later")
    assert contents(staged(repo)) == {"a": b"1"}
    assert staged_changes(repo.path) == {}


def test_a_conflict_is_named_and_other_files_are_read(repo: Repository) -> None:
    repo.commit({"a": "base", "b": "1"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"a": "theirs"})
    repo.git("checkout", "-q", "main")
    repo.commit({"a": "ours"})
    with pytest.raises(AssertionError, match="merge"):
        repo.git("merge", "side")
    assert staged_changes(repo.path)["a"].mode == UNMERGED
    assert contents(staged(repo)) == {
        "a": "has a merge conflict that is not resolved",
        "b": b"1",
    }


@posix_only
def test_a_staged_link_is_followed_to_what_is_staged(repo: Repository) -> None:
    repo.commit({"target": "old", "gone": "x"})
    os.symlink("target", repo.folder / "committed")
    repo.commit({})
    os.symlink("target", repo.folder / "link")
    os.symlink("gone", repo.folder / "dangling")
    os.symlink("../x", repo.folder / "out")
    repo.write({"target": "staged"})
    repo.git("rm", "-q", "gone")
    repo.git("add", "-A")
    assert contents(staged(repo)) == {
        "target": b"staged",
        "committed": b"staged",
        "link": b"staged",
        "dangling": "is a symbolic link to nothing in the repository",
        "out": "is a symbolic link out of the repository",
    }


def test_a_staged_submodule_is_changed_and_no_file(repo: Repository) -> None:
    commit = repo.commit({"a": "1"})
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{commit},vendored")
    assert set(staged_changes(repo.path)) == {"vendored"}
    assert contents(staged(repo)) == {"a": b"1"}


@posix_only
def test_hostile_names_are_staged_unchanged(repo: Repository) -> None:
    repo.commit({"a": "1"})
    names = ["new\nline", 'quo"te', *NO_TEXT, "ü ä/ö", ":100644 x", "-f", "\ttab"]
    repo.write(dict.fromkeys(names, "x"))
    repo.git("add", "-A")
    assert set(staged_changes(repo.path)) == set(names)
    assert contents(staged(repo)) == {"a": b"1"} | dict.fromkeys(names, b"x")


def test_very_deep_staged_paths_are_listed(repo: Repository) -> None:
    repo.commit({"a": "1"})
    blob = repo.git("hash-object", "-w", "--stdin", given=b"deep")
    path = "/".join(["d"] * 1500)
    repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    assert contents(staged(repo), "d") == {path: b"deep"}


def test_settings_of_the_user_do_not_change_the_answer(repo: Repository) -> None:
    repo.commit({"a": "1"})
    for name, value in {
        "diff.orderFile": "/not/there",
        "diff.noprefix": "true",
        "diff.relative": "true",
        "diff.renames": "true",
        "color.ui": "always",
        "core.abbrev": "4",
        "diff.external": "false",
    }.items():
        repo.git("config", name, value)
    repo.git("mv", "a", "b")
    assert set(staged_changes(repo.path)) == {"a", "b"}
    assert contents(staged(repo)) == {"b": b"1"}


def test_an_executable_bit_is_a_change(repo: Repository) -> None:
    repo.commit({"a": "1"})
    repo.git("update-index", "--chmod=+x", "a")
    assert set(staged_changes(repo.path)) == {"a"}


HOOK = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from gitrepos import contents
from interlock.trees.index import index_tree, staged_changes
from interlock.trees.objects import Objects
from interlock.trees.revision import RevisionTree, resolve
objects = Objects({top!r}, own=True)
head = RevisionTree(objects, resolve(objects, ("HEAD",))[1], "HEAD")
changes = staged_changes({top!r})
found = contents(index_tree(objects, head, changes))
Path({out!r}).write_text(repr((sorted(changes), found)))
"""


@posix_only
@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("arguments", [["-a"], ["first"], ["-i", "first"]])
def test_a_hook_sees_what_the_commit_will_hold(
    repo: Repository, tmp_path: Path, arguments: list[str], linked: bool
) -> None:
    repo.commit({"first": "1", "second": "2", "staged": "3"})
    top = repo.folder
    if linked:
        top = tmp_path / "linked tree"
        repo.git("worktree", "add", "-q", "-b", "side", str(top))
    out = tmp_path / "seen"
    script = tmp_path / "hook.py"
    tests = str(Path(__file__).resolve().parents[1])
    script.write_text(HOOK.format(tests=tests, top=str(top), out=str(out)))
    hook = repo.folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{script}'\n")
    hook.chmod(0o755)
    for name in ("first", "second", "staged"):
        (top / name).write_text("new")
    run_git(top, "add", "staged")
    run_git(top, "commit", "-qm", "x", *arguments)
    committed = run_git(top, "diff", "--name-only", "HEAD~", "HEAD").split()
    old = {"first": b"1", "second": b"2", "staged": b"3"}
    assert out.read_text() == repr((committed, old | dict.fromkeys(committed, b"new")))
    assert len(committed) == {"-a": 3, "first": 1, "-i": 2}[arguments[0]]


def test_a_broken_index_is_a_sentence(repo: Repository) -> None:
    repo.commit({"a": "1"})
    (repo.folder / ".git" / "index").write_bytes(b"nonsense that is long enough to be read")
    with pytest.raises(TreeError, match="index file"):
        staged_changes(repo.path)
