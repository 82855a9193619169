"""experiment/duplicate-member: two objects of a list have the name that it is keyed by."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.experiments.breach import Breach, Spot
from interlock.experiments.dataset import Dataset
from interlock.experiments.fields import by_members, matches_of
from interlock.experiments.records import Leaf, Record
from interlock.policy.model import FieldSpec
from interlock.rules.base import RuleDoc, SourceRule


def check(dataset: Dataset, source: str) -> Iterator[Breach]:
    """One breach for each repeated name of a ``by:`` field."""
    for name, spec in dataset.source(source).fields.items():
        if not spec.by:
            continue
        for record in dataset.records(source):
            yield from _check(record, spec, name)


def _check(record: Record, spec: FieldSpec, name: str) -> Iterator[Breach]:
    if spec.path is None:
        return
    seen: dict[str, Leaf] = {}
    for member, leaf in by_members(record, spec, matches_of(record, spec.path)):
        here = leaf._replace(value=member, steps=(*leaf.steps, spec.by))
        if member not in seen:
            seen[member] = here
            continue
        yield Breach(
            key=record.name,
            field=name,
            member=member,
            message=f"`{record.name}`: two of the `{name}` have the `{spec.by}` `{member}`",
            spots=(Spot(here, "again"), Spot(seen[member], "first")),
            repos=(record.repo,),
            repair_in=(record.repo,),
            values=(member,),
            hint="rename or remove one of the two",
        )


RULE = SourceRule(
    RuleDoc(
        id="experiment/duplicate-member",
        summary="two objects of a list have the same name",
        what="A field with `by:` turns a list of objects into a map; two of them share the name.",
        why="Only one of the two can be compared, and readers disagree which one counts.",
        bad="[{name: a, weight: 50}, {name: a, weight: 50}]",
        good="[{name: a, weight: 50}, {name: b, weight: 50}]",
        fix="None.",
        since="0.1.0",
        severity="error",
    ),
    check,
)
