"""pattern: values look as agreed."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.documents.patterns import matches
from interlock.experiments.breach import Breach, InPolicy, Spot
from interlock.experiments.compare import as_text, shown
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import Leaf, Record, leaves
from interlock.experiments.relations.base import Relation
from interlock.experiments.scope import lefts
from interlock.policy.model import Rule


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each value in which the pattern does not occur."""
    pattern: str = rule.options["pattern"]
    for left in lefts(rule, dataset):
        if isinstance(left, Breach):
            yield left
            continue
        record, value = left
        found = leaves(value) if rule.left.field else [record.leaf()._replace(value=record.name)]
        for leaf in found:
            if not matches(pattern, as_text(leaf.value)):
                yield _breach(rule, record, leaf, pattern)


def _breach(rule: Rule, record: Record, leaf: Leaf, pattern: str) -> Breach:
    text = as_text(leaf.value)
    what = f"`{rule.left.field}` is {shown(leaf.value)}" if rule.left.field else "the key"
    return Breach(
        key=record.name,
        field=rule.left.field,
        member=text,
        message=f"`{record.name}`: {what} does not match `{pattern}`",
        spots=(Spot(leaf, "does not match"), InPolicy(*rule.origin, note="the pattern")),
        repos=(record.repo,),
        repair_in=(record.repo,),
        values=(text,),
        hint="rename it to match",
    )


RELATION = Relation(
    name="pattern",
    summary="values look as agreed",
    what="The RE2 pattern must occur in each value; anchor it with ^ and $ to match the whole. "
    "Without a field, the key is meant.",
    why="A name outside the agreed form is missed by everything that selects by form.",
    example="{id: slug, each: plan, pattern: '^[a-z][a-z0-9-]+$'}",
    fix="None.",
    since="0.1.0",
    check=check,
)
