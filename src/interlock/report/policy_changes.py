"""What a changed policy does to each repository: which findings appear, and which vanish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from interlock.model import SEVERITIES, Finding, Identity, Report, Severity
from interlock.report.markdown_inline import code, prose
from interlock.report.neutral import harmless
from interlock.report.order import with_status
from interlock.report.paint import Paint, painter
from interlock.report.plain_json import as_finding, dumped
from interlock.report.quoting import header
from interlock.report.unchecked import Gap, gaps
from interlock.report.verdict import status_of
from interlock.report.wording import many
from interlock.values import NamedTuple

#: appears: fails from now on. vanishes: fails no longer. severity: fails as before, but counts
#: differently.
Kind = Literal["appears", "vanishes", "severity"]
_SIGNS: dict[Kind, str] = {"appears": "+", "vanishes": "-", "severity": "~"}
#: Characters that a comment on GitHub may have, less what stands around the list.
_LIMIT = 60_000


class Change(NamedTuple):
    """A finding that one policy has and the other has not, or counts differently.

    ``was`` is its severity under the old policy, "" where it appears. ``note`` says what became of
    one that vanishes and is still there: "waived until 2027-01-31".
    """

    kind: Kind
    repo: str
    finding: Finding
    was: str
    note: str = ""


class PolicyChanges(NamedTuple):
    """Two policies over the same files. ``repos`` are (alias, owner/name), of both policies.

    ``unread`` names what could not be read: there, nothing is known of either policy.
    """

    old: str
    new: str
    repos: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...]
    same: int
    unread: tuple[Gap, ...]
    notices: tuple[str, ...]


def compare(old: Report, new: Report, names: tuple[str, str]) -> PolicyChanges:
    """The difference of two reports over the same files; ``names`` say what each policy is."""
    before, after = _failing(old), _failing(new)
    changes = []
    for identity, finding in after.items():
        was = before.get(identity)
        if was is None:
            changes.append(Change("appears", _repo(finding), finding, ""))
        elif was.severity != finding.severity:
            changes.append(Change("severity", _repo(finding), finding, was.severity))
    quiet = {f.identity: status_of(f) for f in with_status(new, "grace", "waived", "unknown")}
    changes += [
        Change("vanishes", _repo(was), was, was.severity, quiet.get(identity, ""))
        for identity, was in before.items()
        if identity not in after
    ]
    same = sum(1 for one in after if one in before) - sum(c.kind == "severity" for c in changes)
    repos = dict.fromkeys((alias, name) for alias, name, _ in (*new.repos, *old.repos))
    unread = {(gap.repos, gap.hint): gap for gap in (*gaps(old), *gaps(new))}
    notices = dict.fromkeys((*old.notices, *new.notices))
    return PolicyChanges(
        *names, tuple(repos), tuple(changes), same, tuple(unread.values()), tuple(notices)
    )


def _failing(report: Report) -> dict[Identity, Finding]:
    """By identity, the worst of those that share one."""
    found: dict[Identity, Finding] = {}
    for finding in with_status(report, "failing"):
        found.setdefault(finding.identity, finding)
    return found


def _repo(finding: Finding) -> str:
    """The repository whose author is told first."""
    places = finding.places
    return places[0].repo if places else next(iter(finding.repair_in or finding.repos), "")


def worst(changes: PolicyChanges, level: Severity) -> bool:
    """True where a finding at or above ``level`` is new, or newly counts that much."""
    counted = SEVERITIES[: SEVERITIES.index(level) + 1]
    return any(
        change.kind != "vanishes"
        and change.finding.severity in counted
        and change.was not in counted
        for change in changes.changes
    )


def render(changes: PolicyChanges, *, colour: bool = False) -> str:
    """For a terminal: one part for each repository, then the counts."""
    paint = painter(colour=colour)
    lines = [f"the policy {harmless(changes.new)}, against {harmless(changes.old)}", ""]
    for title, happens, told in _by_repo(changes):
        lines.append(f"{paint(harmless(title), 'strong')}: {happens}")
        for change in told:
            lines += _change(change, paint)
        lines.append("")
    for gap in changes.unread:
        lines.append(f"{paint(gap.status, 'warning')} {harmless(gap.text)}")
        if gap.hint:
            lines.append(f"  {paint('help:', 'strong')} {harmless(gap.hint)}")
    lines += [f"{paint('note:', 'strong')} {harmless(notice)}" for notice in changes.notices]
    lines.append(paint(sentence(changes), "strong"))
    return "\n".join(lines) + "\n"


def _change(change: Change, paint: Paint) -> Iterator[str]:
    finding = change.finding
    shade = finding.severity if change.kind != "vanishes" else "good"
    severity = finding.severity
    counted = f"{change.was} -> {severity}" if change.kind == "severity" else severity
    key = f"  {harmless(finding.key)}" if finding.key else ""
    yield f"  {paint(_SIGNS[change.kind], shade)} {counted} {harmless(finding.rule)}{key}"
    if change.note:
        yield f"    it is {harmless(change.note)} now"
    yield f"    {harmless(finding.message)}"
    for place in finding.places[:1]:
        yield f"    --> {header(place)}"


def _by_repo(changes: PolicyChanges) -> Iterator[tuple[str, str, list[Change]]]:
    """(title, what happens, its changes) of every repository, the untouched ones too."""
    unread = {alias for gap in changes.unread for alias in gap.repos}
    titles: dict[str, list[str]] = {}
    for alias, name in changes.repos:
        titles.setdefault(alias, []).append(name)
    for change in changes.changes:
        titles.setdefault(change.repo, [])
    for alias, names in titles.items():
        told = [change for change in changes.changes if change.repo == alias]
        listed = ", ".join(name for name in names if name)
        happens = "could not be read" if alias in unread and not told else _counts(told)
        yield f"{alias} ({listed})" if listed else alias, happens, told


def _counts(told: list[Change]) -> str:
    kinds = [change.kind for change in told]
    parts = [
        (kinds.count("appears"), "appears", "appear"),
        (kinds.count("vanishes"), "vanishes", "vanish"),
        (kinds.count("severity"), "changes its severity", "change their severity"),
    ]
    said = [(number, one if number == 1 else more) for number, one, more in parts if number]
    words = [f"{number:,} {verb}" for number, verb in said[1:]]
    first = [f"{many(number, 'finding')} {verb}" for number, verb in said[:1]]
    return ", ".join(first + words) or "nothing changes"


def sentence(changes: PolicyChanges) -> str:
    """The whole in one line; never "nothing changes" where something was not read."""
    told = _counts(list(changes.changes))
    if not changes.changes and changes.unread:
        told = "no change that could be seen"
    if changes.same:
        told = f"{told}; {changes.same:,} {'stays' if changes.same == 1 else 'stay'} as before"
    if changes.unread:
        told = f"{told}; not everything could be read"
    return told


def as_json(changes: PolicyChanges) -> str:
    """For programs."""
    data: dict[str, Any] = {
        "schema": 1,
        "old": changes.old,
        "new": changes.new,
        "repos": [{"alias": alias, "name": name} for alias, name in changes.repos],
        "changes": [
            {
                "kind": c.kind,
                "repo": c.repo,
                "was": c.was,
                "note": c.note,
                "finding": as_finding(c.finding),
            }
            for c in changes.changes
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
    for title, happens, told in _by_repo(changes):
        lines = [f"**{prose(title)}:** {happens}"]
        for change in told:
            line = _line(change)
            room -= len(line)
            if room > 0:
                lines.append(line)
            else:
                left += 1
        parts.append("\n".join([lines[0], "", *lines[1:]]).rstrip())
    parts += [f"**Not checked:** {prose(f'{gap.text}: {gap.hint}')}" for gap in changes.unread[:20]]
    if left:
        parts.append(f"**{many(left, 'change')} did not fit here:** `interlock policy test`")
    return "\n\n".join(parts) + "\n"


def _line(change: Change) -> str:
    finding = change.finding
    gone = f"gone ({prose(change.note)} now)" if change.note else "gone"
    words = {"appears": "new", "vanishes": gone, "severity": f"was {change.was}"}
    key = f" {code(finding.key)}" if finding.key else ""
    return (
        f"- {words[change.kind]}: {finding.severity} {code(finding.rule)}{key}: "
        f"{prose(finding.message, 300)}"
    )
