"""Which sources hold an experiment: those whose records rules join by key, and their files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from interlock.experiments.dataset import Dataset, transformed
from interlock.experiments.records import LayeredPart, Record
from interlock.experiments.scope import joined_by_key
from interlock.policy.model import Policy, Rule, Source, Transform, sources_of
from interlock.values import NamedTuple

#: Shared files that are named one by one; more of them are told as a glob.
_FILES = 3
#: What a key may hold to become part of a path.
_IN_PATH = re.compile(r"[^/\\\0{}*?\[\]]+")
_CAPTURE = re.compile(r"\{([A-Za-z_][\w-]*)\}")
_Joins = Mapping[str, tuple[tuple[Transform, ...], ...]]


class Family(NamedTuple):
    """The sources of an experiment, in the policy's order.

    ``records`` are those it has in each source, ``rules`` the ids that relate or check the
    sources. ``required`` are the sources that a whole experiment is in. ``unread`` maps an alias
    to why a repository of it could not be read.
    """

    data: Dataset
    key: str
    sources: tuple[str, ...]
    required: frozenset[str]
    records: Mapping[str, tuple[Record, ...]]
    rules: tuple[str, ...]
    unread: Mapping[str, str]

    @property
    def held(self) -> bool:
        """True where some repository holds the experiment."""
        return any(self.records.values())

    @property
    def aliases(self) -> tuple[str, ...]:
        """The repos that take part."""
        repos = [alias for name in self.sources for alias in self.data.source(name).repos]
        return tuple(dict.fromkeys(repos))

    def requires(self, alias: str) -> bool:
        """True where a whole experiment has a record in the repo."""
        return any(alias in self.data.source(name).repos for name in self.required)

    def holding(self, alias: str) -> tuple[str, ...]:
        """The owner/name of each repository of ``alias`` that holds the experiment."""
        return tuple(dict.fromkeys(_owner(one) for _, one in self._here(alias)))

    def files(self, alias: str, *, shown: bool = True) -> tuple[str, ...]:
        """The paths of ``alias`` that the experiment takes; a glob where none can be told.

        Where its content is not ``shown`` they are made of the policy's words and the key alone.
        """
        found: list[str] = []
        for name in self.sources:
            source = self.data.source(name)
            if alias not in source.repos:
                continue
            here = (one for of, one in self._here(alias) if of == name)
            paths = [path for one in here for path in _paths(one)]
            if paths and shown:
                found += paths
            elif paths or not source.pattern or name in self.required:
                key = self.key
                found += _places(self.data, source, alias, key) if shown else _globs(source, key)
        return tuple(dict.fromkeys(found))

    def _here(self, alias: str) -> Iterator[tuple[str, Record]]:
        for name, records in self.records.items():
            yield from ((name, one) for one in records if one.repo == alias)


def family_of(data: Dataset, key: str) -> Family:
    """The sources that hold ``key``, and all that rules join with them.

    Where no source has such a record yet, those that span the most repositories: a policy that
    relates models to services as well still takes experiments for its widest family.
    """
    policy = data.policy
    joins = _joins(policy)
    families = list(_families(policy))
    records = {name: _records(data, name, key, joins) for one in families for name in one}
    having = [one for one in families if any(records[name] for name in one)]
    if not having:
        spans = [len({alias for n in one for alias in data.source(n).repos}) for one in families]
        most = max(spans, default=0)
        having = [one for one, span in zip(families, spans, strict=True) if span == most]
    inside = {name for one in having for name in one}
    sources = tuple(name for name in policy.sources if name in inside)
    rules = [rule for rule in policy.consistency if not inside.isdisjoint(sources_of(rule))]
    unread = {
        repo.alias: why for name in sources for repo, why in data.unread(name) if name in inside
    }
    return Family(
        data,
        key,
        sources,
        _required(policy, rules),
        {name: records[name] for name in sources},
        tuple(f"experiment/{rule.id}" for rule in rules),
        unread,
    )


def _families(policy: Policy) -> Iterator[frozenset[str]]:
    """Sources that rules join by key, over others too; one that no rule joins is by itself."""
    groups: list[frozenset[str]] = []
    for rule in policy.consistency:
        if rule.severity == "off":
            continue
        together = frozenset(_joined(rule) or (rule.left.source,))
        apart = [one for one in groups if one.isdisjoint(together)]
        near = [one for one in groups if not one.isdisjoint(together)]
        groups = [*apart, together.union(*near)]
    yield from groups


def _joined(rule: Rule) -> tuple[str, ...]:
    """The sources whose records the rule pairs by key; () for a rule that pairs none."""
    names = joined_by_key(rule)
    return names if rule.left.source in names else ()


def _required(policy: Policy, rules: list[Rule]) -> frozenset[str]:
    """The sources in which a rule demands a record, and the one that demands most of them."""
    demands: dict[str, set[str]] = {}
    for rule in rules:
        if rule.relation == "exists-in":
            demands.setdefault(rule.left.source, set()).update(sources_of(rule)[1:])
    plans = [name for name in policy.sources if name in demands]
    plans.sort(key=lambda name: (bool(policy.sources[name].pattern), -len(demands[name])))
    return frozenset(plans[:1]).union(*demands.values())


def _joins(policy: Policy) -> _Joins:
    found: dict[str, list[tuple[Transform, ...]]] = {}
    for rule in policy.consistency:
        for name in _joined(rule):
            joins = found.setdefault(name, [()])
            if rule.join not in joins:
                joins.append(rule.join)
    return {name: tuple(joins) for name, joins in found.items()}


def _records(data: Dataset, name: str, key: str, joins: _Joins) -> tuple[Record, ...]:
    """The records of the source that are joined by ``key``, or by what a rule makes of it."""
    parts = _parts(data.source(name), key)
    found: dict[int, Record] = {}
    for join in joins.get(name, ((),)) if parts else ():
        wanted = tuple(transformed(part, join) for part in parts)
        found.update({id(one): one for one in data.index(name, (), join).get(wanted, ())})
    return tuple(found.values())


def _parts(source: Source, key: str) -> tuple[str, ...]:
    """``key`` as the parts of the source's keys; () where it has another number of them."""
    if len(source.key) <= 1:
        return (key,)
    parts = tuple(key.split("/"))
    return parts if len(parts) == len(source.key) else ()


def _places(data: Dataset, source: Source, alias: str, key: str) -> Iterator[str]:
    """Where the record would stand: its own file, else the files of the other records."""
    others = (one for one in data.records(source.name) if one.repo == alias)
    paths = [path for one in others for path in _paths(one)]
    known = tuple(dict.fromkeys(paths))
    own = source.pattern or any(spec.kind == "capture" for spec in source.key)
    yield from known if 0 < len(known) <= _FILES and not own else _globs(source, key)


def _globs(source: Source, key: str) -> Iterator[str]:
    """The source's globs with the key put in."""
    values = _captured(source, key)
    for glob in source.files or source.layers:
        yield _CAPTURE.sub(lambda found: values.get(found[1], found[0]), glob.text)


def _captured(source: Source, key: str) -> dict[str, str]:
    """Capture -> its value, of the parts of ``key``; none where one could lead elsewhere."""
    parts = _parts(source, key)
    found = {
        spec.name: part
        for spec, part in zip(source.key, parts, strict=False)
        if spec.kind == "capture"
    }
    safe = all(_IN_PATH.fullmatch(part) and part not in (".", "..") for part in found.values())
    return found if safe else {}


def _paths(record: Record) -> Iterator[str]:
    """The files that the record stands in: of a stack, those layers that have it."""
    part = record.part
    if not isinstance(part, LayeredPart):
        yield record.path
        return
    for layer in part.layers:
        _, exact = layer.file.document.node(layer.number, record.steps)
        if exact:
            yield layer.file.path


def _owner(record: Record) -> str:
    file, _ = record.part.find(record.steps, named=True)
    return file.name
