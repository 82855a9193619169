"""The walk through what nobody has judged yet: a question for each, saved answer by answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from interlock.cli.secrets_baseline import last_day, later, save
from interlock.cli.secrets_run import Asked
from interlock.errors import UsageError
from interlock.report.exit_code import CLEAN
from interlock.report.neutral import harmless
from interlock.secrets.baseline import DAYS, SILENT, Baseline, Entry
from interlock.secrets.masking import Shown
from interlock.values import NamedTuple

_INTERRUPTED = 130
_QUESTION = "n not a secret, r rotated, l live until a day, s skip, q quit: "
_VERDICTS = {"n": "not-a-secret", "r": "rotated", "l": "live"}


class _Left(Exception):
    """The person said q."""


class Verdict(NamedTuple):
    """An answer."""

    verdict: str
    until: str
    owner: str
    reason: str


def audit(top: str, asked: Asked, day: str, owner: str, *, again: bool = False) -> int:
    """Ask about each entry that is unreviewed or over, with ``again`` about all; 0 once asked."""
    from interlock.secrets.baseline_files import work_baseline

    path = asked.baseline
    baseline = work_baseline(top, path)
    if baseline is None:
        raise UsageError(f"there is no {path} yet: `interlock secrets baseline` makes it")
    waiting = [e for e in baseline.entries if again or is_open(e, day)]
    found = _found(top, asked, baseline, waiting)
    gone = len({entry.place for entry in waiting}) - len(found)
    if gone:
        _say(f"{gone:,} fit nothing any more: `interlock secrets baseline` takes them out\n")
    if not found:
        _say(f"nothing to judge in {harmless(path)}\n")
        return CLEAN
    _say(f"{len(found):,} to judge in {harmless(path)}; each answer is saved at once\n")
    rotate = {rule.id: rule.rotate for rule in asked.rules}
    return _walk(top, baseline, found, rotate, (day, owner or git_email(top)))


def is_open(entry: Entry, day: str) -> bool:
    """True for what nobody judged, and for what was accepted until a day that is over."""
    if entry.verdict in SILENT:
        return False
    return entry.verdict == "unreviewed" or entry.until < day


def git_email(top: str) -> str:
    """The person's address in git's settings; "" for none."""
    from interlock.errors import TreeError
    from interlock.trees.process import git

    try:
        return git(top, "config", "user.email", own=True).decode("utf-8", "replace").strip()
    except TreeError:
        return ""


def _found(
    top: str, asked: Asked, baseline: Baseline, waiting: Sequence[Entry]
) -> list[list[Shown]]:
    """Where the values of ``waiting`` stand today, those of one file and value together."""
    from interlock.secrets.masking import shown
    from interlock.secrets.model import Text
    from interlock.secrets.reading import read_paths
    from interlock.secrets.scan import scanner

    wanted = {entry.place for entry in waiting}
    paths = sorted({path for path, _ in wanted if is_file_of(top, path)})
    texts = (one for one in read_paths(paths, top, lambda _: False) if isinstance(one, Text))
    groups: dict[tuple[str, str], list[Shown]] = {}
    for one in shown(texts, scanner(asked.rules, baseline.key), wanted):
        groups.setdefault((one.hit.path, one.hit.fingerprint), []).append(one)
    return list(groups.values())


def is_file_of(top: str, path: str) -> bool:
    """Whether an entry's path is a file of this tree: nothing is followed out of it."""
    full = os.path.normpath(os.path.join(top, path))
    inside = full.startswith(os.path.join(top, ""))
    return inside and os.path.isfile(full) and os.path.realpath(full) == full


def _walk(
    top: str,
    baseline: Baseline,
    found: list[list[Shown]],
    rotate: Mapping[str, str],
    usual: tuple[str, str],
) -> int:
    """Ask and save. ``rotate`` says how, by rule; ``usual`` are today and the usual owner."""
    day, owner = usual
    judged = 0
    try:
        for at, group in enumerate(found, 1):
            hit = group[0].hit
            mine = [e for e in baseline.entries if e.place == (hit.path, hit.fingerprint)]
            _say(_told(group, mine[0], rotate.get(hit.rule, ""), f"{at}/{len(found)}"))
            answer = _answer(day, owner)
            if answer is None:
                continue
            owner = answer.owner
            new = [e._replace(**answer._asdict()) for e in mine]
            others = [e for e in baseline.entries if e not in mine]
            baseline = baseline._replace(entries=(*others, *new))
            save(top, baseline)
            judged += 1
    except (_Left, KeyboardInterrupt) as stop:
        _say(f"\nstopped: {judged:,} judged and saved, {len(found) - judged:,} left\n")
        return CLEAN if isinstance(stop, _Left) else _INTERRUPTED
    except EOFError:
        if not judged:
            raise UsageError(
                "the audit asks questions and nobody answers: run it in a terminal"
            ) from None
        _say("\nthe input ended\n")
    _say(f"{judged:,} judged and saved, {len(found) - judged:,} left\n")
    return CLEAN


def _told(group: Sequence[Shown], entry: Entry, rotate: str, count: str) -> str:
    hit, line = group[0]
    cell = f", cell {hit.cell}" if hit.cell else ""
    more = f" and {len(group) - 1:,} more places" if len(group) > 1 else ""
    what = f"{harmless(hit.type.replace('-', ' '))}  {harmless(hit.path)}:{hit.line}{cell}{more}"
    until = f" until {entry.until}" if entry.until else ""
    lines = [
        "",
        f"{count}  {what}  ({entry.verdict}{until})",
        f"     {harmless(line)}" if line else "     (the line is not shown)",
    ]
    if rotate:
        lines.append(f"     to rotate it: {harmless(rotate)}")
    return "\n".join(lines) + "\n"


def _answer(day: str, owner: str) -> Verdict | None:
    """The verdict; None to skip. Asks again where an answer cannot be used."""
    while (letter := _ask(_QUESTION).lower()[:1]) not in ("n", "r", "l", "s"):
        if letter == "q":
            raise _Left
        _say("     one of the letters n, r, l, s and q\n")
    if letter == "s":
        return None
    until = _until(day) if letter == "l" else ""
    reason = _needed("reason: ", "")
    return Verdict(_VERDICTS[letter], until, _needed("who answers for it", owner), reason)


def _until(day: str) -> str:
    usual = later(day, DAYS)
    while True:
        try:
            return last_day(_ask(f"until [{usual}]: ") or usual, day)
        except UsageError as error:
            _say(f"     {error}\n")


def _needed(question: str, usual: str) -> str:
    asked = f"{question} [{harmless(usual)}]: " if usual else question.removesuffix(": ") + ": "
    while True:
        answer = _ask(asked) or usual
        if answer:
            return answer
        _say("     it cannot be empty\n")


def _ask(question: str) -> str:
    """One line of input; raises EOFError where there is no more."""
    _say(f"     {question}")
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line:
        raise EOFError
    if not sys.stdin.isatty():
        _say("\n")
    return line.strip()


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
