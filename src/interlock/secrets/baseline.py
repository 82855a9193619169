"""What a repository accepts: one entry for each value in a file, with a verdict and until when."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.values import NamedTuple

#: The file's usual path, at the top of the repository.
NAME = ".interlock-secrets"
#: What a person can say of a hit; the last is what nobody has looked at.
VERDICTS = ("not-a-secret", "rotated", "live", "unreviewed")
#: What can do no harm and is not told any more.
SILENT = ("not-a-secret", "rotated")
#: Days that a new entry is accepted unseen.
DAYS = 90
#: Bytes of the key under which the hashes are made.
KEY_BYTES = 32


class Entry(NamedTuple):
    """One accepted value. ``hash`` is the fingerprint of its hits, 64 hex digits.

    ``until`` is the last day (YYYY-MM-DD), "" where the verdict is silent; ``owner`` and ``reason``
    are "" where nobody has looked. ``line`` is where it stands in its file, 0 for a new one.
    """

    hash: str
    type: str
    path: str
    verdict: str
    until: str
    owner: str
    reason: str
    line: int = 0

    @property
    def place(self) -> tuple[str, str]:
        """What makes it fit a hit, whatever the type is called by now."""
        return self.path, self.hash

    @property
    def identity(self) -> tuple[str, str, str]:
        """What no other entry has."""
        return self.hash, self.type, self.path


class Baseline(NamedTuple):
    """The entries of one file, sorted, each identity once. ``path`` is that of the file."""

    path: str
    key: bytes
    entries: tuple[Entry, ...] = ()


def latest(day: str) -> str:
    """The last day that anything can be accepted until: a year on. Days are YYYY-MM-DD."""
    return f"{int(day[:4]) + 1:04}{day[4:]}"


def merged(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Sorted, each identity once: where a merge kept two lines, the stricter one holds."""
    kept: dict[tuple[str, str, str], Entry] = {}
    for entry in entries:
        known = kept.get(entry.identity)
        if known is None or laxness(entry) < laxness(known):
            kept[entry.identity] = entry
    return tuple(kept[identity] for identity in sorted(kept, key=_bytes))


def either(one: Baseline | None, other: Baseline | None) -> Baseline | None:
    """What one of two baselines accepts; of two under different keys only the first counts."""
    if one is None or other is None or one.key != other.key:
        return one or other
    ranked = sorted((*one.entries, *other.entries), key=laxness)
    return one._replace(entries=tuple({e.identity: e for e in ranked}.values()))


def _bytes(identity: tuple[str, str, str]) -> tuple[str, str, bytes]:
    return identity[0], identity[1], identity[2].encode("utf-8", "surrogateescape")


def laxness(entry: Entry) -> tuple[bool, str, int, str, str]:
    """Orders the entries for one value, the strictest first."""
    silent = entry.verdict in SILENT
    return silent, entry.until, -VERDICTS.index(entry.verdict), entry.owner, entry.reason


class Index:
    """Looks entries up by what hits carry."""

    def __init__(self, baseline: Baseline | None) -> None:
        """An index without entries where there is no baseline."""
        self._places: dict[tuple[str, str], dict[str, Entry]] = {}
        for entry in baseline.entries if baseline is not None else ():
            self._places.setdefault(entry.place, {})[entry.type] = entry

    def find(self, kind: str, path: str, fingerprint: str) -> Entry | None:
        """The entry for a value; one of another type where its rule was called otherwise once."""
        found = self._places.get((path, fingerprint))
        if found is None:
            return None
        return found.get(kind) or min(found.values(), key=laxness)


def widened(before: Baseline | None, after: Baseline) -> tuple[Entry, ...]:
    """The entries by which ``after`` accepts more than ``before``: new, silent or for longer."""
    if before is None or before.key != after.key:
        return after.entries
    known = Index(before)
    return tuple(
        entry
        for entry in after.entries
        if not _covers(known.find(entry.type, entry.path, entry.hash), entry)
    )


def _covers(old: Entry | None, new: Entry) -> bool:
    if old is None or old.verdict in SILENT:
        return old is not None
    return new.verdict not in SILENT and new.until <= old.until
