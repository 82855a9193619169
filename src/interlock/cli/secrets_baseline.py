"""`interlock secrets baseline`: makes, updates, imports and judges the list of what is accepted."""

from __future__ import annotations

import argparse
import os
import sys

from interlock.cli.secrets_baseline_judged import today
from interlock.cli.secrets_baseline_policy import whole_tree
from interlock.cli.secrets_run import Asked
from interlock.errors import UsageError
from interlock.report.exit_code import CLEAN
from interlock.report.neutral import harmless
from interlock.report.wording import many
from interlock.secrets.baseline import DAYS, KEY_BYTES, Baseline, latest
from interlock.secrets.updating import Updated
from interlock.values import NamedTuple


class Refreshed(NamedTuple):
    """A baseline beside a scan of today; ``before`` is the one that was there."""

    top: str
    before: Baseline | None
    updated: Updated


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked, tell it, and say what comes next."""
    day = today()
    until = last_day(arguments.until or later(day, DAYS), day)
    top = checkout()
    asked = whole_tree(top, (arguments.file or "").replace(os.sep, "/"))
    if arguments.audit:
        from interlock.cli.secrets_baseline_audit import audit

        return audit(top, asked, day, arguments.owner or "", again=arguments.all)
    if arguments.old:
        from interlock.cli.secrets_baseline_import import take_over

        return take_over(arguments.old, top, asked, until, arguments.owner or "")
    refreshed = refresh(top, asked, until, pragmas=arguments.pragmas)
    told = told_update(refreshed)
    if refreshed.before is None and not refreshed.updated.baseline.entries:
        sys.stdout.write("no credentials: there is nothing to write down\n")
        return CLEAN
    save(refreshed.top, refreshed.updated.baseline)
    sys.stdout.write(told)
    return CLEAN


def later(day: str, days: int) -> str:
    """The day that many days on."""
    from datetime import date, timedelta

    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def last_day(text: str, day: str) -> str:
    """``text`` where it is a day until which something can be accepted; else UsageError."""
    from interlock.policy.durations import is_date

    if not is_date(text):
        raise UsageError("the last day is written YYYY-MM-DD")
    if not day <= text <= latest(day):
        raise UsageError(f"the last day is between today ({day}) and {latest(day)}, not {text}")
    return text


def refresh(top: str, asked: Asked, until: str, *, pragmas: bool = False) -> Refreshed:
    """The baseline brought up to date with a scan of the whole tree; nothing is written."""
    from interlock.cli.secrets_run import look
    from interlock.secrets.baseline_files import work_baseline
    from interlock.secrets.updating import updated

    before = work_baseline(top, asked.baseline)
    baseline = before or Baseline(asked.baseline, os.urandom(KEY_BYTES))
    found = look(asked._replace(key=baseline.key), top)
    unread = frozenset(skip.path for skip in found.scanned.skipped)
    return Refreshed(top, before, updated(baseline, found.hits, until, unread, pragmas=pragmas))


def checkout() -> str:
    """The top of the checkout around the current folder; UsageError where there is none."""
    from interlock.secrets.fingerprints import top_of

    top = top_of(".")
    if not top:
        raise UsageError("a baseline stands at the top of a git repository, and here is none")
    return top


def save(top: str, baseline: Baseline) -> None:
    """Write the file whole or not at all, and only where it changes."""
    from interlock.cli.writing import write_whole
    from interlock.secrets.baseline_files import place_of
    from interlock.secrets.baseline_text import written

    full = place_of(top, baseline.path)
    data = written(baseline)
    try:
        if os.path.exists(full):
            with open(full, "rb") as file:
                if file.read(len(data) + 1) == data:
                    return
        os.makedirs(os.path.dirname(full), exist_ok=True)
        write_whole(full, data)
    except OSError as error:
        raise UsageError(f"{baseline.path} cannot be written: {error.strerror}") from None


def told_update(refreshed: Refreshed) -> str:
    """What changed, and what comes next."""
    new = refreshed.updated
    baseline = new.baseline
    count = len(baseline.entries)
    parts = [
        f"{number:,} {word}"
        for number, word in (
            (new.kept, "known"),
            (new.moved, "in another file than before"),
            (new.added, "new"),
            (new.dropped, "gone"),
        )
        if number
    ]
    path = harmless(baseline.path)
    head = f"{path}: {count:,} entr{'y' if count == 1 else 'ies'}"
    lines = [f"{head} ({', '.join(parts)})" if parts else head]
    open_ones = [entry for entry in baseline.entries if entry.verdict == "unreviewed"]
    if open_ones:
        first = min(entry.until for entry in open_ones)
        lines.append(
            f"{many(len(open_ones), 'hit')} nobody has judged: told as warnings, failing from the "
            f"day after {first} on"
        )
        lines.append("next: `interlock secrets baseline --audit` asks about each of them")
    return "\n".join([*lines, *advice(refreshed.top, baseline.path)]) + "\n"


def advice(top: str, path: str) -> list[str]:
    """The lines that two other files lack: who approves entries, and how versions merge."""
    from interlock.secrets.owners import PLACES, owners_of
    from interlock.trees.process import git

    shown = harmless(path)
    lines = []
    owned = False
    for place in PLACES:
        full = os.path.join(top, place)
        if os.path.isfile(full):
            with open(full, "rb") as file:
                owned = bool(owners_of(path, file.read()))
            break
    if not owned:
        lines.append(
            f"      put `/{shown} @your-org/your-team` into .github/CODEOWNERS, in a change before "
            "this one: they approve new entries"
        )
    merge = git(top, "check-attr", "-z", "merge", "--", path, own=True).split(b"\0")
    if b"union" not in merge:
        lines.append(
            f"      put `/{shown} merge=union` into .gitattributes: then versions of two branches "
            "merge without conflict"
        )
    return lines
