"""The name that was probably meant: a near miss among the names that exist."""

from __future__ import annotations

from collections.abc import Collection, Iterable

#: Near misses are looked up for so many findings of a rule; after that they only cost time.
MAX_LOOKUPS = 200
#: Names that one look-up takes from the index, and those of them that are compared in full.
_LOOKED_AT, _COMPARED = 1_000, 20
#: Longer names are indexed and compared by their beginnings.
_LENGTH = 200


class Names:
    """Names that can be asked for the closest to another, without looking at each of them."""

    def __init__(self, names: Iterable[str]) -> None:
        """Index the names by their pairs of characters."""
        self._names = sorted(set(names))
        self._folded: dict[str, list[int]] = {}
        self._pairs: dict[str, list[int]] = {}
        for at, name in enumerate(self._names):
            folded = _fold(name)
            self._folded.setdefault(folded, []).append(at)
            for pair in _pairs(folded):
                self._pairs.setdefault(pair, []).append(at)

    def nearest(self, wanted: str, without: Collection[str] = ()) -> str | None:
        """The closest name that is neither ``wanted`` nor in ``without``; None if none is close.

        Case, hyphens and underscores are not differences worth a miss; otherwise difflib's ratio
        must reach 0.75.
        """
        folded = _fold(wanted)
        for at in self._folded.get(folded, ())[:_COMPARED]:
            if self._names[at] != wanted and self._names[at] not in without:
                return self._names[at]
        shared = self._sharing(folded)
        most = 1 + len(wanted) // 3
        candidates: list[str] = []
        for at in sorted(shared, key=lambda at: (-shared[at], at)):
            name = self._names[at]
            fits = name != wanted and abs(len(name) - len(wanted)) <= most
            if fits and name not in without:
                candidates.append(name)
                if len(candidates) == _COMPARED:
                    break
        return _closest(wanted, candidates)

    def _sharing(self, folded: str) -> dict[int, int]:
        """How many pairs of characters each name shares, the rarest pairs first."""
        lists = sorted((self._pairs.get(pair, []) for pair in _pairs(folded)), key=len)
        shared: dict[int, int] = {}
        left = _LOOKED_AT
        for names in lists:
            for at in names[:left]:
                shared[at] = shared.get(at, 0) + 1
            left -= min(left, len(names))
        return shared


def nearest(wanted: str, names: Iterable[str]) -> str | None:
    """The closest of ``names``, as Names has it."""
    return Names(names).nearest(wanted)


def _closest(wanted: str, candidates: list[str]) -> str | None:
    from difflib import get_close_matches

    cut = {name[:_LENGTH]: name for name in reversed(candidates)}
    close = get_close_matches(wanted[:_LENGTH], cut, n=1, cutoff=0.75)
    return cut[close[0]] if close else None


def _pairs(folded: str) -> set[str]:
    padded = f" {folded[:_LENGTH]} "
    return {padded[at : at + 2] for at in range(len(padded) - 1)}


def _fold(name: str) -> str:
    return name.lower().replace("_", "-").replace("-", "")
