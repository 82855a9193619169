"""before: one moment, number or version comes before another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from interlock.documents.base import Value
from interlock.experiments.breach import Breach, Spot
from interlock.experiments.compare import as_decimal, as_moment, as_text, shown, version_of
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import Leaf, leaves
from interlock.experiments.relations.base import Relation
from interlock.experiments.relations.joined import Joined, joined
from interlock.experiments.scope import pair_repos, repair_repos
from interlock.policy.model import Rule


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each left value that is not before every right one."""
    for pair in joined(rule, dataset):
        if isinstance(pair, Breach):
            yield pair
            continue
        for left in leaves(pair.left_value):
            for right in leaves(pair.right_value):
                breach = _check(rule, dataset, pair, left, right)
                if breach is not None:
                    yield breach


def _check(rule: Rule, dataset: Dataset, pair: Joined, left: Leaf, right: Leaf) -> Breach | None:
    for leaf in (left, right):
        if order(leaf.value, rule.compare) is None:
            return _breach(
                rule,
                dataset,
                pair,
                left,
                right,
                f"{shown(leaf.value)} is neither a date nor a number",
            )
    a, b = order(left.value, rule.compare), order(right.value, rule.compare)
    if a is not None and b is not None and a[0] == b[0] and a < b:
        return None
    reason = f"{shown(left.value)} is not before {shown(right.value)}"
    return _breach(rule, dataset, pair, left, right, reason)


def order(value: Value, mode: str) -> tuple[Any, ...] | None:
    """What sorts the value: a date, a number, or a version where ``mode`` says so."""
    if mode == "version":
        return ("version", version_of(as_text(value)))
    moment = as_moment(value) if mode in ("typed", "date") else None
    if moment is not None:
        return ("date", moment)
    number = as_decimal(value)
    return None if number is None or mode == "date" else ("number", number)


def _breach(
    rule: Rule, dataset: Dataset, pair: Joined, left: Leaf, right: Leaf, reason: str
) -> Breach:
    repos = pair_repos(pair.left, pair.right)
    other = pair.right_field or pair.right_source
    return Breach(
        key=pair.key,
        field=rule.left.field,
        member=other,
        message=f"`{pair.key}`: `{rule.left.field}` must come before `{other}`, but {reason}",
        spots=(Spot(left, as_text(left.value)), Spot(right, as_text(right.value))),
        repos=repos,
        repair_in=repair_repos(rule, dataset, repos),
        values=(as_text(left.value), as_text(right.value)),
        hint="correct one of the two",
    )


RELATION = Relation(
    name="before",
    summary="one date, number or version comes before another",
    what=(
        "The field must sort strictly before the record's own field (`.end`) or a joined "
        "record's. Dates compare in time, with `compare: version` versions."
    ),
    why="A window that ends before it starts never opens, and nobody is told.",
    example="{id: window, each: plan.start, before: .end}",
    fix="None.",
    since="0.1.0",
    check=check,
)
