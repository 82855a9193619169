"""The loader and the JSON Schema agree: what one refuses for its shape, so does the other."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from policyfiles import refused

from interlock.documents.read import read_document
from interlock.policy import consistency, load, member, relations, secrets, sources

ROOT = Path(__file__).parents[2]
GOOD = [
    Path(__file__).with_name("policy_story.yaml"),
    *sorted((ROOT / "policies").glob("*.yaml")),
    *sorted((ROOT / "examples").glob("*/interlock.yaml")),
    *sorted((ROOT / "tests" / "cases").glob("*/*/interlock.yaml")),
]
#: Every word of the language at least once.
EVERYTHING = """\
version: 1
requires: interlock>=0.1
on-outdated: warn
extends: [interlock:recommended]
repos: {a: o/a, b: [o/b, o/c]}
member-waivers: true
share-with: {a: [b], b: "*"}
sources:
  plan:
    repo: [a, b]
    files: ["{app}/{key}.yaml"]
    exclude: old/*
    format: yaml
    fields:
      x: $.x
      where: "{app}"
      n: {keys: "$.n"}
      v: {values: "$.v", optional: true, by: id}
      p: {path: "$.p", by: id}
      q: {pattern: "a(.)", of: $.q}
      c: {const: null}
      s: $.s
      e: $.e
  live: {repo: b, layers: [a.yaml, "{env}/a.yaml"], each: ["$.a", "@.*"], optional: true}
  code: {repo: a, files: "*.py", pattern: "use(?P<key>.)(?P<kind>.)", key: ["{key}", "{kind}"]}
  named: {repo: a, files: b.json, each: "$[*]", key: [name, "@.id", {pattern: "(.)", of: path}]}
consistency:
  - {id: a1, each: plan, exists-in: live, per: [env], join: [lower, {strip-prefix: a}], on: key}
  - {id: a2, each: plan.x, equal: [named.key, .s], compare: number, authority: plan, grace: 2w}
  - {id: a3, each: plan.x, same-set: .v, join: {map: {a: b}}, absent: error}
  - {id: a4, each: plan.x, subset-of: .v, absent: {default: 1}, when: {x: [1, null], s: {not: a}}}
  - {id: a5, each: plan.x, references: [live, .s, plan.v], scope: {app: env}, severity: off}
  - {id: a6, each: plan.x, member-of: {values: [1]}, when: {x: {not: {pattern: a}}, key: a}}
  - {id: a7, each: plan.x, references: {via: [live.env, plan.x]}, why: w, owner: o, docs: d}
  - {id: a8, each: plan.x, sum: {equals: 1, min: 0, max: 2, tolerance: 0.1, by: app}}
  - {id: a9, each: plan.x, uniform: {by: [app]}}
  - {id: b1, each: plan.x, unique: in-record}
  - {id: b2, each: plan, exclusive: [x, s], during: [s, e], absent: any}
  - {id: b3, each: plan.s, before: .e}
  - {id: b4, each: plan, known-keys: [x]}
  - {id: b5, each: plan, known-keys: {schema: {properties: {}}}}
  - {id: b6, each: plan.x, pattern: "^a"}
  - {id: b7, each: plan.x, sum: 1, except: [{key: a, value: b, repo: a, path: c, reason: r,
     until: 2027-01-01}]}
rules:
  experiment/a1: off
  "experiment/a*": {severity: info, overrides: [{repos: a, paths: ["x/**"], severity: error}]}
  policy/*: {rollout: {pilot: [a, o/b], error-from: 2027-01-01}}
companions:
  - {id: c1, repo: a, paths: "x/**", needs: [b], why: w}
change-sets: {window: 0h, remind-after: 3d}
checklist: {label: ab-test, field: Key, jira: {url: "https://acme.atlassian.net", project: ML}}
secrets:
  exclude: ["vendor/**"]
  baseline: conf/accepted
  rules:
    - {id: acme-token, type: acme, pattern: "(acme_[a-z]{9})", keywords: [acme_], min_entropy: 2.5,
       edges: false, checksum: token, paths: "[.]py$", context: acme, near: "=", allow: "^x",
       why: w, rotate: r}
waivers:
  - {rule: experiment/a1, repo: a, path: x, key: k, reason: r, owner: o, until: 2027-01-01}
"""
#: What a value is replaced by: one of each kind, and words that mean something elsewhere.
STRANGE: list[Any] = [
    None,
    True,
    7,
    -0.5,
    "",
    "x",
    "a.b",
    "$.x",
    "../x",
    [],
    [1],
    ["x"],
    {},
    {"x": 1},
]

CHANGES = ("replace", "replace", "remove", "rename", "add")


def _validator() -> Draft202012Validator:
    text = (ROOT / "schemas" / "policy.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


VALIDATOR = _validator()


@pytest.mark.parametrize("path", GOOD, ids=lambda p: str(p.relative_to(ROOT)))
def test_both_take_good_policies(path: Path) -> None:
    files = {
        p.relative_to(path.parent).as_posix(): p.read_text(encoding="utf-8")
        for p in path.parent.rglob("*.json")
    }
    assert refused(path.read_bytes(), files) == []
    document = read_document(path.name, path.read_bytes())
    assert [e.message for e in VALIDATOR.iter_errors(document.values[0])] == []


def test_both_take_every_word() -> None:
    assert refused(EVERYTHING) == []
    assert [e.message for e in VALIDATOR.iter_errors(_everything())] == []


def _everything() -> Any:
    return read_document("x.yaml", EVERYTHING.encode()).values[0]


def test_every_word_of_the_loader_is_in_the_corpus() -> None:
    policy = _everything()
    assert set(policy) == set(load.WORDS)
    assert {word for one in policy["sources"].values() for word in one} == set(sources.WORDS)
    words = {word for rule in policy["consistency"] for word in rule}
    assert words == set(consistency.WORDS)
    assert set(relations.RELATIONS) <= words
    assert set(policy["secrets"]) == set(secrets.WORDS)
    assert {word for rule in policy["secrets"]["rules"] for word in rule} == set(secrets.RULE_WORDS)


def _steps(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value)
    for step, inner in below:
        yield (*at, step)
        if isinstance(inner, (dict, list)):
            yield from _steps(inner, (*at, step))


def _mutants() -> Iterator[tuple[str, Any]]:
    """Each value of the corpus replaced, removed, renamed, or joined by a stranger."""
    chance = random.Random(20_270_131)  # the same mutants every time
    for steps in _steps(_everything()):
        for change in chance.sample(CHANGES, 2):
            policy = _everything()
            holder = policy
            for step in steps[:-1]:
                holder = holder[step]
            what = change
            if change == "replace":
                value = copy.deepcopy(chance.choice(STRANGE))
                holder[steps[-1]] = value
                what = f"replace by {value!r}"
            elif change == "remove":
                del holder[steps[-1]]
            elif isinstance(holder, list):
                holder.insert(0, chance.choice(STRANGE))
            elif change == "rename":
                holder["zz"] = holder.pop(steps[-1])
            else:
                holder["zz"] = chance.choice(STRANGE)
            yield f"{what} at {'.'.join(map(str, steps))}", policy


@pytest.fixture(scope="module")
def mutants() -> list[tuple[str, bool, list[str]]]:
    """What was changed, whether the schema takes it, and what the loader says."""
    return [
        (name, VALIDATOR.is_valid(policy), refused(json.dumps(policy)))
        for name, policy in _mutants()
    ]


def test_what_the_schema_refuses_the_loader_refuses(
    mutants: list[tuple[str, bool, list[str]]],
) -> None:
    refusals = [(name, problems) for name, valid, problems in mutants if not valid]
    assert [name for name, problems in refusals if not problems] == []
    assert len(refusals) > 200


#: Problems of meaning, which a schema cannot see: names, patterns, paths, what fits together, and
#: what may be missing or null because a policy below states it.
MEANINGS = (
    "there is no ",
    "has no field",
    "captures",
    "is already the id",
    "is not a source of",
    "means nothing",
    "is about",
    "needs a field",
    "needs `each`",
    "needs `repo`",
    "it has neither",
    "has no value",
    "needs a group",
    "matches an empty text",
)


def test_what_the_loader_refuses_for_its_shape_the_schema_refuses(
    mutants: list[tuple[str, bool, list[str]]],
) -> None:
    odd = [
        (name, problems)
        for name, valid, problems in mutants
        if valid and problems
        if not any(meaning in problem for problem in problems for meaning in MEANINGS)
    ]
    assert odd == []


def test_the_member_file_has_the_words_of_its_loader() -> None:
    schema = json.loads((ROOT / "schemas" / "member.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == set(member.WORDS)


@pytest.mark.parametrize("name", ["policy", "member"])
def test_every_word_is_described_for_editors(name: str) -> None:
    schema = json.loads((ROOT / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    assert all(part.get("description") for part in schema["properties"].values())
    if name == "policy":
        for part in (
            "source",
            "rule",
            "waiver",
            "companion",
            "change-sets",
            "checklist",
            "setting",
            "secrets",
        ):
            words = schema["$defs"][part]["properties"]
            assert all(word.get("description") for word in words.values()), part
