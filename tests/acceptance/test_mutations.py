"""Generated mistakes over generated experiments: each gives one finding, at its line."""

from __future__ import annotations

import random
import re

import pytest
from topologies import ROOT

from interlock.engine import Request, run
from interlock.model import Finding
from interlock.policy.extend import Layers
from interlock.policy.load import load_policy
from interlock.policy.model import Policy
from interlock.rules.table import RULES
from interlock.trees.base import Repo
from interlock.trees.memory import MemoryTree

Files = dict[str, dict[str, str]]
WORDS = ("ranker", "search", "basket", "email", "feed", "price", "signup", "video")
KINDS = (
    "value in training",
    "weight in serving",
    "key in serving",
    "variant in serving",
    "parameter in training",
    "model in registry",
    "key in code",
    "file of training",
    "variant in training",
    "value in plan",
)


def policy() -> Policy:
    text = (ROOT / "examples/demo/demo.py").read_text(encoding="utf-8")
    scope: dict[str, str] = {}
    exec(text[text.index("POLICY = ") : text.index("PLAN = ")], scope)  # noqa: S102  our own file
    return load_policy(
        "interlock.yaml",
        scope["POLICY"].encode(),
        Layers(lambda _: None, None),
        version="0.1.0",
        built_in_rules=[rule.id for rule in RULES],
    )


def organisation(chance: random.Random, count: int) -> Files:
    """``count`` consistent experiments over three repositories."""
    files: Files = {"pipelines": {}, "training": {}, "serving": {}}
    serving, code, models = ["experiments:"], [], []
    for at in range(count):
        key = f"{WORDS[at % len(WORDS)]}-{chance.choice(WORDS)}-{at}"
        variants = chance.sample(["control", "treatment", "holdback", "bold"], k=3)
        plan, training = ["status: live", "variants:"], []
        serving += [f"  {key}:", "    variants:"]
        for number, variant in enumerate(variants):
            rate, depth = round(chance.random(), 3), chance.randint(2, 9)
            model = f"model-{at}-{number}.{chance.randint(1, 9)}"
            models.append(f'  {{"version": "{model}"}}')
            plan += [
                f"  {variant}:",
                f"    model: {model}",
                "    params:",
                f"      learning_rate: {rate}",
                f"      depth: {depth}",
            ]
            training += [
                f"[variants.{variant}.params]",
                f"learning_rate = {rate}",
                f"depth = {depth}",
            ]
            weight = 40 if number else 20
            serving.append(f"      {variant}: {{weight: {weight}}}")
        code.append(f'    use(experiment("{key}"))')
        files["pipelines"][f"experiments/{key}.yaml"] = "\n".join(plan) + "\n"
        files["training"][f"conf/experiment/{key}.toml"] = "\n".join(training) + "\n"
    registry = '{"models": [\n' + ",\n".join(models) + "\n]}\n"
    files["training"]["models/registry.json"] = registry
    files["serving"]["charts/ranker/values.yaml"] = "\n".join(serving) + "\n"
    files["serving"]["src/app.py"] = "\n".join(code) + "\n"
    return files


def mutate(chance: random.Random, files: Files, kind: str) -> tuple[str, str, int]:
    """Make one mistake; the repo, path and line of it (0 where a file is gone)."""
    what, _, where = kind.partition(" in ")
    if kind == "file of training":
        configs = sorted(p for p in files["training"] if p.startswith("conf/"))
        path = chance.choice(configs)
        del files["training"][path]
        return "pipelines", f"experiments/{path[16:-5]}.yaml", 0
    repo = {"registry": "training", "code": "serving", "plan": "pipelines"}.get(where, where)
    patterns = {
        "value in training": (r"conf/", r"(?<=rate = )[\d.]+", "7.5"),
        "value in plan": (r"experiments/", r"(?<=depth: )\d+", "77"),
        "weight in serving": (r"charts/", r"(?<=weight: )\d+", "33"),
        "key in serving": (r"charts/", r"(?<=^  )[a-z]+-[a-z]+-\d+", None),
        "variant in serving": (r"charts/", r"(?<=^      )\w+", None),
        "variant in training": (r"conf/", r"(?<=variants\.)\w+", None),
        "parameter in training": (r"conf/", r"^depth", None),
        "model in registry": (r"models/", r"model-[\d.-]+", None),
        "key in code": (r"src/", r'(?<=")[a-z]+-[a-z]+-\d+', None),
    }
    folder, pattern, new = patterns[kind]
    path = chance.choice(sorted(p for p in files[repo] if p.startswith(folder)))
    text = files[repo][path]
    found = chance.choice(list(re.finditer(pattern, text, re.MULTILINE)))
    changed = new if new is not None else found.group()[:-1] + "x" + found.group()[-1]
    files[repo][path] = text[: found.start()] + changed + text[found.end() :]
    del what
    return repo, path, text.count("\n", 0, found.start()) + 1


def findings(files: Files, rules: Policy) -> tuple[Finding, ...]:
    world = {
        alias: (
            Repo(
                alias,
                names[0],
                MemoryTree({path: text.encode() for path, text in files[alias].items()}),
            ),
        )
        for alias, names in rules.repos.items()
    }
    return run(Request(policy=rules, head=world, own="", today="2026-01-01")).findings


def test_generated_organisations_are_clean() -> None:
    assert findings(organisation(random.Random(3), 20), policy()) == ()


@pytest.mark.parametrize("kind", KINDS)
def test_one_mistake_is_one_finding_at_its_line(kind: str) -> None:
    rules, right, tries = policy(), 0, 40
    for seed in range(tries):
        chance = random.Random(seed)
        files = organisation(chance, 12)
        repo, path, line = mutate(chance, files, kind)
        found = findings(files, rules)
        places = [(p.repo, p.path, p.line) for f in found for p in f.places]
        at = any(p[:2] == (repo, path) and line in (0, p[2]) for p in places)
        at = at or (kind == "model in registry" and places[0][0] == "pipelines")
        # A variant that is renamed in training differs in the set and in the parameters.
        each_once = len({f.rule for f in found}) == len(found)
        right += at and (each_once if kind == "variant in training" else len(found) == 1)
    assert right >= 0.95 * tries, f"{right} of {tries}"


def test_every_reported_span_holds_the_value_that_is_named() -> None:
    rules = policy()
    for seed in range(40):
        chance = random.Random(seed)
        files = organisation(chance, 6)
        mutate(chance, files, "value in training")
        for finding in findings(files, rules):
            for place, value in zip(finding.places, reversed(finding.values), strict=True):
                line = files[place.repo][place.path].split("\n")[place.line - 1]
                assert line[place.column - 1 : place.end_column - 1] == value
                assert place.end_line == place.line
