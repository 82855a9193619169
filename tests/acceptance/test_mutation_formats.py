"""Generated mistakes for each relation in each format: one finding, at the line, with the value.

What is changed are values, never text: each format writes the same experiments anew, and the line
that differs is where the finding has to be.
"""

from __future__ import annotations

import ast
import json
import random
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML
from worldrun import policy_of, world_of

from interlock.engine import Request, run
from interlock.model import Finding, Place
from interlock.policy.model import Policy

Record = dict[str, Any]
Plan = dict[str, Record]
Texts = dict[str, str]
TRIES = 8
FLAT = ("rate", "model", "status", "owner", "unit", "salt", "slot", "start", "end", "w_a", "w_b")
NESTED = (*FLAT, "tags", "countries", "params")


class Format(NamedTuple):
    """How one format writes experiments, and how the policy reads them."""

    source: str
    write: Callable[[Plan, random.Random], Texts]
    said: Callable[[str], object]
    fields: tuple[str, ...]


def experiments(chance: random.Random, count: int = 5) -> Plan:
    """Experiments that no rule has anything to say about."""
    plan: Plan = {}
    for at in range(count):
        weight = chance.randint(1, 99)
        plan[f"{chance.choice(('rank', 'feed', 'search'))}-{at}"] = {
            "rate": round(chance.uniform(0.1, 0.9), 3),
            "model": f"model-{chance.randint(0, 9)}",
            "status": chance.choice(("ready", "live")),
            "owner": f"@team-{chance.randint(1, 9)}",
            "unit": "user",
            "salt": f"salt{at}",
            "slot": f"slot{at}",
            "start": f"2026-01-{chance.randint(10, 28)}",
            "end": f"2026-02-{chance.randint(10, 28)}",
            "w_a": weight,
            "w_b": 100 - weight,
            "tags": [f"tag-{at}-{n}" for n in range(chance.randint(1, 3))],
            "countries": chance.sample(["de", "fr", "us", "jp"], k=2),
            "params": {"lr": round(chance.random(), 4), "depth": chance.randint(2, 9)},
        }
    return plan


def noise(chance: random.Random, comment: str) -> list[str]:
    return chance.choice([[], [""], [f"{comment} written by hand"]])


def block_yaml(record: Record, chance: random.Random, indent: str) -> Iterator[str]:
    quote = chance.choice("'\"")
    for name, value in record.items():
        yield from noise(chance, f"{indent}#")
        inline = chance.random() < 0.5
        if isinstance(value, dict):
            yield f"{indent}{name}:"
            yield from (f"{indent}  {inner}: {one}  # here" for inner, one in value.items())
        elif isinstance(value, list) and not inline:
            yield f"{indent}{name}:"
            yield from (f"{indent}  - {one}" for one in value)
        elif isinstance(value, list):
            yield f"{indent}{name}: [{', '.join(value)}]"
        else:
            text = f"{quote}{value}{quote}" if isinstance(value, str) else value
            yield f"{indent}{name}: {text}"


def yaml_text(plan: Plan, chance: random.Random) -> str:
    lines = []
    for key, record in plan.items():
        lines += [f"{key}:", *block_yaml(record, chance, "  ")]
    return ending(lines, chance)


def ending(lines: list[str], chance: random.Random) -> str:
    """The lines as a text, now and then as Windows writes it."""
    return chance.choice(("\n", "\n", "\r\n")).join([*lines, ""])


def write_yaml(plan: Plan, chance: random.Random) -> Texts:
    return {"x.yaml": yaml_text(plan, chance)}


def env_of(key: str) -> str:
    return "dev" if int(key.strip("x")[-1]) % 2 else "prod"


def write_composite(plan: Plan, chance: random.Random) -> Texts:
    """Every second experiment in dev, the others in prod."""
    envs: dict[str, Plan] = {"dev": {}, "prod": {}}
    for key, record in plan.items():
        envs[env_of(key)][key] = record
    return {f"env/{env}/x.yaml": yaml_text(part, chance) for env, part in envs.items()}


def write_layers(plan: Plan, chance: random.Random) -> Texts:
    """Half of the fields in an overlay, over values in the base that would be wrong."""
    base: Plan = {}
    over: Plan = {}
    for key, record in plan.items():
        moved = [name for at, name in enumerate(NESTED) if at % 2 and name in record]
        base[key] = {n: f"stale-{n}" if n in moved else value for n, value in record.items()}
        base[key]["dropped"] = 1
        over[key] = {name: record[name] for name in moved}
    texts = {"base.yaml": yaml_text(base, chance), "env/prod.yaml": yaml_text(over, chance)}
    for key in plan:
        texts["env/prod.yaml"] = texts["env/prod.yaml"].replace(
            f"{key}:", f"{key}:\n  dropped: null", 1
        )
    return texts


def write_files(plan: Plan, chance: random.Random) -> Texts:
    return {
        f"conf/{key}.yaml": ending(list(block_yaml(record, chance, "")), chance)
        for key, record in plan.items()
    }


def write_json(plan: Plan, chance: random.Random) -> Texts:
    text = json.dumps(plan, indent=chance.choice((1, 2, 4)))
    return {"x.json": ending(text.split("\n"), chance)}


def write_json5(plan: Plan, chance: random.Random) -> Texts:
    quote, lines = chance.choice("'\""), ["// by hand", "{"]
    for key, record in plan.items():
        lines += [f"  {quote}{key}{quote}: {{ /* one */"]
        for name, value in record.items():
            lines += noise(chance, "    //")
            text = json.dumps(value)
            text = text.replace('"', quote)
            lines.append(f"    {name}: {text},")
        lines.append("  },")
    return {"x.json5": ending([*lines, "}"], chance)}


def write_toml(plan: Plan, chance: random.Random) -> Texts:
    lines = []
    for key, record in plan.items():
        lines += [*noise(chance, "#"), f"[{key}]"]
        quote = chance.choice("'\"")
        for name, value in record.items():
            if isinstance(value, dict):
                inner = ", ".join(f"{n} = {v}" for n, v in value.items())
                lines.append(f"{name} = {{ {inner} }}")
            else:
                lines.append(f"{name} = {json.dumps(value).replace(chr(34), quote)}")
    return {"x.toml": ending(lines, chance)}


def write_dotenv(plan: Plan, chance: random.Random) -> Texts:
    texts = {}
    for key, record in plan.items():
        quote, lines = chance.choice(("'", '"', "")), list[str]()
        for name, value in record.items():
            lines += [
                *noise(chance, "#"),
                f"{chance.choice(('', 'export '))}{name}={quote}{value}{quote}",
            ]
        texts[f"conf/{key}.env"] = ending(lines, chance)
    return texts


def write_ini(plan: Plan, chance: random.Random) -> Texts:
    lines = []
    for key, record in plan.items():
        lines += [*noise(chance, ";"), f"[{key}]"]
        lines += [f"{name} = {value}" for name, value in record.items()]
    return {"x.ini": ending(lines, chance)}


def write_code(plan: Plan, chance: random.Random) -> Texts:
    lines = ["def setup():"]
    for key, record in plan.items():
        lines += [*noise(chance, "    #"), f'    experiment("{key}",']
        lines += [f'        {name}="{value}",' for name, value in record.items()] + ["    )"]
    return {"app.py": ending(lines, chance)}


def from_yaml(text: str) -> object:
    return YAML(typ="safe", pure=True).load(text)


def from_toml(text: str) -> object:
    try:
        return tomllib.loads(f"it = {text}")["it"]
    except tomllib.TOMLDecodeError:
        return next(iter(tomllib.loads(f"{text} = 1")))


def from_json5(text: str) -> object:
    return ast.literal_eval(text) if text[0] in "'\"[{-0123456789" else text


def bare(text: str) -> object:
    return text.strip("'\"")


ALL = '{repo: a, files: x.EXT, each: "$.*"'
GROUPS = r",\s*".join([r'\("(?P<key>[\w-]+)"', *(rf'{name}="(?P<{name}>[^"]*)"' for name in FLAT)])
FORMATS = {
    "yaml": Format(ALL.replace("EXT", "yaml"), write_yaml, from_yaml, NESTED),
    "composite": Format(
        '{repo: a, files: "env/{env}/x.yaml", each: "$.*", key: ["{env}", name]',
        write_composite,
        from_yaml,
        NESTED,
    ),
    "layers": Format(
        '{repo: a, layers: [base.yaml, "env/{env}.yaml"], each: "$.*"',
        write_layers,
        from_yaml,
        NESTED,
    ),
    "files": Format('{repo: a, files: "conf/{key}.yaml"', write_files, from_yaml, NESTED),
    "json": Format(ALL.replace("EXT", "json"), write_json, json.loads, NESTED),
    "json5": Format(ALL.replace("EXT", "json5"), write_json5, from_json5, NESTED),
    "toml": Format(ALL.replace("EXT", "toml"), write_toml, from_toml, NESTED),
    "dotenv": Format('{repo: a, files: "conf/{key}.env"', write_dotenv, bare, FLAT),
    "ini": Format(ALL.replace("EXT", "ini"), write_ini, bare, FLAT),
    "text": Format(
        f"{{repo: a, files: app.py, pattern: 'experiment{GROUPS}'", write_code, bare, FLAT
    ),
}


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
