"""references and member-of: every value is one of those that exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

from interlock.documents.base import Value
from interlock.experiments.breach import AnySpot, Breach, InPolicy, Missing, Spot
from interlock.experiments.compare import as_text, canonical
from interlock.experiments.dataset import Dataset, Key, transformed
from interlock.experiments.near import Names
from interlock.experiments.records import FieldValue, Leaf, Record, leaves
from interlock.experiments.relations.base import Relation
from interlock.experiments.relations.exists_in import missing_spot
from interlock.experiments.relations.sets import members_of
from interlock.experiments.scope import lefts, repair_repos
from interlock.policy.model import Literals, Own, Rule, Side, Target, Via
from interlock.values import NamedTuple


class Pool(NamedTuple):
    """The values that one record may name: their canonical forms and their texts."""

    forms: frozenset[object]
    texts: frozenset[str]


_EMPTY = Pool(frozenset(), frozenset())
#: From a left record to the pool it may name.
PoolOf = Callable[[Record], Pool]


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each left value that no target holds."""
    if any(dataset.incomplete(name) for target in rule.targets for name in _sources(target)):
        return
    pools = [_pool(rule, dataset, target) for target in rule.targets]
    known = cache(_names)
    for left in lefts(rule, dataset):
        if isinstance(left, Breach):
            yield left
            continue
        reachable = tuple(pool(left.record) for pool in pools)
        for leaf in _values(left.record, left.value, rule):
            text = transformed(as_text(leaf.value), rule.join)
            form = canonical(leaf.value, rule.compare)
            if not any(form in pool.forms or text in pool.texts for pool in reachable):
                yield _breach(rule, dataset, left.record, leaf, partial(known, reachable))


def _values(record: Record, value: FieldValue, rule: Rule) -> list[Leaf]:
    if not rule.left.field:
        return [record.leaf()._replace(value="/".join(record.key))]
    if isinstance(value, Leaf) and isinstance(value.value, dict):
        return list(members_of(value, rule.compare).values())
    return leaves(value)


def _sources(target: Target) -> tuple[str, ...]:
    if isinstance(target, Side):
        return (target.source,)
    return tuple(step.source for step in target.steps) if isinstance(target, Via) else ()


def _pool(rule: Rule, dataset: Dataset, target: Target) -> PoolOf:
    if isinstance(target, Literals):
        fixed = _of_values(rule, list(target.values))
        return lambda _: fixed
    if isinstance(target, Own):
        field = target.field

        def own(record: Record) -> Pool:
            return _of_fields(rule, [dataset.field(rule.left.source, record, field)])

        return own
    if isinstance(target, Via):
        return _via(rule, dataset, target)
    if not rule.scope:
        whole = _of_records(rule, dataset, target, dataset.records(target.source))
        return lambda _: whole
    return _scoped(rule, dataset, target)


def _scoped(rule: Rule, dataset: Dataset, target: Side) -> PoolOf:
    mine, theirs = tuple(rule.scope), tuple(rule.scope.values())
    groups: dict[tuple[str, ...], list[Record]] = {}
    for record in dataset.records(target.source):
        for scope in _scopes(dataset, target.source, record, theirs):
            groups.setdefault(scope, []).append(record)
    pools = {s: _of_records(rule, dataset, target, records) for s, records in groups.items()}

    def scoped(record: Record) -> Pool:
        scopes = _scopes(dataset, rule.left.source, record, mine)
        found = [pools[scope] for scope in scopes if scope in pools]
        return _union(found)

    return scoped


def _scopes(
    dataset: Dataset, source: str, record: Record, names: tuple[str, ...]
) -> list[tuple[str, ...]]:
    scopes: list[tuple[str, ...]] = [()]
    for name in names:
        texts = dataset.texts(source, record, name)
        scopes = [(*scope, text) for scope in scopes for text in texts]
    return scopes


def _via(rule: Rule, dataset: Dataset, target: Via) -> PoolOf:
    *hops, last = target.steps

    @cache
    def reached(start: Key | None) -> Pool:
        keys = {start}
        for hop in hops:
            table = dataset.index(hop.source, (), rule.join)
            found = [r for key in keys if key is not None for r in table.get(key, ())]
            keys = {
                (transformed(text, rule.join),)
                for r in found
                for text in dataset.texts(hop.source, r, hop.field)
            }
        table = dataset.index(last.source, (), rule.join)
        return _of_records(
            rule, dataset, last, [r for key in keys if key is not None for r in table.get(key, ())]
        )

    return lambda record: reached(dataset.join_key(rule.left.source, record, rule.on, rule.join))


def _of_records(
    rule: Rule, dataset: Dataset, side: Side, records: tuple[Record, ...] | list[Record]
) -> Pool:
    if side.field:
        return _of_fields(rule, [dataset.field(side.source, r, side.field) for r in records])
    texts = frozenset(transformed("/".join(record.key), rule.join) for record in records)
    return Pool(frozenset(), texts)


def _of_fields(rule: Rule, fields: list[FieldValue | None]) -> Pool:
    values = [
        leaf.value
        for value in fields
        if value is not None
        for leaf in members_of(value, rule.compare).values()
    ]
    return _of_values(rule, values)


def _of_values(rule: Rule, values: list[Value]) -> Pool:
    texts = frozenset(transformed(as_text(v), rule.join) for v in values) if rule.join else None
    return Pool(frozenset(canonical(v, rule.compare) for v in values), texts or frozenset())


def _union(pools: list[Pool]) -> Pool:
    if len(pools) == 1:
        return pools[0]
    if not pools:
        return _EMPTY
    return Pool(
        frozenset().union(*(p.forms for p in pools)), frozenset().union(*(p.texts for p in pools))
    )


def _names(pools: tuple[Pool, ...]) -> Names:
    forms = [form for pool in pools for form in pool.forms if isinstance(form, str)]
    return Names([*forms, *(text for pool in pools for text in pool.texts)])


def _breach(
    rule: Rule, dataset: Dataset, record: Record, leaf: Leaf, known: Callable[[], Names]
) -> Breach:
    value = as_text(leaf.value)
    named = rule.left.field or "key"
    wanted = " or ".join(_label(target) for target in rule.targets)
    aliases = [record.repo]
    for target in rule.targets:
        aliases.extend(a for name in _sources(target) for a in dataset.source(name).repos)
    repos = tuple(dict.fromkeys(aliases))
    return Breach(
        key=record.name,
        field=rule.left.field,
        member=value,
        message=f"`{record.name}`: `{named}` names `{value}`, which is not {wanted}",
        spots=(Spot(leaf, f"`{value}` is not known"), *_pool_spots(rule, dataset, leaf)),
        repos=repos,
        repair_in=repair_repos(rule, dataset, repos),
        values=(value,),
        hint=f"use one that exists, or define `{value}` first",
        near=(value, known),
    )


def _pool_spots(rule: Rule, dataset: Dataset, leaf: Leaf) -> Iterator[AnySpot]:
    for target in rule.targets[:3]:
        if isinstance(target, Literals):
            yield InPolicy(*rule.origin, note="the values it may have")
        for name in _sources(target)[-1:]:
            wanted = Record((as_text(leaf.value),), None, leaf.part, (), {}, (), "", "")
            spot = missing_spot(dataset, name, wanted)
            yield Missing(spot.repo, spot.name, spot.path, spot.note)


def _label(target: Target) -> str:
    if isinstance(target, Literals):
        return "one of " + (", ".join(as_text(v) for v in target.values[:8]) or "none: forbidden")
    if isinstance(target, Own):
        return f"in its own `{target.field}`"
    side = target.steps[-1] if isinstance(target, Via) else target
    return f"among the `{side.field}` of {side.source}" if side.field else f"in {side.source}"


REFERENCES = Relation(
    name="references",
    summary="every name that is used is defined somewhere",
    what=(
        "Each value of the field must be a key of the target source, a value of the target's "
        "field, or a value of the record's own field. Several targets: any of them suffices. "
        "`scope:` keeps only targets whose field equals the record's."
    ),
    why="A name that nothing defines is silently ignored, or fails when the job runs at night.",
    example="{id: model-exists, each: plan.models, references: registry}",
    fix="None; a near miss is suggested.",
    since="0.1.0",
    check=check,
)
MEMBER_OF = Relation(
    name="member-of",
    summary="every value is one of those allowed",
    what="Like references, for values: `{values: [a, b]}` lists them; an empty list forbids.",
    why="A status or layer outside the agreed ones is read by nobody.",
    example="{id: known-status, each: plan.status, member-of: {values: [draft, ready, live]}}",
    fix="None; a near miss is suggested.",
    since="0.1.0",
    check=check,
)
