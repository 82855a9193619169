"""The tree of a revision: listing, links, limits, hostile objects, names of every kind."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from gitrepos import NO_TEXT, Repository, contents, hide

from interlock.errors import TreeError
from interlock.trees import objects as objects_module
from interlock.trees import walking
from interlock.trees.base import Entry
from interlock.trees.objects import Objects
from interlock.trees.revision import RevisionTree, resolve, revision_tree

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs names or links of POSIX")
#: Names that shells, line readers and encodings trip over.
HOSTILE = [
    "with space.yaml",
    "quo\"te's.yaml",
    "line\nbreak.yaml",
    "tab\there.yaml",
    "-dash.yaml",
    ":(glob)x.yaml",
    "ünïcode-日本.yaml",
    *NO_TEXT,
    'deep er/a\nb/c"d.yaml',
    "back\\slash.yaml",
    "${HOME}`id`.yaml",
]


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "re po")


@pytest.fixture
def opened(repo: Repository) -> Iterator[Objects]:
    objects = Objects(repo.path)
    yield objects
    objects.close()


def tree_of(repo: Repository, entries: list[tuple[str, str, bytes]]) -> str:
    """Write one tree object by hand: (mode, id, name), as git itself would refuse to."""
    raw = b"".join(
        mode.encode() + b" " + name + b"\0" + bytes.fromhex(oid) for mode, oid, name in entries
    )
    return repo.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", given=raw)


def commit_of(repo: Repository, tree: str) -> str:
    return repo.git("commit-tree", tree, "-m", "x")


def blob_of(repo: Repository, content: bytes) -> str:
    return repo.git("hash-object", "-w", "--stdin", given=content)


def test_files_below_a_prefix_are_listed_sorted_with_their_ids(
    repo: Repository, opened: Objects
) -> None:
    repo.commit({"b": "1", "a/x": "2", "a/y/z": "3", "ab": "4", "a.txt": "5"})
    tree = revision_tree(opened, "HEAD")
    listed = repo.git("ls-tree", "-r", "--format=%(path) %(objectname)", "HEAD").splitlines()
    assert [f"{e.path} {e.oid}" for e in tree.entries("")] == sorted(listed)
    assert [e.path for e in tree.entries("a")] == ["a/x", "a/y/z"]
    assert [e.path for e in tree.entries("a/y")] == ["a/y/z"]
    assert [e.path for e in tree.entries("a/x")] == ["a/x"]
    assert tree.entries("a/x/deeper") == []
    assert tree.entries("nothing/there") == []
    assert contents(tree, "a") == {"a/x": b"2", "a/y/z": b"3"}


def test_only_folders_below_the_prefix_are_read(repo: Repository, opened: Objects) -> None:
    repo.commit({f"other{n}/sub/file": str(n) for n in range(5)} | {"mine/a": "1"})
    asked = []
    get = opened.get
    opened.get = lambda name: asked.append(name) or get(name)  # type: ignore[method-assign,func-returns-value]
    tree = RevisionTree(opened, repo.git("rev-parse", "HEAD"), "x")
    tree.entries("mine")
    tree.entries("mine")
    assert len(asked) == 2


def test_the_label_names_the_revision_and_its_commit(repo: Repository, opened: Objects) -> None:
    commit = repo.commit({"a": "1"})
    repo.git("tag", "-a", "v1", "-m", "x")
    repo.git("branch", "feature/x")
    short = commit[:7]
    assert revision_tree(opened, "main").label == f"main ({short})"
    assert revision_tree(opened, "refs/heads/feature/x").label == f"feature/x ({short})"
    assert revision_tree(opened, "v1").label == f"v1 ({short})"
    assert revision_tree(opened, commit).label == short
    assert revision_tree(opened, commit[:10]).label == short
    assert revision_tree(opened, "v1").commit == commit


def test_a_missing_revision_names_the_one_that_was_meant(repo: Repository, opened: Objects) -> None:
    commit = repo.commit({"a": "1"})
    repo.git("branch", "release-2")
    repo.git("update-ref", "refs/remotes/origin/staging-eu", commit)
    with pytest.raises(TreeError) as raised:
        revision_tree(opened, "relase-2")
    assert "there is no revision `relase-2`" in str(raised.value)
    assert "did you mean `release-2`?" in str(raised.value)
    with pytest.raises(TreeError, match="did you mean `staging-eu`"):
        revision_tree(opened, "stagin-eu")
    with pytest.raises(TreeError, match="fetch it there"):
        revision_tree(opened, "zzzzzzzz")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-h",
        "--batch",
        "HEAD:a",
        ":/change",
        "HEAD^{/change}",
        "a\nb",
        "a\0b",
        "x" * 5000,
        "\ud800",
    ],
)
def test_what_is_no_revision_is_refused_and_the_process_lives_on(
    repo: Repository, opened: Objects, name: str
) -> None:
    commit = repo.commit({"a": "1"})
    assert resolve(opened, (name,)) is None
    assert resolve(opened, (name, "HEAD")) == ("HEAD", commit)


def test_a_folder_that_is_no_repository_says_so(tmp_path: Path) -> None:
    objects = Objects(str(tmp_path))
    with pytest.raises(TreeError, match="not a git repository"):
        revision_tree(objects, "HEAD")
    objects.close()


@posix_only
def test_hostile_names_go_through_unchanged(repo: Repository, opened: Objects) -> None:
    files = {name: f"content of {at}".encode() for at, name in enumerate(HOSTILE)}
    repo.commit(files)
    tree = revision_tree(opened, "HEAD")
    assert contents(tree) == files
    for name, content in files.items():
        assert contents(tree, name) == {name: content}


@posix_only
def test_links_are_followed_inside_the_repository_only(repo: Repository, opened: Objects) -> None:
    repo.commit({"real/file": "here", "real/inner/other": "there"})
    links = {
        "to-file": "real/file",
        "real/up": "../to-file",
        "dotted": "./real/.//inner/../file",
        "to-folder": "real/inner",
        "through": "to-folder/other",
        "physical": "to-folder/../file",
        "out": "../outside",
        "far-out": "real/../../outside",
        "absolute": "/etc/passwd",
        "git": ".git/config",
        "dangling": "nothing",
        "below-file": "real/file/x",
        "self": "self",
        "to-root": "real/..",
        "round-a": "round-b",
        "round-b": "round-a",
    }
    for name, target in links.items():
        os.symlink(target, repo.folder / name)
    repo.commit({})
    got = contents(revision_tree(opened, "HEAD"))
    good = {name: got.pop(name) for name in list(got) if isinstance(got[name], bytes)}
    assert good == {
        "real/file": b"here",
        "real/inner/other": b"there",
        "to-file": b"here",
        "real/up": b"here",
        "dotted": b"here",
        "through": b"there",
        "physical": b"here",
    }
    assert got == {
        "to-folder": "is a symbolic link to a folder",
        "to-root": "is a symbolic link to a folder",
        "out": "is a symbolic link out of the repository",
        "far-out": "is a symbolic link out of the repository",
        "absolute": "is a symbolic link out of the repository",
        "git": "is a symbolic link to nothing in the repository",
        "dangling": "is a symbolic link to nothing in the repository",
        "below-file": "is a symbolic link to nothing in the repository",
        "self": "is a symbolic link that leads round in circles",
        "round-a": "is a symbolic link that leads round in circles",
        "round-b": "is a symbolic link that leads round in circles",
    }


def test_a_submodule_is_no_file(repo: Repository, opened: Objects) -> None:
    commit = repo.commit({"a": "1"})
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{commit},vendored")
    repo.git("commit", "-q", "-m", "submodule")
    tree = revision_tree(opened, "HEAD")
    assert contents(tree) == {"a": b"1"}
    assert tree.entries("vendored") == []


def test_a_file_that_is_too_large_is_not_read_and_the_next_one_is(
    repo: Repository, opened: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects_module, "MAX_FILE_BYTES", 100_000)
    repo.commit({"a-large": b"x" * 100_001, "b-just": b"y" * 100_000, "c-small": b"z"})
    got = contents(revision_tree(opened, "HEAD"))
    assert isinstance(got["a-large"], str)
    assert "100,001 bytes" in got["a-large"]
    assert got["b-just"] == b"y" * 100_000
    assert got["c-small"] == b"z"


def test_empty_files_and_every_byte_are_read(repo: Repository, opened: Objects) -> None:
    files = {"empty": b"", "bytes": bytes(range(256)) * 700, "lines": b"\n\n\0\n"}
    repo.commit(files)
    assert contents(revision_tree(opened, "HEAD")) == files


def test_a_sha256_repository_is_read(tmp_path: Path) -> None:
    repo = Repository(tmp_path / "long", "--object-format=sha256")
    commit = repo.commit({"a/b": "1", "c": "2"})
    objects = Objects(repo.path)
    tree = revision_tree(objects, "main")
    assert len(commit) == 64
    assert contents(tree) == {"a/b": b"1", "c": b"2"}
    objects.close()


def test_a_bare_repository_and_a_linked_worktree_are_read(repo: Repository, tmp_path: Path) -> None:
    commit = repo.commit({"a": "1"})
    repo.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    repo.git("clone", "-q", "--bare", repo.path, str(tmp_path / "bare.git"))
    for where in ("linked", "bare.git"):
        objects = Objects(str(tmp_path / where))
        assert revision_tree(objects, "HEAD").commit == commit
        objects.close()


@pytest.mark.parametrize("name", [b"..", b".", b".git", b".GIT", b"a/b", b"", b"/etc"])
def test_a_name_that_leads_elsewhere_makes_the_tree_unreadable(
    repo: Repository, opened: Objects, name: bytes
) -> None:
    blob = blob_of(repo, b"evil")
    tree = tree_of(repo, [("100644", blob, name)])
    with pytest.raises(TreeError, match="forbidden name"):
        RevisionTree(opened, commit_of(repo, tree), "evil").entries("")


def test_a_malformed_tree_is_a_sentence(repo: Repository, opened: Objects) -> None:
    raw = b"100644 a\0" + b"\1" * 7
    tree = repo.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", given=raw)
    with pytest.raises(TreeError, match="malformed: `git fsck`"):
        RevisionTree(opened, commit_of(repo, tree), "evil").entries("")


def test_old_modes_with_a_leading_zero_are_folders(repo: Repository, opened: Objects) -> None:
    inner = tree_of(repo, [("100644", blob_of(repo, b"1"), b"file")])
    tree = tree_of(repo, [("040000", inner, b"folder")])
    assert contents(RevisionTree(opened, commit_of(repo, tree), "x")) == {"folder/file": b"1"}


def test_trees_that_multiply_end_in_a_sentence(
    repo: Repository, opened: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "MAX_ENTRIES", 2000)
    tree = tree_of(repo, [("100644", blob_of(repo, b"x"), b"f%d" % n) for n in range(10)])
    for _ in range(8):
        tree = tree_of(repo, [("40000", tree, b"d%d" % n) for n in range(10)])
    with pytest.raises(TreeError, match="more than 2,000 files"):
        RevisionTree(opened, commit_of(repo, tree), "bomb").entries("")


def test_a_path_without_end_ends_in_a_sentence(repo: Repository, opened: Objects) -> None:
    tree = tree_of(repo, [("100644", blob_of(repo, b"x"), b"f")])
    name = b"d" * 200
    for _ in range(30):
        tree = tree_of(repo, [("40000", tree, name)])
    with pytest.raises(TreeError, match="more than 4096 characters"):
        RevisionTree(opened, commit_of(repo, tree), "deep").entries("")


def test_a_blob_that_is_gone_makes_the_repository_unreadable(
    repo: Repository, opened: Objects
) -> None:
    repo.commit({"a": "1"})
    tree = revision_tree(opened, "HEAD")
    with pytest.raises(TreeError, match="files that are needed"):
        list(tree.read([Entry("a", "1" * 40)]))


def test_a_commit_in_the_place_of_a_tree_is_a_sentence(repo: Repository, opened: Objects) -> None:
    commit = repo.commit({"a": "1"})
    tree = tree_of(repo, [("40000", commit, b"folder")])
    with pytest.raises(TreeError, match="git has not got the folder folder of odd"):
        RevisionTree(opened, commit_of(repo, tree), "odd").entries("")


def test_a_tree_can_be_read_again_after_its_process_ended(
    repo: Repository, opened: Objects
) -> None:
    repo.commit({"a": "1"})
    tree = revision_tree(opened, "HEAD")
    opened.close()
    assert contents(tree) == {"a": b"1"}
