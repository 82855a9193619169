"""Finds the other repositories of a policy, without ever using the network."""

from __future__ import annotations

import os
from collections.abc import Mapping

from interlock.errors import TreeError, UsageError
from interlock.trees.base import Repo
from interlock.trees.checkouts import Checkout, checkout_at, same_repo
from interlock.trees.objects import Objects
from interlock.trees.revision import RevisionTree, resolve, revision_tree
from interlock.trees.worktree import WorkTree
from interlock.values import NamedTuple


class Given(NamedTuple):
    """``--repo alias=path[@rev]``."""

    path: str
    revision: str


class Siblings:
    """Looks each repository up once: as given, else in a checkout beside this one."""

    def __init__(self, own: Checkout | None, given: Mapping[str, Given]) -> None:
        """``own`` is the checkout that the run is about; its folder's neighbours are searched."""
        self._own = own
        self._given = given
        self._beside: list[Checkout] | None = None
        self._objects: list[Objects] = []

    def close(self) -> None:
        """End the git processes that were started."""
        for objects in self._objects:
            objects.close()

    def objects(self, where: str, *, own: bool = False) -> Objects:
        """Objects of a repository, closed with this."""
        made = Objects(where, own=own)
        self._objects.append(made)
        return made

    def find(self, alias: str, name: str) -> Repo:
        """The sibling, or a Repo without a tree that says why and what to do."""
        given = self._given.get(alias)
        if given is not None:
            return self._as_given(alias, name, given)
        checkout = self.checkout_of(name)
        if checkout is None:
            folder = os.path.dirname(self._own.top) if self._own else "this folder"
            return Repo(
                alias,
                name,
                None,
                f"no checkout of {name} in {folder}: clone it there, or pass --repo {alias}=PATH",
            )
        try:
            return Repo(alias, name, self._branch_tree(checkout))
        except TreeError as error:
            return Repo(alias, name, None, str(error))

    def checkout_of(self, name: str) -> Checkout | None:
        """The checkout of ``name`` that find() would read: beside this one, or this one."""
        if self._own is not None and any(same_repo(n, name) for n in self._own.names):
            return self._own
        matching = [c for c in self._neighbours() if any(same_repo(n, name) for n in c.names)]
        wanted = name.rpartition("/")[2].lower()
        matching.sort(key=lambda c: os.path.basename(c.top).lower() != wanted)
        return matching[0] if matching else None

    def _as_given(self, alias: str, name: str, given: Given) -> Repo:
        if not os.path.isdir(given.path):
            raise UsageError(f"--repo {alias}={given.path}: there is no such folder")
        if not given.revision:
            return Repo(alias, name, WorkTree(given.path))
        try:
            return Repo(alias, name, revision_tree(self.objects(given.path), given.revision))
        except TreeError as error:
            raise UsageError(f"--repo {alias}={given.path}@{given.revision}: {error}") from None

    def _neighbours(self) -> list[Checkout]:
        if self._beside is None:
            self._beside = []
            tops = {self._own.top, os.path.dirname(self._own.common_dir)} if self._own else set()
            for parent in dict.fromkeys(os.path.dirname(top) for top in sorted(tops)):
                for item in sorted(os.listdir(parent)):
                    folder = os.path.join(parent, item)
                    found = None if folder in tops else checkout_at(folder)
                    if found is not None and found not in self._beside:
                        self._beside.append(found)
        return self._beside

    def _branch_tree(self, checkout: Checkout) -> RevisionTree:
        """Its branch of the same name as ours, else its default branch."""
        objects = self.objects(checkout.top)
        names = []
        if self._own is not None and self._own.branch:
            branch = self._own.branch
            names += [f"refs/heads/{branch}", f"refs/remotes/origin/{branch}"]
        names += ["refs/remotes/origin/HEAD", "refs/heads/main", "refs/heads/master"]
        found = resolve(objects, names)
        if found is None:
            raise TreeError(f"{checkout.top} has no main branch: pass --repo ALIAS=PATH@REVISION")
        ref, commit = found
        shown = ref.removeprefix("refs/heads/").removeprefix("refs/remotes/")
        return RevisionTree(objects, commit, f"{shown} ({commit[:7]})")
