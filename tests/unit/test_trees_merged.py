"""What a repository holds once a change has landed, held against git's own merge."""

from __future__ import annotations

from pathlib import Path

import pytest
from gitrepos import Repository, contents, hide
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.trees.base import Entry, Unread
from interlock.trees.memory import MemoryTree
from interlock.trees.merged import CONFLICT, MergedTree, changed_paths, landed
from interlock.trees.objects import Objects
from interlock.trees.revision import RevisionTree, labelled, revision_tree


def memory(**files: str) -> MemoryTree:
    return MemoryTree({name: text.encode() for name, text in files.items()})


LINES = "one\ntwo\nthree\nfour\nfive\n"
EDITED = LINES.replace("one", "ONE")
OTHER = LINES.replace("five", "FIVE")


@pytest.mark.parametrize(
    ("base", "now", "head", "wanted"),
    [
        ({"a": "1"}, {"a": "1"}, {"a": "2"}, {"a": b"2"}),
        ({"a": "1"}, {"a": "2"}, {"a": "1"}, {"a": b"2"}),
        ({"a": "1"}, {"a": "2"}, {"a": "2"}, {"a": b"2"}),
        ({"a": "1"}, {"a": "2"}, {"a": "3"}, {"a": CONFLICT}),
        ({"a": LINES}, {"a": EDITED}, {"a": OTHER}, {"a": EDITED.replace("five", "FIVE").encode()}),
        ({"a": "1"}, {"a": "1"}, {}, {}),
        ({"a": "1"}, {}, {"a": "1"}, {}),
        ({"a": "1"}, {"a": "2"}, {}, {"a": CONFLICT}),
        ({"a": "1"}, {}, {"a": "2"}, {"a": CONFLICT}),
        ({}, {"a": "1"}, {"b": "2"}, {"a": b"1", "b": b"2"}),
        ({}, {"a": "1"}, {"a": "2"}, {"a": CONFLICT}),
        ({}, {"a": ""}, {"a": "2"}, {"a": b"2"}),
        ({}, {"a": "1"}, {"a": "1"}, {"a": b"1"}),
    ],
)
def test_each_side_gives_what_it_changed(
    base: dict[str, str], now: dict[str, str], head: dict[str, str], wanted: dict[str, object]
) -> None:
    assert contents(MergedTree(memory(**now), memory(**base), memory(**head))) == wanted


def test_a_path_is_read_without_having_been_listed() -> None:
    tree = MergedTree(memory(a="1"), memory(a="1"), memory(a="2"))
    assert list(tree.read([Entry("a", ""), Entry("b", "")])) == [
        (Entry("a", ""), b"2"),
        (Entry("b", ""), Unread("is not there")),
    ]


def test_the_paths_that_differ() -> None:
    one, other = memory(a="1", b="1", c="1"), memory(a="1", b="2", d="1")
    assert changed_paths(one, other) == ["b", "c", "d"]
    assert changed_paths(one, other, "c") == ["c"]


TEXTS = st.dictionaries(st.sampled_from("ab"), st.lists(st.sampled_from("xyz"), max_size=5))


@settings(max_examples=25, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_it_is_what_git_merges(
    tmp_path_factory: pytest.TempPathFactory,
    base: dict[str, list[str]],
    ours: dict[str, list[str]],
    theirs: dict[str, list[str]],
) -> None:
    repo = Repository(tmp_path_factory.mktemp("repo"))

    def commit(files: dict[str, list[str]]) -> str:
        for name in "ab":
            (repo.folder / name).unlink(missing_ok=True)
        # No line of one file stands in the other: git follows renames, and we do not.
        lines = {name: "".join(f"{name} {line}\n" for line in text) for name, text in files.items()}
        return repo.commit({"keep": "", **lines})

    parted = commit(base)
    head = commit(theirs)
    repo.git("checkout", "-q", parted)
    now = commit(ours)
    try:
        repo.git("merge", "-q", "--no-edit", "-X", "no-renames", head)
    except AssertionError:
        wanted = None
    else:
        wanted = {p.name: p.read_bytes() for p in repo.folder.iterdir() if p.is_file()}
    objects = Objects(repo.path, own=True)
    try:
        trees = [RevisionTree(objects, commit, "x") for commit in (now, parted, head)]
        found = contents(MergedTree(*trees))
    finally:
        objects.close()
    if wanted is None:
        assert CONFLICT in found.values()
    else:
        assert found == wanted


def test_where_nothing_else_landed_the_head_itself_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(monkeypatch)
    repo = Repository(tmp_path / "r")
    first = repo.commit({"a": "1"})
    repo.commit({"a": "2"})
    objects = Objects(repo.path, own=True)
    try:
        head = revision_tree(objects, "main")
        one, same = labelled(objects, "x", first), labelled(objects, "y", first)
        assert landed(one, same, head) is head
        assert isinstance(landed(head, one, head), MergedTree)
        assert [e.oid for e in landed(head, one, head).entries("")] == [
            e.oid for e in head.entries("")
        ]
    finally:
        objects.close()
