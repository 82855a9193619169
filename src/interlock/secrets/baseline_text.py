"""The baseline as a file: one entry a line, sorted, without line numbers and times.

Lines of two digits stand between the entries whatever they are, so that what two branches add has
an unchanged line between it, which is all that git's merge asks for. Sorted bytewise they are in
place. What a union of two versions leaves (twice the same, unsorted) is read and mended in writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from interlock.errors import UsageError
from interlock.policy.durations import is_date
from interlock.secrets.baseline import KEY_BYTES, SILENT, VERDICTS, Baseline, Entry, merged

#: A larger file is no list of things that somebody looked at.
MAX_BYTES = 16 << 20
_HEAD = """\
# Credentials that this repository knows of, kept by `interlock secrets baseline`: one entry a line,
#   hash type path verdict until owner reason
# not-a-secret and rotated are not told any more; live and unreviewed are, and fail after their day.
# Judge entries with `interlock secrets baseline --audit`, or edit the words behind the path here.
# A hash is an HMAC under the key below: it shows no value, but lets a guess be tested.
# The lines of two digits keep entries apart, so that git merges what two branches add.
"""
_ANCHORS = tuple(f"{n:02x}" for n in range(256))
_MARKERS = ("<<<<<<< ", "=======", ">>>>>>> ", "||||||| ")
_HASH = re.compile(r"[0-9a-f]{64}")
_ANCHOR = re.compile(r"[0-9a-f]{2}")
_FIELD = re.compile(r'"((?:[^"\\]|\\.)*)"(?: +|$)|([^" ][^ ]*)(?: +|$)')
_ESCAPE = re.compile(r"\\([0-7]{3}|.)")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_WORDS = ("hash", "type", "path", "verdict", "until", "owner", "reason")


def written(baseline: Baseline) -> bytes:
    """The whole file; the same entries give the same bytes."""
    lines = [*_ANCHORS, *(line_of(entry) for entry in merged(baseline.entries))]
    body = b"\n".join(sorted(line.encode() for line in lines))
    return _HEAD.encode() + b"key " + baseline.key.hex().encode() + b"\n" + body + b"\n"


def line_of(entry: Entry) -> str:
    """An entry as its line."""
    return " ".join(_quoted(getattr(entry, word)) for word in _WORDS)


def _quoted(text: str) -> str:
    """A field: as it is, or in double quotes with git's escapes; "-" for an empty one."""
    if not text:
        return "-"
    if text.isprintable() and text != "-" and not set(text) & set(' "\\'):
        return text
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char.isprintable():
        return char
    raw = char.encode("utf-8", "surrogateescape" if "\udc80" <= char <= "\udcff" else "replace")
    return "".join(f"\\{byte:03o}" for byte in raw)


def _plain(quoted: str) -> str:
    """The text in a pair of quotes."""

    def one(found: re.Match[str]) -> str:
        code = found[1]
        if len(code) == 3:
            return chr(int(code, 8) & 0xFF)
        return _LETTERS.get(code, code)

    if "\\" not in quoted:
        return quoted
    # Bytes as characters of one byte, and what is written as it is as its bytes.
    raw = _ESCAPE.sub(one, quoted.encode("utf-8", "surrogateescape").decode("latin-1"))
    return raw.encode("latin-1", "replace").decode("utf-8", "surrogateescape")


def read_baseline(content: bytes, path: str) -> Baseline:
    """The baseline in ``content``; raises UsageError with the line that cannot be used."""
    if len(content) > MAX_BYTES:
        raise UsageError(f"{path} is too large for a baseline: {len(content):,} bytes")
    keys: set[str] = set()
    entries = []
    for number, line in enumerate(content.decode("utf-8", "surrogateescape").split("\n"), 1):
        line = line.rstrip("\r ")  # noqa: PLW2901  editors and Windows add these
        if not line or line[0] == "#" or _ANCHOR.fullmatch(line):
            continue
        if line.startswith(_MARKERS):
            raise _wrong(
                path, number, "a merge left its markers here: keep the lines of both sides"
            )
        if line.startswith("key "):
            keys.add(line[4:].strip())
            continue
        entries.append(_entry(line, path, number))
    return Baseline(path, _key(keys, path), merged(entries))


def _key(keys: set[str], path: str) -> bytes:
    if len(keys) > 1:
        raise UsageError(
            f"{path} has {len(keys)} keys, since two branches made it: take the whole file of one "
            "side, then run `interlock secrets baseline`"
        )
    key = next(iter(keys), "")
    if not _HASH.fullmatch(key):
        raise UsageError(
            f"{path} has no line `key` with {2 * KEY_BYTES} hex digits: "
            "remove it and run `interlock secrets baseline`"
        )
    return bytes.fromhex(key)


def _entry(line: str, path: str, number: int) -> Entry:
    fields = list(_fields(line, path, number))
    if len(fields) != len(_WORDS):
        raise _wrong(
            path, number, f"an entry has {len(_WORDS)} fields, this one {len(fields)}: "
            f"{' '.join(_WORDS)}; a field with blanks stands in double quotes"
        )  # fmt: skip
    digest, kind, place, verdict, until, owner, reason = fields
    entry = Entry(digest, kind, place, verdict, until, owner, reason, number)
    if not _HASH.fullmatch(entry.hash):
        raise _wrong(path, number, "the hash is 64 hex digits in lower case")
    if not entry.type or not entry.path:
        raise _wrong(path, number, "the type and the path cannot be empty")
    if entry.verdict not in VERDICTS:
        raise _wrong(path, number, f"the verdict is one of {', '.join(VERDICTS)}")
    if entry.verdict in SILENT:
        entry = entry._replace(until="")
    elif not is_date(entry.until):
        raise _wrong(path, number, f"{entry.verdict} needs the last day: YYYY-MM-DD")
    if entry.verdict != "unreviewed" and not (entry.owner and entry.reason):
        raise _wrong(path, number, f"{entry.verdict} needs an owner and a reason")
    return entry


def _fields(line: str, path: str, number: int) -> Iterator[str]:
    at = 0
    while at < len(line):
        found = _FIELD.match(line, at)
        if found is None:
            raise _wrong(path, number, "a double quote is not closed, or text follows it at once")
        at = found.end()
        if found[1] is not None:
            yield _plain(found[1])
        else:
            yield "" if found[2] == "-" else found[2]


def _wrong(path: str, number: int, what: str) -> UsageError:
    """An error about a line; its content stays out of it."""
    return UsageError(f"{path}:{number}: {what}")
