"""Loads what a policy says of changes that belong together: `change-sets`."""

from __future__ import annotations

from interlock.policy.durations import seconds
from interlock.policy.model import ChangeSets
from interlock.policy.problems import Problems
from interlock.policy.raw import Raw
from interlock.policy.shapes import Reader

WORDS = ("window", "remind-after")


def load_change_sets(raw: Raw | None, problems: Problems) -> ChangeSets:
    """The settings; what is not said is as ChangeSets has it."""
    usual = ChangeSets()
    if raw is None:
        return usual
    reader = Reader(raw, "`change-sets`", WORDS, problems)
    return ChangeSets(
        _duration(reader, "window", usual.window),
        _duration(reader, "remind-after", usual.remind_after),
    )


def _duration(reader: Reader, word: str, usual: int) -> int:
    part = reader.get(word)
    if part is None:
        return usual
    found = seconds(part.value) if isinstance(part.value, str) else None
    if found is None:
        reader.problems.add(part, f"`{word}` must be a duration like 4h, 2d or 0h")
        return usual
    return found
