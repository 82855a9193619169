"""The order of findings, worst first, and their counts."""

from __future__ import annotations

from interlock.model import SEVERITIES, Finding, Report, Severity, Status
from interlock.report.mending import is_mendable
from interlock.values import NamedTuple

STATUSES: tuple[Status, ...] = ("failing", "unknown", "deferred", "grace", "old", "waived")


class Counts(NamedTuple):
    """How many findings there are of each kind.

    ``error``, ``warning`` and ``info`` are the failing ones; ``mendable`` is how many of those
    --fix mends here. ``oldest`` is the greatest known age of the old ones, in seconds.
    """

    error: int
    warning: int
    info: int
    unknown: int
    deferred: int
    grace: int
    old: int
    waived: int
    mendable: int
    oldest: int | None

    @property
    def failing(self) -> int:
        """Every failing finding, below the fail level too."""
        return self.error + self.warning + self.info


def ordered(report: Report) -> list[Finding]:
    """Worst first, then by experiment, rule and place: the same input gives the same order."""
    return sorted(report.findings, key=_rank)


def with_status(report: Report, *statuses: Status) -> list[Finding]:
    """The findings that have one of ``statuses``, in order."""
    return [finding for finding in ordered(report) if finding.status in statuses]


def count(report: Report) -> Counts:
    """Count what a report holds."""
    failing = [finding for finding in report.findings if finding.status == "failing"]
    levels: dict[Severity, int] = dict.fromkeys(SEVERITIES, 0)
    for finding in failing:
        levels[finding.severity] += 1
    statuses: dict[Status, int] = dict.fromkeys(STATUSES, 0)
    for finding in report.findings:
        statuses[finding.status] += 1
    ages = [f.age for f in report.findings if f.status == "old" and f.age is not None]
    return Counts(
        error=levels["error"],
        warning=levels["warning"],
        info=levels["info"],
        unknown=statuses["unknown"],
        deferred=statuses["deferred"],
        grace=statuses["grace"],
        old=statuses["old"],
        waived=statuses["waived"],
        mendable=sum(1 for finding in report.findings if is_mendable(report, finding)),
        oldest=max(ages, default=None),
    )


def _rank(finding: Finding) -> tuple[object, ...]:
    place = finding.places[0] if finding.places else None
    where = (place.repo, place.path, place.line, place.column) if place else ("", "", 0, 0)
    return (
        STATUSES.index(finding.status),
        SEVERITIES.index(finding.severity),
        "" if finding.rule.startswith("secret/") else finding.key,  # a fingerprint orders nothing
        finding.rule,
        where,
        finding.field,
        finding.member,
        finding.repos,
        finding.message,
    )
