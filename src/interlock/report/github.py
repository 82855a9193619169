"""The report as annotations on a GitHub Actions run.

GitHub shows ten errors, ten warnings and ten notices of a step and drops the rest without a word
(actions/toolkit#734), so the worst go first and what the limit cut is printed as plain lines.
An annotation stands in a file of the repository that runs; places elsewhere go into its message.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from interlock.model import Finding, Place, Report
from interlock.report.neutral import harmless
from interlock.report.order import with_status
from interlock.report.places import own_place, web_address
from interlock.report.quoting import header
from interlock.report.unchecked import Gap, gaps
from interlock.report.verdict import sentence, status_of, uncounted
from interlock.report.workflow_command import MAX_MESSAGE, MAX_TITLE, command
from interlock.values import NamedTuple

#: Annotations of one kind that GitHub shows for a step.
PER_STEP = 10

Kind = Literal["error", "warning", "notice"]
_KINDS: dict[str, Kind] = {"error": "error", "warning": "warning", "info": "notice"}


class Annotation(NamedTuple):
    """One annotation; ``place`` is in the own repository or None."""

    kind: Kind
    title: str
    message: str
    place: Place | None


def render(report: Report, *, colour: bool = False, show_all: bool = False) -> str:
    """Commands, worst first, then plain lines; ``show_all`` lists what does not count as well."""
    del colour
    shown: list[str] = []
    cut: list[str] = []
    taken = {"error": 0, "warning": 0, "notice": 0}
    for annotation in _annotations(report):
        if taken[annotation.kind] < PER_STEP:
            taken[annotation.kind] += 1
            shown.append(_command(annotation))
        else:
            cut.append(_line(annotation))
    if cut:
        title = f"{len(cut):,} more that GitHub does not show as annotations"
        shown += _group(f"{title} ({PER_STEP} of a kind for each step)", cut)
    if show_all:
        quiet = with_status(report, "grace", "old", "waived")
        lines = [f"[{harmless(status_of(f))}] {_line(_annotation(report, f))}" for f in quiet]
        shown += _group("findings that do not count", lines) if lines else []
    elif uncounted(report):
        shown.append(f"{uncounted(report)}: --all shows them")
    return "\n".join([*shown, sentence(report)]) + "\n"


def _annotations(report: Report) -> Iterator[Annotation]:
    """What GitHub is told: repositories that were not read go before the findings of a kind."""
    open_gaps = gaps(report)
    failing = [_annotation(report, finding) for finding in with_status(report, "failing")]
    unread: Kind = "error" if report.require_all else "warning"
    for kind in _KINDS.values():
        if kind == unread:
            yield from (_of_gap(gap, kind) for gap in open_gaps if gap.status == "unknown")
        if kind == "notice":
            yield from (_of_gap(gap, kind) for gap in open_gaps if gap.status == "deferred")
        yield from (annotation for annotation in failing if annotation.kind == kind)
    for notice in report.notices:
        yield Annotation("notice", "Interlock", harmless(notice), None)


def _annotation(report: Report, finding: Finding) -> Annotation:
    own = own_place(report, finding.places)
    lines = [harmless(finding.message)]
    for place in finding.places:
        note = f": {harmless(place.note)}" if place.note else ""
        address = "" if place is own else web_address(report, place)
        lines.append(f"{header(place)}{note}{f'  {address}' if address else ''}")
    lines += [
        f"{label}: {harmless(text)}"
        for label, text in (
            ("why", finding.why),
            ("help", finding.hint),
            ("owner", finding.owner),
            ("docs", finding.docs),
        )
        if text
    ]
    title = f"{finding.rule}: {finding.key}" if finding.key else finding.rule
    kind = _KINDS.get(finding.severity, "notice")
    return Annotation(kind, harmless(title, MAX_TITLE), _bounded(lines), own)


def _of_gap(gap: Gap, kind: Kind) -> Annotation:
    lines = [harmless(gap.text), harmless(gap.hint), harmless(", ".join(gap.rules))]
    title = "not checked" if gap.status == "unknown" else "left to the organisation's status"
    return Annotation(kind, title, _bounded([line for line in lines if line]), None)


def _bounded(lines: list[str]) -> str:
    text = "\n".join(lines)
    return text if len(text) <= MAX_MESSAGE else f"{text[: MAX_MESSAGE - 1]}…"


def _command(annotation: Annotation) -> str:
    properties: dict[str, str | int] = {}
    place = annotation.place
    # A path that cannot be written as it is would name another file: it is in the message.
    if place is not None and harmless(place.path) == place.path:
        properties["file"] = place.path
        properties["line"] = place.line
        properties["endLine"] = place.end_line
        if place.line and place.end_line == place.line:  # the runner takes columns of one line
            properties["col"] = place.column
            properties["endColumn"] = max(place.end_column - 1, place.column)
    properties["title"] = annotation.title
    return command(annotation.kind, properties, annotation.message)


def _line(annotation: Annotation) -> str:
    first, _, rest = annotation.message.partition("\n")
    where = f" ({rest.partition(chr(10))[0]})" if rest else ""
    return f"{annotation.kind} {annotation.title}: {first}{where}"


def _group(title: str, lines: list[str]) -> list[str]:
    return [command("group", {}, title), *lines, command("endgroup", {}, "")]
