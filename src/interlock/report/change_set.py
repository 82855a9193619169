"""Change sets for a terminal, for programs and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from interlock.changes.change_set import ChangeSet
from interlock.changes.members import Member
from interlock.changes.needs import Need
from interlock.model import Checked, Report
from interlock.report.change_set_words import (
    Row,
    Shown,
    half_landed,
    headline,
    landing,
    nothing,
    reasons,
    rows,
    steps,
)
from interlock.report.markdown import finding_block
from interlock.report.markdown_inline import html_code, prose
from interlock.report.neutral import harmless
from interlock.report.order import ordered
from interlock.report.paint import Paint, painter
from interlock.report.plain_json import as_finding, dumped
from interlock.report.text import finding_lines
from interlock.report.wording import many

#: Findings that Markdown quotes of one set, and characters of them all.
_QUOTED, _ROOM = 20, 50_000


def render(shown: Shown, *, colour: bool = False) -> str:
    """As text that ends with a line break."""
    paint = painter(colour=colour)
    lines: list[str] = []
    for found in shown.sets:
        lines += [*_told(shown, found, paint), ""]
    if not shown.sets:
        lines.append(harmless(nothing(shown)))
    lines += [f"{paint('note:', 'strong')} {harmless(notice)}" for notice in shown.notices]
    return "\n".join(lines).rstrip("\n") + "\n"


def _told(shown: Shown, found: ChangeSet, paint: Paint) -> Iterator[str]:
    good = found.verdict.kind in ("alone", "together")
    yield paint(harmless(headline(found)), "good" if good else "error")
    yield ""
    table = [Row("repo", "change", "state", "wrong"), *rows(shown, found)]
    widths = [max(len(harmless(cell)) for cell in column) for column in zip(*table, strict=True)]
    for number, row in enumerate(table):
        cells = (harmless(c).ljust(w) for c, w in zip(row, widths, strict=True))
        line = "  ".join(cells).rstrip()
        yield paint(line, "strong") if not number else line
    yield ""
    report = _report(shown, found)
    for finding in ordered(report):
        yield from finding_lines(report, finding, paint)
        yield ""
    for label, text in _about(shown, found):
        yield f"{paint(f'{label}:', 'strong')} {harmless(text)}"


def _about(shown: Shown, found: ChangeSet) -> Iterator[tuple[str, str]]:
    broken = half_landed(found)
    if broken:
        yield "now", broken
    order = landing(found, shown.window)
    if order:
        yield "order", order
    for text in reasons(found):
        yield "why", text
    for member, why in found.ignored:
        yield "left out", f"{member.alias} {member.label} {why}"
    for text in steps(shown, found):
        yield "next", text


def _report(shown: Shown, found: ChangeSet) -> Report:
    """What is wrong, as other reports lay it out; nothing on a branch can be mended from here."""
    findings = tuple(one._replace(repair=None) for one in found.verdict.findings)
    return Report(findings, (), Checked(0, 0, 0, 0), (), "change", "error", True, shown.own)


def as_markdown(shown: Shown) -> str:
    """As Markdown."""
    parts: list[str] = []
    for found in shown.sets:
        parts.append(f"### Interlock: {prose(headline(found))}")
        parts.append("\n".join(_html_table(shown, found)))
        parts += _blocks(_report(shown, found))
        parts += [
            f"**{label.capitalize()}:** {prose(text)}" for label, text in _about(shown, found)
        ]
    if not shown.sets:
        parts.append(f"### Interlock: {prose(nothing(shown))}")
    parts += [f"**Note:** {prose(notice, 300)}" for notice in shown.notices[:20]]
    return "\n\n".join(parts) + "\n"


def _html_table(shown: Shown, found: ChangeSet) -> Iterator[str]:
    """As HTML: in a cell of a Markdown table code spans do not hold."""
    yield "<table>"
    yield "<tr><th>repo</th><th>change</th><th>state</th><th>wrong</th></tr>"
    for row in rows(shown, found):
        cells = "".join(f"<td>{html_code(cell) if cell else ''}</td>" for cell in row)
        yield f"<tr>{cells}</tr>"
    yield "</table>"


def _blocks(report: Report) -> Iterator[str]:
    room, left = _ROOM, 0
    for number, finding in enumerate(ordered(report)):
        block = finding_block(report, finding) if number < _QUOTED else ""
        if block and len(block) < room:
            room -= len(block)
            yield block
        else:
            left += 1
    if left:
        yield f"**{many(left, 'finding')} did not fit here.**"


def as_json(shown: Shown) -> str:
    """For programs; its shape is schemas/change-set.json."""
    data: dict[str, Any] = {
        "schema": 1,
        "branch": shown.branch,
        "own": shown.own,
        "window": shown.window,
        "sets": [_set(shown, found) for found in shown.sets],
        "notices": list(shown.notices),
    }
    return dumped(data)


def _set(shown: Shown, found: ChangeSet) -> dict[str, Any]:
    judged = found.verdict
    members = [
        {
            **_member(one),
            "needs": [_need(need) for need in needs],
            "alone": [as_finding(finding) for finding in alone],
        }
        for one, needs, alone in zip(found.members, found.needs, found.alone, strict=True)
    ]
    order = judged.landing.order
    return {
        "headline": headline(found),
        "keys": list(found.keys),
        "verdict": judged.kind,
        "members": members,
        "missing": list(judged.missing),
        "unread": [{"who": who, "why": why} for who, why in judged.unread],
        "ignored": [{**_member(one), "why": why} for one, why in found.ignored],
        "order": None if order is None else [found.members[at].alias for at in order],
        "next": [found.members[at].alias for at in judged.landing.next],
        "order_limited": judged.landing.limited,
        "landing": landing(found, shown.window),
        "why": list(reasons(found)),
        "findings": [as_finding(one) for one in ordered(_report(shown, found))],
        "half_landed": [as_finding(one._replace(repair=None)) for one in judged.half_landed],
    }


def _member(member: Member) -> dict[str, Any]:
    return {
        "repo": member.alias,
        "name": member.name,
        "label": member.label,
        "branch": member.branch,
        "state": member.state,
        "from_fork": member.from_fork,
        "problem": member.problem,
    }


def _need(need: Need) -> dict[str, Any]:
    return {
        "repo": need.alias,
        "rules": list(dict.fromkeys(finding.rule for finding in need.findings)),
        "companions": [one.id for one in need.companions],
    }
