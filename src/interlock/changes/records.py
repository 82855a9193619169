"""Which records a change touches, and by what it can be linked with changes of other repos."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from interlock.changes.members import Member
from interlock.changes.worlds import Ground, Token, Trees
from interlock.engine import touches
from interlock.errors import TreeError
from interlock.experiments.compare import canonical
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import Record, plain
from interlock.experiments.scope import joined_by_key
from interlock.policy.model import Policy, Rule, Side, Via, sources_of
from interlock.trees.base import Repo
from interlock.trees.merged import changed_paths
from interlock.trees.some_paths import SomePaths
from interlock.values import Any, Literal, NamedTuple


class Changed(NamedTuple):
    """One record that a change adds, removes or alters."""

    source: str
    key: str
    kind: Literal["added", "removed", "changed"]


class Touched(NamedTuple):
    """What a change touches.

    ``sources`` are those whose files it alters, ``paths`` what it alters, of the paths that
    companions speak of at least. ``unread`` is why all that could not be seen, "" where it could.
    """

    records: tuple[Changed, ...]
    sources: tuple[str, ...]
    tokens: frozenset[Token]
    paths: tuple[str, ...]
    unread: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the records, each once."""
        return tuple(dict.fromkeys(record.key for record in self.records))


NOTHING = Touched((), (), frozenset(), ())


def touched(ground: Ground, member: Member) -> Touched:
    """What landing ``member`` changes; nothing where its content is not known."""
    base, head = member.base, member.head
    if base is None or head is None:
        return NOTHING._replace(unread=member.problem)
    names = _sources(ground, member)
    try:
        found = _compared(*_sides(ground, member), names) if names else NOTHING
        if member.paths is not None:
            return found._replace(paths=tuple(sorted(member.paths)))
        prefixes = _prefixes(ground.policy, member.alias)
        paths = [path for prefix in prefixes for path in changed_paths(base, head, prefix)]
    except TreeError as error:
        return NOTHING._replace(unread=str(error))
    return found._replace(paths=tuple(dict.fromkeys(paths)))


def tokens_of(what: Iterable[Touched]) -> frozenset[Token] | None:
    """What several changes touch together; None where not all of that could be seen."""
    found: set[Token] = set()
    for one in what:
        if one.unread:
            return None
        found |= one.tokens
    return frozenset(found)


def alters_anything(member: Member) -> bool:
    """True where the change alters a file at all."""
    if member.paths is not None:
        return bool(member.paths)
    if member.base is None or member.head is None:
        return False
    try:
        return bool(changed_paths(member.base, member.head))
    except TreeError:
        return False


def _sides(ground: Ground, member: Member) -> tuple[Dataset, Dataset]:
    """Its repository without and with the change; as it began and ended where it is closed."""
    own = (repo for repo in ground.world.get(member.alias, ()) if repo.tree is not None)
    repo = next((one for one in own if one.name.lower() == member.name.lower()), None)
    if repo is None or not (member.can_land or member.has_landed):
        at = Repo(member.alias, member.name, member.base)
        sides = at, at._replace(tree=member.head)
    else:
        trees = Trees(ground.world, (member,))
        sides = trees.repo(repo, frozenset()), trees.repo(repo, frozenset({0}))
    wanted = _wanted(ground, member, sides)
    before, after = (
        Dataset(ground.policy, {member.alias: (_only(side, wanted),)}, ground.selections)
        for side in sides
    )
    return before, after


def _only(side: Repo, wanted: frozenset[str] | None) -> Repo:
    if wanted is None or side.tree is None:
        return side
    return side._replace(tree=SomePaths(side.tree, wanted))


def _wanted(ground: Ground, member: Member, sides: Iterable[Repo]) -> frozenset[str] | None:
    """The paths that decide what a change does to records, None for all of them.

    A file gives its records alone; layers give them together, and a link by what it leads to.
    """
    links = ground.reach.links(member.repo) if ground.reach is not None else None
    if member.paths is None or links is None:
        return None
    found = {*member.paths, *links}
    for name in _sources(ground, member):
        for glob in ground.policy.sources[name].layers:
            for side in sides:
                entries = side.tree.entries(glob.prefix) if side.tree is not None else ()
                found.update(entry.path for entry in entries)
    return frozenset(found)


def _sources(ground: Ground, member: Member) -> list[str]:
    """The sources of the repository whose files the change may alter: links too, by their ends."""
    policy = ground.policy
    own = [name for name, source in policy.sources.items() if member.alias in source.repos]
    if member.paths is None:
        return own
    links = ground.reach.links(member.repo) if ground.reach is not None else None
    paths = {*member.paths, *(links or ())}
    return [name for name in own if touches(policy, name, member.alias, paths)]


def _compared(before: Dataset, after: Dataset, names: Iterable[str]) -> Touched:
    records: list[Changed] = []
    sources: list[str] = []
    tokens: set[Token] = set()
    for name in names:
        if _same_files(before, after, name):
            continue
        sources.append(name)
        old, new = _by_key(before, name), _by_key(after, name)
        for key in dict.fromkeys((*old, *new)):
            if _prints(before, name, old.get(key, [])) == _prints(after, name, new.get(key, [])):
                continue
            kind: Literal["added", "removed", "changed"] = "changed"
            if key not in old or key not in new:
                kind = "added" if key in new else "removed"
            records.append(Changed(name, "/".join(key), kind))
            tokens.update(_tokens(before, name, old.get(key, [])))
            tokens.update(_tokens(after, name, new.get(key, [])))
    return Touched(tuple(records), tuple(sources), frozenset(tokens), ())


def _same_files(before: Dataset, after: Dataset, source: str) -> bool:
    """True where the source reads the same bytes in both: a document is parsed once for each."""

    def read(dataset: Dataset) -> list[object]:
        for _, why in dataset.unread(source):
            raise TreeError(why)
        return [
            (
                [(file.path, id(file.document)) for file in got.files],
                [(one.path, one.reason) for one in got.unusable],
            )
            for _, got in dataset.selected(source)
        ]

    return read(before) == read(after)


def _by_key(dataset: Dataset, source: str) -> dict[tuple[str, ...], list[Record]]:
    found: dict[tuple[str, ...], list[Record]] = {}
    for record in dataset.records(source):
        found.setdefault(record.key, []).append(record)
    return found


def _prints(dataset: Dataset, source: str, records: Iterable[Record]) -> Counter[Any]:
    """What the records say, and how often: where they stand does not matter."""
    found: Counter[Any] = Counter()
    for record in records:
        values = (dataset.field(source, record, name) for name in dataset.source(source).fields)
        fields = tuple(None if value is None else (canonical(plain(value)),) for value in values)
        captures = tuple(sorted(record.captures.items()))
        found[canonical(record.value), captures, fields] += 1
    return found


def _tokens(dataset: Dataset, source: str, records: Iterable[Record]) -> Iterator[Token]:
    """What each rule would join the records by, and the records themselves."""
    for record in records:
        yield f"source {source}", record.key
        for rule in dataset.policy.consistency:
            if source not in sources_of(rule):
                continue
            if rule.on or source in joined_by_key(rule):
                key = dataset.join_key(source, record, rule.on, rule.join)
                if key is not None:
                    yield rule.id, key
            for field in _joining_fields(rule, source):
                for text in dataset.texts(source, record, field):
                    yield rule.id, (text,)


def _joining_fields(rule: Rule, source: str) -> Iterator[str]:
    """The fields of ``source`` whose values the rule joins with something."""
    if rule.relation not in ("references", "member-of"):
        return
    steps = [step for target in rule.targets if isinstance(target, Via) for step in target.steps]
    sides = [target for target in rule.targets if isinstance(target, Side)]
    for side in (rule.left, *sides, *steps):
        if side.source == source and side.field:
            yield side.field


def _prefixes(policy: Policy, alias: str) -> list[str]:
    """The folders of ``alias`` that companions speak of, none inside another."""
    paths = [glob.prefix for one in policy.companions if one.repo == alias for glob in one.paths]
    found: list[str] = []
    for prefix in sorted(set(paths), key=len):
        if not any(not above or prefix.startswith(f"{above}/") for above in found):
            found.append(prefix)
    return found
