"""What makes a finding the same one: rule, key, field, member and repos, never where it stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from worldrun import TODAY, Files, policy_of, report, world_of

from interlock.engine import Request, run
from interlock.model import Finding, Identity

CASES = Path(__file__).parent.parent / "cases"
UNIQUE = """
sources:
  plan: {repo: a, files: x.yaml, key: $.k, fields: {v: $.v}}
consistency: [{id: once, each: plan.v, unique: in-record}]
"""


def moved_down(path: str, text: str) -> str:
    """The file with what it says three lines further down."""
    if path.endswith((".yaml", ".yml", ".toml", ".env", ".ini", ".json5", ".json", ".py")):
        return "\n\n\n" + text
    return text


def of_case(case: Path, *, moved: bool) -> list[Finding]:
    policy = (case / "interlock.yaml").read_text(encoding="utf-8")
    files: dict[str, dict[str, str]] = {}
    for file in sorted((case / "bad").rglob("*")):
        alias, _, path = file.relative_to(case / "bad").as_posix().partition("/")
        if file.is_file():
            text = file.read_bytes().decode("utf-8", "replace")
            files.setdefault(alias, {})[path] = moved_down(path, text) if moved else text
    return list(report(policy, files).findings)


@pytest.mark.parametrize("case", sorted(p for p in CASES.iterdir()), ids=lambda case: case.name)
def test_lines_are_no_part_of_the_identity(case: Path) -> None:
    before, after = of_case(case, moved=False), of_case(case, moved=True)
    assert before
    assert {f.identity for f in before} == {f.identity for f in after}
    if not case.name.startswith(("policy-", "experiment-")):
        assert lines(before) != lines(after)


def lines(found: list[Finding]) -> list[int]:
    """Where they stand, in the repositories."""
    return [place.line for one in found for place in one.places if place.repo != "policy"]


def changed(policy: str, before: Files, after: Files) -> list[str]:
    """The status of each finding of a change, in order."""
    loaded = policy_of(policy)
    found = run(
        Request(
            policy=loaded,
            head=world_of(loaded, after),
            own="a",
            today=TODAY,
            base=world_of(loaded, before),
            changed=frozenset(after["a"]),
        )
    ).findings
    return [one.status for one in found]


def test_one_more_of_the_same_is_new() -> None:
    twice, thrice = {"a": {"x.yaml": "k: k\nv: [1, 1]"}}, {"a": {"x.yaml": "k: k\nv: [1, 1, 1]"}}
    assert changed(UNIQUE, twice, twice) == ["old"]
    assert sorted(changed(UNIQUE, twice, thrice)) == ["failing", "old"]
    assert changed(UNIQUE, thrice, twice) == ["old"]


def test_of_several_alike_the_one_that_says_something_else_is_new() -> None:
    policy = """
    sources:
      plan: {repo: a, files: "*.yaml", key: $.k, fields: {v: $.v}}
      other: {repo: b, files: y.yaml, key: $.k, fields: {v: $.v}}
    consistency: [{id: same, each: plan.v, equal: other.v}]
    """
    other = {"b": {"y.yaml": "k: k\nv: 1"}}
    before = {"a": {"m.yaml": "k: k\nv: 2"}, **other}
    after = {"a": {"a.yaml": "k: k\nv: 3", "m.yaml": "k: k\nv: 2"}, **other}
    assert changed(policy, before, after) == ["failing", "old"]
    assert changed(policy, before, {"a": {"m.yaml": "k: k\nv: 4"}, **other}) == ["old"]


def test_one_mistake_that_two_sources_read_is_told_once() -> None:
    policy = """
    sources:
      plan: {repo: a, files: x.yaml, key: $.k, fields: {v: $.v}}
      again: {repo: a, files: x.yaml, key: $.k, fields: {v: $.v}}
    consistency: [{id: same, each: plan.v, equal: again.v}]
    """
    for text in ("k: k\nv: 1\nv: 1\n", "k: [", "k: k\nv: 1\nw: {a: 1, a: 1}"):
        found = report(policy, {"a": {"x.yaml": text}}).findings
        assert len(found) == 1, text


def test_the_identity_is_five_words_and_plain() -> None:
    assert Identity._fields == ("rule", "key", "field", "member", "repos")
    [finding] = report(UNIQUE, {"a": {"x.yaml": "k: k\nv: [1, 1]"}}).findings
    assert json.loads(json.dumps(finding.identity)) == ["experiment/once", "k", "v", "1", ["a"]]
