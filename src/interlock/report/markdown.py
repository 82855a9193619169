"""The report as Markdown, for a job summary or a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from interlock.model import Finding, Place, Report
from interlock.report.markdown_inline import code, fenced, html_code, prose
from interlock.report.mending import fix_told
from interlock.report.order import count, with_status
from interlock.report.paint import painter
from interlock.report.places import is_plain_address, web_address
from interlock.report.quoting import gutter, header, quote
from interlock.report.unchecked import gaps
from interlock.report.verdict import outcome, sentence, status_of, uncounted
from interlock.report.wording import many

#: Characters of the whole; GitHub takes 65,536 in a comment and 1 MiB in a job summary
#: (docs.github.com, "Workflow commands", "Adding a job summary").
LIMIT = 65_000
#: Of these, kept for what stands after the findings, and at most for what was not checked.
_TAIL, _HEAD = 4_000, 12_000
_PLACES = 10
#: Findings that are laid out to see whether they fit; the shortest one has 100 characters.
_TRIED = 1_000


def render(
    report: Report, *, colour: bool = False, show_all: bool = False, limit: int = LIMIT
) -> str:
    """At most ``limit`` characters (20,000 at least); what does not fit is cut by the finding."""
    del colour
    findings = with_status(report, "failing")
    if show_all:
        findings += with_status(report, "grace", "old", "waived")
    room = max(limit, 20_000) - _TAIL - _HEAD
    head = [f"### Interlock: {outcome(report)}", *_table(report)]
    head += _fitting(_gaps(report), _HEAD, "unread repo")
    blocks = (finding_block(report, finding) for finding in findings[:_TRIED])
    told = _fitting(blocks, room, "finding", len(findings[_TRIED:]))
    ending = [*_fitting(_notices(report), _TAIL - 1_000, "note"), *_ending(report, show_all)]
    return "\n\n".join([*head, *told, *ending]) + "\n"


def _fitting(blocks: Iterable[str], room: int, noun: str, left: int = 0) -> Iterator[str]:
    """The blocks for which there is room, each whole, and how many were left out."""
    for block in blocks:
        if len(block) + 2 > room:
            left += 1
        else:
            room -= len(block) + 2
            yield block
    if left:
        yield f"**{many(left, noun)} did not fit here:** `interlock check` shows everything."


def _table(report: Report) -> Iterator[str]:
    """Numbers only: a cell would be the one place where code spans do not hold."""
    found = count(report)
    rows = [
        ("errors", found.error),
        ("warnings", found.warning),
        ("info", found.info),
        ("not checked", found.unknown),
        ("deferred", found.deferred),
        ("within their grace", found.grace),
        ("older", found.old),
        ("waived", found.waived),
    ]
    told = [row for row in rows if row[1]]
    if told:
        names = " | ".join(name for name, _ in told)
        numbers = " | ".join(f"{number:,}" for _, number in told)
        yield f"| {names} |\n|{' --: |' * len(told)}\n| {numbers} |"


def _gaps(report: Report) -> Iterator[str]:
    """What was left unchecked stands before the findings: it is what a reader must not miss."""
    for gap in gaps(report):
        label = "Not checked" if gap.status == "unknown" else "Deferred"
        lines = [f"**{label}:** {prose(gap.text)}"]
        if gap.rules:
            lines.append(f"rules: {code(', '.join(gap.rules), 1_000)}")
        if gap.hint:
            lines.append(f"help: {prose(gap.hint)}")
        yield "  \n".join(lines)


def finding_block(report: Report, finding: Finding) -> str:
    """One finding, folded, its places quoted."""
    status = status_of(finding)
    title = " ".join(
        part
        for part in (
            finding.severity,
            html_code(finding.rule),
            html_code(finding.key) if finding.key else "",
            f"({html_code(status)})" if status else "",
        )
        if part
    )
    folded = "<details open>" if finding.severity == "error" and not status else "<details>"
    return "\n\n".join(
        [
            f"{folded}\n<summary>{title}</summary>",
            prose(finding.message),
            *_places(report, finding.places),
            *_about(report, finding),
            "</details>",
        ]
    )


def _places(report: Report, places: tuple[Place, ...]) -> Iterator[str]:
    if not places:
        return
    paint = painter(colour=False)
    shown = places[:_PLACES]
    width = gutter(shown)
    yield fenced([line for place in shown for line in quote(place, paint, width)])
    links = [
        f"[{code(header(place._replace(revision='')))}]({address})"
        for place, address in ((place, web_address(report, place)) for place in shown)
        if address
    ]
    if links:
        yield " · ".join(links)
    if len(places) > _PLACES:
        yield f"and {many(len(places) - _PLACES, 'more place')}"


def _about(report: Report, finding: Finding) -> Iterator[str]:
    for label, text in (("Why", finding.why), ("Help", finding.hint), ("Owner", finding.owner)):
        if text:
            yield f"**{label}:** {prose(text)}"
    if finding.docs:
        docs = finding.docs
        yield (
            f"[More about this rule]({docs})"
            if is_plain_address(docs)
            else f"**More:** {code(docs)}"
        )
    if finding.repair is None or finding.status != "failing":
        return
    if finding.repair.edits:
        yield f"**Fix:** {prose(fix_told(report, finding.repair))}"
    elif finding.repair.refusal:
        yield f"**No fix:** {prose(finding.repair.refusal)}"


def _notices(report: Report) -> Iterator[str]:
    for notice in report.notices:
        yield f"**Note:** {prose(notice, 300)}"


def _ending(report: Report, show_all: bool) -> Iterator[str]:
    quiet = uncounted(report)
    if quiet and not show_all:
        yield f"{quiet}: `interlock check --all` shows them."
    yield f"{sentence(report)}."
