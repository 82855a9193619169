"""Tells trees of partial clones what a policy will read, so that all of it comes in one fetch."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.policy.matching import matched
from interlock.policy.model import Policy
from interlock.trees.base import Repo
from interlock.trees.walking import ObjectTree


def expect(policy: Policy, alias: str, repos: Iterable[Repo]) -> None:
    """Expect every file that a source matches in the repositories of ``alias``."""
    for repo in repos:
        tree = repo.tree
        if isinstance(tree, ObjectTree):
            tree.expected = lambda tree=tree: matched(policy, alias, tree)
