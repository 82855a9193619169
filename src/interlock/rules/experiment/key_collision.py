"""experiment/key-collision: two keys of a source become one under a rule's ``join``."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.experiments.breach import Breach, Spot
from interlock.experiments.dataset import Dataset, colliding
from interlock.experiments.records import Record
from interlock.experiments.scope import joined_by_key
from interlock.policy.model import Rule
from interlock.rules.base import RuleDoc, SourceRule


def check(dataset: Dataset, source: str) -> Iterator[Breach]:
    """One breach for each record whose key becomes another record's, for each rule that joins."""
    for rule in dataset.policy.consistency:
        if rule.join and rule.severity != "off" and source in joined_by_key(rule):
            for records in colliding(dataset, source, rule.join):
                yield from _breaches(rule, source, records)


def _breaches(rule: Rule, source: str, records: list[Record]) -> Iterator[Breach]:
    first = records[0]
    for record in records[1:]:
        if record.key == first.key:
            continue
        repos = tuple(dict.fromkeys((record.repo, first.repo)))
        yield Breach(
            key=record.name,
            field=rule.id,
            member=first.name,
            message=f"`{record.name}` and `{first.name}` in {source} are one key under the `join` "
            f"of `{rule.id}`",
            spots=(
                Spot(record.leaf(), f"`{record.name}`"),
                Spot(first.leaf(), f"`{first.name}`"),
            ),
            repos=repos,
            repair_in=repos,
            values=(record.name,),
            hint="rename one of the two, or narrow the rule's `join`",
        )


RULE = SourceRule(
    RuleDoc(
        id="experiment/key-collision",
        summary="two keys become one under a rule's join",
        what="A rule joins on transformed keys (`join: lower`), and two different keys of one "
        "source give the same result.",
        why="The rule would compare one of the two with a record that belongs to the other.",
        bad="experiments: {exp-ranker: {…}, ranker: {…}}   # with `join: {strip-prefix: exp-}`",
        good="experiments: {exp-ranker: {…}, other: {…}}",
        fix="None.",
        since="0.1.0",
        severity="error",
    ),
    check,
)
