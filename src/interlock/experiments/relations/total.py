"""sum: the numbers of a field add up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from interlock.experiments.breach import Breach, Spot
from interlock.experiments.compare import as_decimal, as_text, shown
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import Leaf, Record, leaves
from interlock.experiments.relations.base import Relation
from interlock.experiments.scope import lefts
from interlock.policy.model import Rule

#: Places quoted for one sum; more would bury the reader.
_SPOTS = 6
Group = list[tuple[Record, list[Leaf]]]


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each record (or group ``by``) whose numbers do not add up."""
    groups: dict[tuple[str, ...], Group] = {}
    by: str = rule.options.get("by", "")
    for at, left in enumerate(lefts(rule, dataset)):
        if isinstance(left, Breach):
            yield left
            continue
        texts = dataset.texts(rule.left.source, left.record, by) if by else [str(at)]
        numbers = leaves(left.value)
        if numbers:
            for text in texts:
                groups.setdefault((text,), []).append((left.record, numbers))
    for (name,), group in groups.items():
        breach = _check(rule, group, name if by else "")
        if breach is not None:
            yield breach


def _check(rule: Rule, group: Group, name: str) -> Breach | None:
    total = Decimal(0)
    for record, numbers in group:
        for leaf in numbers:
            number = as_decimal(leaf.value)
            if number is None:
                return _not_a_number(rule, record, leaf)
            total += number
    wanted = _wanted(rule, total)
    if not wanted:
        return None
    record = group[0][0]
    spots = [Spot(leaf, as_text(leaf.value)) for _, numbers in group for leaf in numbers]
    who = (
        f"{name}: the `{rule.left.field}` of {len(group)} records"
        if name
        else (f"`{record.name}`: the `{rule.left.field}` in {rule.left.source}")
    )
    repos = tuple(dict.fromkeys(r.repo for r, _ in group))
    return Breach(
        key=name or record.name,
        field=rule.left.field,
        member="",
        message=f"{who} add up to {_plain(total)}, not {wanted}",
        spots=tuple(spots[:_SPOTS]),
        repos=repos,
        repair_in=repos,
        values=(_plain(total),),
        hint=f"change them so that they add up to {wanted}",
    )


def _wanted(rule: Rule, total: Decimal) -> str:
    """What the total should be, or "" where it is right."""
    tolerance = rule.options.get("tolerance") or Decimal(0)
    equals, low, high = (rule.options.get(name) for name in ("equals", "min", "max"))
    if equals is not None and abs(total - equals) > tolerance:
        return _plain(equals)
    if low is not None and total < low - tolerance:
        return f"at least {_plain(low)}"
    if high is not None and total > high + tolerance:
        return f"at most {_plain(high)}"
    return ""


def _not_a_number(rule: Rule, record: Record, leaf: Leaf) -> Breach:
    return Breach(
        key=record.name,
        field=rule.left.field,
        member=as_text(leaf.value),
        message=f"`{record.name}`: `{rule.left.field}` holds {shown(leaf.value)}, "
        "which is not a number",
        spots=(Spot(leaf, "not a number"),),
        repos=(record.repo,),
        repair_in=(record.repo,),
        values=(as_text(leaf.value),),
        hint="write a number",
    )


def _plain(number: Decimal) -> str:
    text = format(number, "f") if -20 < number.adjusted() < 20 else str(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


RELATION = Relation(
    name="sum",
    summary="the numbers of a field add up",
    what=(
        "Adds all numbers of the field, in decimal arithmetic. `sum: 100`, or `{equals, min, "
        "max, tolerance}`; `by: layer` adds up all records with the same layer."
    ),
    why="Weights that add up to 90 leave a tenth of the users in no variant, or all in the last.",
    example="{id: weights-add-up, each: serving.weights, sum: 100}",
    fix="None: which weight is wrong is your decision.",
    since="0.1.0",
    check=check,
)
