"""Which hits count: what a baseline and pragmas accept, and what a change adds to that."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from interlock.secrets.baseline import SILENT, Baseline, Entry, Index, latest, widened
from interlock.secrets.model import Hit
from interlock.values import Literal, NamedTuple

#: Open: found: nobody accepted it. expired, too-far: its entry is over, or lasts too long.
#: unseen: the change adds it together with an entry that nobody has judged.
#: pragma: only a pragma that the change adds accepts it. entry: the change adds an entry.
#: Warned: live, unreviewed: accepted until the entry's date. approve: the entry's owners decide.
#: Silent: silent: not a secret, or rotated. allowed: a pragma that was there before.
Kind = Literal[
    "found",
    "expired",
    "too-far",
    "unseen",
    "pragma",
    "entry",
    "live",
    "unreviewed",
    "approve",
    "silent",
    "allowed",
]


_OPEN = ("found", "expired", "too-far", "unseen", "pragma", "entry")


class Case(NamedTuple):
    """A hit and what becomes of it; for an entry that a change adds, ``hit`` is its line."""

    hit: Hit
    kind: Kind
    entry: Entry | None = None


class Added(NamedTuple):
    """What stood before a change: the baseline, and who owns it by the CODEOWNERS of then."""

    before: Baseline | None
    owners: tuple[str, ...]


class Judged(NamedTuple):
    """``open`` cases fail, ``warned`` ones are told, ``silent`` ones only counted.

    ``stale`` entries match nothing in the whole tree. ``path`` is the baseline's, "" for none.
    """

    open: tuple[Case, ...]
    warned: tuple[Case, ...]
    silent: tuple[Case, ...]
    stale: tuple[Entry, ...] = ()
    owners: tuple[str, ...] = ()
    path: str = ""


def judge(
    hits: Iterable[Hit],
    baseline: Baseline | None,
    today: str,
    added: Added | None = None,
    *,
    whole: bool = False,
    placed: Callable[[str], str] = str,
) -> Judged:
    """Judge ``hits``, whose fingerprints were made under the baseline's key.

    ``placed`` turns a hit's path into one from the repository's top, as entries have it.
    ``today`` is YYYY-MM-DD. ``added`` is given where the hits are of lines that a change adds;
    ``whole`` where they are all there are, so that entries without a hit can be told.
    """
    index = Index(baseline)
    last = latest(today)
    known = _hashes(added)
    cases = []
    seen = set()
    for hit in hits:
        path = placed(hit.path)
        entry = index.find(hit.type, path, hit.fingerprint)
        seen.add((path, hit.fingerprint))
        kind = _kind(hit, entry, today, last, added)
        if kind == "unreviewed" and added is not None and hit.fingerprint not in known:
            kind = "unseen"
        cases.append(Case(hit, kind, entry))
    cases += _new_entries(baseline, added)
    return Judged(
        tuple(c for c in cases if c.kind in _OPEN),
        tuple(c for c in cases if c.kind in ("live", "unreviewed", "approve")),
        tuple(c for c in cases if c.kind in ("silent", "allowed")),
        tuple(e for e in baseline.entries if e.place not in seen) if whole and baseline else (),
        added.owners if added is not None else (),
        baseline.path if baseline is not None else "",
    )


def _hashes(added: Added | None) -> set[str]:
    """The values that were accepted before, in whatever file."""
    before = added.before if added is not None else None
    return {entry.hash for entry in before.entries} if before is not None else set()


def _kind(hit: Hit, entry: Entry | None, today: str, last: str, added: Added | None) -> Kind:
    if entry is None:
        if not hit.allowed:
            return "found"
        return "allowed" if added is None else "pragma"
    if entry.verdict in SILENT:
        return "silent"
    if entry.until < today:
        return "expired"
    if entry.until > last:
        return "too-far"
    return "live" if entry.verdict == "live" else "unreviewed"


def _new_entries(baseline: Baseline | None, added: Added | None) -> list[Case]:
    if baseline is None or added is None:
        return []
    kind: Kind = "approve" if added.owners else "entry"
    return [
        Case(Hit("new-baseline-entry", e.type, baseline.path, e.line, 1, e.hash, 0), kind, e)
        for e in widened(added.before, baseline)
    ]
