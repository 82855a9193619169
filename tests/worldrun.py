"""Runs a policy over files held in memory: what a test of the policy language needs."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from interlock.engine import Request, run
from interlock.model import Finding, Report
from interlock.policy.extend import Layers
from interlock.policy.load import load_policy
from interlock.policy.model import Policy
from interlock.rules.table import RULES
from interlock.trees.base import Repo, World
from interlock.trees.memory import MemoryTree

#: alias -> path -> text
Files = Mapping[str, Mapping[str, str]]
TODAY = "2026-06-01"


def policy_of(text: str) -> Policy:
    """The policy in ``text``, its repos a and b unless it says others."""
    text = dedent(text)
    head = "version: 1\n" if "version:" not in text else ""
    if "\nrepos:" not in f"\n{text}":
        head += "repos: {a: acme/a, b: acme/b}\n"
    return load_policy(
        "interlock.yaml",
        (head + text).encode(),
        Layers(lambda _: None, None),
        version="0.1.0",
        built_in_rules=[rule.id for rule in RULES],
    )


def world_of(policy: Policy, files: Files) -> World:
    """One tree for each repository; an alias that binds several takes its files by owner/name."""
    return {
        alias: tuple(
            Repo(
                alias,
                name,
                MemoryTree(
                    {
                        path: dedent(text).encode()
                        for path, text in files.get(name, files.get(alias, {})).items()
                    }
                ),
            )
            for name in names
        )
        for alias, names in policy.repos.items()
    }


def report(policy: str, files: Files) -> Report:
    """The report of a whole check."""
    loaded = policy_of(policy)
    return run(Request(policy=loaded, head=world_of(loaded, files), own="", today=TODAY))


def findings(policy: str, files: Files) -> list[Finding]:
    """The failing findings."""
    return [one for one in report(policy, files).findings if one.status == "failing"]


def told(policy: str, files: Files) -> list[str]:
    """``rule key field`` of each failing finding, sorted, empty parts left out."""
    return sorted(
        " ".join(part for part in (f.rule.partition("/")[2], f.key, f.field) if part)
        for f in findings(policy, files)
    )
