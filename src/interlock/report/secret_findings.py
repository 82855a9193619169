"""Credentials as findings for the reporters: the type, the place, a fingerprint, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from interlock.model import Checked, Finding, Place, Report, RuleText
from interlock.report.neutral import harmless
from interlock.secrets.model import Hit, Scanned
from interlock.secrets.table import TABLE

#: As much of a fingerprint as tells values apart for people.
_SHOWN = 12
#: What the reporters call the repository that is scanned.
_OWN = "here"
_WHY = "whoever reads this repository, now or later, can use it"
_ROTATE = "make a new one where it was issued, and withdraw this one"


def render_findings(hits: Sequence[Hit], scanned: Scanned, form: str) -> str:
    """Text, SARIF or annotations; text and annotations end with what was scanned."""
    report = _report(hits, scanned)
    if form == "sarif":
        from interlock.report.sarif import render

        return render(report)
    if form == "github":
        from interlock.report.github import render as annotations

        return annotations(report)
    return _text(report, scanned)


def _text(report: Report, scanned: Scanned) -> str:
    from interlock.report.paint import painter
    from interlock.report.text import finding_lines

    paint = painter(colour=False)
    lines: list[str] = []
    for finding in report.findings:
        lines += [*finding_lines(report, finding, paint), ""]
    found = len(report.findings)
    count = f"{found:,} credential{'s' if found != 1 else ''}" if found else "no credentials"
    lines.append(f"{count} in {summary(scanned)}")
    return "\n".join(lines) + "\n"


def summary(scanned: Scanned) -> str:
    """What was scanned, and what was not and why, in one sentence."""
    files = f"{scanned.files:,} file{'s' if scanned.files != 1 else ''}"
    lines = f"{scanned.lines:,} line{'s' if scanned.lines != 1 else ''}"
    text = f"{lines} of {files} ({harmless(scanned.what)})"
    reasons = Counter(skip.reason for skip in scanned.skipped)
    if reasons:
        told = ", ".join(f"{n:,} {harmless(reason)}" for reason, n in sorted(reasons.items()))
        text += f"; not scanned: {told}"
    return text


def _report(hits: Sequence[Hit], scanned: Scanned) -> Report:
    findings = tuple(_finding(hit, scanned.what) for hit in hits)
    rules = {f.rule: RuleText(f.rule, f.message, f.message, f.why, f.hint) for f in findings}
    return Report(
        findings,
        (f"scanned {summary(scanned)}",),
        Checked(scanned.files, scanned.lines, len(TABLE), 0),
        (),
        "check",
        "error",
        require_all=False,
        own=_OWN,
        rules=tuple(rules.values()),
    )


def _finding(hit: Hit, what: str) -> Finding:
    rule = next((rule for rule in TABLE if rule.id == hit.rule), None)
    rotate = (rule.rotate if rule is not None else "") or _ROTATE
    cell = f", cell {hit.cell}" if hit.cell else ""
    place = Place(
        _OWN,
        "",
        hit.path,
        hit.line,
        hit.column,
        hit.line,
        hit.column,
        "",
        f"fingerprint {hit.fingerprint[:_SHOWN]}{cell}",
        what,
    )
    return Finding(
        f"secret/{hit.type}",
        "",
        "error",
        "failing",
        f"{harmless(hit.path)}{cell} holds a credential: {hit.type.replace('-', ' ')}",
        "",
        "",
        hit.fingerprint,
        (),
        (place,),
        (),
        hint=f"take it out of the commit; if it was ever pushed, rotate it: {rotate}",
        why=rule.why if rule is not None else _WHY,
    )
