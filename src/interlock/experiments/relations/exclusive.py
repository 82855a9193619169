"""exclusive: no two records claim the same thing at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import combinations_with_replacement, product

from interlock.experiments.breach import Breach, Spot
from interlock.experiments.compare import as_moment
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import Leaf, Record, first_leaf, leaves
from interlock.experiments.relations.base import Relation
from interlock.experiments.scope import Left, lefts
from interlock.policy.model import Rule
from interlock.values import NamedTuple

_EVER, _NEVER_ENDS = "", "\uffff"
#: Pairs of one value that are all told; beyond, each claim is told with the one that ends last.
MAX_PAIRS = 1_000


class _Claim(NamedTuple):
    """A record's values for each field (None where absent and any), and its window."""

    record: Record
    values: tuple[tuple[str, ...] | None, ...]
    start: str
    end: str
    leaf: Leaf


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each pair that meets; pairs are found by hashing and by a sweep."""
    claims = []
    for left in lefts(rule._replace(left=rule.left._replace(field="")), dataset):
        if isinstance(left, Left):
            claim = _claim(rule, dataset, left.record)
            if claim is not None:
                claims.append(claim)
    by_shape: dict[tuple[bool, ...], list[_Claim]] = {}
    for claim in claims:
        by_shape.setdefault(tuple(v is not None for v in claim.values), []).append(claim)
    reported: set[tuple[int, int]] = set()
    for a, b in combinations_with_replacement(by_shape, 2):
        common = tuple(i for i in range(len(a)) if a[i] and b[i])
        groups = (by_shape[a],) if a == b else (by_shape[a], by_shape[b])
        for first, second, met in _meetings(groups, common):
            pair = (id(first.record), id(second.record))
            if pair not in reported:
                reported.add(pair)
                yield _breach(rule, first, second, met)


def _claim(rule: Rule, dataset: Dataset, record: Record) -> _Claim | None:
    values: list[tuple[str, ...] | None] = []
    leaf = record.leaf()
    for name in rule.options["fields"]:
        texts = tuple(dataset.texts(rule.left.source, record, name))
        if not texts and rule.absent.kind != "any":
            return None
        value = dataset.field(rule.left.source, record, name) if name != "key" else None
        found = first_leaf(value) if value is not None else None
        leaf = found if found is not None and not any(values) else leaf
        values.append(texts or None)
    start, end = _window(rule, dataset, record)
    return _Claim(record, tuple(values), start, end, leaf)


def _window(rule: Rule, dataset: Dataset, record: Record) -> tuple[str, str]:
    during = rule.options.get("during")
    if not during:
        return _EVER, _NEVER_ENDS
    ends = []
    for name, default in zip(during, (_EVER, _NEVER_ENDS), strict=True):
        value = dataset.field(rule.left.source, record, name)
        found = leaves(value) if value is not None else []
        moment = as_moment(found[0].value) if found else None
        ends.append(default if moment is None else moment)
    return ends[0], ends[1]


def _meetings(
    groups: tuple[list[_Claim], ...], common: tuple[int, ...]
) -> Iterator[tuple[_Claim, _Claim, tuple[str, ...]]]:
    """Pairs within the one group, or across the two, that share a value of each common field."""
    buckets: dict[tuple[str, ...], list[tuple[_Claim, int]]] = {}
    for group, claims in enumerate(groups):
        for claim in claims:
            for bucket in product(*(dict.fromkeys(claim.values[i] or ()) for i in common)):
                buckets.setdefault(bucket, []).append((claim, group))
    for bucket, members in buckets.items():
        for first, second in _overlaps(members, len(groups)):
            if first.record is not second.record:
                yield first, second, bucket


def _overlaps(members: list[tuple[_Claim, int]], groups: int) -> Iterator[tuple[_Claim, _Claim]]:
    """Each claim with those that are still running when it starts: a sweep over the starts."""
    running: list[list[tuple[str, int, _Claim]]] = [[] for _ in range(groups)]
    found = 0
    for at, (claim, group) in enumerate(sorted(members, key=lambda member: member[0].start)):
        others = running[groups - 1 - group]
        while others and others[0][0] <= claim.start:
            heappop(others)
        if others and found + len(others) > MAX_PAIRS:
            others = [max(others)]
        for _, _, other in others:
            found += 1
            yield other, claim
        heappush(running[group], (claim.end, at, claim))


def _breach(rule: Rule, first: _Claim, second: _Claim, met: tuple[str, ...]) -> Breach:
    fields = " and ".join(f"`{name}`" for name in rule.options["fields"])
    both = "/".join(met) or "everything"
    repos = tuple(dict.fromkeys((second.record.repo, first.record.repo)))
    when = " at the same time" if rule.options.get("during") else ""
    return Breach(
        key=second.record.name,
        field=",".join(rule.options["fields"]),
        member=f"{first.record.name}:{both}",
        message=f"`{second.record.name}` and `{first.record.name}` both claim {both} "
        f"({fields}){when}",
        spots=(
            Spot(second.leaf, f"`{second.record.name}`"),
            Spot(first.leaf, f"`{first.record.name}`"),
        ),
        repos=repos,
        repair_in=repos,
        values=met,
        hint="move one of the two, or end it before the other starts",
    )


RELATION = Relation(
    name="exclusive",
    summary="no two records claim the same thing at the same time",
    what=(
        "Two records collide where their values meet in every field named and, with "
        "`during: [start, end]`, where their windows overlap. `absent: any` lets a missing field "
        "stand for every value."
    ),
    why="Two experiments on one layer and country contaminate each other's users.",
    example="{id: one-per-layer, each: plan, exclusive: [layer, country], during: [start, end]}",
    fix="None.",
    since="0.1.0",
    check=check,
)
