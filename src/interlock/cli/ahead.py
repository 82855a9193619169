"""Tells trees of partial clones what a policy will read, so that all of it comes in one fetch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interlock.policy.model import Policy
from interlock.trees.base import Entry, Repo, Tree
from interlock.trees.walking import ObjectTree


def expect(policy: Policy, alias: str, repos: Iterable[Repo]) -> None:
    """Expect every file that a source matches in the repositories of ``alias``."""
    for repo in repos:
        tree = repo.tree
        if isinstance(tree, ObjectTree):
            tree.expected = lambda tree=tree: matched(policy, alias, tree)


def matched(policy: Policy, alias: str, tree: Tree) -> Sequence[Entry]:
    """The files of ``tree`` that any source of ``alias`` matches, once each."""
    found: dict[str, Entry] = {}
    for source in policy.sources.values():
        if alias not in source.repos:
            continue
        for glob in source.layers or source.files:
            for entry in tree.entries(glob.prefix):
                if glob.match(entry.path) is None:
                    continue
                if all(out.match(entry.path) is None for out in source.exclude):
                    found[entry.path] = entry
    return list(found.values())
