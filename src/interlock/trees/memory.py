"""A tree held in memory: for overlays and for tests of everything above trees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from interlock.trees.base import Entry, Unread


class MemoryTree:
    """Files given as a mapping from path to bytes."""

    def __init__(self, files: Mapping[str, bytes], label: str = "memory") -> None:
        """Hold ``files`` under ``label``."""
        self._files = dict(files)
        self.label = label

    def entries(self, prefix: str) -> Sequence[Entry]:
        """See Tree."""
        folder = f"{prefix}/" if prefix else ""
        return [
            Entry(path, "")
            for path in sorted(self._files)
            if path == prefix or path.startswith(folder)
        ]

    def read(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Unread]]:
        """See Tree."""
        for entry in entries:
            data = self._files.get(entry.path)
            yield entry, Unread("is not there") if data is None else data
