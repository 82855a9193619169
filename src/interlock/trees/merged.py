"""What a repository will hold once a change has landed: its state now, merged with the change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interlock.errors import TreeError
from interlock.trees.base import Entry, Tree, Unread
from interlock.trees.since import Changes
from interlock.trees.walking import SUBMODULE, SYMLINK, Item
from interlock.values import NamedTuple

CONFLICT = "conflicts with what has landed in the meantime: rebase the branch"
#: Stands for a file that is not there.
_GONE = ""


class _Path(NamedTuple):
    """Where a path's content comes from: one side, or all three where both sides changed it."""

    entry: Entry
    sides: tuple[Tree, ...]


class MergedTree:
    """``now`` with what a change did to ``base``, its beginning, on the way to ``head``.

    As git merges: what one side alone changed is taken from it, a file that both changed is merged
    line by line, and one that cannot be merged is unread, with the reason.
    """

    def __init__(self, now: Tree, base: Tree, head: Tree) -> None:
        """Nothing is read before it is asked for."""
        self._now, self._base, self._head = now, base, head
        # A branch's own state goes without saying, and naming it would change with every landing.
        self.label = head.label if _is_plain(now) else f"{head.label} on {now.label}"
        self._changes = _changes(base, head)
        self._known: dict[str, _Path] = {}
        self._listed: dict[str, Sequence[Entry]] = {}

    def entries(self, prefix: str) -> Sequence[Entry]:
        """See Tree."""
        if prefix not in self._listed:
            found = list(self._paths(prefix))
            self._known.update({path.entry.path: path for path in found})
            self._listed[prefix] = [path.entry for path in found]
        return self._listed[prefix]

    def _paths(self, prefix: str) -> Iterator[_Path]:
        if self._changes is not None:
            return self._by_changes(prefix, self._changes)
        return self._by_listing(prefix)

    def _by_changes(self, prefix: str, changes: Changes) -> Iterator[_Path]:
        """What is known to be changed is all that need not be as it is now."""
        here = {entry.path: entry for entry in self._now.entries(prefix)}
        below = f"{prefix}/" if prefix else ""
        mine = {path for path in changes if path == prefix or path.startswith(below)}
        for path in sorted({*here, *mine}):
            entry = here.get(path)
            if path not in mine:
                assert entry is not None
                if entry.oid or self._reads_same(path):
                    yield _Path(entry, (self._now,))
                else:
                    yield from self._by_listing(path)
                continue
            before, there = (_mark(item) for item in changes[path])
            # One that became a link in the meantime is none of the two: its content decides.
            mark = _GONE if entry is None else f"oid {entry.oid}"
            if there in (before, mark):
                if entry is not None:
                    yield _Path(entry, (self._now,))
            elif mark == before:
                if there != _GONE:
                    yield _Path(Entry(path, there.removeprefix("oid ")), (self._head,))
            else:
                yield _Path(Entry(path, ""), (self._now, self._base, self._head))

    def _reads_same(self, path: str) -> bool:
        """True where the change leaves what is read there; what a link leads to may be in it."""
        before, there = (_files(side, path).get(path) for side in (self._base, self._head))
        return before == there

    def _by_listing(self, prefix: str) -> Iterator[_Path]:
        now, base, head = (_files(t, prefix) for t in (self._now, self._base, self._head))
        for path in sorted({*now, *head}):
            here, before, there = (side.get(path, _GONE) for side in (now, base, head))
            if there in (before, here):
                side: tuple[Tree, ...] = (self._now,)
            elif here == before:
                side = (self._head,)
            else:
                yield _Path(Entry(path, ""), (self._now, self._base, self._head))
                continue
            mark = here if side[0] is self._now else there
            if mark != _GONE:
                yield _Path(Entry(path, mark.removeprefix("oid ") if _is_oid(mark) else ""), side)

    def read(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Unread]]:
        """See Tree."""
        wanted = [(entry, self._where(entry)) for entry in entries]
        got: dict[str, bytes | Unread] = {}
        for side in (self._now, self._head):
            plain = [entry for entry, path in wanted if path is not None and path.sides == (side,)]
            got.update({entry.path: data for entry, data in side.read(plain)})
        for entry, path in wanted:
            if path is None:
                yield entry, Unread("is not there")
            elif len(path.sides) == 1:
                yield entry, got[entry.path]
            else:
                yield entry, _merged(entry.path, path.sides)

    def _where(self, entry: Entry) -> _Path | None:
        if entry.path not in self._known:
            self.entries(entry.path)
        return self._known.get(entry.path)


def _changes(base: Tree, head: Tree) -> Changes | None:
    """What leads from ``base`` to ``head`` where git told it, in either direction."""
    for one, other, forth in ((head, base, True), (base, head, False)):
        known = getattr(one, "since", None)
        if known is not None and known.base == getattr(other, "commit", ""):
            if any(_is_odd(item) for pair in known.changes.values() for item in pair):
                return None
            if forth:
                return dict(known.changes)
            return {path: (new, old) for path, (old, new) in known.changes.items()}
    return None


def _is_odd(item: Item | None) -> bool:
    """True for links and submodules: their ids do not say what is read."""
    return item is not None and item[0] in (SYMLINK, SUBMODULE)


def _mark(item: Item | None) -> str:
    return _GONE if item is None else f"oid {item[1]}"


def landed(now: Tree, base: Tree, head: Tree) -> Tree:
    """``now`` with the change from ``base`` to ``head``; ``head`` itself where nothing else is."""
    return head if now is base or _same_commit(now, base) else MergedTree(now, base, head)


def changed_paths(base: Tree, head: Tree, prefix: str = "") -> list[str]:
    """The paths below ``prefix`` whose content differs, sorted; raises TreeError."""
    known = _changes(base, head)
    if known is not None:
        below = f"{prefix}/" if prefix else ""
        return sorted(path for path in known if path == prefix or path.startswith(below))
    before, after = _files(base, prefix), _files(head, prefix)
    return sorted(p for p in {*before, *after} if before.get(p) != after.get(p))


def _is_plain(tree: Tree) -> bool:
    """True for a revision that is no change to another."""
    return getattr(tree, "since", tree) is None


def _same_commit(one: Tree, other: Tree) -> bool:
    commit = getattr(one, "commit", "")
    return bool(commit) and commit == getattr(other, "commit", "")


def _is_oid(mark: str) -> bool:
    return mark.startswith("oid ")


def _files(tree: Tree, prefix: str) -> dict[str, str]:
    """Path -> what tells its content from another: git's id, else a digest."""
    entries = tree.entries(prefix)
    found = {entry.path: f"oid {entry.oid}" for entry in entries if entry.oid}
    unnamed = [entry for entry in entries if not entry.oid]
    if unnamed:
        from hashlib import sha256

        for entry, data in tree.read(unnamed):
            text = data if isinstance(data, bytes) else data.reason.encode()
            found[entry.path] = f"sha {type(data).__name__} {sha256(text).hexdigest()}"
    return found


def _merged(path: str, sides: tuple[Tree, ...]) -> bytes | Unread:
    """The three-way merge of a file, by git's own merge-file."""
    texts = [_content(side, path) for side in sides]
    if texts[1] is None:
        texts[1] = b""  # both added it: git merges what is the same in both
    import os
    from tempfile import TemporaryDirectory

    from interlock.trees.process import git

    with TemporaryDirectory(prefix="interlock-") as folder:
        for name, text in zip(("now", "base", "head"), texts, strict=True):
            if not isinstance(text, bytes):
                return Unread(CONFLICT)
            with open(os.path.join(folder, name), "wb") as file:
                file.write(text)
        try:
            return git(folder, "merge-file", "-p", "--quiet", "now", "base", "head")
        except TreeError:  # its exit code counts the conflicts
            return Unread(CONFLICT)


def _content(tree: Tree, path: str) -> bytes | Unread | None:
    entries = [entry for entry in tree.entries(path) if entry.path == path]
    return next((data for _, data in tree.read(entries)), None)
