"""What is staged: the commit that git would make now, never what lies in the folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interlock.trees.base import Entry, Unread
from interlock.trees.objects import Objects
from interlock.trees.process import git
from interlock.trees.revision import RevisionTree

_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


class IndexTree:
    """HEAD's files with the staged changes laid over them."""

    label = "staged"

    def __init__(self, head: RevisionTree | None, staged: dict[str, str]) -> None:
        """``staged`` maps a changed path to its blob id, or "" where it is deleted."""
        self._head = head
        self._staged = staged

    def entries(self, prefix: str) -> Sequence[Entry]:
        """See Tree."""
        folder = f"{prefix}/" if prefix else ""
        found = [
            entry
            for entry in (self._head.entries(prefix) if self._head is not None else ())
            if entry.path not in self._staged
        ]
        found.extend(
            Entry(path, oid)
            for path, oid in self._staged.items()
            if oid and (path == prefix or path.startswith(folder))
        )
        found.sort()
        return found

    def read(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Unread]]:
        """See Tree."""
        if self._head is None:
            return iter(())
        return self._head.read(entries)


def staged_changes(where: str) -> dict[str, str]:
    """Path -> blob id for everything that the index changes against HEAD; "" is deleted.

    A submodule or a symbolic link that is staged is left to HEAD's reading rules: links get no id.
    """
    output = git(
        where,
        "diff",
        "--cached",
        "--raw",
        "-z",
        "--no-renames",
        "--no-abbrev",
        "--no-ext-diff",
        own=True,
    )
    return parse_raw(output)


def parse_raw(output: bytes) -> dict[str, str]:
    """The second side of ``git diff --raw -z``: path -> id, "" where the path is gone."""
    changes: dict[str, str] = {}
    pieces = output.split(b"\0")
    for header, name in zip(pieces[::2], pieces[1::2], strict=False):
        fields = header.split(b" ")
        mode, oid = fields[1], fields[3].decode()
        path = name.decode("utf-8", "surrogateescape")
        gone = mode in (b"000000", b"160000") or not oid.strip("0")
        changes[path] = "" if gone else oid
    return changes


def index_tree(objects: Objects, head: RevisionTree | None, staged: dict[str, str]) -> IndexTree:
    """The index over ``head``; before the first commit, over nothing."""
    if head is None:
        head = RevisionTree(objects, "", "nothing", tree=_EMPTY_TREE)
    return IndexTree(head, staged)
