"""unique: no value stands twice in a record, or in a source."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.experiments.breach import Breach, Spot
from interlock.experiments.compare import as_text, canonical
from interlock.experiments.dataset import Dataset
from interlock.experiments.records import Leaf, Record, leaves
from interlock.experiments.relations.base import Relation
from interlock.experiments.scope import lefts
from interlock.policy.model import Rule


def check(rule: Rule, dataset: Dataset) -> Iterator[Breach]:
    """One breach for each repetition, pointing at it and at the first one."""
    whole = rule.options.get("within") == "source"
    seen: dict[object, tuple[Record, Leaf]] = {}
    for left in lefts(rule, dataset):
        if isinstance(left, Breach):
            yield left
            continue
        record, value = left
        if not whole:
            seen = {}
        for leaf in leaves(value) if rule.left.field else [_key(record)]:
            form = canonical(leaf.value, rule.compare)
            if form in seen:
                yield _breach(rule, record, leaf, *seen[form])
            else:
                seen[form] = (record, leaf)


def _key(record: Record) -> Leaf:
    return record.leaf()._replace(value=record.name)


def _breach(rule: Rule, record: Record, leaf: Leaf, first: Record, first_leaf: Leaf) -> Breach:
    value = as_text(leaf.value)
    what = f"`{rule.left.field}`" if rule.left.field else "the key"
    repos = tuple(dict.fromkeys((record.repo, first.repo)))
    where = f"`{first.name}` in {first.path}" if first is not record else "the same record"
    return Breach(
        key=record.name,
        field=rule.left.field,
        member=value,
        message=f"`{record.name}`: {what} has `{value}`, which stands already in {where}",
        spots=(Spot(leaf, f"`{value}` again"), Spot(first_leaf, f"`{value}` first")),
        repos=repos,
        repair_in=(record.repo,),
        values=(value,),
        hint="rename or remove one of the two",
    )


RELATION = Relation(
    name="unique",
    summary="no value stands twice",
    what="`in-record`: the field's values differ within each record. `in-source`: over all of "
    "them. Without a field, the key is meant.",
    why="Of two entries with one name, readers silently take the first or the last.",
    example="{id: unique-names, each: studies.groups, unique: in-record}",
    fix="None.",
    since="0.1.0",
    check=check,
)
