"""uniform: a field has one value over many records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from interlock.experiments.breach import Breach, Spot
from interlock.experiments.compare import as_text, canonical, shown
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import FieldValue, Leaf, Record, first_leaf, plain
from interlock.experiments.relations.base import Relation
from interlock.experiments.scope import Left, lefts, repair_repos
from interlock.policy.model import Rule


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each record in the minority of its group; on a tie, for each record."""
    groups: dict[tuple[str, ...], list[Left]] = {}
    names: tuple[str, ...] = rule.options.get("by", ())
    for left in lefts(rule, dataset):
        if isinstance(left, Breach):
            yield left
            continue
        texts = (dataset.texts(rule.left.source, left.record, name) for name in names)
        for group in product(*texts):
            groups.setdefault(group, []).append(left)
    for group, members in groups.items():
        yield from _check(rule, dataset, group, members)


def _check(
    rule: Rule, dataset: Dataset, group: tuple[str, ...], members: list[Left]
) -> Iterator[Breach]:
    forms = [canonical(plain(left.value), rule.compare) for left in members]
    counts = Counter(forms).most_common()
    if len(counts) < 2:
        return
    common = counts[0][0] if counts[0][1] > counts[1][1] else None
    usual = members[forms.index(counts[0][0])]
    for left, form in zip(members, forms, strict=True):
        if form != common:
            other = usual if left is not usual else members[forms.index(counts[1][0])]
            yield _breach(rule, dataset, group, left, other)


def _breach(
    rule: Rule, dataset: Dataset, group: tuple[str, ...], left: Left, other: Left
) -> Breach:
    here, there = plain(left.value), plain(other.value)
    repos = tuple(dict.fromkeys((left.record.repo, other.record.repo)))
    among = f" of {'/'.join(group)}" if group else ""
    field = rule.left.field
    return Breach(
        key=left.record.name,
        field=field,
        member="/".join((*group, left.record.path)),
        message=f"`{left.record.name}`: `{field}` is {shown(here)}, but {shown(there)} "
        f"in other records{among}",
        spots=(
            Spot(_leaf(left.record, left.value), f"{shown(here)} here"),
            Spot(_leaf(other.record, other.value), f"{shown(there)} in `{other.record.name}`"),
        ),
        repos=repos,
        repair_in=repair_repos(rule, dataset, repos),
        values=(as_text(here),),
        hint=f"give `{field}` one value everywhere",
    )


def _leaf(record: Record, value: FieldValue) -> Leaf:
    return first_leaf(value) or record.leaf()


RELATION = Relation(
    name="uniform",
    summary="a field has the same value in all records, or in all of a group",
    what=(
        "All records of the source (or those that share the fields in `by:`; `key` is the key) "
        "must have the same value. The minority is reported, on a tie everybody."
    ),
    why="One environment that hashes users by another unit splits the traffic differently.",
    example="{id: one-unit, each: serving.unit, uniform: {by: key}}",
    fix="None.",
    since="0.1.0",
    check=check,
)
