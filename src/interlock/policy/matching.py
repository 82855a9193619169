"""Which files a policy reads of a repository."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.policy.model import Policy, Source
from interlock.trees.base import Entry, Tree


def matched(policy: Policy, alias: str, tree: Tree) -> Sequence[Entry]:
    """The files of ``tree`` that any source of ``alias`` matches, once each."""
    found: dict[str, Entry] = {}
    for source in policy.sources.values():
        if alias in source.repos:
            for glob in source.layers or source.files:
                for entry in tree.entries(glob.prefix):
                    if glob.match(entry.path) is not None and not _excluded(source, entry.path):
                        found[entry.path] = entry
    return list(found.values())


def reads(policy: Policy, alias: str, path: str) -> bool:
    """True where a source or a companion of ``alias`` speaks of ``path``."""
    for source in policy.sources.values():
        globs = (*source.layers, *source.files) if alias in source.repos else ()
        if any(glob.match(path) is not None for glob in globs) and not _excluded(source, path):
            return True
    asked = (one for one in policy.companions if one.repo == alias)
    return any(glob.match(path) is not None for one in asked for glob in one.paths)


def _excluded(source: Source, path: str) -> bool:
    return any(out.match(path) is not None for out in source.exclude)
