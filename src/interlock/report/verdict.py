"""What a run comes to, in one sentence: never "clean" where something was left unchecked."""

from __future__ import annotations

from typing import Literal

from interlock.model import SEVERITIES, Finding, Report
from interlock.report.exit_code import exit_code
from interlock.report.order import Counts, count, ordered
from interlock.report.wording import age, many

#: failing: something is wrong. incomplete: nothing is, as far as could be seen. idle: nothing
#: was checked. quiet: nothing fails, but there are old, young or waived findings. clean: none.
State = Literal["failing", "incomplete", "idle", "quiet", "clean"]


def state(report: Report) -> State:
    """Which of the five it is."""
    found = count(report)
    if found.failing:
        return "failing"
    if found.unknown or found.deferred:
        return "incomplete"
    if not report.checked.rules and not report.checked.scan:
        return "idle"
    return "quiet" if found.old or found.grace or found.waived else "clean"


def extent(report: Report) -> str:
    """``12 rules over 48 records in 31 files of 3 repos``, and what was scanned."""
    checked = report.checked
    read = len({(alias, name) for alias, name, what in report.repos if what != "not read"})
    rules = (
        f"{many(checked.rules, 'rule')} over {many(checked.records, 'record')} "
        f"in {many(checked.files, 'file')} of {many(read, 'repo')}"
    )
    if not checked.scan:
        return rules
    scan = f"scanned {checked.scan} for credentials"
    return f"{rules}; {scan}" if checked.rules else scan


def outcome(report: Report) -> str:
    """``2 errors, 1 warning``, ``clean``, or what else the run comes to."""
    found = count(report)
    words = {
        "failing": failing(found),
        "incomplete": "no finding, but not complete",
        "idle": "nothing was checked",
        "quiet": "nothing new" if report.mode == "change" else "clean",
        "clean": "clean",
    }
    text = words[state(report)]
    if found.failing and (found.unknown or found.deferred):
        text = f"{text}, and not complete"
    if found.failing and not exit_code(report):
        return f"{text} (passes: the fail level is {report.fail_level})"
    return text


def failing(found: Counts) -> str:
    """The failing findings by severity, worst first."""
    numbers = zip(SEVERITIES, (found.error, found.warning, found.info), strict=False)
    return ", ".join(many(number, level) for level, number in numbers if number)


def sentence(report: Report) -> str:
    """The count line: what was checked, and the outcome."""
    if state(report) != "idle":
        return f"{extent(report)}: {outcome(report)}"
    if report.checked.rules_skipped:
        left = many(report.checked.rules_skipped, "rule")
        return f"nothing to check: the change touches no file that the policy's {left} read"
    return "nothing was checked: no rule of the policy was asked for, or it has none"


def uncounted(report: Report) -> str:
    """``2 older findings (the oldest for at least 7 days), 1 waived``; "" for none."""
    found = count(report)
    oldest = "" if found.oldest is None else f" (the oldest for at least {age(found.oldest)})"
    parts = [
        f"{many(found.old, 'older finding')}{oldest}" if found.old else "",
        f"{found.grace} within {'its' if found.grace == 1 else 'their'} grace"
        if found.grace
        else "",
        f"{found.waived} waived" if found.waived else "",
    ]
    return ", ".join(part for part in parts if part)


def steps(report: Report) -> list[str]:
    """The commands to run next, the most useful one first."""
    found = count(report)
    commands = []
    if found.mendable:
        what = many(found.mendable, "finding")
        commands.append(f"`interlock check --fix` mends {what}; `--diff` shows it before")
    worst = next((f for f in ordered(report) if f.status == "failing"), None)
    if worst is not None:
        commands.append(f"`interlock explain {worst.rule}` says why the rule is there")
    return commands


def status_of(finding: Finding) -> str:
    """Why a finding does not count, for its headline; "" where it does."""
    if finding.status == "failing":
        return ""
    old = "" if finding.age is None else f" for at least {age(finding.age)}"
    words = {
        "old": f"there{old} already",
        "grace": "within its grace",
        "waived": "waived",
        "unknown": "not checked",
        "deferred": "deferred",
    }
    word = words[finding.status]
    if not finding.note:
        return word
    return finding.note if finding.note.startswith(word) else f"{word}: {finding.note}"
