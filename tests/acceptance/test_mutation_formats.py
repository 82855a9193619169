"""Generated mistakes for each relation in each format: one finding, at the line, with the value.

What is changed are values, never text: each format writes the same experiments anew, and the line
that differs is where the finding has to be.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import cache

import pytest
from experimentwriters import FLAT, FORMATS, Format, Plan, Texts, env_of, experiments
from worldrun import policy_of, world_of

from interlock.engine import Request, run
from interlock.model import Finding, Place
from interlock.policy.model import Policy

TRIES = 8


def policy_text(name: str, *, deletion: bool) -> str:
    form = FORMATS[name]
    start = "$" if "{key}" in form.source else "@"
    paths = {field: f'"{start}.{field}"' for field in form.fields}
    if name == "text":
        paths = {}
    weights = f"\"{start}['w_a','w_b']\"" if name != "text" else ""
    fields = [f"{field}: {path}" for field, path in paths.items()]
    fields += [f"weights: {weights}"] if weights else []
    key = '["@.env", "@.name"]' if name == "composite" else '"@.name"'
    also = "".join(f', {n}: "@.{n}"' for n in ("tags", "countries", "params") if n in form.fields)
    known = ", ".join(form.fields)
    rules = [
        "{id: equal, each: plan.rate, equal: other.rate, compare: number}",
        "{id: references, each: plan.model, references: models}",
        "{id: member-of, each: plan.status, member-of: {values: [ready, live]}}",
        "{id: pattern, each: plan.owner, pattern: '^@team'}",
        "{id: uniform, each: plan.unit, uniform: true}",
        "{id: unique, each: plan.salt, unique: in-source}",
        "{id: exclusive, each: plan, exclusive: [slot]}",
        "{id: before, each: plan.start, before: .end}",
        "{id: sum, each: plan.weights, sum: 100}"
        if weights
        else "{id: sum, each: plan.w_a, sum: {max: 99}}",
    ]
    rules.append(
        "{id: exists-in, each: other, exists-in: plan}"
        if deletion
        else "{id: exists-in, each: plan, exists-in: other}"
    )
    if name != "text":
        rules.append(f"{{id: known-keys, each: plan, known-keys: [{known}]}}")
    if "tags" in form.fields:
        rules += [
            "{id: same-set, each: plan.tags, same-set: other.tags}",
            "{id: subset-of, each: plan.countries, subset-of: other.countries}",
            "{id: deep, each: plan.params, equal: other.params}",
        ]
    return f"""
sources:
  plan: {form.source}{", fields: {" + ", ".join(fields) + "}" if fields else ""}}}
  other: {{repo: b, files: other.json, each: "$[*]", key: {key}, fields: {{rate: "@.rate"{also}}}}}
  models: {{repo: b, files: models.toml, each: "$.*"}}
consistency:
""" + "".join(f"  - {rule}\n" for rule in rules)


def the_other_side(plan: Plan) -> Texts:
    rows = [
        {
            "name": key,
            "env": env_of(key),
            "rate": record["rate"],
            "tags": record["tags"][::-1],
            "countries": [*record["countries"], "at"],
            "params": record["params"],
        }
        for key, record in plan.items()
    ]
    models = "".join(f"[model-{at}]\nready = true\n" for at in range(10))
    return {"other.json": json.dumps(rows, indent=1), "models.toml": models}


#: Each mistake: the rule that has to find it, and what changes (the value that is then wrong).
Change = Callable[[Plan, str, str], object]


def put(field: str, value: object) -> Change:
    def change(plan: Plan, key: str, _: str) -> object:
        plan[key][field] = value
        return value

    return change


def copied(field: str) -> Change:
    def change(plan: Plan, key: str, other: str) -> object:
        plan[key][field] = plan[other][field]
        return plan[key][field]

    return change


def inside(field: str, at: object, value: object) -> Change:
    def change(plan: Plan, key: str, _: str) -> object:
        plan[key][field][at] = value
        return value

    return change


def added(field: str, value: str) -> Change:
    def change(plan: Plan, key: str, _: str) -> object:
        plan[key][field].insert(0, value)
        return value

    return change


def misspelt(plan: Plan, key: str, _: str) -> object:
    plan[key] = {"stat" if n == "unit" else n: value for n, value in plan[key].items()}
    return "stat"


def renamed(plan: Plan, key: str, _: str) -> object:
    items = [(f"{name}x" if name == key else name, record) for name, record in plan.items()]
    plan.clear()
    plan.update(items)
    return f"{key}x"


def deleted(plan: Plan, key: str, _: str) -> object:
    del plan[key]
    return key


MISTAKES: dict[str, tuple[str, Change, tuple[str, ...]]] = {
    "another value": ("equal", put("rate", 9.75), ()),
    "an unknown model": ("references", put("model", "model-x"), ()),
    "an unknown status": ("member-of", put("status", "gone"), ()),
    "an owner of another form": ("pattern", put("owner", "nobody"), ()),
    "another unit": ("uniform", put("unit", "device"), ()),
    "a salt twice": ("unique", copied("salt"), ()),
    "a slot twice": ("exclusive", copied("slot"), ()),
    "a start after the end": ("before", put("start", "2027-05-05"), ()),
    "a weight too high": ("sum", put("w_a", 777), ()),
    "an unknown member": ("known-keys", misspelt, ("text",)),
    "a key renamed": ("exists-in", renamed, ()),
    "a record deleted": ("exists-in", deleted, ()),
    "a tag renamed": ("same-set", inside("tags", 0, "tag-x"), ("dotenv", "ini", "text")),
    "a tag added": ("same-set", added("tags", "tag-x"), ("dotenv", "ini", "text")),
    "an unknown country": ("subset-of", inside("countries", 1, "zz"), ("dotenv", "ini", "text")),
    "another parameter": ("deep", inside("params", "depth", 77), ("dotenv", "ini", "text")),
}
CASES = [
    (name, mistake) for name in FORMATS for mistake in MISTAKES if name not in MISTAKES[mistake][2]
]


def changed_lines(before: Texts, after: Texts) -> dict[str, int]:
    """The line in which each text first differs; 0 for a file that is new."""
    found = {}
    for path, text in after.items():
        if path not in before:
            found[path] = 0
        elif text != before[path]:
            pairs = zip(before[path].split("\n"), text.split("\n"), strict=False)
            found[path] = next(at for at, (old, new) in enumerate(pairs, 1) if old != new)
    return found


def sliced(texts: Texts, place: Place) -> str:
    lines = texts[place.path].split("\n")[place.line - 1 : place.end_line]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return "\n".join(lines)


@cache
def policy(name: str, *, deletion: bool) -> Policy:
    return policy_of(policy_text(name, deletion=deletion))


def check(rules: Policy, a: Texts, b: Texts) -> tuple[Finding, ...]:
    world = world_of(rules, {"a": a, "b": b})
    return run(Request(policy=rules, head=world, own="", today="2026-01-01")).findings


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_written_without_mistakes_is_clean(name: str) -> None:
    for seed in range(5):
        chance = random.Random(seed)
        plan = experiments(chance)
        a = FORMATS[name].write(only(plan, name), random.Random(seed))
        for deletion in (False, True):
            assert check(policy(name, deletion=deletion), a, the_other_side(plan)) == ()


def only(plan: Plan, name: str) -> Plan:
    """The experiments with the fields that the format can hold."""
    return {
        key: {field: value for field, value in record.items() if field in FORMATS[name].fields}
        for key, record in plan.items()
    }


@pytest.mark.parametrize(("name", "mistake"), CASES)
def test_one_mistake_is_one_finding_at_its_line_with_its_value(name: str, mistake: str) -> None:
    rule, change, _ = MISTAKES[mistake]
    form, wrong = FORMATS[name], []
    rules = policy(name, deletion=change is deleted)
    for seed in range(TRIES):
        chance = random.Random(seed)
        plan = experiments(chance)
        key, other = chance.sample(sorted(plan), 2)
        before = form.write(only(plan, name), random.Random(seed))
        mutated = only(json.loads(json.dumps(plan)), name)
        value = change(mutated, key, other)
        after, b = form.write(mutated, random.Random(seed)), the_other_side(plan)
        found = check(rules, after, b)
        if change is deleted:
            told = any(json.loads(sliced(b, p))["name"] == key for p in places(found, "b"))
        else:
            lines = changed_lines(before, after)
            here = [p for p in places(found, "a") if lines.get(p.path) in (0, p.line)]
            told = any(not lines[p.path] or says(form, after, p, value) for p in here)
        if not told or [f.rule for f in found] != [f"experiment/{rule}"]:
            wrong.append((seed, value, [(f.message, [p[2:7] for p in f.places]) for f in found]))
    assert len(wrong) <= 0.05 * TRIES, wrong[:3]


def places(found: tuple[Finding, ...], repo: str) -> list[Place]:
    """The places in a repository's files, of values that are there."""
    return [place for one in found for place in one.places if place.repo == repo and place.line]


def says(form: Format, texts: Texts, place: Place, value: object) -> bool:
    """Whether what stands at the place is read as the value again."""
    said = form.said(sliced(texts, place))
    return said == value or (form.fields is FLAT and said == str(value))
