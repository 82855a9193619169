"""The report for a person at a terminal: both places quoted, the reason, what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.model import Finding, Report
from interlock.report.mending import fix_told
from interlock.report.neutral import harmless
from interlock.report.order import with_status
from interlock.report.paint import Paint, painter
from interlock.report.places import web_address
from interlock.report.quoting import gutter, quote
from interlock.report.unchecked import gaps
from interlock.report.verdict import sentence, state, status_of, steps, uncounted

_SHADES = {"failing": "error", "incomplete": "warning", "clean": "good"}


def render(report: Report, *, colour: bool = False, show_all: bool = False) -> str:
    """The whole report as text that ends with a line break."""
    paint = painter(colour=colour)
    lines: list[str] = []
    for finding in with_status(report, "failing"):
        lines += [*finding_lines(report, finding, paint), ""]
    if show_all:
        for finding in with_status(report, "grace", "old", "waived"):
            lines += [*finding_lines(report, finding, paint), ""]
    lines += _gaps(report, paint)
    lines += _ending(report, paint, show_all=show_all)
    return "\n".join(lines) + "\n"


def finding_lines(report: Report, finding: Finding, paint: Paint) -> Iterator[str]:
    """One finding: its headline, its message, its places quoted, and what to do."""
    yield " ".join(
        part
        for part in (
            paint(finding.severity, finding.severity),
            paint(harmless(finding.rule), "strong"),
            f" {paint(harmless(finding.key), 'strong')}" if finding.key else "",
            f" [{harmless(status_of(finding))}]" if finding.status != "failing" else "",
        )
        if part
    )
    yield harmless(finding.message)
    width = gutter(finding.places)
    for place in finding.places:
        yield from quote(place, paint, width)
    about = list(_about(report, finding))
    if about and finding.places:
        yield f"{' ' * width} {paint('|', 'frame')}"
    for label, text in about:
        yield f"{' ' * width} {paint('=', 'frame')} {paint(f'{label}:', 'strong')} {harmless(text)}"


def _about(report: Report, finding: Finding) -> Iterator[tuple[str, str]]:
    yield from (
        (label, text)
        for label, text in (
            ("why", finding.why),
            ("help", finding.hint),
            ("owner", finding.owner),
            ("docs", finding.docs),
        )
        if text
    )
    # Where there is no path to open, as of what is not shown: the page of the repository.
    for address in dict.fromkeys(web_address(report, p) for p in finding.places if not p.path):
        if address:
            yield "see", address
    repair = finding.repair
    if repair is None or finding.status != "failing":
        return
    if repair.edits:
        yield "fix", fix_told(report, repair)
    elif repair.refusal:
        yield "no fix", repair.refusal


def _gaps(report: Report, paint: Paint) -> Iterator[str]:
    for gap in gaps(report):
        yield f"{paint(gap.status, 'warning')} {harmless(gap.text)}"
        if gap.rules:
            yield f"  {paint('rules:', 'strong')} {harmless(', '.join(gap.rules))}"
        if gap.hint:
            yield f"  {paint('help:', 'strong')} {harmless(gap.hint)}"
        if gap.status == "unknown" and not report.require_all:
            yield "  it passes here; where CI=true, or with --require-all, it fails"
        yield ""


def _ending(report: Report, paint: Paint, *, show_all: bool) -> Iterator[str]:
    for notice in report.notices:
        yield f"{paint('note:', 'strong')} {harmless(notice)}"
    quiet = uncounted(report)
    if quiet:
        yield quiet if show_all else f"{quiet}: --all shows them"
    yield paint(sentence(report), _SHADES.get(state(report), "strong"))
    for at, step in enumerate(steps(report)):
        yield f"{'next:' if at == 0 else '     '} {harmless(step)}"
