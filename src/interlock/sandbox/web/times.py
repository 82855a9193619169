"""Moments as people read them."""

from __future__ import annotations

from interlock.sandbox.payloads.times import iso
from interlock.sandbox.web.markup import Safe, tag

_STEPS = ((60, "second"), (60, "minute"), (24, "hour"), (30, "day"), (12, "month"))


#: The last second of the year 9999: anybody may write any date into a commit.
_LAST = 253_402_300_799


def of_git(date: str) -> float:
    """Seconds since 1970 of a git date such as ``1700000000 +0100``; 0 for what is none."""
    word = date.partition(" ")[0]
    return float(word) if word.isascii() and word.isdecimal() and len(word) <= 15 else 0.0


def ago(then: float, now: float) -> Safe:
    """``3 minutes ago``, with the exact time behind it."""
    then = min(then, _LAST)
    return tag("time", _words(now - then), datetime=iso(then), title=iso(then))


def _words(seconds: float) -> str:
    count = int(seconds)
    if count < 5:
        return "just now"
    for size, unit in _STEPS:
        if count < size:
            return _said(count, unit)
        count //= size
    return _said(count, "year")


def _said(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'} ago"
