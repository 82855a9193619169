"""Which few files decide about a few records, so that worlds of thousands need not be read.

Where a rule pairs records by their keys, and each of its sources keeps one record a file and names
it by the file's path, a change can only break the rule for the keys that it touches: all other
pairs are what they were. Everything else is evaluated in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from interlock.experiments.dataset import Key, transformed
from interlock.experiments.keys import is_a_file_each, key_of_path
from interlock.experiments.scope import joined_by_key
from interlock.policy.model import Policy, Rule, Side, Source, sources_of
from interlock.trees.base import Repo

#: Relations whose findings are about one left record and those that it is paired with.
_PAIRED = ("exists-in", "equal", "same-set", "subset-of")
#: Files beside the changed ones that are read to see that a source still holds something.
SAMPLE = 20


class Reach:
    """What is known of whole repositories: their links, and where each record is kept."""

    def __init__(self, links: Mapping[tuple[str, str], frozenset[str]]) -> None:
        """``links`` are the symbolic links of each repository (alias, owner/name in lower case)."""
        self._links = links
        self._kept: dict[tuple[str, str, str], dict[Key, list[str]]] = {}

    def links(self, repo: tuple[str, str]) -> frozenset[str] | None:
        """The links among its files; None where its files are not known to be listed."""
        return self._links.get(repo)

    def knows(self, repos: Iterable[Repo]) -> bool:
        """True where all of them could be read and listed."""
        return all(
            one.tree is not None and (one.alias, one.name.lower()) in self._links for one in repos
        )

    def paths(self, source: Source, repo: Repo) -> dict[Key, list[str]]:
        """The files of a source as ``repo`` is now, by the keys of their records."""
        where = (source.name, repo.alias, repo.name.lower())
        if where not in self._kept:
            found: dict[Key, list[str]] = {}
            for glob in source.files if repo.tree is not None else ():
                assert repo.tree is not None
                for entry in repo.tree.entries(glob.prefix):
                    key = key_of_path(source, entry.path)
                    if key is not None and entry.path not in found.get(key, ()):
                        found.setdefault(key, []).append(entry.path)
            self._kept[where] = found
        return self._kept[where]


def pairs_files(policy: Policy, rule: Rule) -> bool:
    """True where a rule can be evaluated for a few keys alone."""
    names = sources_of(rule)
    return (
        rule.relation in _PAIRED
        and not rule.on
        # The values that `per` asks for are those of all records.
        and not rule.options.get("per")
        and all(isinstance(target, Side) for target in rule.targets)
        and set(joined_by_key(rule)) == set(names)
        and all(is_a_file_each(policy.sources[name]) for name in names)
    )


def joined(rule: Rule, key: Key) -> Key:
    """A record's key as the rule joins it."""
    return tuple(transformed(part, rule.join) for part in key)


def sample(paths: Mapping[Key, Sequence[str]]) -> list[str]:
    """A few of them."""
    found: list[str] = []
    for some in paths.values():
        found += some
        if len(found) >= SAMPLE:
            break
    return found[:SAMPLE]
