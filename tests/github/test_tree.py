"""A commit's files over GitHub's API, held to git's own tree of the same commit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("graphql", reason="the sandbox's GraphQL needs graphql-core")
from githubline import Line
from gitrepos import Repository, contents, hide

from interlock.errors import TreeError
from interlock.github import tree as module
from interlock.github.tree import GitHubTree, tree_at
from interlock.sandbox import Fault, Sandbox
from interlock.sandbox.process import Clock
from interlock.trees.base import Entry, Unread
from interlock.trees.objects import Objects
from interlock.trees.revision import revision_tree

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and names of POSIX")
START = 1_767_225_600.0
FILES: dict[str, str | bytes] = {
    "top.yaml": "top: 1\n",
    "a/b/c/deep.yaml": "deep: 1\n",
    "a/b.yaml": "beside: a folder of nearly its name\n",
    "a/empty": "",
    "bytes.bin": bytes(range(256)) * 300,
    "with space/ü ☃.txt": "names\n",
    'q"uo\te/new\nline': "names\n",
    "percent %41/#1?x=y": "names\n",
}


class Both:
    """One repository, seen by git and by GitHub."""

    def __init__(self, folder: Path) -> None:
        self.local = Repository(folder / "local")
        self.local.write(FILES)
        (self.local.folder / "link").symlink_to("top.yaml")
        (self.local.folder / "a" / "out").symlink_to("/etc/passwd")
        self.local.git("add", "-A")
        self.local.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub/module")
        self.local.git("commit", "-qm", "all")
        self.sandbox = Sandbox(clock=Clock(START))
        self.sandbox.org("acme", admins=("alice",))
        self.sandbox.repo("acme/a", source=self.local.path)
        self.objects = Objects(self.local.path, own=True)
        self.git = revision_tree(self.objects, "main")
        self.line = Line(self.sandbox, self.sandbox.token("alice"))

    def tree(self, revision: str = "main") -> GitHubTree:
        return tree_at(self.line.to, "acme/a", revision)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    with pytest.MonkeyPatch.context() as patch:
        hide(patch)
        both = Both(tmp_path_factory.mktemp("both"))
        yield both
        both.objects.close()
        both.sandbox.close()


@pytest.fixture
def both(made: Both) -> Iterator[Both]:
    made.sandbox.requests.clear()
    yield made
    made.sandbox.faults.rules.clear()


PREFIXES = ["", "a", "a/b", "a/b/c/deep.yaml", "top.yaml", "link", "sub", "sub/module", "none"]
PREFIXES += [
    "a/none",
    "top.yaml/x",
    "link/x",
    "a/b/c",
    'q"uo\te',
    "with space/ü ☃.txt",
    "percent %41",
]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_it_lists_and_reads_what_git_does(prefix: str, both: Both) -> None:
    tree = both.tree()
    assert list(tree.entries(prefix)) == list(both.git.entries(prefix))
    wanted = {
        path: "is a symbolic link" if path in ("link", "a/out") else data
        for path, data in contents(both.git, prefix).items()
    }
    assert contents(tree, prefix) == wanted


def test_it_is_called_by_its_branch_and_commit(both: Both) -> None:
    tree = both.tree()
    assert (tree.commit, tree.label) == (both.git.commit, both.git.label)
    assert both.tree("").commit == both.tree(both.git.commit).commit == both.git.commit


def test_an_executable_is_a_file_and_a_folder_is_asked_for_once(both: Both) -> None:
    tree = both.tree()
    both.sandbox.requests.clear()
    for path in ("a/b/c", "a/b.yaml", "a/empty"):
        assert tree.entries(path)
    # The root, a, a/b, and all below a/b/c.
    assert len(both.sandbox.requests) == 4


@pytest.mark.parametrize("prefix", ["", "a", "a/b/c/deep.yaml"])
def test_a_listing_that_was_cut_short_is_an_error_at_every_depth(prefix: str, both: Both) -> None:
    tree = both.tree()
    both.sandbox.faults.add(Fault("GET */git/trees/*", times=-1, truncate=1))
    with pytest.raises(TreeError, match="more files than GitHub lists at once"):
        tree.entries(prefix)


def test_a_failure_is_an_error_and_never_an_empty_tree(both: Both) -> None:
    tree = both.tree()
    entry = tree.entries("top.yaml")[0]
    for fault in (
        Fault("GET */git/trees/*", times=-1, status=404),
        Fault("GET *", times=-1, status=403),
    ):
        both.sandbox.faults.add(fault)
        with pytest.raises(TreeError):
            tree.entries("a")
        both.sandbox.faults.rules.clear()
    both.sandbox.faults.add(Fault("GET */git/blobs/*", times=-1, status=404))
    with pytest.raises(TreeError):
        list(tree.read([entry]))


def test_bounds_of_files_and_of_their_number(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = both.tree()
    entries = tree.entries("bytes.bin")
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 256 * 300 - 1)
    ((_, large),) = tree.read(entries)
    assert isinstance(large, Unread)
    assert "too large" in large.reason
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 256 * 300)
    assert dict(tree.read(entries))[entries[0]] == FILES["bytes.bin"]
    monkeypatch.setattr(module, "MAX_ENTRIES", len(contents(both.git)) - 1)
    with pytest.raises(TreeError, match="holds more than"):
        tree.entries("")


def test_a_file_that_came_cut_short_is_not_read(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = both.tree()
    entries = tree.entries("top.yaml")
    answered = both.line.to.get

    for content in ("dG9w", "no base64!", ""):

        def cut(path: str, content: str = content, **parameters: str) -> object:
            answer = answered(path, **parameters)
            return answer._replace(data={**answer.data, "content": content})

        monkeypatch.setattr(both.line.to, "get", cut)
        assert list(tree.read(entries)) == [(entries[0], Unread("came from GitHub cut short"))]


@pytest.mark.parametrize("revision", ["none", "no/such", "0" * 40])
def test_a_revision_that_is_not_there_is_named(revision: str, both: Both) -> None:
    with pytest.raises(TreeError, match=f"a revision `{revision}`"):
        both.tree(revision)
    with pytest.raises(TreeError, match="acme/none"):
        tree_at(both.line.to, "acme/none", "")


def test_what_has_no_id_is_not_asked_for(both: Both) -> None:
    tree = both.tree()
    both.sandbox.requests.clear()
    assert list(tree.read([Entry("link", "")])) == [
        (Entry("link", ""), Unread("is a symbolic link"))
    ]
    assert both.sandbox.requests == []
