"""The effective policy as text: it loads to the same policy, and says where all comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from policyfiles import Repositories, load

from interlock.policy.model import Policy
from interlock.policy.show import show

ROOT = Path(__file__).parents[2]
POLICIES = [
    Path(__file__).with_name("policy_story.yaml"),
    *sorted((ROOT / "examples").glob("*/interlock.yaml")),
    *sorted((ROOT / "tests" / "cases").glob("*/*/interlock.yaml")),
]
LAYERED = """\
version: 1
extends: [interlock:recommended, base.yaml]
repos: {b: o/b}
sources:
  plan: {fields: {"y-1": {const: [1, 0.5, null, true, "true", "no", "1", {a: "é\\u2028\\"x"}]}}}
  code: {repo: b, files: "*.py", pattern: '#\\s*use\\("(?P<key>[^"]+)"'}
rules:
  "experiment/*": {overrides: [{repos: b, paths: "x/**", severity: off}]}
  policy/*: {rollout: {pilot: [a], error-from: 2027-01-01}}
consistency:
  - {id: same, severity: info}
  - {id: keys, each: plan, known-keys: {schema: schema.json}}
  - {id: total, each: plan.x, sum: {equals: 0.1, tolerance: 1.0e-9}, why: "a: b # c"}
waivers: [{rule: experiment/same, key: "*", reason: "#", owner: "@x", until: 2027-01-01}]
share-with: {a: "*"}
member-waivers: true
"""
FILES = {
    "base.yaml": "version: 1\nrepos: {a: o/a}\n"
    'sources: {plan: {repo: a, files: "{key}.yaml", fields: {x: $.x}}}\n'
    "consistency: [{id: same, each: plan.x, equal: .x, why: base}]\n",
    "schema.json": '{"properties": {"x": {"type": "number"}}}',
}


def _meaning(policy: Policy) -> dict[str, Any]:
    """What a policy says, without where it says so."""
    values = policy._asdict()
    for word in ("layers", "provenance", "notices", "text"):
        del values[word]
    return {name: _unplaced(value) for name, value in values.items()}


def _unplaced(value: Any) -> Any:
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        fields = value._asdict()  # type: ignore[attr-defined]
        fields.pop("origin", None)
        return {name: _unplaced(inner) for name, inner in fields.items()}
    if isinstance(value, dict):
        return {name: _unplaced(inner) for name, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [_unplaced(inner) for inner in value]
    return value


@pytest.mark.parametrize("path", POLICIES, ids=lambda p: str(p.relative_to(ROOT)))
def test_what_is_shown_loads_to_the_same_policy(path: Path) -> None:
    files = {
        str(p.relative_to(path.parent).as_posix()): p.read_text(encoding="utf-8")
        for p in path.parent.rglob("*.json")
    }
    policy = load(path.read_bytes(), files)
    assert _meaning(load(show(policy))) == _meaning(policy)


def test_a_layered_policy_is_shown_whole_and_loads_alone() -> None:
    policy = load(LAYERED, FILES)
    text = show(policy)
    assert "extends" not in text
    assert _meaning(load(text)) == _meaning(policy)
    assert show(load(LAYERED, FILES)) == text


def test_each_line_says_where_it_was_decided() -> None:
    lines = show(load(LAYERED, FILES)).splitlines()
    assert lines[:4] == [
        "# The effective policy, the last layer winning:",
        "#   interlock:recommended",
        "#   base.yaml",
        "#   interlock.yaml",
    ]
    assert "  - id: same  # interlock.yaml:11" in lines
    assert "    why: base  # base.yaml:4" in lines
    assert "    severity: info  # interlock.yaml:11" in lines
    assert '    files: "{key}.yaml"  # base.yaml:3' in lines
    assert '      x: "$.x"  # base.yaml:3' in lines
    assert "  b: o/b  # interlock.yaml:3" in lines


def test_the_revision_of_a_layer_is_shown() -> None:
    fetcher = Repositories({("acme/p", "x.yaml", "main"): "version: 1\nrepos: {a: o/a}\n"})
    text = show(load("version: 1\nextends: acme/p//x.yaml@main\n", fetcher=fetcher))
    assert "#   acme/p//x.yaml@main at c0ffeec0ffee" in text


def test_a_file_name_cannot_break_out_of_its_comment() -> None:
    text = show(load("version: 1\nrepos: {a: o/a}\n", file="x\nrules: {}\n#.yaml"))
    assert load(text).rules == ()
    assert "#   x?rules: {}?#.yaml" in text
