"""Reads git's listing and patch without context: which lines a change adds to which files.

Git lists every changed path (--raw) before it shows the patches, in one order; each hunk says how
many lines it adds. What was listed and not shown, or shown short, is an error: a line that is lost
on the way is a line that nobody looks at.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from interlock.errors import TreeError
from interlock.values import NamedTuple

BINARY, LARGE, LINK, SUBMODULE = "binary", "too large", "symbolic link", "submodule"
CONFLICT = "merge conflict"
#: A file to which more bytes are added is not kept.
MAX_ADDED = 16 << 20

_ESCAPES = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11, '"': 34, "\\": 92}
#: What begins a commit of the log.
_COMMIT = b"commit "
#: The ids of an ordinary change: before and after.
_TWO = 2
_LINK_MODE, _MODULE_MODE = b"120000", b"160000"


class Added(NamedTuple):
    """What a change adds to a file: ``body`` holds the lines, ``runs`` their (first, count).

    ``kind`` is "" for text, else why there are no lines here. ``oid`` is the new blob's id, and
    ``olds`` are those of the blobs before. ``commit`` is that of the log, "" for other patches.
    """

    path: str
    oid: str
    olds: tuple[str, ...]
    kind: str
    runs: tuple[tuple[int, int], ...]
    body: bytes
    commit: str = ""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The file's line of each line of the body."""
        return tuple(number for at, count in self.runs for number in range(at, at + count))


class _Listed(NamedTuple):
    """A path of git's listing: its modes and ids, the new one last."""

    path: bytes
    status: bytes
    modes: tuple[bytes, ...]
    oids: tuple[bytes, ...]
    commit: str

    def is_merged(self) -> bool:
        """True for what a merge made of several parents."""
        return len(self.oids) > _TWO


def parse_patch(chunks: Iterable[bytes]) -> Iterator[Added]:
    """Each file to which ``git diff --raw -p -U0`` adds something, as the output comes in.

    Raises TreeError where the patches do not hold what git listed.
    """
    listed: deque[_Listed] = deque()
    part: _Part | None = None
    commit = ""
    for line in _lines(chunks):
        if part is not None and part.takes(line):
            continue
        if line.startswith(b":"):
            if part is not None:
                yield from _ended(part, listed)
                part = None
            listed.append(_listed(line, commit))
        elif line.startswith(b"diff --"):
            if part is not None:
                yield from part.added()
            while listed and listed[0].status == b"U":
                yield _unmerged(listed.popleft())
            part = _Part(_owner(line, listed, part))
        elif line.startswith(_COMMIT):
            commit = line[len(_COMMIT) :].decode()
    yield from _ended(part, listed)


def _owner(line: bytes, listed: deque[_Listed], before: _Part | None) -> _Listed:
    """Whose patch begins: the next one's of the listing, or the second half of a type change."""
    if before is not None and before.is_half():
        return before.of
    # Of what a merge changed, git may show no patch: nothing of it is the merge's own.
    path = b"" if line.startswith(b"diff --git ") else line.split(b" ", 2)[2]
    while listed and listed[0].is_merged() and listed[0].path != path:
        listed.popleft()
    if not listed:
        raise TreeError(f"git shows a patch that it did not list: {line[:200]!r}")
    return listed.popleft()


def _ended(part: _Part | None, listed: deque[_Listed]) -> Iterator[Added]:
    """The last file of a listing; nothing of the listing may be left."""
    if part is not None:
        yield from part.added()
        if part.is_half():
            listed.appendleft(part.of)
    while listed:
        one = listed.popleft()
        if one.status == b"U":
            yield _unmerged(one)
        elif not one.is_merged():
            raise TreeError(
                f"git lists {_text(one.path)!r} as changed and shows no patch of it: "
                "what it adds cannot be scanned"
            )


def _unmerged(one: _Listed) -> Added:
    return Added(_text(one.path), "", (), CONFLICT, (), b"", one.commit)


class _Part:
    """One file's patch while its lines come in."""

    def __init__(self, of: _Listed) -> None:
        self.of = of
        self._parents = len(of.modes) - 1
        self._all_new = b"+" * self._parents
        self._binary = self._removes = self._hunks = False
        self._at = self._left = self._size = 0
        self._runs: list[tuple[int, int]] = []
        self._body = bytearray()

    def takes(self, line: bytes) -> bool:
        """True for a line of this patch. Content starts with a mark, so none of it is a head."""
        mark = line[: self._parents]
        if self._hunks and line[:1] in (b"+", b"-", b" ", b"\\"):
            if mark == self._all_new:
                self._add(line[self._parents :])
            elif b"-" not in mark and line[:1] != b"\\":
                self._at += 1
                self._left -= 1
            return True
        if line.startswith(b"@@"):
            self._hunk(line)
        elif line.startswith(b"Binary files "):
            self._binary = True
        elif line.startswith(b"deleted file mode "):
            self._removes = True
        return not line.startswith((b":", b"diff --", _COMMIT))

    def _add(self, line: bytes) -> None:
        runs = self._runs
        if runs and runs[-1][0] + runs[-1][1] == self._at:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((self._at, 1))
        self._at += 1
        self._left -= 1
        self._size += len(line) + 1
        if self._size <= MAX_ADDED:
            self._body += line
            self._body += b"\n"

    def _hunk(self, line: bytes) -> None:
        """@@ -a,b +c,d @@; of a merge with one more @ and one more -a,b for each parent."""
        self._check()
        start, _, count = line.split(b" ")[self._parents + 1][1:].partition(b",")
        self._at = int(start)
        self._left = int(count or 1)
        self._hunks = True

    def _check(self) -> None:
        # Of merges git counts wrong at the end of a file (18446744073709551615 lines).
        if self._left and self._parents == 1:
            raise TreeError(
                f"git's patch of {_text(self.of.path)!r} has not as many lines as it says: "
                "what it adds cannot be scanned"
            )

    def is_half(self) -> bool:
        """True after the removal of a file that became a link, or the other way round."""
        return self._removes and self.of.status == b"T"

    def added(self) -> Iterator[Added]:
        """What there is to look at; nothing where lines were only removed, or a file was moved."""
        self._check()
        of = self.of
        mode, oid = of.modes[-1], of.oids[-1]
        if self._removes or not (self._runs or self._binary):
            return
        kind = LARGE if self._size > MAX_ADDED else BINARY if self._binary else ""
        if mode in (_LINK_MODE, _MODULE_MODE):
            kind = LINK if mode == _LINK_MODE else SUBMODULE
        olds = tuple(o.decode() for o in of.oids[:-1] if o.strip(b"0"))
        body = b"" if kind else bytes(self._body)
        yield Added(_text(of.path), oid.decode(), olds, kind, tuple(self._runs), body, of.commit)


def _listed(line: bytes, commit: str) -> _Listed:
    """:100644 100644 OLD NEW M<tab>path; a merge's with one more colon, mode and id a parent."""
    head, _, paths = line.partition(b"\t")
    parents = len(head) - len(head.lstrip(b":"))
    words = head[parents:].split(b" ")
    if len(words) != 2 * parents + 3 or not paths:
        raise TreeError(f"git's listing of what changed cannot be read: {line[:200]!r}")
    modes, oids = tuple(words[: parents + 1]), tuple(words[parents + 1 : -1])
    # Of a renamed file the new name comes last; a merge's renames show only that one.
    return _Listed(paths.rsplit(b"\t", 1)[-1], words[-1], modes, oids, commit)


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines without their ends; of a line that is far too long only a part is held."""
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        first, *more = chunk.split(b"\n")
        if size <= MAX_ADDED:
            held.append(first)
            size += len(first)
        if more:
            yield b"".join(held)
            yield from more[:-1]
            held, size = [more[-1]], len(more[-1])
    if size:
        yield b"".join(held)


def _text(raw: bytes) -> str:
    """A path of the listing, git's quotes undone."""
    if raw.startswith(b'"'):
        raw = _unquoted(raw)
    return raw.decode("utf-8", "surrogateescape")


def _unquoted(raw: bytes) -> bytes:
    """Git's C-style quotes: \\n, \\", \\\\, and octal for other bytes."""
    text = raw[1:].decode("latin-1")
    made = bytearray()
    at = 0
    while at < len(text) and text[at] != '"':
        if text[at] != "\\":
            made.append(ord(text[at]))
            at += 1
        elif text[at + 1 : at + 2].isdigit():
            made.append(int(text[at + 1 : at + 4], 8))
            at += 4
        else:
            made.append(_ESCAPES.get(text[at + 1 : at + 2], 63))
            at += 2
    return bytes(made)
