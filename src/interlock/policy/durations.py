"""Durations and dates as a policy writes them."""

from __future__ import annotations

import re

_UNITS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DURATION = r"([0-9]{1,6})([mhdw])"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def seconds(text: str) -> int | None:
    """``14d``, ``12h``, ``30m`` or ``2w`` in seconds; None for anything else."""
    found = re.fullmatch(_DURATION, text)
    return int(found.group(1)) * _UNITS[found.group(2)] if found else None


def is_date(text: str) -> bool:
    """True for a day that exists, written YYYY-MM-DD."""
    from datetime import date

    if not re.fullmatch(_DATE, text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
