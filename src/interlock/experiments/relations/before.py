"""before: one moment, number or version comes before another."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.documents.base import Value
from interlock.experiments.breach import Breach, Spot
from interlock.experiments.compare import as_decimal, as_moment, as_text, shown, version_of
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import Leaf, leaves
from interlock.experiments.relations.base import Relation
from interlock.experiments.relations.joined import Joined, joined
from interlock.experiments.scope import pair_repos, repair_repos
from interlock.policy.model import Rule
from interlock.values import Any


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each left value that is not before every right one."""
    for pair in joined(rule, dataset):
        if isinstance(pair, Breach):
            yield pair
            continue
        rights = _earliest(rule, leaves(pair.right_value))
        for left in leaves(pair.left_value) if rights else ():
            found = _against(rule, left, rights)
            if found is not None:
                yield _breach(rule, dataset, pair, left, *found)


#: What sorts a value (None where nothing does), and the value.
Moments = list[tuple[tuple[Any, ...] | None, Leaf]]


def _earliest(rule: Rule, rights: list[Leaf]) -> Moments:
    """The earliest of each kind: what is before these is before all."""
    found: dict[str, tuple[tuple[Any, ...] | None, Leaf]] = {}
    for leaf in rights:
        moment = order(leaf.value, rule.compare)
        kind = moment[0] if moment is not None else ""
        known = found.get(kind, (None, leaf))[0]
        if kind not in found or (moment is not None and known is not None and moment < known):
            found[kind] = (moment, leaf)
    return list(found.values())


def _against(rule: Rule, left: Leaf, rights: Moments) -> tuple[Leaf, str] | None:
    """The right value that ``left`` is not before, and why not."""
    mine = order(left.value, rule.compare)
    if mine is None:
        return rights[0][1], f"{shown(left.value)} is neither a date nor a number"
    for moment, right in rights:
        if moment is None:
            return right, f"{shown(right.value)} is neither a date nor a number"
        if moment[0] != mine[0] or not mine < moment:
            return right, f"{shown(left.value)} is not before {shown(right.value)}"
    return None


def order(value: Value, mode: str) -> tuple[Any, ...] | None:
    """What sorts the value: a date, a number, or a version where ``mode`` says so."""
    if mode == "version":
        return ("version", version_of(as_text(value)))
    if mode == "text":
        return ("text", as_text(value))
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
