"""exclusive: no two records claim the same thing at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import combinations_with_replacement, product

from interlock.experiments.breach import Breach, Spot
from interlock.experiments.compare import as_text, shown
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import Leaf, Record, leaves
from interlock.experiments.relations.base import Relation
from interlock.experiments.relations.before import order
from interlock.experiments.scope import absent_breach, lefts, when_absent
from interlock.policy.model import Rule
from interlock.values import Any, NamedTuple

#: A moment that sorts: (kind, value). An open end sorts before or after every kind.
Moment = tuple[str, Any]
_EVER: Moment = ("", "")
_NEVER_ENDS: Moment = ("\uffff", "")
#: Pairs of one value that are all told; beyond, each claim is told with the one that ends last.
MAX_PAIRS = 1_000
#: Combinations of values that one record may be filed under; more are compared where they meet.
_MAX_FILED = 1_000


class _Claim(NamedTuple):
    """A record's values for each field (None where absent and any), and its window."""

    record: Record
    values: tuple[tuple[str, ...] | None, ...]
    start: Moment
    end: Moment
    leaf: Leaf


class _Meeting(NamedTuple):
    """Two claims, the values that both have, and how many more run at that time untold."""

    first: _Claim
    second: _Claim
    met: tuple[str, ...]
    more: int


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each pair that meets; pairs are found by hashing and by a sweep."""
    by_shape: dict[tuple[bool, ...], list[_Claim]] = {}
    for left in lefts(rule._replace(left=rule.left._replace(field="")), dataset):
        if isinstance(left, Breach):
            continue
        claim = _claim(rule, dataset, left.record)
        if isinstance(claim, Breach):
            yield claim
        elif claim is not None:
            by_shape.setdefault(tuple(v is not None for v in claim.values), []).append(claim)
    reported: set[tuple[int, int]] = set()
    for a, b in combinations_with_replacement(by_shape, 2):
        common = tuple(i for i in range(len(a)) if a[i] and b[i])
        groups = (by_shape[a],) if a == b else (by_shape[a], by_shape[b])
        for meeting in _meetings(groups, common):
            pair = (id(meeting.first.record), id(meeting.second.record))
            if pair not in reported:
                reported.add(pair)
                yield _breach(rule, meeting)


def _claim(rule: Rule, dataset: Dataset, record: Record) -> _Claim | Breach | None:
    """The record's claim; None where it claims nothing, a Breach where that cannot be told."""
    values: list[tuple[str, ...] | None] = []
    leaf = None
    for name in rule.options["fields"]:
        value = dataset.field(rule.left.source, record, name)
        if value is None:
            value = when_absent(rule, record)
        if value is None:
            if rule.absent.kind == "error":
                return absent_breach(rule, dataset, rule.left._replace(field=name), record)
            if rule.absent.kind != "any":
                return None
            values.append(None)
            continue
        found = leaves(value)
        if not found:
            return None
        leaf = found[0] if leaf is None and name != "key" else leaf
        values.append(tuple(dict.fromkeys(as_text(one.value) for one in found)))
    window = _window(rule, dataset, record)
    if isinstance(window, Breach):
        return window
    start, end = window
    return _Claim(record, tuple(values), start, end, leaf or record.leaf()) if start < end else None


def _window(rule: Rule, dataset: Dataset, record: Record) -> tuple[Moment, Moment] | Breach:
    """When the record runs, the end not included; an end that is absent or null is open."""
    ends = [_EVER, _NEVER_ENDS]
    for at, name in enumerate(rule.options.get("during") or ()):
        value = dataset.field(rule.left.source, record, name)
        found = leaves(value) if value is not None else []
        if not found or found[0].value is None:
            continue
        moment = order(found[0].value, "typed")
        if moment is None:
            return _no_moment(rule, record, name, found[0])
        ends[at] = (moment[0], moment[1])
    return ends[0], ends[1]


def _meetings(groups: tuple[list[_Claim], ...], common: tuple[int, ...]) -> Iterator[_Meeting]:
    """Pairs within the one group, or across the two, that share a value of each common field."""
    filed, rest = _filed_under(groups, common)
    buckets: dict[tuple[str, ...], list[tuple[_Claim, int]]] = {}
    for group, claims in enumerate(groups):
        for claim in claims:
            for bucket in product(*(claim.values[i] or () for i in filed)):
                buckets.setdefault(bucket, []).append((claim, group))
    for bucket, members in buckets.items():
        for first, second, more in _overlaps(members, len(groups)):
            met = [_shared(first, second, i) for i in rest]
            if first.record is not second.record and None not in met:
                yield _Meeting(first, second, (*bucket, *(m for m in met if m is not None)), more)


def _filed_under(
    groups: tuple[list[_Claim], ...], common: tuple[int, ...]
) -> tuple[list[int], list[int]]:
    """The fields by whose values claims are filed, and those to be compared where they meet."""
    filed: list[int] = []
    rest: list[int] = []
    size = 1
    for i in common:
        most = max(len(claim.values[i] or ()) for claims in groups for claim in claims)
        if not filed or size * most <= _MAX_FILED:
            filed.append(i)
            size *= most
        else:
            rest.append(i)
    return filed, rest


def _shared(first: _Claim, second: _Claim, field: int) -> str | None:
    theirs = set(second.values[field] or ())
    return next((value for value in first.values[field] or () if value in theirs), None)


def _overlaps(
    members: list[tuple[_Claim, int]], groups: int
) -> Iterator[tuple[_Claim, _Claim, int]]:
    """Each claim with those that are still running when it starts: a sweep over the starts."""
    running: list[list[tuple[Moment, int, _Claim]]] = [[] for _ in range(groups)]
    last: list[_Claim | None] = [None] * groups  # of each group, the claim that ends last
    found = 0
    for at, (claim, group) in enumerate(sorted(members, key=lambda member: member[0].start)):
        others, longest = running[groups - 1 - group], last[groups - 1 - group]
        while others and others[0][0] <= claim.start:
            heappop(others)
        if others and longest is not None and found + len(others) > MAX_PAIRS:
            yield longest, claim, len(others) - 1
        else:
            for _, _, other in others:
                yield other, claim, 0
        found += len(others)
        heappush(running[group], (claim.end, at, claim))
        mine = last[group]
        last[group] = claim if mine is None or claim.end > mine.end else mine


def _no_moment(rule: Rule, record: Record, name: str, leaf: Leaf) -> Breach:
    value = as_text(leaf.value)
    return Breach(
        key=record.name,
        field=name,
        member=value,
        message=f"`{record.name}`: `{name}` is {shown(leaf.value)}, which is neither a date nor "
        f"a number, so nobody can tell what `{rule.id}` excludes",
        spots=(Spot(leaf, "neither a date nor a number"),),
        repos=(record.repo,),
        repair_in=(record.repo,),
        values=(value,),
        hint="write a date such as 2026-01-31",
    )


def _breach(rule: Rule, meeting: _Meeting) -> Breach:
    first, second, met, more = meeting
    fields = " and ".join(f"`{name}`" for name in rule.options["fields"])
    both = "/".join(met) or "everything"
    repos = tuple(dict.fromkeys((second.record.repo, first.record.repo)))
    when = " at the same time" if rule.options.get("during") else ""
    return Breach(
        key=second.record.name,
        field=",".join(rule.options["fields"]),
        member=f"{first.record.name}:{both}",
        message=f"`{second.record.name}` and `{first.record.name}` both claim {both} "
        f"({fields}){when}" + (f", as do {more} others" if more else ""),
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
        "`during: [start, end]`, where their windows overlap (dates or numbers; the end is not "
        "included, an absent one is open). `absent: any` lets a missing field stand for every "
        "value."
    ),
    why="Two experiments on one layer and country contaminate each other's users.",
    example="{id: one-per-layer, each: plan, exclusive: [layer, country], during: [start, end]}",
    fix="None.",
    since="0.1.0",
    check=check,
)
