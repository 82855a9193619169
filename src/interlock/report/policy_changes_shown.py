"""What a changed policy does, as text, JSON (schemas/policy-changes.json) and Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from interlock.model import Finding
from interlock.report.markdown_inline import code, prose
from interlock.report.neutral import harmless
from interlock.report.paint import Paint, painter
from interlock.report.plain_json import as_finding, dumped
from interlock.report.policy_changes import (
    POLICY,
    Change,
    Kind,
    Member,
    PolicyChanges,
    Where,
    by_member,
    exit_code,
    fails,
)
from interlock.report.quoting import header
from interlock.report.wording import many

_SIGNS: dict[Kind, str] = {"appears": "+", "vanishes": "-", "severity": "~", "open": "?"}
#: For one finding, and for several.
_WORDS: dict[Kind, tuple[str, str]] = {
    "appears": ("appears", "appear"),
    "severity": ("changes its severity", "change their severity"),
    "vanishes": ("vanishes", "vanish"),
    "open": ("can no longer be checked", "can no longer be checked"),
}
#: Characters that a comment on GitHub may have, less what stands around the list.
_LIMIT = 60_000


def render(changes: PolicyChanges, *, colour: bool = False) -> str:
    """For a terminal: one part for each repository, then the counts."""
    paint = painter(colour=colour)
    against = f", against {changes.old}" if changes.old else ", which is new"
    lines = [harmless(f"the policy {changes.new}{against}"), ""]
    for where, told, member in by_member(changes):
        lines.append(f"{paint(harmless(_title(where)), 'strong')}: {_happens(told, member)}")
        for change in told:
            lines += _change(change, paint)
        lines.append("")
    for gap in changes.unread:
        lines.append(f"{paint(gap.status, 'warning')} {harmless(gap.text)}")
        if gap.hint:
            lines.append(f"  {paint('help:', 'strong')} {harmless(gap.hint)}")
    lines += [f"{paint('note:', 'strong')} {harmless(notice)}" for notice in changes.notices]
    lines.append(paint(sentence(changes), "strong"))
    if fails(changes):
        level = f"the fail level is {changes.fail_level}"
        lines.append(f"this fails: {level}; `--fail-level never` only shows")
    return "\n".join(lines) + "\n"


def _change(change: Change, paint: Paint) -> Iterator[str]:
    finding = change.finding
    shades = {"vanishes": "good", "open": "warning"}
    severity = finding.severity
    counted = f"{change.was} -> {severity}" if change.kind == "severity" else severity
    key = f"  {harmless(finding.key)}" if finding.key else ""
    sign = paint(_SIGNS[change.kind], shades.get(change.kind, severity))
    yield f"  {sign} {counted} {harmless(finding.rule)}{key}"
    if change.note:
        yield f"    {harmless(_note(change))}"
    yield f"    {harmless(finding.message)}"
    for place in finding.places[:1]:
        yield f"    --> {header(place)}"


def _note(change: Change) -> str:
    return f"it was {change.note}" if change.kind == "appears" else f"it is {change.note} now"


def _title(where: Where) -> str:
    alias, name = where
    if alias == POLICY and not name:
        return "the policy itself"
    return f"{alias} ({name})" if name else alias


def _happens(told: list[Change], member: Member | None) -> str:
    parts = [_counts(told)] if told else []
    if member is not None and not member.read:
        parts.append("could not be read" if not told else "not everything could be read")
    if member is not None and member.same:
        parts.append(_stays(member.same))
    if told or (member is not None and not member.read):
        return "; ".join(parts)
    return "; ".join(["nothing changes", *parts])


def _stays(number: int) -> str:
    return f"{number:,} {'stays' if number == 1 else 'stay'} as before"


def _counts(told: list[Change]) -> str:
    """``2 findings appear, 1 vanishes``; "nothing changes" for none."""
    kinds = [change.kind for change in told]
    said = [(kinds.count(kind), _WORDS[kind]) for kind in _WORDS if kind in kinds]
    words = [f"{number:,} {one if number == 1 else more}" for number, (one, more) in said[1:]]
    for number, (one, more) in said[:1]:
        words.insert(0, f"{many(number, 'finding')} {one if number == 1 else more}")
    return ", ".join(words) or "nothing changes"


def sentence(changes: PolicyChanges) -> str:
    """The whole in one line; never "nothing changes" where something was not read."""
    told = _counts(list(changes.changes))
    if not changes.changes and changes.unread:
        told = "no change that could be seen"
    if changes.same:
        told = f"{told}; {_stays(changes.same)}"
    if changes.unread:
        told = f"{told}; not everything could be read"
    return told


def as_json(changes: PolicyChanges) -> str:
    """For programs."""
    data: dict[str, Any] = {
        "schema": 1,
        "old": changes.old,
        "new": changes.new,
        "fail_level": changes.fail_level,
        "require_all": changes.require_all,
        "exit_code": exit_code(changes),
        "repos": [member._asdict() for member in changes.members],
        "changes": [
            {
                "kind": change.kind,
                "repo": change.where[0],
                "name": change.where[1],
                "was": change.was,
                "note": change.note,
                "finding": as_finding(change.finding),
            }
            for change in changes.changes
        ],
        "same": changes.same,
        "unread": [gap._asdict() for gap in changes.unread],
        "notices": list(changes.notices),
    }
    return dumped(data)


def as_markdown(changes: PolicyChanges) -> str:
    """For a comment on the pull request that changes the policy."""
    parts = [f"### Interlock: {prose(sentence(changes))}"]
    room = _LIMIT
    left = 0
    for where, told, member in by_member(changes):
        lines = [f"**{prose(_title(where))}:** {_happens(told, member)}", ""]
        room -= len(lines[0])
        for change in told:
            line = _line(change)
            room -= len(line)
            if room > 0:
                lines.append(line)
            else:
                left += 1
        if room > 0 or len(lines) > 2:
            parts.append("\n".join(lines).rstrip())
    parts += [f"**Not checked:** {prose(f'{gap.text}: {gap.hint}')}" for gap in changes.unread[:20]]
    parts += [f"**Note:** {prose(notice)}" for notice in changes.notices[:20]]
    if left:
        parts.append(f"**{many(left, 'change')} did not fit here:** `interlock policy test`")
    return "\n\n".join(parts) + "\n"


def _line(change: Change) -> str:
    finding = change.finding
    words = {"appears": "new", "vanishes": "gone", "severity": f"was {change.was}", "open": "open"}
    note = f" ({prose(_note(change))})" if change.note else ""
    return (
        f"- {words[change.kind]}{note}: {finding.severity} {code(finding.rule)}: "
        f"{prose(finding.message, 300)}{_place(finding)}"
    )


def _place(finding: Finding) -> str:
    return f" at {code(header(finding.places[0]))}" if finding.places else ""
