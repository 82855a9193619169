"""What a scan for credentials found, as JSON, text, SARIF or annotations; never a value."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps

from interlock.model import Finding, Report, RuleText
from interlock.report.secret_extent import as_json, plain
from interlock.secrets.accepting import Case, Judged
from interlock.secrets.baseline import Entry
from interlock.secrets.model import Rule, Scanned
from interlock.secrets.table import TABLE
from interlock.values import Any, NamedTuple


class Told(NamedTuple):
    """What is told; the report's findings are those of ``judged.open``, then ``judged.warned``."""

    judged: Judged
    scanned: Scanned
    report: Report
    rules: Sequence[Rule]


def told(judged: Judged, scanned: Scanned, rules: Sequence[Rule] = TABLE) -> Told:
    """The findings; ``rules`` say why and how to rotate."""
    from interlock.report.secret_findings import report_of

    return Told(judged, scanned, report_of(judged, scanned, rules), rules)


def render(what: Told, form: str) -> str:
    """The whole answer in ``form``: text, json, sarif or github."""
    if form == "json":
        return _json(what)
    if form == "sarif":
        from interlock.report.sarif import render as sarif

        return sarif(what.report._replace(rules=_texts(what)))
    if form == "github":
        from interlock.report.github import render as annotations

        return annotations(what.report)
    from interlock.report.secret_text import render_text

    return render_text(what.report, what.judged)


def _texts(what: Told) -> tuple[RuleText, ...]:
    """The pages of the rules that have findings."""
    from interlock.report.secret_words import rule_text
    from interlock.secrets.pages import pages

    found = {finding.rule for finding in what.report.findings}
    return tuple(rule_text(page) for page in pages(what.rules) if page.id in found)


def _json(what: Told) -> str:
    judged, scanned = what.judged, what.scanned
    cases = (*judged.open, *judged.warned)
    kinds = [case.kind for case in judged.silent]
    value = {
        "schema": 1,
        "scanned": as_json(scanned),
        "hits": [
            _hit(case, finding) for case, finding in zip(cases, what.report.findings, strict=True)
        ],
        "accepted": {"baseline": kinds.count("silent"), "pragma": kinds.count("allowed")},
        "stale": [
            {"type": e.type, "path": plain(e.path), "fingerprint": e.hash} for e in judged.stale
        ],
    }
    return dumps(value, indent=2) + "\n"


def _hit(case: Case, finding: Finding) -> dict[str, Any]:
    hit = case.hit
    return {
        "rule": hit.rule,
        "type": hit.type,
        "path": plain(hit.path),
        "line": hit.line,
        "column": hit.column,
        "cell": hit.cell,
        "fingerprint": hit.fingerprint,
        "severity": finding.severity,
        "status": finding.status,
        "kind": case.kind,
        **({"commit": hit.commit} if hit.commit else {}),
        **({"verified": hit.verdict} if hit.verdict else {}),
        **({"entry": _entry(case.entry)} if case.entry is not None else {}),
    }


def _entry(entry: Entry) -> dict[str, str]:
    return {
        "path": plain(entry.path),
        "verdict": entry.verdict,
        "until": entry.until,
        "owner": entry.owner,
        "reason": entry.reason,
    }
