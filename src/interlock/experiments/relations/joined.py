"""Pairs of joined records, for the relations that must hold for every one of them."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.experiments.breach import Breach, Spot
from interlock.experiments.dataset import Dataset, Key
from interlock.experiments.records import FieldValue, Record
from interlock.experiments.scope import Left, absent_breach, lefts, pair_repos, when_absent
from interlock.policy.model import Own, Rule, Side
from interlock.values import NamedTuple


class Joined(NamedTuple):
    """Two values that a relation compares, with the records and sources they belong to."""

    key: str
    left: Record
    left_source: str
    left_value: FieldValue
    right: Record
    right_source: str
    right_field: str
    right_value: FieldValue


#: Pairs of records of one key that are compared; a key that joins more is too short to compare by.
MAX_PAIRS = 10_000


def joined(rule: Rule, dataset: Dataset) -> Iterator[Joined | Breach]:
    """Each left value with each joined right one; a Breach where a required field is absent."""
    spent: dict[tuple[str, Key], int] = {}
    for left in lefts(rule, dataset):
        if isinstance(left, Breach):
            yield left
            continue
        record, value = left
        for target in rule.targets:
            if isinstance(target, Own):
                own = dataset.field(rule.left.source, record, target.field)
                if own is not None:
                    source = rule.left.source
                    yield Joined(
                        record.name, record, source, value, record, source, target.field, own
                    )
            elif isinstance(target, Side):
                yield from _across(rule, dataset, left, target, spent)


def _across(
    rule: Rule, dataset: Dataset, left: Left, target: Side, spent: dict[tuple[str, Key], int]
) -> Iterator[Joined | Breach]:
    record, value = left
    key = dataset.join_key(rule.left.source, record, rule.on, rule.join)
    if key is None:
        return
    where, rights = (target.source, key), dataset.index(target.source, rule.on, rule.join)
    if spent.get(where, 0) > MAX_PAIRS:
        return
    found = rights.get(key, [])
    spent[where] = spent.get(where, 0) + len(found)
    if spent[where] > MAX_PAIRS:
        yield _too_many(rule, record, found[0], target, key)
    for right in found[:MAX_PAIRS]:
        if right is record:
            continue
        other = dataset.field(target.source, right, target.field) if target.field else right.leaf()
        if other is None:
            other = when_absent(rule, right)
        if other is not None:
            yield Joined(
                record.name,
                record,
                rule.left.source,
                value,
                right,
                target.source,
                target.field,
                other,
            )
        elif rule.absent.kind == "error":
            yield absent_breach(rule, dataset, target, right)


def _too_many(rule: Rule, left: Record, right: Record, target: Side, key: Key) -> Breach:
    """The breach of a key that joins so many records that not all pairs are compared."""
    name, sources = "/".join(key), f"{rule.left.source} and {target.source}"
    repos = pair_repos(left, right)
    return Breach(
        key=name,
        field=rule.left.field,
        member=target.source,
        message=f"`{name}` joins more than {MAX_PAIRS:,} pairs of records of {sources}: "
        "the others were not compared",
        spots=(
            Spot(left.leaf(), f"one of {rule.left.source}"),
            Spot(right.leaf(), f"one of {target.source}"),
        ),
        repos=repos,
        repair_in=repos,
        hint="join on more than that: give the records a longer `key`, or the rule more in `on`",
    )
