"""A baseline brought up to date with what a scan of the whole tree found."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from interlock.secrets.baseline import Baseline, Entry, Index, laxness, merged
from interlock.secrets.model import Hit
from interlock.values import NamedTuple


class Updated(NamedTuple):
    """The new baseline, and how many entries were kept, moved with their file, added, dropped."""

    baseline: Baseline
    kept: int
    moved: int
    added: int
    dropped: int


def updated(
    baseline: Baseline,
    hits: Sequence[Hit],
    until: str,
    unread: AbstractSet[str] = frozenset(),
    *,
    pragmas: bool = False,
) -> Updated:
    """Every hit has its entry: the known one, or a new one that is unreviewed ``until`` a day.

    A verdict follows its value into another file where the old file has it no more. Entries of
    ``unread`` paths stay. What only a pragma accepts gets an entry where ``pragmas`` is set.
    """
    places = {(hit.path, hit.fingerprint) for hit in hits}
    known = Index(baseline)
    # Strictest last: where two files lost the same value, that verdict goes with it.
    lost = {
        e.hash: e
        for e in sorted(baseline.entries, key=laxness, reverse=True)
        if e.place not in places
    }
    made: dict[tuple[str, str, str], Entry] = {}
    used = {entry.identity for entry in baseline.entries if entry.path in unread}
    moved = added = 0
    for hit in hits:
        identity = hit.fingerprint, hit.type, hit.path
        if identity in made:
            continue
        old = known.find(hit.type, hit.path, hit.fingerprint) or lost.get(hit.fingerprint)
        if old is not None:
            used.add(old.identity)
            moved += old.path != hit.path
            made[identity] = old._replace(type=hit.type, path=hit.path)
        elif not hit.allowed or pragmas:
            added += 1
            made[identity] = Entry(*identity, "unreviewed", until, "", "")
    stayed = [entry for entry in baseline.entries if entry.path in unread]
    new = baseline._replace(entries=merged([*made.values(), *stayed]))
    return Updated(new, len(used) - moved, moved, added, len(baseline.entries) - len(used))
