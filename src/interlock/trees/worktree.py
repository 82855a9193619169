"""The files as they lie in a folder."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence

from interlock.errors import TreeError
from interlock.trees.base import MAX_FILE_BYTES, Entry, Unread, too_large
from interlock.trees.process import git
from interlock.trees.walking import DANGLING, FOLDER, MAX_ENTRIES, OUTSIDE


class WorkTree:
    """A folder: in a git checkout what is tracked or untracked and not ignored, else all of it.

    Git's own folder is never read: it can hold credentials.
    """

    label = "work tree"

    def __init__(self, root: str, *, own: bool = False) -> None:
        """``root`` is the folder's path; ``own`` where git may have told us of it (GIT_DIR)."""
        self.root = os.path.realpath(root)
        self._own = own
        self._paths: list[str] | None = None

    def is_at(self, folder: str) -> bool:
        """True where this is the work tree of ``folder``."""
        return self.root == os.path.realpath(folder)

    def entries(self, prefix: str) -> Sequence[Entry]:
        """See Tree."""
        if self._paths is None:
            self._paths = self._list()
        folder = f"{prefix}/" if prefix else ""
        return [Entry(p, "") for p in self._paths if p == prefix or p.startswith(folder)]

    def _list(self) -> list[str]:
        if not os.path.isdir(self.root):
            raise TreeError(f"there is no folder {self.root}")
        if not self._own and not os.path.exists(os.path.join(self.root, ".git")):
            return sorted(self._walk())
        output = git(self.root, "ls-files", "-z", "-co", "--exclude-standard", own=self._own)
        names = {n.decode("utf-8", "surrogateescape") for n in output.split(b"\0") if n}
        if len(names) > MAX_ENTRIES:
            raise TreeError(f"{self.root} holds more than {MAX_ENTRIES:,} files")
        return sorted(name for name in names if self._is_file(name))

    def _is_file(self, path: str) -> bool:
        """True for files and links: what a link leads to is found when it is read."""
        try:
            mode = os.lstat(self._full(path)).st_mode
        except (OSError, ValueError):
            return False
        return stat.S_ISREG(mode) or stat.S_ISLNK(mode)

    def _full(self, path: str) -> str | bytes:
        """``path`` on disk. POSIX names are bytes: no locale may change them on the way."""
        if sys.platform == "win32":
            return os.path.join(self.root, path)
        return os.fsencode(self.root) + b"/" + path.encode("utf-8", "surrogateescape")

    def _walk(self) -> Iterator[str]:
        stack, seen = [""], 0
        while stack:
            folder = stack.pop()
            try:
                items = os.scandir(self._full(folder))
            except OSError as error:
                raise TreeError(
                    f"{os.path.join(self.root, folder)} cannot be listed: {error.strerror}"
                ) from None
            with items:
                for item in items:
                    name = item.name
                    if isinstance(name, bytes):
                        name = name.decode("utf-8", "surrogateescape")
                    path = f"{folder}/{name}" if folder else name
                    seen += 1
                    if item.is_dir(follow_symlinks=False):
                        if name.lower() != ".git":
                            stack.append(path)
                    elif item.is_symlink() or item.is_file():
                        yield path
            if seen > MAX_ENTRIES:
                raise TreeError(f"{self.root} holds more than {MAX_ENTRIES:,} files")

    def read(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Unread]]:
        """See Tree."""
        for entry in entries:
            yield entry, self._read(entry.path)

    def _read(self, path: str) -> bytes | Unread:
        try:
            full = self._full(path)
            real = os.path.realpath(full)
            if not self._holds(os.fsdecode(real)):
                return Unread(OUTSIDE)
            return _content(real, linked=os.path.islink(full))
        except OSError as error:
            return Unread(f"cannot be read: {error.strerror}")
        except ValueError:
            return Unread("has a name that this system cannot hold")

    def _holds(self, real: str) -> bool:
        """True where a path without links lies below the root, and not in git's folder."""
        top = self.root.rstrip(os.sep) + os.sep
        if not real.startswith(top):
            return False
        return ".git" not in real[len(top) :].lower().split(os.sep)


def _content(real: str | bytes, *, linked: bool) -> bytes | Unread:
    """The bytes of a regular file; ``real`` holds no link, and a pipe is not waited for."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        number = os.open(real, flags | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return Unread(DANGLING if linked else "is not there")
    except PermissionError:
        if os.path.isdir(real):  # Windows refuses to open folders
            return Unread(FOLDER)
        raise
    try:
        found = os.fstat(number)
        if stat.S_ISDIR(found.st_mode):
            return Unread(FOLDER)
        if not stat.S_ISREG(found.st_mode):
            return Unread("is not a regular file")
        chunks: list[bytes] = []
        size = 0
        while found.st_size <= MAX_FILE_BYTES and (data := os.read(number, 1 << 20)):
            chunks.append(data)
            size += len(data)
            if size > MAX_FILE_BYTES:
                break
    finally:
        os.close(number)
    size = max(size, found.st_size)
    return too_large(size) if size > MAX_FILE_BYTES else b"".join(chunks)
