"""The name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

#: Longer names, and names among more than this, are not compared: that only costs time.
_LONGEST, _MOST = 100, 1_000
#: How many names are listed where none is close.
_LISTED = 16


def closest(name: str, known: Iterable[str]) -> str:
    """The one of ``known`` that is closest to ``name``, or "" where none is."""
    names = sorted(set(known))
    if len(name) > _LONGEST or len(names) > _MOST:
        return ""
    from difflib import get_close_matches

    folded = {_fold(other): other for other in reversed(names)}
    close = get_close_matches(_fold(name), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else ""


def _fold(name: str) -> str:
    return name.lower().replace("_", "-")


def suggestion(name: str, known: Iterable[str]) -> str:
    """``did you mean `x`?``, else the names there are, or "" where there are none."""
    names = list(known)
    close = closest(name, names)
    return f"did you mean `{close}`?" if close else listed(names)


def listed(known: Iterable[str]) -> str:
    """``there are: `a`, `b```, cut where there are many; "" for none."""
    names = sorted(set(known))
    if not names:
        return ""
    more = ", …" if len(names) > _LISTED else ""
    return "there are: " + ", ".join(f"`{name}`" for name in names[:_LISTED]) + more
