"""A scan for credentials for a person at a terminal: in full what fails, the rest in brief."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.model import Finding, Report
from interlock.report.neutral import harmless
from interlock.report.secret_findings import DOCS, notices
from interlock.report.wording import many
from interlock.secrets.accepting import Judged

#: Lines of what does not fail; the rest is counted.
_MOST = 20
_NEW_ENTRY = "secret/new-baseline-entry"


def render_text(report: Report, judged: Judged) -> str:
    """The whole answer; it ends with what was scanned."""
    lines: list[str] = []
    errors = [f for f in report.findings if f.severity == "error"]
    others = [f for f in report.findings if f.severity != "error"]
    lines += _in_full(report, errors)
    lines += _told(others)
    lines += [f"note: {harmless(notice)}" for notice in notices(judged)]
    lines.append(f"{_count(errors, others)} in {report.checked.scan}")
    if any(f.docs for f in errors):
        lines.append("next: `interlock secrets baseline` writes down what is no secret or can wait")
        lines.append(f"      what was ever pushed is in the history: {DOCS}")
    elif any(case.kind == "unreviewed" for case in judged.warned):
        lines.append("next: `interlock secrets baseline --audit` asks about what nobody has judged")
    return "\n".join(lines) + "\n"


def _in_full(report: Report, findings: list[Finding]) -> Iterator[str]:
    """Each finding with its lines; where to read on is the same for all and told at the end."""
    if not findings:
        return  # a clean scan pays for none of this
    from interlock.report.paint import painter
    from interlock.report.text import finding_lines

    paint = painter(colour=False)
    for finding in findings:
        yield from finding_lines(report, finding._replace(docs=""), paint)
        yield ""


def _told(findings: list[Finding]) -> Iterator[str]:
    for finding in findings[:_MOST]:
        place = finding.places[0]
        where = f"{harmless(place.path)}:{place.line}:{place.column}"
        yield f"{finding.severity} {harmless(finding.rule)} {where} ({harmless(place.note)})"
        yield f"  {harmless(finding.message)}"
    if len(findings) > _MOST:
        yield f"… and {len(findings) - _MOST:,} more: `--format json` lists them all"
    if findings:
        for hint in dict.fromkeys(f.hint for f in findings if f.rule == _NEW_ENTRY):
            yield f"  = help: {harmless(hint)}"
        yield ""


def _count(errors: list[Finding], others: list[Finding]) -> str:
    own = ("secret/new-pragma", _NEW_ENTRY)
    found = sum(1 for f in errors if f.rule not in own)
    accepted = len(errors) - found
    told = sum(1 for f in others if f.rule not in own)
    parts = [many(found, "credential")] if found else []
    if accepted:
        parts.append(f"{accepted:,} accepted by this change that nobody approves")
    if told:
        noun = "more" if found else "credential" if told == 1 else "credentials"
        parts.append(f"{told:,} {noun} accepted for a while")
    return ", ".join(parts) or "no credentials"
