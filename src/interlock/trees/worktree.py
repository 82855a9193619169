"""The files as they lie in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from interlock.errors import TreeError
from interlock.trees.base import MAX_FILE_BYTES, Entry, Unread
from interlock.trees.links import OUTSIDE
from interlock.trees.process import git


class WorkTree:
    """A folder: in a git checkout what is tracked or untracked and not ignored, else all of it."""

    label = "work tree"

    def __init__(self, root: str) -> None:
        """``root`` is the folder's path."""
        self.root = os.path.realpath(root)
        self._paths: list[str] | None = None

    def entries(self, prefix: str) -> Sequence[Entry]:
        """See Tree."""
        if self._paths is None:
            self._paths = self._list()
        folder = f"{prefix}/" if prefix else ""
        return [Entry(p, "") for p in self._paths if p == prefix or p.startswith(folder)]

    def _list(self) -> list[str]:
        if not os.path.isdir(self.root):
            raise TreeError(f"there is no folder {self.root}")
        if os.path.exists(os.path.join(self.root, ".git")):
            output = git(self.root, "ls-files", "-z", "-co", "--exclude-standard")
            names = {n.decode("utf-8", "surrogateescape") for n in output.split(b"\0") if n}
            return sorted(n for n in names if self._is_file(n))
        return sorted(self._walk())

    def _is_file(self, path: str) -> bool:
        full = os.path.join(self.root, path)
        return os.path.islink(full) or os.path.isfile(full)

    def _walk(self) -> Iterator[str]:
        stack = [""]
        while stack:
            folder = stack.pop()
            with os.scandir(os.path.join(self.root, folder)) as items:
                for item in items:
                    path = f"{folder}/{item.name}" if folder else item.name
                    if item.is_dir(follow_symlinks=False):
                        if item.name != ".git":
                            stack.append(path)
                    elif item.is_symlink() or item.is_file():
                        yield path

    def read(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Unread]]:
        """See Tree."""
        for entry in entries:
            yield entry, self._read(entry.path)

    def _read(self, path: str) -> bytes | Unread:
        full = os.path.join(self.root, path)
        real = os.path.realpath(full)
        if not real.startswith(self.root.rstrip(os.sep) + os.sep):
            return Unread(OUTSIDE)
        try:
            if not os.path.isfile(real):
                return Unread("is a symbolic link to nothing that can be read")
            size = os.path.getsize(real)
            if size > MAX_FILE_BYTES:
                return Unread(f"is too large to be a configuration file ({size:,} bytes)")
            with open(real, "rb") as file:
                return file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            return Unread(f"cannot be read ({error.strerror})")
