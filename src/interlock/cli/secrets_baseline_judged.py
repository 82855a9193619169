"""A scan and what becomes of its hits: the baseline that stands where the scan read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from interlock.cli.secrets_run import Asked, Found, look
from interlock.secrets.accepting import Judged, judge
from interlock.secrets.baseline_files import (
    first_standing,
    range_standing,
    staged_standing,
    work_baseline,
)
from interlock.secrets.fingerprints import top_of
from interlock.secrets.model import Hit


def today() -> str:
    """The day in UTC, the same for everybody: YYYY-MM-DD."""
    return time.strftime("%Y-%m-%d", time.gmtime())


def look_and_judge(asked: Asked, day: str, where: str = ".") -> tuple[Found, Judged]:
    """Scan in the folder ``where`` and judge the hits on ``day`` (YYYY-MM-DD).

    A change is judged by the baseline that it makes, with what stood before it; anything else by
    the one in the work tree. Raises what ``look`` raises, and UsageError for a broken baseline.
    """
    found = look(asked, where)
    top = top_of(where)
    if not top:
        return found, judge(found.hits, None, day)
    if asked.staged or asked.base or asked.each:
        return _change(asked, found, day, where, top)
    baseline = work_baseline(top, asked.baseline)
    walked = asked.history or asked.each
    whole = not walked and _is_top(asked, where, top)
    placed = _placer(where, top) if not walked else str
    judged = judge(found.hits, baseline, day, whole=whole, placed=placed)
    unread = {placed(skip.path) for skip in found.scanned.skipped}
    stale = tuple(entry for entry in judged.stale if entry.path not in unread)
    return found, judged._replace(stale=stale)


def _change(asked: Asked, found: Found, day: str, where: str, top: str) -> tuple[Found, Judged]:
    if not found.hits and asked.baseline not in found.seen and not any(found.seen.values()):
        return found, judge((), None, day)
    if asked.staged:
        standing = staged_standing(top, asked.baseline)
    elif not asked.base or _from_nothing(asked.base):
        standing = first_standing(top, asked.baseline, asked.head)
    else:
        standing = range_standing(top, asked.baseline, asked.base, asked.head)
    baseline = standing.baseline
    if baseline is not None and baseline.key != found.key:
        # The work tree has another baseline than the one that counts.
        found = look(asked._replace(key=baseline.key), where)
    hits = (*found.hits, *_reached(asked, found, top))
    return found, judge(hits, baseline, day, standing.added)


def _from_nothing(base: str) -> bool:
    from interlock.secrets.changes import from_nothing

    return from_nothing(base)


def _reached(asked: Asked, found: Found, top: str) -> list[Hit]:
    """Hits on lines that were there before and that a new pragma above them accepts."""
    wanted = {path: lines for path, lines in found.seen.items() if lines}
    if not wanted:
        return []
    from interlock.secrets.content import text_of
    from interlock.secrets.model import Text
    from interlock.secrets.scan import scan, scanner
    from interlock.trees.objects import Objects, TooLarge

    revision = ":0" if asked.staged else asked.head
    objects = Objects(top, own=True)
    hits = []
    try:
        for path, lines in wanted.items():
            got = objects.get(f"{revision}:{path}")
            if got is None or isinstance(got, TooLarge):
                continue
            text = text_of(path, got[2])
            if isinstance(text, Text):
                every = scan([text], scanner(asked.rules, found.key))
                hits += [hit for hit in every if hit.allowed and hit.line in lines]
    finally:
        objects.close()
    return hits


def _is_top(asked: Asked, where: str, top: str) -> bool:
    return any(os.path.realpath(os.path.join(where, path)) == top for path in asked.paths)


def _placer(where: str, top: str) -> Callable[[str], str]:
    """Turns a path as it was given into one from the top, as entries have it."""
    here = os.path.realpath(where)

    def placed(path: str) -> str:
        full = os.path.normpath(os.path.join(here, path))
        try:
            return os.path.relpath(full, top).replace(os.sep, "/")
        except ValueError:  # on another drive of Windows
            return path

    return placed
