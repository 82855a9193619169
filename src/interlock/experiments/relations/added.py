"""Mends that add an entry, looked into only when a finding is shown: hooks seldom need them."""

from __future__ import annotations

from interlock.experiments.breach import Mend
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import Leaf, Record
from interlock.policy.model import Rule


def added(
    dataset: Dataset,
    sources: tuple[str, str],
    records: tuple[Record, Record],
    field: str,
    member: Leaf,
) -> Mend:
    """See adding.add_member."""
    from interlock.experiments.adding import add_member

    return add_member(dataset, sources, records, field, member)


def added_record(dataset: Dataset, rule: Rule, record: Record, target: str) -> Mend:
    """See adding.add_record."""
    from interlock.experiments.adding import add_record

    return add_record(dataset, rule, record, target)
