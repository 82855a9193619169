"""The commits that pull requests are made of, brought into cached clones by git itself.

One connection a repository brings all that is new; where nothing is, none is opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Self

from interlock.errors import TreeError
from interlock.github.hub import Hub
from interlock.github.pulls import Pull, RepoNow
from interlock.policy.matching import matched, reads
from interlock.policy.model import Policy
from interlock.trees.access import Access
from interlock.trees.base import Repo, World
from interlock.trees.cache import Cache
from interlock.trees.changes import merge_bases
from interlock.trees.fetching import absent, fetch_objects
from interlock.trees.history import past_tree
from interlock.trees.merged import changed_paths
from interlock.trees.objects import Objects
from interlock.trees.process import git
from interlock.trees.remotes import host_of
from interlock.trees.revision import RevisionTree
from interlock.trees.since import Changes, Since, since
from interlock.trees.walking import SUBMODULE, SYMLINK
from interlock.values import NamedTuple

#: A clone is brought up to date by commits that are missing, never because of its age.
_ANY_AGE = 10**9


class Sides(NamedTuple):
    """A pull request's content: where it began, and what it makes of that."""

    base: RevisionTree
    head: RevisionTree


class Opened(NamedTuple):
    """A repository's default branch (None with the ``problem``), and its pull requests by number.

    ``links`` are the symbolic links among the files that the policy reads. Beside a ``tip``, the
    ``problem`` says what could not be fetched.
    """

    tip: RevisionTree | None
    sides: Mapping[int, Sides] = {}
    links: frozenset[str] = frozenset()
    problem: str = ""


class Clones:
    """The clones of one run; git's processes end with the context."""

    def __init__(self, access: Access, hub: Hub) -> None:
        """``access`` names the folder of the cache; ``hub`` knows the server and the tokens."""
        self._access = access._replace(max_age=_ANY_AGE, network=True, host=host_of(hub.server))
        self._hub = hub
        self._caches: dict[str, Cache] = {}
        self._objects: list[Objects] = []

    def _cache(self, name: str) -> Cache:
        token = self._hub.to(name).token()
        if token not in self._caches:
            access = self._access._replace(token=token)
            self._caches[token] = Cache(access, f"{self._hub.server}/owner/name.git")
        return self._caches[token]

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what was opened."""
        for one in self._objects:
            one.close()

    def open(self, policy: Policy, alias: str, repo: RepoNow, pulls: Sequence[Pull]) -> Opened:
        """The content of ``repo`` and of ``pulls``; one that is not as GitHub said is left out."""
        try:
            wanted = dict(_wanted(repo, pulls))
            cached, problem = self._cache(repo.name).bring(repo.name, wanted)
            if cached is None:
                return Opened(None, problem=problem)
            folder = cached.folder
            objects = Objects(folder)
            self._objects.append(objects)
            gone = set(absent(folder, list(wanted)))
            if repo.tip in gone:
                why = problem or "its default branch was moved while it was read: run it again"
                return Opened(None, problem=f"{repo.name}: {why}")
            # Its commit is not named: comments would change with whatever lands.
            tip = RevisionTree(objects, repo.tip, repo.default)
            sides = dict(_sides(objects, tip, [one for one in pulls if one.head not in gone]))
            links = self._files(policy, alias, repo.name, tip, sides)
        except TreeError as error:
            return Opened(None, problem=f"{repo.name}: {error}")
        # What could not be fetched is why some of them are left out.
        return Opened(tip, sides, links, problem and f"{repo.name}: {problem}")

    def past(self, policy: Policy, world: World, moment: int) -> World:
        """The default branches of ``world`` at ``moment`` (seconds since 1970)."""
        return {
            alias: tuple(self._then(policy, alias, repo, moment) for repo in repos)
            for alias, repos in world.items()
        }

    def _then(self, policy: Policy, alias: str, repo: Repo, moment: int) -> Repo:
        if not isinstance(repo.tree, RevisionTree):
            return repo
        try:
            old = past_tree(repo.tree.objects, repo.tree.commit, moment)
            if old.tree is not None:
                self._files(policy, alias, repo.name, old.tree, {})
        except TreeError as error:
            return repo._replace(tree=None, reason=str(error))
        return repo._replace(tree=old.tree, reason=old.reason)

    def _files(
        self,
        policy: Policy,
        alias: str,
        name: str,
        tip: RevisionTree,
        sides: Mapping[int, Sides],
    ) -> frozenset[str]:
        """Bring what the policy reads of all these trees; the symbolic links among it."""
        ids: dict[str, None] = {}
        links: dict[str, list[RevisionTree]] = {}

        def want(tree: RevisionTree, path: str, oid: str) -> None:
            item = tree.item(path)
            if oid or item is not None:
                ids[oid or (item[1] if item is not None else "")] = None
            if not oid and item is not None:
                links.setdefault(path, []).append(tree)

        for entry in matched(policy, alias, tip):
            want(tip, entry.path, entry.oid)
        for one in sides.values():
            for path in changed_paths(one.base, one.head):
                if reads(policy, alias, path):
                    for tree in one:
                        item = tree.item(path)
                        if item is not None and item[0] != SUBMODULE:
                            want(tree, path, "" if item[0] == SYMLINK else item[1])
        for path, trees in links.items():  # what a link leads to may change, and the link not
            trees.extend(tree for one in sides.values() for tree in one)
            for tree in trees:
                item = tree.item(path)
                if item is not None and item[0] == SYMLINK:
                    ids[item[1]] = None
        self._bring(name, tip.objects, ids)
        targets = [tree.follow(path) for path, trees in links.items() for tree in trees]
        self._bring(name, tip.objects, [one for one in targets if isinstance(one, str)])
        return frozenset(links)

    def _bring(self, name: str, objects: Objects, ids: Iterable[str]) -> None:
        missing = absent(objects.where, [oid for oid in ids if oid])
        network = self._cache(name).network(name)
        if missing and network is not None:
            fetch_objects(objects.where, network, missing, own=False)
            # The running process may not look for a pack that is younger than itself.
            objects.close()


def _wanted(repo: RepoNow, pulls: Iterable[Pull]) -> Iterator[tuple[str, str]]:
    """(commit, the ref that holds it): GitHub keeps every pull request's head as a ref."""
    yield repo.tip, f"refs/heads/{repo.default}"
    for one in pulls:
        yield one.head, f"refs/pull/{one.number}/head"
        if one.merge_commit:
            yield one.merge_commit, f"refs/heads/{repo.default}"


def _sides(
    objects: Objects, tip: RevisionTree, pulls: Sequence[Pull]
) -> Iterator[tuple[int, Sides]]:
    standing = [one for one in pulls if one.state != "merged"]
    began = merge_bases(objects.where, tip.commit, [one.head for one in standing])
    pairs = [(one, (one.head, began[one.head])) for one in standing if one.head in began]
    for one in pulls:
        landed = _landed(objects, one) if one.state == "merged" else None
        if landed is not None:
            pairs.append((one, (landed[1], landed[0])))
    known = since(objects.where, [pair for _, pair in pairs])
    for (one, (head, base)), changed in zip(pairs, known, strict=True):
        before: Changes = {path: (None, old) for path, (old, _) in changed.changes.items()}
        yield (
            one.number,
            Sides(
                RevisionTree(objects, base, base[:7], Since("", before)),
                RevisionTree(objects, head, f"#{one.number} ({head[:7]})", changed),
            ),
        )


def _landed(objects: Objects, pull: Pull) -> tuple[str, str] | None:
    """(before, after) of a merge; None where the default branch does not hold it any more.

    A merge and a squash are one commit on the default branch; a rebase is as many as the pull
    request had, of which GitHub names the last.
    """
    head = pull.merge_commit
    if not head or absent(objects.where, [head]):
        return None
    output = git(objects.where, "rev-list", "--parents", "-1", head).decode().split()
    parents = output[1:]
    if len(parents) != 1:
        return (parents[0], head) if parents else None
    proposed = _written(objects, "--no-merges", pull.head, f"^{parents[0]}")
    number = len(proposed)
    if number > 1:
        line = _written(objects, "--first-parent", f"-{number + 1}", head)
        # A rebase keeps who wrote each commit, and when; a squash is one new commit.
        if [who for _, who in line[:number]] == [who for _, who in proposed]:
            return (line[number][0], head) if len(line) > number else None
    return parents[0], head


def _written(objects: Objects, *which: str) -> list[tuple[str, str]]:
    """(commit, who wrote it and when) of what ``git rev-list`` lists, the newest first."""
    form = ("--no-commit-header", "--format=%H %at %ae")
    lines = git(objects.where, "rev-list", "--topo-order", *form, *which, "--").decode(
        "utf-8", "replace"
    )
    pairs = (line.partition(" ") for line in lines.splitlines())
    return [(commit, who) for commit, _, who in pairs]
