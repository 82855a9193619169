"""The same generated experiments written in each format, and how a policy reads them."""

from __future__ import annotations

import ast
import json
import random
import tomllib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ruamel.yaml import YAML

Record = dict[str, Any]
Plan = dict[str, Record]
Texts = dict[str, str]
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
