"""A tree of which only some paths are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from interlock.trees.base import Entry, Tree, Unread


class SomePaths:
    """``tree`` without all but ``paths``: nothing else of it is listed or read."""

    def __init__(self, tree: Tree, paths: Iterable[str]) -> None:
        """Paths that are not there are left out."""
        self._tree = tree
        self._paths = sorted(set(paths))
        self.label = tree.label
        self._known: dict[str, tuple[Entry, ...]] = {}

    def entries(self, prefix: str) -> Sequence[Entry]:
        """See Tree."""
        below = f"{prefix}/" if prefix else ""
        wanted = [path for path in self._paths if path == prefix or path.startswith(below)]
        return [entry for path in wanted for entry in self._at(path)]

    def _at(self, path: str) -> tuple[Entry, ...]:
        if path not in self._known:
            found = self._tree.entries(path)
            self._known[path] = tuple(entry for entry in found if entry.path == path)
        return self._known[path]

    def read(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Unread]]:
        """See Tree."""
        return self._tree.read(entries)
