"""Credentials as findings for the reporters: the type, the place, a fingerprint, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from interlock.model import Checked, Finding, Place, Report, Severity
from interlock.report.secret_extent import with_scan
from interlock.report.secret_words import hint, message, rule_of, why
from interlock.report.wording import many
from interlock.secrets.accepting import Case, Judged
from interlock.secrets.model import Rule, Scanned

#: As much of a fingerprint as tells values apart for people.
_SHOWN = 12
#: What the reporters call the repository that is scanned.
_OWN = "here"
#: How the history of a repository is cleaned, and what to do first.
DOCS = "https://github.com/interlock/interlock/blob/main/docs/secrets.md#clean-history"


def report_of(judged: Judged, scanned: Scanned, rules: Sequence[Rule]) -> Report:
    """The findings of the open cases and of the warned ones, in that order; waivers come later."""
    known = {rule.id: rule for rule in rules}
    severities: tuple[tuple[Severity, tuple[Case, ...]], ...] = (
        ("error", judged.open),
        ("warning", judged.warned),
    )
    findings = tuple(
        _finding(case, severity, judged, scanned.what, known)
        for severity, cases in severities
        for case in cases
    )
    findings = _counted(findings)
    return Report(
        findings,
        notices(judged),
        with_scan(Checked(0, 0, 0, 0), scanned),
        (),
        "check",
        "error",
        require_all=False,
        own=_OWN,
    )


def _counted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each with its number among those of its kind and file: with these it is the same one again.

    Fingerprints differ between clones where there is no baseline, and lines move.
    """
    numbers: Counter[tuple[str, str]] = Counter()
    counted = []
    for finding in findings:
        numbers[finding.rule, finding.field] += 1
        number = numbers[finding.rule, finding.field]
        counted.append(finding._replace(member=str(number)))
    return tuple(counted)


def notices(judged: Judged) -> tuple[str, ...]:
    """What is accepted without being told, and what the baseline holds in vain."""
    found = []
    kinds = Counter(case.kind for case in judged.silent)
    if kinds["silent"]:
        found.append(f"{many(kinds['silent'], 'hit')} judged harmless in {judged.path}")
    if kinds["allowed"]:
        found.append(f"{many(kinds['allowed'], 'hit')} allowed by a pragma")
    if judged.stale:
        found.append(
            f"{judged.path} has {len(judged.stale):,} that nothing fits any more: "
            "`interlock secrets baseline` brings it up to date"
        )
    return tuple(found)


def _finding(
    case: Case, severity: Severity, judged: Judged, what: str, known: dict[str, Rule]
) -> Finding:
    hit, entry = case.hit, case.entry
    rule = known.get(hit.rule)
    cell = f", cell {hit.cell}" if hit.cell else ""
    note = f"fingerprint {hit.fingerprint[:_SHOWN]}{cell}"
    end = hit.column
    seen = f"commit {hit.commit[:_SHOWN]}" if hit.commit else what
    place = Place(_OWN, "", hit.path, hit.line, hit.column, hit.line, end, "", note, seen)
    return Finding(
        rule_of(case),
        "",
        severity,
        "failing",
        message(case, judged),
        hit.fingerprint[:_SHOWN],
        hit.path,
        "",
        (),
        (place,),
        (),
        hint=hint(case, judged, rule),
        why=why(case, rule),
        # Who answers for a value is told with it; who approves a new entry is in its message.
        owner=entry.owner if entry is not None and case.kind not in ("entry", "approve") else "",
        docs=DOCS if case.kind in ("found", "expired", "too-far") else "",
    )
