"""What git says of changes, and the trees that are known by it alone, over real repositories."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from gitrepos import Repository, clean_environment, hide
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interlock.trees.base import Entry, Tree, Unread
from interlock.trees.changes import merge_bases
from interlock.trees.memory import MemoryTree
from interlock.trees.merged import MergedTree, changed_paths
from interlock.trees.objects import Objects
from interlock.trees.process import git
from interlock.trees.revision import RevisionTree
from interlock.trees.since import Changes, Since, since
from interlock.trees.some_paths import SomePaths

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names and links of POSIX")
#: One is a folder where another is a file; some are no text, or look like what git prints.
PATHS = [
    b"a",
    b"a/b",
    b"a/b/c",
    b"d/a",
    b"d/e",
    b"d/link",
    b'q"uo\te',
    b"new\nline",
    b"\xff\xfe",
    b":100644 100644",
    b"sub",
]
TEXTS = [b"", b"one\n", b"one\ntwo\nthree\n", b"ONE\ntwo\nthree\n", b"one\ntwo\nTHREE\n"]
#: mode and content; the content of a link is where it leads, of a submodule nothing.
Content = tuple[str, bytes]
Snapshot = dict[bytes, Content]
CONTENTS = st.one_of(
    st.tuples(st.sampled_from(["100644", "100755"]), st.sampled_from(TEXTS)),
    st.tuples(st.just("120000"), st.sampled_from([b"a", b"../a", b"e", b"/x", b"d/e"])),
    st.just(("160000", b"")),
)
SUBMODULE = "1" * 40


@pytest.fixture(scope="module", autouse=True)
def _clean() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        hide(patch)
        yield


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Objects]:
    """One repository for all histories of this file."""
    repo = Repository(tmp_path_factory.mktemp("store"), "--bare")
    objects = Objects(repo.path)
    yield objects
    objects.close()


def imported(store: Objects, commits: list[tuple[Snapshot, list[int]]]) -> list[str]:
    """Commits of whole snapshots, each with the numbers of its parents; their ids."""
    lines = [b"feature done\n"]
    for at, (files, parents) in enumerate(commits, start=1):
        lines.append(b"reset refs/heads/x\ncommit refs/heads/x\nmark :%d\n" % at)
        lines.append(b"committer A <a@example.com> %d +0000\ndata 0\n" % (1_700_000_000 + at))
        for word, parent in zip((b"from", *(b"merge" for _ in parents)), parents, strict=False):
            lines.append(b"%s :%d\n" % (word, parent + 1))
        lines.append(b"deleteall\n")
        for path, (mode, data) in sorted(files.items()):
            quoted = b"".join(
                b"\\%03o" % c if c in b'"\\\n\t' or c > 126 else bytes([c]) for c in path
            )
            if mode == "160000":
                lines.append(b'M 160000 %s "%s"\n' % (SUBMODULE.encode(), quoted))
            else:
                lines.append(b'M %s inline "%s"\n' % (mode.encode(), quoted))
                lines.append(b"data %d\n%s\n" % (len(data), data))
    lines += [b"get-mark :%d\n" % at for at in range(1, len(commits) + 1)]
    done = subprocess.run(
        ["git", "-C", store.where, "fast-import", "--quiet", "--force"],
        input=b"".join([*lines, b"done\n"]),
        env=clean_environment(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    store.close()  # a running process may not look for the new pack
    return done.stdout.decode().split()


def plausible(files: Snapshot) -> Snapshot:
    """Without what lies below a file."""
    return {
        path: content
        for path, content in files.items()
        if not any(path.startswith(other + b"/") for other in files)
    }


@st.composite
def snapshots(draw: Any) -> list[Snapshot]:
    """A beginning, and two states that followed from it."""
    base = draw(st.dictionaries(st.sampled_from(PATHS), CONTENTS, max_size=7))
    found = [plausible(base)]
    for _ in range(2):
        after = dict(base)
        for path in draw(st.lists(st.sampled_from(PATHS), max_size=4, unique=True)):
            what = draw(st.one_of(st.none(), CONTENTS, st.sampled_from(PATHS)))
            if isinstance(what, bytes):  # a rename
                if what in after:
                    after[path] = after.pop(what)
            elif what is None:
                after.pop(path, None)
            else:
                for other in [o for o in after if path.startswith(o + b"/")]:
                    del after[other]
                after[path] = what
        found.append(plausible(after))
    return found


def content_of(tree: Tree, prefix: str = "") -> list[tuple[str, bytes | str]]:
    return [
        (entry.path, data.reason if isinstance(data, Unread) else data)
        for entry, data in tree.read(tree.entries(prefix))
    ]


def pair(store: Objects, base: str, head: str) -> tuple[RevisionTree, RevisionTree]:
    """Both sides of a change, as the bot makes them of what git says."""
    (known,) = since(store.where, [(head, base)])
    before: Changes = {path: (None, old) for path, (old, _) in known.changes.items()}
    return (
        RevisionTree(store, base, "base", Since("", before)),
        RevisionTree(store, head, "head", known),
    )


PREFIXES = ["", "a", "a/b", "a/b/c", "d", "d/e", "d/link", "sub", "none", "new\nline"]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(snapshots())
def test_trees_known_by_their_changes_hold_what_listed_ones_do(
    store: Objects, states: list[Snapshot]
) -> None:
    base, head, now = imported(store, [(files, []) for files in states])
    known = pair(store, base, head)
    plain = RevisionTree(store, base, "x"), RevisionTree(store, head, "x")
    tip = RevisionTree(store, now, "now")
    for one, other in zip(known, plain, strict=True):
        for prefix in PREFIXES:
            assert content_of(one, prefix) == content_of(other, prefix)
            assert one.item(prefix) == other.item(prefix) or not prefix
    for mine, theirs in ((known, plain), (known[::-1], plain[::-1])):
        merged = MergedTree(tip, mine[0], mine[1])
        listed = MergedTree(tip, theirs[0], theirs[1])
        for prefix in PREFIXES:
            assert content_of(merged, prefix) == content_of(listed, prefix)
        # One change upon another.
        again = MergedTree(merged, mine[0], mine[1])
        relisted = MergedTree(listed, theirs[0], theirs[1])
        assert content_of(again) == content_of(relisted)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(snapshots())
def test_what_git_says_is_what_differs(store: Objects, states: list[Snapshot]) -> None:
    ids = imported(store, [(files, []) for files in states])
    pairs = [(head, base) for head in ids for base in ids]
    wanted = {}
    for head, base in pairs:
        mine, theirs = states[ids.index(head)], states[ids.index(base)]
        wanted[head, base] = {
            path.decode("utf-8", "surrogateescape")
            for path in {*mine, *theirs}
            if mine.get(path) != theirs.get(path)
        }
    for (head, base), found in zip(pairs, since(store.where, pairs), strict=True):
        assert (found.base, set(found.changes)) == (base, wanted[head, base])
        for path, (old, new) in found.changes.items():
            for commit, item in ((base, old), (head, new)):
                listed = RevisionTree(store, commit, "x").item(path)
                # Where a folder is now, there is no file.
                assert item == (None if listed is not None and listed[0] == b"40000" else listed)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(snapshots(), st.sets(st.sampled_from(PATHS)))
def test_some_paths_are_what_a_tree_holds_there(
    store: Objects, states: list[Snapshot], chosen: set[bytes]
) -> None:
    base, head, now = imported(store, [(files, []) for files in states])
    paths = {path.decode("utf-8", "surrogateescape") for path in chosen}
    tip = RevisionTree(store, now, "now")
    for tree in (tip, *pair(store, base, head), MergedTree(tip, *pair(store, base, head))):
        for prefix in PREFIXES:
            wanted = [one for one in content_of(tree, prefix) if one[0] in paths]
            assert content_of(SomePaths(tree, paths), prefix) == wanted


class Watched(MemoryTree):
    """Files in memory, and what was asked for."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(files)
        self.asked: list[str] = []

    def entries(self, prefix: str) -> Sequence[Entry]:
        """See Tree."""
        self.asked.append(prefix)
        return super().entries(prefix)


def test_nothing_else_of_some_paths_is_listed() -> None:
    tree = Watched({"conf/a/x": b"", "conf/c": b"", "other/d": b""})
    some = SomePaths(tree, ["conf/a", "conf/b", "config", "other/c"])
    assert list(some.entries("conf")) == list(some.entries("conf")) == []
    assert tree.asked == ["conf/a", "conf/b"]


def test_a_pair_without_changes_and_many_bases_of_one_head(store: Objects) -> None:
    one: Snapshot = {b"a": ("100644", b"1")}
    first, second, third = imported(
        store, [({**one, b"b": ("100644", b"%d" % at)}, []) for at in range(3)]
    )
    pairs = [(third, first), (third, second), (third, third), (first, third), (third, first)]
    found = since(store.where, pairs)
    assert [(each.base, sorted(each.changes)) for each in found] == [
        (first, ["b"]),
        (second, ["b"]),
        (third, []),
        (third, ["b"]),
        (first, ["b"]),
    ]
    assert found[0].changes["b"] != found[1].changes["b"]
    assert since(store.where, []) == []


@st.composite
def graphs(draw: Any) -> list[list[int]]:
    """The parents of each commit, which come before it: merges, criss-cross ones, and roots."""
    found: list[list[int]] = []
    for at in range(draw(st.integers(2, 9))):
        count = min(at, draw(st.sampled_from([0, 1, 1, 1, 1, 2, 2, 3])))
        recent = st.integers(max(0, at - 4), at - 1)
        found.append(draw(st.lists(recent, max_size=count, unique=True)) if at else [])
    return found


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(graphs(), st.integers(0, 8))
def test_branches_parted_where_git_says(store: Objects, parents: list[list[int]], tip: int) -> None:
    one: Snapshot = {b"a": ("100644", b"1")}
    ids = imported(store, [(one, above) for above in parents])
    tip %= len(ids)
    found = merge_bases(store.where, ids[tip], ids)
    for at, head in enumerate(ids):
        both = ancestors(parents, at) & ancestors(parents, tip)
        best = {o for o in both if not any(o in ancestors(parents, n) - {n} for n in both)}
        assert (found.get(head) in {ids[o] for o in best}) if best else (head not in found)
        if best:
            asked = git(store.where, "merge-base", ids[tip], head).decode().strip()
            assert found[head] == asked


def ancestors(parents: list[list[int]], at: int) -> set[int]:
    """A commit and all before it."""
    found, stack = {at}, [at]
    while stack:
        above = [one for one in parents[stack.pop()] if one not in found]
        found.update(above)
        stack += above
    return found


def test_a_branch_that_is_the_tip_or_behind_it_began_there(store: Objects) -> None:
    one: Snapshot = {b"a": ("100644", b"1")}
    ids = imported(store, [(one, []), (one, [0]), (one, [])])
    assert merge_bases(store.where, ids[1], [ids[1], ids[0], ids[2], ids[0]]) == {
        ids[1]: ids[1],
        ids[0]: ids[0],
    }
    assert merge_bases(store.where, ids[1], []) == {}
    assert changed_paths(*pair(store, ids[0], ids[1])) == []


def test_a_link_shows_what_the_change_makes_of_its_target(store: Objects) -> None:
    """The link itself is in no change, and what it leads to is."""
    files: Snapshot = {b"link": ("120000", b"real"), b"real": ("100644", b"old\n")}
    head = {**files, b"real": ("100644", b"new\n")}
    now = {**files, b"other": ("100644", b"x")}
    base_id, head_id, now_id = imported(store, [(files, []), (head, []), (now, [])])
    merged = MergedTree(RevisionTree(store, now_id, "now"), *pair(store, base_id, head_id))
    assert dict(content_of(merged)) == {"link": b"new\n", "real": b"new\n", "other": b"x"}
