"""The report for a person at a terminal: both places quoted, the reason, what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.model import Finding, Report
from interlock.report.neutral import harmless
from interlock.report.order import counts, mendable, ordered
from interlock.report.quoting import Paint, quote

_CODES = {"red": "31;1", "yellow": "33;1", "blue": "34;1", "cyan": "36", "bold": "1", "green": "32"}
_SHADES = {"error": "red", "warning": "yellow", "info": "cyan", "off": "cyan"}
_DAY = 86_400


def render(report: Report, *, colour: bool = False, show_all: bool = False) -> str:
    """The whole report as text that ends with a line break."""

    def paint(text: str, shade: str) -> str:
        return f"\x1b[{_CODES[shade]}m{text}\x1b[0m" if colour else text

    lines: list[str] = []
    findings = ordered(report)
    for finding in findings:
        if finding.status == "failing" or (
            show_all and finding.status in ("old", "grace", "waived")
        ):
            lines += [*_finding(finding, paint), ""]
    lines += _unread(findings, paint)
    lines += [f"note: {harmless(notice)}" for notice in report.notices]
    lines += _ending(report, paint, show_all=show_all)
    return "\n".join(lines) + "\n"


def _finding(finding: Finding, paint: Paint) -> Iterator[str]:
    status = "" if finding.status == "failing" else f" ({finding.note or finding.status})"
    level = paint(finding.severity, _SHADES[finding.severity])
    rule = paint(f"[{finding.rule}]", "bold")
    yield f"{level}{rule}: {paint(harmless(finding.message), 'bold')}{status}"
    for place in finding.places:
        yield from quote(place, paint)
    for label, text in (("why", finding.why), ("help", finding.hint), ("owner", finding.owner),
                        ("docs", finding.docs)):
        if text:
            yield f"  {paint('=', 'blue')} {paint(label, 'bold')}: {harmless(text)}"
    if finding.repair is not None and finding.repair.edits:
        yield f"  {paint('=', 'blue')} {paint('fix', 'bold')}: `interlock check --fix` mends this"
    elif finding.repair is not None and finding.repair.refusal:
        reason = harmless(finding.repair.refusal)
        yield f"  {paint('=', 'blue')} {paint('fix', 'bold')}: not offered: {reason}"


def _unread(findings: list[Finding], paint: Paint) -> list[str]:
    lines = []
    for finding in findings:
        if finding.status in ("unknown", "deferred"):
            word = paint(finding.status, "yellow")
            lines += [f"{word}: {harmless(finding.message)}", f"  = {harmless(finding.hint)}", ""]
    return lines


def _ending(report: Report, paint: Paint, *, show_all: bool) -> list[str]:
    found = counts(report)
    lines = []
    quiet = [
        f"{found['old']} older" if found["old"] else "",
        f"{found['grace']} within their grace" if found["grace"] else "",
        f"{found['waived']} waived" if found["waived"] else "",
    ]
    said = ", ".join(text for text in quiet if text)
    if said and not show_all:
        lines.append(f"not counted: {said}; --all shows them")
    checked = report.checked
    repos = sum(1 for _, _, read in report.repos if read != "not read")
    extent = (
        f"{_many(checked.rules, 'rule')} over {_many(checked.records, 'record')} "
        f"in {_many(checked.files, 'file')} of {_many(repos, 'repo')}"
    )
    failing = [f"{_many(found[s], s)}" for s in ("error", "warning", "info") if found[s]]
    if found["unknown"] or found["deferred"]:
        failing += [f"{found[s]} {s}" for s in ("unknown", "deferred") if found[s]]
    if failing:
        lines.append(f"{paint(', '.join(failing), 'bold')} ({extent})")
        lines += _next(report)
    elif not checked.rules and report.mode == "change":
        lines.append("nothing to check: the change touches no source of the policy")
    elif not checked.rules:
        lines.append("nothing was checked: the policy has no consistency rule that was asked for")
    else:
        lines.append(f"{paint('clean', 'green')}: {extent}")
    return lines


def _next(report: Report) -> list[str]:
    if mendable(report):
        return [f"next: `interlock check --fix` mends {_many(mendable(report), 'finding')}"]
    rules = [f.rule for f in ordered(report) if f.status == "failing"]
    return [f"next: `interlock explain {rules[0]}` says why the rule exists"] if rules else []


def _many(number: int, word: str) -> str:
    plural = word if number == 1 or word == "info" else f"{word}s"
    return f"{number} {plural}"
