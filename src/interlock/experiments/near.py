"""The name that was probably meant: a near miss among the names that exist."""

from __future__ import annotations

from collections.abc import Iterable

#: Comparing one name with more candidates than this is not worth its time.
_CANDIDATES = 2_000


def nearest(wanted: str, names: Iterable[str]) -> str | None:
    """The closest of ``names``, or None where nothing is close.

    Case, hyphens and underscores are not differences worth a miss; otherwise difflib's ratio
    must reach 0.75.
    """
    folded = _fold(wanted)
    candidates = []
    for name in names:
        if name == wanted:
            continue
        if _fold(name) == folded:
            return name
        if abs(len(name) - len(wanted)) <= 1 + len(wanted) // 3:
            candidates.append(name)
    if not candidates or len(candidates) > _CANDIDATES:
        candidates = [n for n in candidates if n[:2] == wanted[:2]][:_CANDIDATES]
    from difflib import get_close_matches

    close = get_close_matches(wanted, candidates, n=1, cutoff=0.75)
    return close[0] if close else None


def _fold(name: str) -> str:
    return name.lower().replace("_", "-").replace("-", "")
