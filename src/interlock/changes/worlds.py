"""The worlds of a change set: the repositories as they are once some of its members have landed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from interlock.changes.members import Member
from interlock.engine import PastWorld, Request, run
from interlock.experiments.dataset import Selections
from interlock.model import SEVERITIES, Finding, Severity
from interlock.policy.model import Policy, sources_of
from interlock.rules.table import SOURCE_RULES
from interlock.trees.base import Repo, Tree, World
from interlock.trees.merged import landed
from interlock.values import NamedTuple

#: Indexes of members: those that have landed in a world.
Landed = frozenset[int]


class Ground(NamedTuple):
    """What every world of a run stands on.

    ``world`` holds each repository's default branch as it is now. ``today`` is an ISO day,
    ``selections`` are what was read already, ``past`` is as the engine's. Findings below
    ``fail_level`` do not count. ``links`` are the symbolic links of each repository (alias,
    owner/name in lower case) whose listing is known to be complete: only there can a change be
    read by its paths alone.
    """

    policy: Policy
    world: World
    today: str
    selections: Selections
    past: PastWorld | None = None
    fail_level: Severity = "error"
    links: Mapping[tuple[str, str], frozenset[str]] = {}


def ground_of(
    policy: Policy, world: World, today: str, links: Mapping[tuple[str, str], frozenset[str]]
) -> Ground:
    """A ground on which nothing was read yet."""
    return Ground(policy, world, today, Selections(), links=links)


class Outcome(NamedTuple):
    """What one world comes to.

    ``findings`` are wrong there and were not before any member landed. ``unread`` are (alias,
    reason) of repositories that rules about the members' sources need.
    """

    findings: tuple[Finding, ...]
    unread: tuple[tuple[str, str], ...]


class Trees:
    """The trees of the repositories once some of ``members`` have landed; each is made once."""

    def __init__(self, world: World, members: Sequence[Member]) -> None:
        """``world`` is how the repositories are now: with all members that are merged."""
        self._world, self._members = world, members
        self._made: dict[tuple[tuple[str, str], Landed], Tree] = {}

    def world(self, members: Landed) -> World:
        """All repositories with just these of the members."""
        return {
            alias: tuple(self.repo(repo, members) for repo in repos)
            for alias, repos in self._world.items()
        }

    def repo(self, repo: Repo, members: Landed) -> Repo:
        """One repository with just these of the members."""
        where = (repo.alias, repo.name.lower())
        mine = [at for at, one in enumerate(self._members) if one.repo == where]
        if repo.tree is None or not mine:
            return repo
        wanted = frozenset(at for at in mine if at in members)
        known = (where, wanted)
        if known not in self._made:
            tree = repo.tree
            for at in mine:
                tree = _moved(tree, self._members[at], wanted=at in wanted)
            self._made[known] = tree
        return repo._replace(tree=self._made[known])


def _moved(tree: Tree, member: Member, *, wanted: bool) -> Tree:
    """``tree`` with the member landed, or taken back; as it is where that is so already."""
    base, head = member.base, member.head
    if base is None or head is None:
        return tree
    if wanted and member.can_land:
        return landed(tree, base, head)
    if not wanted and member.has_landed:
        return landed(tree, head, base)
    return tree


class _Unit(NamedTuple):
    """Rules that are evaluated together, and the members that their answer depends on."""

    policy: Policy
    only: tuple[str, ...]
    members: Landed


class Worlds:
    """Evaluates worlds: each rule once for each state of the repositories that it reads."""

    def __init__(self, ground: Ground, members: Sequence[Member], sources: Iterable[str]) -> None:
        """``sources`` are those whose files the members change: only their rules take part."""
        self._ground = ground
        self._trees = Trees(ground.world, members)
        self._units = tuple(_units(ground.policy, members, frozenset(sources)))
        # What others changed in the meantime is in all of these worlds: no member is blamed for it.
        self._before = self._trees.world(frozenset())
        self._known: dict[tuple[int, Landed], Outcome] = {}

    def after(self, members: Landed) -> Outcome:
        """What the world comes to in which just these members have landed."""
        outcomes = [self._of(at, members & unit.members) for at, unit in enumerate(self._units)]
        unread = [one for outcome in outcomes for one in outcome.unread]
        findings = tuple(one for outcome in outcomes for one in outcome.findings)
        return Outcome(findings, tuple(dict.fromkeys(unread)))

    def _of(self, at: int, members: Landed) -> Outcome:
        if (at, members) not in self._known:
            self._known[at, members] = self._evaluated(self._units[at], members)
        return self._known[at, members]

    def _evaluated(self, unit: _Unit, members: Landed) -> Outcome:
        ground = self._ground
        report = run(
            Request(
                policy=unit.policy,
                head=self._trees.world(members),
                own="",
                today=ground.today,
                base=self._before,
                only=unit.only,
                past=ground.past,
                selections=ground.selections,
            )
        )
        levels = SEVERITIES[: SEVERITIES.index(ground.fail_level) + 1]
        wrong = (f for f in report.findings if f.status == "failing" and f.severity in levels)
        unread = ((f.key, f.hint) for f in report.findings if f.status == "unknown")
        return Outcome(tuple(wrong), tuple(unread))


def _units(policy: Policy, members: Sequence[Member], sources: frozenset[str]) -> Iterator[_Unit]:
    """Each rule that reads one of ``sources``, and the built-in rules for each of those."""

    def of(names: Iterable[str]) -> Landed:
        aliases = {alias for name in names for alias in policy.sources[name].repos}
        return frozenset(at for at, one in enumerate(members) if one.alias in aliases)

    for rule in policy.consistency:
        names = sources_of(rule)
        if not sources.isdisjoint(names):
            yield _Unit(policy, (f"experiment/{rule.id}",), of(names))
    built_in = tuple(rule.doc.id for rule in SOURCE_RULES)
    for name, source in policy.sources.items():
        if name in sources:
            yield _Unit(policy._replace(sources={name: source}), built_in, of([name]))
