"""Finds the changes on branches of one name in the checkouts beside ours, and their ground."""

from __future__ import annotations

import time
from collections.abc import Iterator

from interlock.changes.members import Member
from interlock.changes.worlds import Ground
from interlock.cli.ahead import expect
from interlock.cli.branches import branch_of
from interlock.cli.checking import Options
from interlock.cli.found import Found
from interlock.cli.situation import find_policy
from interlock.cli.worlds import past_world
from interlock.errors import TreeError, UsageError
from interlock.experiments.dataset import Selections
from interlock.policy.model import Policy
from interlock.trees.base import Repo, World
from interlock.trees.checkouts import Checkout, checkout_at, find_checkout, same_repo
from interlock.trees.process import git
from interlock.trees.revision import RevisionTree
from interlock.trees.siblings import Siblings
from interlock.trees.walking import fetches
from interlock.values import NamedTuple


class Proposed(NamedTuple):
    """The changes on one branch, and the default branches that they stand on.

    ``own`` is our alias ("" where this checkout takes no part), ``names`` are our remotes'.
    """

    branch: str
    own: str
    ground: Ground
    members: tuple[Member, ...]
    notices: tuple[str, ...]
    names: tuple[str, ...] = ()


class Proposals:
    """Reads branches of checkouts; git's processes end with the context."""

    def __init__(self, options: Options, branch: str) -> None:
        """``branch`` is "" for the one that is checked out."""
        self._options = options
        self._own = find_checkout(options.folder)
        self._branch = branch or self._own.branch
        if not self._branch:
            raise UsageError("no branch is checked out here: pass --branch NAME")
        # Without a branch of its own it finds every repository's default branch.
        self._siblings = Siblings(self._own._replace(branch=""), {}, options.access)

    def __enter__(self) -> Proposed:
        """Raises InterlockError for what the user has to mend first."""
        try:
            return self._read()
        except BaseException:
            self._siblings.close()
            raise

    def __exit__(self, *_: object) -> None:
        """Close what was opened."""
        self._siblings.close()

    def _read(self) -> Proposed:
        options, own = self._options, self._own
        found = self._policy()
        policy = found.policy
        for alias in options.given:
            if alias not in policy.repos:
                from interlock.policy.suggest import suggestion

                hint = suggestion(alias, policy.repos)
                raise UsageError(f"--repo {alias}: {found.file} has no repo `{alias}`; {hint}")
        world: World = {
            alias: tuple(self._base(found, alias, name) for name in names)
            for alias, names in policy.repos.items()
        }
        members: list[Member] = []
        told: list[str] = []
        exists = False
        for repo in (one for repos in world.values() for one in repos):
            given = options.given.get(repo.alias)
            branch = branch_of(
                repo, self._branch, self._remotes(repo), given.revision if given else ""
            )
            told += branch.warnings
            exists = exists or branch.exists
            if branch.member is not None:
                members.append(branch.member)
        if not exists:
            raise UsageError(
                f"no repository of {found.file} that can be read has a branch `{self._branch}`"
            )
        _expect_all(policy, world, members)
        objects = self._siblings.objects(own.top, own=True)
        ground = Ground(
            policy=policy,
            world=world,
            today=time.strftime("%Y-%m-%d", time.gmtime(options.now)),
            selections=Selections(),
            past=lambda grace: past_world(world, options.now - grace, own, objects, self._siblings),
            fail_level=options.fail_level,
        )
        notices = (*policy.notices, *self._siblings.notices, *told, *self._uncommitted())
        return Proposed(self._branch, found.own, ground, tuple(members), notices, own.names)

    def _uncommitted(self) -> tuple[str, ...]:
        if self._branch != self._own.branch:
            return ()
        status = git(self._own.top, "status", "--porcelain", own=True)
        return ("what is not committed here is not looked at",) if status else ()

    def _policy(self) -> Found:
        """The default branch's policy, since that is what holds; else the branch's own."""
        own, options = self._own, self._options
        tree = self._default(own, "", own.names[0] if own.names else "")
        try:
            return find_policy(tree, own, self._siblings, options.policy, options.alias)
        except UsageError:
            given = branch_of(Repo("", "", tree), self._branch, ("origin",)).member
            if given is None or given.head is None or options.policy:
                raise
            return find_policy(given.head, own, self._siblings, "", options.alias)

    def _base(self, found: Found, alias: str, name: str) -> Repo:
        """A repository's default branch, or why it cannot be read."""
        checkout = self._checkout(found, alias, name)
        if checkout is None:
            return self._siblings.find(alias, name)
        try:
            return Repo(alias, name, self._default(checkout, alias, name))
        except TreeError as error:
            return Repo(alias, name, None, str(error))

    def _checkout(self, found: Found, alias: str, name: str) -> Checkout | None:
        """Ours or the one that was given; None for one that has to be looked for."""
        names = found.policy.repos[alias]
        given = self._options.given.get(alias)
        if given is not None:
            checkout = checkout_at(given.path)
            if checkout is None:
                raise UsageError(f"--repo {alias}={given.path}: there is no checkout")
            return checkout if len(names) == 1 or checkout.remote_of(name) else None
        mine = any(same_repo(name, one) for one in self._own.names)
        return self._own if alias == found.own and (len(names) == 1 or mine) else None

    def _default(self, checkout: Checkout, alias: str, name: str) -> RevisionTree:
        return self._siblings.branch_tree(alias, name, checkout)

    def _remotes(self, repo: Repo) -> tuple[str, ...]:
        if not isinstance(repo.tree, RevisionTree):
            return ()
        checkout = checkout_at(repo.tree.objects.where)
        remote = checkout.remote_of(repo.name) if checkout is not None else None
        return (remote.name,) if remote is not None else ("origin",)


def _expect_all(policy: Policy, world: World, members: list[Member]) -> None:
    """Let partial clones fetch all that will be read in one go."""
    for repo in _all(world, members):
        if fetches(repo.tree):
            expect(policy, repo.alias, (repo,))


def _all(world: World, members: list[Member]) -> Iterator[Repo]:
    yield from (repo for repos in world.values() for repo in repos)
    for one in members:
        yield from (Repo(one.alias, one.name, tree) for tree in (one.base, one.head))
