"""Reads git's patches without context: which lines a change adds to which files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from interlock.values import NamedTuple

_ESCAPES = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11, '"': 34, "\\": 92}


class Added(NamedTuple):
    """What a change adds to a file: lines with their numbers. ``oid`` is the new blob's id.

    ``kind`` is "" for text, else why there are no lines: binary, symbolic link, submodule.
    """

    path: str
    oid: str
    kind: str
    numbers: tuple[int, ...]
    body: bytes


def parse_patch(patch: bytes) -> Iterator[Added]:
    """Each file of ``git diff -p -U0``; what was only removed, renamed or given a mode is not."""
    for one in _files(patch.split(b"\n")):
        made = _file(one)
        if made is not None:
            yield made


def _files(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines of each file's part. Content starts with +, - or \\, so no line of it is a head."""
    current: list[bytes] = []
    for line in lines:
        if line.startswith(b"diff --git "):
            if current:
                yield current
            current = []
        current.append(line)
    if current and current[0].startswith(b"diff --git "):
        yield current


def _file(lines: list[bytes]) -> Added | None:
    path = mode = oid = ""
    kind = ""
    numbers: list[int] = []
    added: list[bytes] = []
    at = 0
    for line in lines[1:]:
        if at:
            if line[:1] == b"+":
                numbers.append(at)
                added.append(line[1:])
                at += 1
                continue
            if line[:1] in (b"-", b"\\"):
                continue
        if line.startswith(b"@@ "):
            at = _start(line)
        elif line.startswith(b"+++ "):
            path = _name(line[4:])
        elif line.startswith((b"new file mode ", b"new mode ")):
            mode = line.rsplit(b" ", 1)[1].decode()
        elif line.startswith(b"index "):
            words = line.split(b" ")
            oid = words[1].partition(b"..")[2].decode()
            mode = words[2].decode() if len(words) > 2 else mode
        elif line.startswith(b"Binary files "):
            kind, path = "binary", _binary(line)
    if mode in ("120000", "160000"):
        kind = "symbolic link" if mode == "120000" else "submodule"
    if not path or (not numbers and not kind):
        return None
    return Added(path, oid, kind, tuple(numbers), b"\n".join([*added, b""]))


def _start(line: bytes) -> int:
    """The first added line's number: @@ -a,b +c,d @@."""
    return int(line.split(b" ")[2][1:].split(b",")[0]) or 1


def _name(raw: bytes) -> str:
    """A path behind +++: "b/" gone, git's quotes undone; "" for /dev/null."""
    if raw.startswith(b'"'):
        raw = _unquoted(raw)
    elif raw.endswith(b"\t"):  # git ends names with spaces so
        raw = raw[:-1]
    return raw[2:].decode("utf-8", "surrogateescape") if raw.startswith(b"b/") else ""


def _binary(line: bytes) -> str:
    """The path of "Binary files a/x and b/x differ"; "" where it was removed."""
    names = line[len(b"Binary files ") : -len(b" differ")]
    if names.endswith(b" and /dev/null"):
        return ""
    for mark in (b' and "b/', b" and b/"):
        at = names.rfind(mark)
        if at >= 0:
            return _name(names[at + len(b" and ") :])
    return ""


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
