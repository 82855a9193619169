"""No relation compares all pairs: ten times the records cost about ten times the steps.

Steps are the lines that Python runs and the comparisons of text, counted and not timed.
"""

from __future__ import annotations

import json
import os
import sys
from types import FrameType

import pytest
from worldrun import policy_of, world_of

from interlock.documents.base import Value
from interlock.experiments.dataset import Dataset, Selections
from interlock.experiments.materialise import Materialiser
from interlock.experiments.relations.table import TABLE, relation
from interlock.policy.model import Policy

#: Sorting is a little more than linear; comparing all pairs would be a hundredfold.
AT_MOST = 16
OURS = f"{os.sep}interlock{os.sep}"
POLICY = """
sources:
  plan: {{repo: a, optional: true, files: x.json, each: "$.*", fields: {fields}}}
  other: {{repo: b, optional: true, files: y.json, each: "$.*", fields: {fields}}}
consistency: [{{id: rule, {rule}}}]
"""
NAMES = "v, l, m, start, stop, end, g, up"
FIELDS = "{" + ", ".join(f"{name}: '@.{name}'" for name in f"{NAMES}, same".split(", ")) + "}"
PROPERTIES = "{" + ", ".join(f"{name}: {{}}" for name in NAMES.split(", ")) + "}"
RULES = {
    "exists-in": "each: plan, exists-in: other",
    "exists-in-per": "each: plan, exists-in: other, per: [g]",
    "equal": "each: plan.m, equal: other.m",
    "equal-on": "each: plan.v, equal: other.v, on: [g]",
    "same-set": "each: plan.l, same-set: other.l",
    "subset-of": "each: plan.l, subset-of: other.l, join: lower",
    "references": "each: plan.v, references: other.v",
    "references-keys": "each: plan, references: other, scope: {g: g}",
    "references-own": "each: plan.l, references: .m",
    "references-via": "each: plan.v, references: {via: [other.up, other.v]}",
    "member-of": "each: plan.v, member-of: {values: [val-0, val-1]}",
    "sum": "each: plan.start, sum: {max: 100000, by: g}",
    "uniform": "each: plan.v, uniform: {by: g}",
    "unique": "each: plan.l, unique: in-source",
    "unique-record": "each: plan.l, unique: in-record",
    "exclusive": "each: plan, exclusive: [g], during: [start, stop]",
    "exclusive-all": "each: plan, exclusive: [same], during: [start, stop], absent: any",
    "exclusive-lists": "each: plan, exclusive: [l, g]",
    "before": "each: plan.start, before: .end",
    "before-other": "each: plan.start, before: other.end",
    "known-keys": f"each: plan, known-keys: [{NAMES}]",
    "known-keys-schema": f"each: plan, known-keys: {{schema: {{properties: {PROPERTIES}}}}}",
    "pattern": "each: plan.v, pattern: '^val-[0-9]+$'",
}
#: Rules whose keys differ where things are wrong, and rules that always find something.
MISSPELT = ("exists-in", "references-keys", "references-via")
ALWAYS = ("exists-in-per", "member-of")
#: Everything in one record instead of one thing in each.
WIDE = ("equal", "same-set", "subset-of", "references-own", "unique-record", "before")


class Counted(str):
    """Text that counts how often it is compared."""

    __slots__ = ()
    comparisons = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Counted.comparisons += 1
        return str.__eq__(self, other)

    def __lt__(self, other: str) -> bool:
        Counted.comparisons += 1
        return str.__lt__(self, other)


def counted(value: Value) -> Value:
    if isinstance(value, dict):
        return {name: counted(one) for name, one in value.items()}
    if isinstance(value, list):
        return [counted(one) for one in value]
    return Counted(value) if isinstance(value, str) else value


def rows(name: str, count: int, *, side: str, wrong: bool) -> dict[str, object]:
    """``count`` records; the sides differ in every value, or key, where they are ``wrong``."""
    extra = f"-{side}" if wrong else ""
    misspelt = extra if name in MISSPELT and side == "b" else ""
    found: dict[str, object] = {}
    for at in range(count):
        start = at * 2 + (10**6 if wrong else 0)
        names = [f"m-{at}{extra}", f"le-{at // 2 if wrong else at}{extra}"]
        found[f"exp-{at}{misspelt}"] = {
            "v": f"val-{at}{extra}",
            "l": [*names, names[0]] if wrong else names,
            "m": dict.fromkeys((f"m-{at}", f"le-{at}{extra}"), at) | {"same": f"{at}{extra}"},
            "start": start,
            "stop": start + (10 if wrong else 2),
            "end": at * 2 + 2,
            "g": f"g-{at // 2 if wrong and name != 'references-keys' else at}",
            "up": f"exp-{at}",
            **({f"upp-{at}": 1} if wrong else {}),
        }
    return found


def wide(_: str, count: int, *, side: str, wrong: bool) -> dict[str, object]:
    """One record whose lists and maps hold ``count`` members."""
    extra = f"-{side}" if wrong else ""
    names = [f"m-{at}{extra}" for at in range(count)]
    return {
        "exp": {
            "v": "val-0",
            "l": names * 2 if wrong else names,
            "m": {f"m-{at}{extra and '-m'}": f"{at}{extra}" for at in range(count)},
            "start": list(range(count)) if wrong else -1,
            "stop": 0,
            "end": list(range(count)),
            "g": "g",
            "up": "exp",
        }
    }


def steps(policy: Policy, a: object, b: object) -> tuple[int, int]:
    """(what it takes to check the one rule and tell its findings, how many there are)."""
    files = {"a": {"x.json": json.dumps(a)}, "b": {"y.json": json.dumps(b)}}
    dataset = Dataset(policy, world_of(policy, files), Selections())
    [rule] = policy.consistency
    for name in policy.sources:
        for record in dataset.records(name):
            record.value = counted(record.value)
            record.key = tuple(Counted(part) for part in record.key)
    check, materialiser = relation(rule.relation).check, Materialiser(dataset)
    lines = 0

    def line(frame: FrameType, event: str, _: object) -> object:
        nonlocal lines
        lines += event == "line"
        return line if OURS in frame.f_code.co_filename else None

    Counted.comparisons = 0
    before = sys.gettrace()
    sys.settrace(line)  # type: ignore[arg-type]
    try:
        breaches = list(check(rule, dataset))
        for breach in breaches:
            materialiser._hint(breach)
    finally:
        sys.settrace(before)
    return lines + Counted.comparisons, len(breaches)


def cases() -> list[tuple[str, bool, bool]]:
    narrow = [(name, wrong, False) for name in RULES for wrong in (False, True)]
    return narrow + [(name, wrong, True) for name in WIDE for wrong in (False, True)]


@pytest.mark.parametrize(("name", "wrong", "one"), cases())
def test_ten_times_the_records_cost_about_ten_times_the_steps(
    name: str, wrong: bool, one: bool
) -> None:
    policy = policy_of(POLICY.format(rule=RULES[name], fields=FIELDS))
    make, count = (wide, 120) if one else (rows, 80)
    few, found = steps(policy, *(make(name, count, side=side, wrong=wrong) for side in "ab"))
    many, _ = steps(policy, *(make(name, count * 10, side=side, wrong=wrong) for side in "ab"))
    assert few > 100
    assert many <= AT_MOST * few, f"{many} of {few}"
    assert (found > 0) is (wrong or name in ALWAYS)


def test_every_relation_is_counted() -> None:
    assert {
        policy_of(POLICY.format(rule=rule, fields=FIELDS)).consistency[0].relation
        for rule in RULES.values()
    } == set(TABLE)
