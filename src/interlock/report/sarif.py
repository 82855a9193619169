"""The report as SARIF 2.1.0, for code scanning and other viewers.

Where a result stands. GitHub shows a result in a file of the repository that uploads it, so the
primary location is the first own place; else the policy or member file, for that is what makes
the repository take part; else the first place of all. Every other place is a related location,
linked from the message, since GitHub shows only related locations that the message links.

What does not count. Old results keep their level (code scanning compares with the base branch by
itself), those within their grace and waived ones become notes, so that they do not fail the
check; waived ones carry a suppression. Rules that a repository left unread stay open: a result
for each such repository, for an upload without any would close the alerts of those rules.
"""

from __future__ import annotations

from typing import Any

from interlock import __version__
from interlock.model import Finding, Report
from interlock.report.exit_code import exit_code
from interlock.report.identity_hash import identity_hash
from interlock.report.neutral import harmless
from interlock.report.order import ordered
from interlock.report.plain_json import dumped
from interlock.report.sarif_fixes import fixes
from interlock.report.sarif_places import bases, linked_message, location, primary, text_message
from interlock.report.sarif_rules import LEVELS, descriptors

#: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
#: Results of one run that GitHub takes (docs.github.com, "SARIF results exceed limits").
MAX_RESULTS = 25_000
#: Ours alone: GitHub computes primaryLocationLineHash and warns about any other value of it.
_FINGERPRINT = "interlock/identity/v1"


def render(report: Report, *, colour: bool = False, show_all: bool = False) -> str:
    """The report as one SARIF log with one run; viewers filter, so everything is in it."""
    del colour, show_all
    return dumped(log(report))


def log(report: Report) -> dict[str, Any]:
    """The SARIF log as plain data."""
    findings = ordered(report)
    kept = [f for f in findings if f.status != "deferred"][:MAX_RESULTS]
    rules, at = descriptors(report)
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "Interlock", "version": __version__, "rules": rules}},
        "automationDetails": {"id": "interlock/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, findings, len(kept))],
        "results": [_result(report, finding, at[finding.rule]) for finding in kept],
        "properties": {
            "mode": report.mode,
            "checked": report.checked._asdict(),
            "repos": [list(row) for row in report.repos],
        },
    }
    used = bases(run)
    if used:
        run["originalUriBaseIds"] = used
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _invocation(report: Report, findings: list[Finding], kept: int) -> dict[str, Any]:
    """Successful only where everything was checked; what was not is a notification."""
    open_ones = [f for f in findings if f.status in ("unknown", "deferred")]
    notes = [
        {
            "level": "error" if finding.status == "unknown" else "note",
            "message": text_message(": ".join(t for t in (finding.message, finding.hint) if t)),
            "descriptor": {"id": f"interlock/{finding.status}"},
        }
        for finding in open_ones
    ]
    notes += [{"level": "note", "message": text_message(notice)} for notice in report.notices]
    left = sum(1 for f in findings if f.status != "deferred") - kept
    if left:
        text = f"{left:,} more results were left out: code scanning takes {MAX_RESULTS:,}"
        notes.append({"level": "warning", "message": text_message(text)})
    return {
        "executionSuccessful": not any(f.status == "unknown" for f in open_ones),
        "exitCode": exit_code(report),
        "toolExecutionNotifications": notes,
    }


def _level(report: Report, finding: Finding) -> str:
    if finding.status == "unknown":
        return "error" if report.require_all else "warning"
    return LEVELS[finding.severity] if finding.status in ("failing", "old") else "note"


def _result(report: Report, finding: Finding, rule_index: int) -> dict[str, Any]:
    first = primary(report, finding)
    others = [place for place in finding.places if place is not first]
    related = [location(report, place, at) for at, place in enumerate(others, start=1)]
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": _level(report, finding),
        "message": linked_message(report, finding, others),
        "partialFingerprints": {_FINGERPRINT: identity_hash(finding)},
        "properties": {
            "severity": finding.severity,
            "status": finding.status,
            "key": finding.key,
            "field": finding.field,
            "member": finding.member,
            "repairIn": list(finding.repair_in),
        },
    }
    if first is not None:
        result["locations"] = [location(report, first, 0, whole_file_line=1)]
    if related:
        result["relatedLocations"] = related
    if report.mode == "change":
        result["baselineState"] = "unchanged" if finding.status == "old" else "new"
    if finding.status == "waived":
        reason = harmless(finding.note) or "waived by the policy"
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": reason}
        ]
    found = fixes(report, finding)
    if found:
        result["fixes"] = found
    return result
