"""Finds the other repositories of a policy: as given, beside this one, or in the cache."""

from __future__ import annotations

import os
from collections.abc import Mapping

from interlock.errors import TreeError, UsageError
from interlock.trees.access import Access
from interlock.trees.base import Repo
from interlock.trees.checkouts import Checkout, checkout_at, git_dir_at
from interlock.trees.fetching import Network
from interlock.trees.neighbours import Neighbours
from interlock.trees.objects import Objects
from interlock.trees.revision import RevisionTree, labelled, resolve, revision_tree
from interlock.trees.worktree import WorkTree
from interlock.values import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from interlock.trees.cache import Cache, Cached

#: Seconds after which what a checkout fetched last is called old: a week.
STALE = 7 * 86_400


class Given(NamedTuple):
    """``--repo alias=path[@rev]``."""

    path: str
    revision: str


class Siblings:
    """Looks each repository up once. ``notices`` are sentences about what was used in its place."""

    def __init__(
        self, own: Checkout | None, given: Mapping[str, Given], access: Access | None = None
    ) -> None:
        """``own`` is the checkout that the run is about; its folder's neighbours are searched.

        Without ``access`` there is no cache, no network and no clock.
        """
        self._own = own
        self._given = given
        self._access = access or Access()
        self._neighbours = Neighbours(own)
        self._objects: list[Objects] = []
        self._notices: dict[str, None] = {}

    @property
    def access(self) -> Access:
        """What this run may use."""
        return self._access

    @property
    def notices(self) -> tuple[str, ...]:
        """What the person who runs it should know, each sentence once."""
        return tuple(self._notices)

    def close(self) -> None:
        """End the git processes that were started."""
        for objects in self._objects:
            objects.close()

    def objects(self, where: str, *, own: bool = False) -> Objects:
        """Objects of a checkout, closed with this."""
        known = self._own
        checkout = known if known is not None and where == known.top else checkout_at(where)
        remote = ""
        if checkout is not None and self._access.network:
            remote = checkout.promisor or (checkout.remotes[0].name if checkout.remotes else "")
        return self.opened(
            Objects(
                where,
                own=own,
                partial=checkout is not None and bool(checkout.promisor),
                network=Network(remote) if remote else None,
            )
        )

    def opened(self, objects: Objects) -> Objects:
        """``objects``, closed with this."""
        self._objects.append(objects)
        return objects

    def find(self, alias: str, name: str) -> Repo:
        """The sibling, or a Repo without a tree that says why and what to do."""
        given = self._given.get(alias)
        if given is not None:
            return self._as_given(alias, name, given)
        try:
            checkout = self.checkout_of(name)
            if checkout is not None:
                return Repo(alias, name, self.branch_tree(alias, name, checkout))
            tree, problem = self._cached_tree(alias, name)
        except TreeError as error:
            return Repo(alias, name, None, str(error))
        if tree is not None:
            return Repo(alias, name, tree)
        folder = os.path.dirname(self._own.top) if self._own else "this folder"
        why = f"there is no checkout of {name} in {folder}"
        if problem:
            why += f", and {problem}"
        return Repo(alias, name, None, f"{why}: clone it there, or pass --repo {alias}=PATH")

    def checkout_of(self, name: str) -> Checkout | None:
        """The checkout of ``name`` that find() would read: this one, or one beside it."""
        if self._own is not None and self._own.remote_of(name) is not None:
            return self._own
        found = self._neighbours.of(name)
        if len(found) > 1:
            others = ", ".join(one.top for one in found[1:])
            self._notices[
                f"{name} lies here more than once: {found[0].top} is read, not {others}; "
                "--repo ALIAS=PATH chooses another"
            ] = None
        return found[0] if found else None

    def cache(self, *, network: bool = True) -> Cache:
        """The cached clones; without ``network`` nothing is refreshed."""
        from interlock.trees.cache import Cache

        remotes = self._own.remotes if self._own is not None else ()
        access = self._access if network else self._access._replace(network=False)
        return Cache(access, remotes[0].url if remotes else "")

    def tell_copy(self, name: str, cached: Cached, problem: str, alias: str) -> None:
        """Say what was read in place of a repository that lies nowhere here."""
        if problem:
            self._notices[f"{name} could not be fetched: {problem}"] = None
        if problem or cached.age > 0:
            self._notices[f"{alias} was read from a copy fetched {spoken(cached.age)} ago"] = None

    def _as_given(self, alias: str, name: str, given: Given) -> Repo:
        shown = f"--repo {alias}={given.path}"
        if not os.path.isdir(given.path):
            raise UsageError(f"{shown}: there is no such folder")
        if not given.revision:
            if not git_dir_at(given.path) and _is_bare(given.path):
                raise UsageError(f"{shown} has no work tree: write {shown}@REVISION")
            return Repo(alias, name, WorkTree(given.path))
        try:
            return Repo(alias, name, revision_tree(self.objects(given.path), given.revision))
        except TreeError as error:
            raise UsageError(f"{shown}@{given.revision}: {error}") from None

    def branch_tree(self, alias: str, name: str, checkout: Checkout) -> RevisionTree:
        """Its branch of the same name as ours, else its default branch."""
        remote = checkout.remote_of(name)
        where = f"refs/remotes/{remote.name if remote else 'origin'}"
        default = checkout.default_branch(remote.name) if remote else ""
        names = [f"{where}/{default}"] if default else []
        names += ["refs/heads/main", "refs/heads/master", f"{where}/main", f"{where}/master"]
        branch = self._own.branch if self._own is not None else ""
        if branch and branch != default:
            names = [f"refs/heads/{branch}", f"{where}/{branch}", *names]
        objects = self.objects(checkout.top)
        found = resolve(objects, names)
        if found is None:
            raise TreeError(
                f"{checkout.top} has no branch {branch or 'main'} and no default branch: "
                f"`git -C {checkout.top} remote set-head origin --auto`, "
                f"or pass --repo {alias}={checkout.top}@REVISION"
            )
        if found[0].startswith(where):
            self._tell_age(alias, checkout, found[0].removeprefix("refs/remotes/"))
        return labelled(objects, *found)

    def _tell_age(self, alias: str, checkout: Checkout, branch: str) -> None:
        fetched = _fetched(checkout)
        age = self._access.now - fetched if fetched else 0
        if age > STALE:
            self._notices[
                f"{alias}: {branch} in {checkout.top} was fetched {spoken(age)} ago: "
                f"`git -C {checkout.top} fetch` brings what came since"
            ] = None

    def _cached_tree(self, alias: str, name: str) -> tuple[RevisionTree | None, str]:
        """Its tree in the cache; None with the reason where there is none ("": nobody looked)."""
        if not self._access.folder:
            return None, ""
        cache = self.cache()
        cached, problem = cache.find(name)
        if cached is None:
            return None, problem
        objects = self.opened(Objects(cached.folder, partial=True, network=cache.network(name)))
        branch = self._own.branch if self._own is not None else ""
        names = [f"refs/heads/{branch}"] if branch and branch != cached.default else []
        found = resolve(objects, [*names, *cached.refs])
        if found is None:
            raise TreeError(f"the cached copy of {name} has no branches: push one there first")
        self.tell_copy(name, cached, problem, alias)
        ref, commit = found
        shown = cached.default if ref in cached.refs else ref
        return labelled(objects, shown, commit), ""


def spoken(seconds: int) -> str:
    """An age as people say it, in its largest unit: "3 h", "12 days"."""
    seconds = max(seconds, 0)
    for size, unit in ((86_400, "day"), (3600, "h"), (60, "min")):
        count = seconds // size
        if count:
            return f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''}"
    return f"{seconds} s"


def _is_bare(path: str) -> bool:
    return all(os.path.exists(os.path.join(path, name)) for name in ("HEAD", "objects", "refs"))


def _fetched(checkout: Checkout) -> int:
    """When the checkout fetched last, in seconds since 1970; 0 where that is unknown."""
    times = []
    for folder in {checkout.git_dir, checkout.common_dir}:
        for name in ("FETCH_HEAD", "packed-refs"):
            try:
                times.append(int(os.stat(os.path.join(folder, name)).st_mtime))
            except OSError:
                continue
    return max(times, default=0)
