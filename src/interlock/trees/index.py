"""What is staged: the commit that git would make now, never what lies in the folder."""

from __future__ import annotations

from collections.abc import Mapping

from interlock.trees.changes import Change, parse_raw
from interlock.trees.objects import Objects
from interlock.trees.process import git
from interlock.trees.revision import RevisionTree
from interlock.trees.staged import DIFF
from interlock.trees.walking import DIRECTORY, Folder, Item, ObjectTree


class IndexTree(ObjectTree):
    """HEAD's files with the staged changes laid over them."""

    def __init__(
        self, objects: Objects, head: RevisionTree | None, staged: Mapping[str, Change]
    ) -> None:
        """``head`` is None before the first commit."""
        super().__init__(objects, "staged")
        self._head = head
        self._overlay: dict[str, dict[str, Item | None]] = {}
        for path, change in sorted(staged.items(), key=lambda pair: bool(pair[1].mode)):
            # What is gone comes first: a file may give way to a folder of the same name.
            item = (change.mode, change.oid) if change.mode else None
            self._lay(path, item)

    def _lay(self, path: str, item: Item | None) -> None:
        """Put ``item`` at ``path``, and folders above it where they are not there yet."""
        while True:
            path, _, name = path.rpartition("/")
            here = self._overlay.setdefault(path, {})
            known = here.get(name)
            here[name] = item
            if item is None or not path or (known is not None and known[0] == DIRECTORY):
                return
            item = (DIRECTORY, "")

    def root_name(self) -> str:
        """See ObjectTree."""
        return self._head.root_name() if self._head is not None else ""

    def _load(self, path: str) -> Folder:
        found: Folder = {}
        head = self._head
        if head is not None and (not path or (head.item(path) or (b"",))[0] == DIRECTORY):
            found = dict(head.folder(path))
        for name, item in self._overlay.get(path, {}).items():
            if item is None:
                found.pop(name, None)
            else:
                found[name] = item
        return found


def staged_changes(where: str, listed: bytes | None = None) -> dict[str, Change]:
    """Every path that the index changes against HEAD; before the first commit, against nothing.

    What is only intended to be added (``git add -N``) is not staged. GIT_INDEX_FILE is honoured:
    ``git commit -a`` and ``git commit PATH`` show their own index to hooks. ``listed`` is what git
    said, where it was asked already.
    """
    return parse_raw(git(where, *DIFF, own=True) if listed is None else listed)


def index_tree(
    objects: Objects, head: RevisionTree | None, staged: Mapping[str, Change]
) -> IndexTree:
    """The index over ``head``; before the first commit, over nothing."""
    return IndexTree(objects, head, staged)
