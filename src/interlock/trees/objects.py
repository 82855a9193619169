"""Git objects read through one ``git cat-file --batch`` process a repository."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.errors import TreeError
from interlock.trees.base import MAX_FILE_BYTES
from interlock.trees.fetching import Network, fetch_objects
from interlock.trees.process import environment, git, last_complaint, open_git
from interlock.trees.spawn import Process
from interlock.values import NamedTuple, NoReturn

#: Longer than any revision that somebody writes.
_MAX_NAME = 4096


class TooLarge(NamedTuple):
    """An object that was skipped: its size in bytes."""

    size: int


class Objects:
    """Objects of one repository, by name or id. The process starts on first use.

    Nothing is ever fetched one by one: ``prefetch`` brings many at once where there is a
    ``network``, and an object that is still missing raises TreeError.
    """

    def __init__(
        self,
        where: str,
        *,
        own: bool = False,
        partial: bool = False,
        network: Network | None = None,
    ) -> None:
        """``where`` is any folder of the repository, or its git directory.

        ``partial`` says that files may be missing; without ``network`` nothing is fetched.
        """
        self.where = where
        self.own = own
        self.network = network
        #: Folders by what git calls them: those of two commits are mostly the same.
        self.folders: dict[str, dict[str, tuple[bytes, str]]] = {}
        self._partial = partial
        self._process: Process | None = None
        self._buffer = bytearray()
        self._missing: dict[str, set[str]] = {}

    @property
    def fetches(self) -> bool:
        """True where objects may be missing and may be fetched."""
        return self._partial and self.network is not None

    def get(self, name: str) -> tuple[str, str, bytes] | TooLarge | None:
        """(id, kind, content) of an object; None where there is none of that name."""
        request = _request(name)
        if request is None:
            return None
        if self._process is None:
            env = environment(own=self.own)
            self._process = open_git(self.where, ("cat-file", "--batch"), env)
        try:
            self._process.write(request)
        except BrokenPipeError:
            self._fail()
        fields = self._line().rsplit(b" ", 2)
        if len(fields) != 3 or not fields[2].isdigit():
            return None
        size = int(fields[2])
        if size > MAX_FILE_BYTES:
            self._skip(size + 1)
            return TooLarge(size)
        content = self._take(size + 1)[:-1]
        return fields[0].decode(), fields[1].decode(), content

    def prefetch(self, root: str, ids: Sequence[str]) -> None:
        """Fetch, at once, those of ``ids`` (blobs below the tree ``root``) that are not here."""
        if not self._partial or self.network is None or not ids:
            return
        missing = self._missing.get(root)
        if missing is None:
            missing = self._missing[root] = missing_below(self.where, root, own=self.own)
        wanted = missing.intersection(ids)
        if wanted:
            fetch_objects(self.where, self.network, sorted(wanted), own=self.own)
            missing -= wanted
            # The running process may not look for a pack that is younger than itself.
            self.close()

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            self._fill()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._fill()
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _skip(self, size: int) -> None:
        while len(self._buffer) < size:
            size -= len(self._buffer)
            self._buffer.clear()
            self._fill()
        del self._buffer[:size]

    def _fill(self) -> None:
        assert self._process is not None
        data = self._process.read(1 << 16)
        if not data:
            self._fail()
        self._buffer += data

    def _fail(self) -> NoReturn:
        process, self._process = self._process, None
        self._buffer.clear()
        complaint = last_complaint(process.finish()[1]) if process is not None else ""
        if "promisor remote" in complaint:
            raise not_here(self.where)
        raise TreeError(complaint or f"git cannot read {self.where}")

    def close(self) -> None:
        """End the process; a later ``get`` starts another."""
        if self._process is not None:
            process, self._process = self._process, None
            self._buffer.clear()
            process.finish()


def not_here(where: str) -> TreeError:
    """What to say where a partial clone lacks files and nothing may be fetched."""
    return TreeError(
        f"{where} is a partial clone without the files that are needed: "
        "run `interlock check` once outside a hook, or `git checkout` them there"
    )


def _request(name: str) -> bytes | None:
    """The line that asks for ``name``; None for what no object can be called."""
    if not name or len(name) > _MAX_NAME or "\n" in name or "\0" in name:
        return None
    try:
        return name.encode("utf-8", "surrogateescape") + b"\n"
    except UnicodeEncodeError:
        return None


def missing_below(where: str, root: str, *, own: bool = False) -> set[str]:
    """The ids below the tree ``root`` that this partial clone does not hold."""
    output = git(
        where, "rev-list", "--objects", "--no-object-names", "--missing=print", root, "--", own=own
    )
    return {line[1:].decode() for line in output.split(b"\n") if line.startswith(b"?")}
