"""Numbers and spans of time as people say them."""

from __future__ import annotations

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def many(number: int, noun: str) -> str:
    """``1 error``, ``2 errors``; "info" is its own plural."""
    plural = noun if number == 1 or noun == "info" else f"{noun}s"
    return f"{number:,} {plural}"


def age(seconds: int) -> str:
    """The largest whole unit: ``12 days``, ``3 hours``, ``less than a minute``."""
    for size, noun in _UNITS:
        if seconds >= size:
            return many(seconds // size, noun)
    return "less than a minute"
