"""The worlds of a change set: the repositories as they are once some of its members have landed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from interlock.changes.members import Member
from interlock.changes.reach import Reach, joined, pairs_files, sample
from interlock.engine import PastWorld, Request, run
from interlock.errors import TreeError
from interlock.experiments.dataset import Key, Selections
from interlock.experiments.keys import is_a_file_each, key_of_path
from interlock.experiments.scope import joined_by_key
from interlock.model import SEVERITIES, Finding, Severity
from interlock.policy.model import Policy, Rule, Source, sources_of
from interlock.rules.table import SOURCE_RULES
from interlock.trees.base import Repo, Tree, World
from interlock.trees.merged import landed
from interlock.trees.some_paths import SomePaths
from interlock.values import NamedTuple

#: (rule or source, what a record is joined by): two changes with one in common touch one another.
Token = tuple[str, tuple[str, ...]]
#: Indexes of members: those that have landed in a world.
Landed = frozenset[int]


class Ground(NamedTuple):
    """What every world of a run stands on.

    ``world`` holds each repository's default branch as it is now. ``today`` is an ISO day,
    ``selections`` are what was read already, ``past`` is as the engine's. Findings below
    ``fail_level`` do not count. With ``reach`` only the files are read that a change can have to do
    with, where that is known.
    """

    policy: Policy
    world: World
    today: str
    selections: Selections
    past: PastWorld | None = None
    fail_level: Severity = "error"
    reach: Reach | None = None


def ground_of(
    policy: Policy, world: World, today: str, links: Mapping[tuple[str, str], frozenset[str]]
) -> Ground:
    """A ground on which nothing was read yet; ``links`` are as for ``Reach``."""
    return Ground(policy, world, today, Selections(), reach=Reach(links))


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
            # The last that landed is taken back first: it may lie on what an earlier one changed.
            rest = sorted(
                (at for at in mine if at not in wanted),
                key=lambda at: (self._members[at].ended, at),
                reverse=True,
            )
            for at in (*rest, *sorted(wanted)):
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
    """Rules that are evaluated together, and the members that their answer depends on.

    ``paths`` are the files that decide, by repository; None for all. Where only ``some`` were
    taken of a source, a finding is looked at again with all of them.
    """

    policy: Policy
    only: tuple[str, ...]
    members: Landed
    paths: Mapping[tuple[str, str], frozenset[str]] | None = None
    some: bool = False


class Worlds:
    """Evaluates worlds: each rule once for each state of the repositories that it reads."""

    def __init__(
        self,
        ground: Ground,
        members: Sequence[Member],
        sources: Iterable[str],
        tokens: frozenset[Token] | None = None,
    ) -> None:
        """``sources`` are those whose files the members change: only their rules take part.

        ``tokens`` are what the members touch, where all of that is known.
        """
        self._ground = ground
        self._trees = Trees(ground.world, members)
        self._units = tuple(_units(ground, members, frozenset(sources), tokens))
        self._parts: dict[tuple[int, frozenset[str]], SomePaths] = {}
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
        outcome = self._in_part(unit, members)
        if unit.some and (outcome.findings or outcome.unread):
            return self._in_part(unit._replace(paths=None), members)
        return outcome

    def _world(self, unit: _Unit, world: World) -> World:
        """The world with only the files that decide."""
        paths = unit.paths
        if paths is None:
            return world
        return {
            alias: tuple(
                repo._replace(tree=self._part(repo.tree, paths[repo.alias, repo.name.lower()]))
                if repo.tree is not None and (repo.alias, repo.name.lower()) in paths
                else repo
                for repo in repos
            )
            for alias, repos in world.items()
        }

    def _part(self, tree: Tree, paths: frozenset[str]) -> Tree:
        """Each part once, so that its records are selected once."""
        where = (id(tree), paths)
        if where not in self._parts:
            self._parts[where] = SomePaths(tree, paths)
        return self._parts[where]

    def _in_part(self, unit: _Unit, members: Landed) -> Outcome:
        ground = self._ground
        report = run(
            Request(
                policy=unit.policy,
                head=self._world(unit, self._trees.world(members)),
                own="",
                today=ground.today,
                base=self._world(unit, self._before),
                only=unit.only,
                past=ground.past,
                selections=ground.selections,
            )
        )
        levels = SEVERITIES[: SEVERITIES.index(ground.fail_level) + 1]
        wrong = (f for f in report.findings if f.status == "failing" and f.severity in levels)
        unread = ((f.key, f.hint) for f in report.findings if f.status == "unknown")
        return Outcome(tuple(wrong), tuple(unread))


def _units(
    ground: Ground,
    members: Sequence[Member],
    sources: frozenset[str],
    tokens: frozenset[Token] | None,
) -> Iterator[_Unit]:
    """Each rule that reads one of ``sources``, and the built-in rules for each of those."""
    policy = ground.policy
    known = tokens if all(one.paths is not None for one in members) else None

    def of(names: Iterable[str]) -> Landed:
        aliases = {alias for name in names for alias in policy.sources[name].repos}
        return frozenset(at for at, one in enumerate(members) if one.alias in aliases)

    for rule in policy.consistency:
        names = sources_of(rule)
        if sources.isdisjoint(names):
            continue
        unit = _Unit(policy, (f"experiment/{rule.id}",), of(names))
        if known is None or not pairs_files(policy, rule) or not _listed(ground, names):
            yield unit
            continue
        # A member can touch another record where others have not landed: each file counts too.
        keys = {key for where, key in known if where == rule.id}
        keys |= {joined(rule, key) for name in names for key in _altered(ground, name, members)}
        if keys:
            chosen = [_holding(ground, name, [(rule, keys)]) for name in names]
            yield unit._replace(paths=_joined(ground, members, chosen))
    built_in = tuple(rule.doc.id for rule in SOURCE_RULES)
    for name, source in policy.sources.items():
        if name not in sources:
            continue
        unit = _Unit(policy._replace(sources={name: source}), built_in, of([name]))
        if known is not None and is_a_file_each(source) and _listed(ground, [name]):
            keys = {key for where, key in known if where == f"source {name}"}
            keys |= _altered(ground, name, members)
            chosen = [_holding(ground, name, _alike(policy, name, keys)), _sampled(ground, name)]
            unit = unit._replace(paths=_joined(ground, members, chosen), some=True)
        yield unit


def _listed(ground: Ground, names: Iterable[str]) -> bool:
    """True where the repositories of the sources are read, and their files known."""
    reach = ground.reach
    if reach is None:
        return False
    for name in names:
        source = ground.policy.sources[name]
        repos = _repos(ground, source)
        try:
            if not reach.knows(repos):
                return False
            for repo in repos:
                reach.paths(source, repo)
        except TreeError:  # the engine says which, and why
            return False
    return True


#: Files by repository.
_Paths = dict[tuple[str, str], set[str]]


def _altered(ground: Ground, name: str, members: Iterable[Member]) -> set[Key]:
    """The keys of a source's records whose files ``members`` can alter."""
    source = ground.policy.sources[name]
    own = [one for one in members if one.alias in source.repos]
    paths = {path for one in own for path in _decisive(ground, one)}
    return {key for path in paths if (key := key_of_path(source, path)) is not None}


def _decisive(ground: Ground, member: Member) -> frozenset[str]:
    """What a member changes, and the links that may lead there."""
    links = ground.reach.links(member.repo) if ground.reach is not None else None
    return (member.paths or frozenset()) | (links or frozenset())


#: A rule (None for none), and the keys that matter as it joins them.
_Wanted = tuple[Rule | None, Collection[Key]]


def _alike(policy: Policy, name: str, keys: Collection[Key]) -> list[_Wanted]:
    """``keys``, and what becomes one with them under the ``join`` of a rule."""
    rules = [rule for rule in policy.consistency if rule.join and name in joined_by_key(rule)]
    return [(None, keys), *((rule, {joined(rule, key) for key in keys}) for rule in rules)]


def _holding(ground: Ground, name: str, wanted: Sequence[_Wanted]) -> _Paths:
    """The files of a source whose records have one of the keys."""
    source = ground.policy.sources[name]
    found: _Paths = {}
    assert ground.reach is not None
    for repo in _repos(ground, source):
        chosen = found.setdefault((repo.alias, repo.name.lower()), set())
        held = ground.reach.paths(source, repo)
        for rule, keys in wanted:
            if rule is None or not rule.join:
                chosen.update(path for key in keys for path in held.get(key, ()))
                continue
            for key, paths in held.items():
                if joined(rule, key) in keys:
                    chosen.update(paths)
    return found


def _sampled(ground: Ground, name: str) -> _Paths:
    """A few files of a source: they show that it is not empty."""
    source = ground.policy.sources[name]
    assert ground.reach is not None
    return {
        (repo.alias, repo.name.lower()): set(sample(ground.reach.paths(source, repo)))
        for repo in _repos(ground, source)
    }


def _repos(ground: Ground, source: Source) -> list[Repo]:
    return [repo for alias in source.repos for repo in ground.world.get(alias, ())]


def _joined(
    ground: Ground, members: Sequence[Member], chosen: Sequence[_Paths]
) -> dict[tuple[str, str], frozenset[str]]:
    """All of these files, and what the members change in the same repositories."""
    found: _Paths = {}
    for paths in chosen:
        for where, some in paths.items():
            found.setdefault(where, set()).update(some)
    for one in members:
        if one.repo in found:
            found[one.repo].update(_decisive(ground, one))
    return {where: frozenset(some) for where, some in found.items()}
