"""What a changed policy does to each repository: which findings appear, and which vanish."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from interlock.model import SEVERITIES, Finding, Identity, Report, Severity
from interlock.report.exit_code import CLEAN, FINDINGS
from interlock.report.order import with_status
from interlock.report.unchecked import UNREAD, Gap, gaps
from interlock.report.verdict import status_of
from interlock.values import Literal, NamedTuple

#: appears: fails from now on. vanishes: fails no longer. severity: fails as before, but counts
#: differently. open: failed, and the new policy reads what could not be read.
Kind = Literal["appears", "vanishes", "severity", "open"]
#: What stands for the alias where a finding is about the policy file itself.
POLICY = "policy"
#: (alias, owner/name); "" for a name where the alias binds several and none is meant.
Where = tuple[str, str]
#: A finding under the old policy and under the new one; one of them may be None.
_Pair = tuple[Finding | None, Finding | None]


class Change(NamedTuple):
    """A finding that one policy has and the other has not, or counts differently.

    ``was`` is its severity under the old policy, "" where it appears. ``note`` says what the other
    policy makes of it: "waived until 2027-01-31".
    """

    kind: Kind
    where: Where
    finding: Finding
    was: str
    note: str = ""


class Member(NamedTuple):
    """A repository of either policy; ``same`` findings of it are as before."""

    alias: str
    name: str
    read: bool
    same: int


class PolicyChanges(NamedTuple):
    """Two policies over the same files.

    ``old`` and ``new`` say which policies; ``old`` is "" where there was none. ``unread`` names
    what could not be read: there, nothing is known. A ``fail_level`` "off" never fails.
    """

    old: str
    new: str
    members: tuple[Member, ...]
    changes: tuple[Change, ...]
    same: int
    unread: tuple[Gap, ...]
    notices: tuple[str, ...]
    fail_level: Severity
    require_all: bool


def compare(old: Report | None, new: Report, names: tuple[str, str]) -> PolicyChanges:
    """The difference of two reports over the same files; ``names`` say what each policy is.

    Without an old report, all that the new one finds appears.
    """
    both = (new,) if old is None else (new, old)
    places = list(dict.fromkeys((alias, name) for one in both for alias, name, _ in one.repos))
    views = _viewed(old), _viewed(new)
    pairs = _pairs(_failing(old), _failing(new))
    changes = [change for pair in pairs if (change := _change(pair, *views, places)) is not None]
    same = Counter(
        _where(after, places) for before, after in pairs if after and _same(before, after)
    )
    unread = {(gap.repos, gap.hint): gap for one in both for gap in gaps(one)}
    return PolicyChanges(
        *names,
        tuple(
            Member(*at, not any(at[0] in view.aliases for view in views), same[at]) for at in places
        ),
        tuple(sorted(changes, key=lambda change: _KINDS.index(change.kind))),
        same.total(),
        tuple(unread.values()),
        tuple(dict.fromkeys(notice for one in both for notice in one.notices)),
        new.fail_level,
        new.require_all,
    )


_KINDS: tuple[Kind, ...] = ("appears", "severity", "vanishes", "open")


def exit_code(changes: PolicyChanges) -> int:
    """1 where something at the fail level appears, or what was not read must not pass; else 0."""
    unread = any(gap.status == "unknown" for gap in changes.unread)
    return FINDINGS if fails(changes) or (unread and changes.require_all) else CLEAN


def fails(changes: PolicyChanges) -> bool:
    """True where a finding at or above the fail level is new, or newly counts that much."""
    level = changes.fail_level
    counted = () if level == "off" else SEVERITIES[: SEVERITIES.index(level) + 1]
    return any(
        change.kind in ("appears", "severity")
        and change.finding.severity in counted
        and change.was not in counted
        for change in changes.changes
    )


def _failing(report: Report | None) -> list[Finding]:
    return with_status(report, "failing") if report is not None else []


def _pairs(before: Sequence[Finding], after: Sequence[Finding]) -> list[_Pair]:
    """Findings of one identity side by side, first those that say the same; the rest alone."""
    partners: dict[int, int] = {}
    used: set[int] = set()
    for alike in (True, False):
        left: dict[tuple[Identity, str], list[int]] = defaultdict(list)
        for at in reversed(range(len(before))):
            if at not in used:
                left[_said(before[at], alike)].append(at)
        for at, finding in enumerate(after):
            known = left.get(_said(finding, alike))
            if known and at not in partners:
                partners[at] = known.pop()
                used.add(partners[at])
    pairs: list[_Pair] = [
        (before[partners[at]] if at in partners else None, finding)
        for at, finding in enumerate(after)
    ]
    return [*pairs, *((one, None) for at, one in enumerate(before) if at not in used)]


def _said(finding: Finding, alike: bool) -> tuple[Identity, str]:
    return finding.identity, finding.message if alike else ""


class _View(NamedTuple):
    """What a report says of findings that do not fail: waived or young ones, and what is open."""

    quiet: dict[Identity, str]
    rules: frozenset[str]
    aliases: frozenset[str]

    def leaves_open(self, finding: Finding) -> bool:
        """True where the report cannot say whether it has the finding: files were not read."""
        if finding.relation:
            return finding.rule in self.rules
        return not self.aliases.isdisjoint(finding.repos)


def _viewed(report: Report | None) -> _View:
    if report is None:
        return _View({}, frozenset(), frozenset())
    gone = [finding for finding in report.findings if finding.rule == UNREAD]
    aliases = {alias for alias, _, read in report.repos if read == "not read"}
    return _View(
        {one.identity: status_of(one) for one in with_status(report, "waived", "grace")},
        frozenset(rule for one in gone for rule in one.values),
        frozenset(aliases.union(*(one.repos for one in gone))),
    )


def _same(before: Finding | None, after: Finding | None) -> bool:
    return before is not None and after is not None and before.severity == after.severity


def _change(pair: _Pair, old: _View, new: _View, places: Sequence[Where]) -> Change | None:
    before, after = pair
    if after is None:
        if before is None:
            return None
        at = _where(before, places)
        if new.leaves_open(before):
            return Change("open", at, before, before.severity)
        note = new.quiet.get(before.identity, "")
        return Change("vanishes", at, before, before.severity, note)
    at = _where(after, places)
    if before is None:
        note = "not checked" if old.leaves_open(after) else old.quiet.get(after.identity, "")
        return Change("appears", at, after, "", note)
    if _same(before, after):
        return None
    return Change("severity", at, after, before.severity)


def _where(finding: Finding, places: Iterable[Where]) -> Where:
    """The repository whose author is told first."""
    if finding.places:
        place = finding.places[0]
        return place.repo, "" if place.repo == POLICY else place.name
    alias = next(iter(finding.repair_in or finding.repos), "")
    named = [place for place in places if place[0] == alias]
    return named[0] if len(named) == 1 else (alias, "")


def by_member(changes: PolicyChanges) -> Iterator[tuple[Where, list[Change], Member | None]]:
    """Every repository with its changes, the untouched ones too; then what is of none of them."""
    known: dict[Where, Member | None] = {(one.alias, one.name): one for one in changes.members}
    for where in (*known, *(c.where for c in changes.changes)):
        known.setdefault(where, None)
    for where, member in known.items():
        yield where, [one for one in changes.changes if one.where == where], member
