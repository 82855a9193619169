"""Waivers over a whole check: what is unused is told rule by rule."""

from __future__ import annotations

from worldrun import TODAY, policy_of, world_of

from interlock.engine import Request, run
from interlock.trees.base import Repo

POLICY = """
sources:
  plan: {repo: a, files: x.yaml, key: $.k, fields: {v: $.v}}
  other: {repo: b, files: y.yaml, key: $.k, fields: {v: $.v}}
consistency:
  - {id: same, each: plan.v, equal: other.v}
  - {id: own, each: plan.v, pattern: "1"}
waivers:
"""
WAIVER = "  - {{rule: {}, key: gone, reason: known, owner: me, until: 2030-01-01}}\n"
RULES = ("experiment/same", "experiment/own", "experiment/duplicate-key", "experiment/*")


def unused(*, readable: bool, fails: bool = False) -> set[str]:
    """The rules of the waivers that are reported to waive nothing."""
    policy = policy_of(POLICY + "".join(WAIVER.format(rule) for rule in RULES))
    files = {"a": {"x.yaml": "k: k\nv: 1"}, "b": {"y.yaml": "k: k\nv: 1"}}
    if fails:
        files["a"]["x.yaml"] = "k: gone\nv: 2"
    world = dict(world_of(policy, files))
    if not readable:
        world["b"] = (Repo("b", "acme/b", None, "nowhere to be found"),)
    found = run(Request(policy=policy, head=world, own="a", today=TODAY)).findings
    return {one.key for one in found if one.rule == "policy/unused-waiver"}


def test_waivers_that_match_nothing_are_reported() -> None:
    assert unused(readable=True) == set(RULES)
    assert unused(readable=True, fails=True) == {"experiment/same", "experiment/duplicate-key"}


def test_a_rule_that_could_not_run_in_full_leaves_its_waivers_alone_and_no_other_does() -> None:
    assert unused(readable=False) == {"experiment/own"}
    assert unused(readable=False, fails=True) == set()
