"""Git objects read through one ``git cat-file --batch`` process a repository."""

from __future__ import annotations

from typing import NamedTuple

from interlock.errors import TreeError
from interlock.trees.base import MAX_FILE_BYTES
from interlock.trees.process import Git, environment


class TooLarge(NamedTuple):
    """An object that was skipped: its size in bytes."""

    size: int


class Objects:
    """Objects of one repository, by name or id. The process starts on first use."""

    def __init__(self, where: str, *, own: bool = False) -> None:
        """``where`` is any folder of the repository, or its git directory."""
        self.where = where
        self._own = own
        self._git: Git | None = None

    def get(self, name: str) -> tuple[str, str, bytes] | TooLarge | None:
        """(id, kind, content) of an object; None where there is none of that name."""
        if "\n" in name:
            return None
        git = self._git
        if git is None:
            git = self._git = Git(self.where, ("cat-file", "--batch"), environment(own=self._own))
        try:
            git.stdin.write(name.encode("utf-8", "surrogateescape") + b"\n")
        except BrokenPipeError:
            self._fail()
        header = git.stdout.readline()
        if not header:
            self._fail()
        fields = header.rstrip(b"\n").rsplit(b" ", 2)
        if fields[-1] in (b"missing", b"ambiguous") or len(fields) < 3:
            return None
        size = int(fields[2])
        if size > MAX_FILE_BYTES:
            self._skip(git, size + 1)
            return TooLarge(size)
        content = git.stdout.read(size)
        git.stdout.read(1)
        return fields[0].decode(), fields[1].decode(), content

    def _skip(self, git: Git, size: int) -> None:
        while size > 0:
            size -= len(git.stdout.read(min(size, 1 << 20)) or b"x" * size)

    def _fail(self) -> None:
        git, self._git = self._git, None
        complaint = git.finish()[1] if git is not None else ""
        raise TreeError(complaint.removeprefix("fatal: ") or f"{self.where} cannot be read by git")

    def close(self) -> None:
        """End the process."""
        if self._git is not None:
            self._git.finish()
            self._git = None
