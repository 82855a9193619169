"""Pairs of joined records, for the relations that must hold for every one of them."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.experiments.breach import Breach
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import FieldValue, Record
from interlock.experiments.scope import absent_breach, lefts, when_absent
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


def joined(rule: Rule, dataset: Dataset) -> Iterator[Joined | Breach]:
    """Each left value with each joined right one; a Breach where a required field is absent."""
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
                yield from _across(rule, dataset, record, value, target)


def _across(
    rule: Rule, dataset: Dataset, record: Record, value: FieldValue, target: Side
) -> Iterator[Joined | Breach]:
    key = dataset.join_key(rule.left.source, record, rule.on, rule.join)
    if key is None:
        return
    for right in dataset.index(target.source, rule.on, rule.join).get(key, ()):
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
