"""The order of findings, worst first, and their counts."""

from __future__ import annotations

from collections import Counter

from interlock.model import SEVERITIES, Finding, Report

_STATUSES = ("failing", "unknown", "deferred", "grace", "old", "waived")


def ordered(report: Report) -> list[Finding]:
    """Worst first, then by rule, key and place: the same input gives the same order."""
    return sorted(report.findings, key=_rank)


def _rank(finding: Finding) -> tuple[object, ...]:
    place = finding.places[0] if finding.places else None
    where = (place.repo, place.path, place.line, place.column) if place else ("", "", 0, 0)
    return (
        _STATUSES.index(finding.status), SEVERITIES.index(finding.severity), finding.key,
        finding.rule, where, finding.member,
    )


def counts(report: Report) -> Counter[str]:
    """How many findings have each status, and of the failing ones each severity."""
    found: Counter[str] = Counter(finding.status for finding in report.findings)
    found.update(f.severity for f in report.findings if f.status == "failing")
    return found


def mendable(report: Report) -> int:
    """How many failing findings a fix could mend."""
    return sum(
        1
        for f in report.findings
        if f.status == "failing" and f.repair is not None and f.repair.edits
    )
