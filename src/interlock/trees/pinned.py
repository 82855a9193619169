"""A repository at a branch, a tag or a commit: where a policy of another repository is read."""

from __future__ import annotations

import re

from interlock.errors import TreeError
from interlock.trees.checkouts import Checkout
from interlock.trees.fetching import fetch_revision
from interlock.trees.objects import Objects
from interlock.trees.revision import RevisionTree, labelled, resolve, revision_tree
from interlock.trees.siblings import Siblings
from interlock.values import NamedTuple

_FULL_ID = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})\Z")


class Pinned(NamedTuple):
    """A repository at a revision: its folder, the names that were tried, and its tree."""

    folder: str
    names: tuple[str, ...]
    tree: RevisionTree


def pinned(siblings: Siblings, name: str, revision: str) -> Pinned:
    """owner/name at ``revision`` ("" is its default branch), beside this one or in the cache.

    Raises TreeError with the reason, and what to do, where it cannot be read.
    """
    checkout = siblings.checkout_of(name)
    if checkout is not None:
        return _of_checkout(siblings, checkout, name, revision)
    if not siblings.access.folder:
        raise TreeError(f"no checkout of {name} beside this one: clone it there")
    # A full commit id means the same for ever: one that is here is not fetched again.
    kept = _of_cache(siblings, name, revision, network=False) if _FULL_ID.match(revision) else None
    found = kept or _of_cache(siblings, name, revision, network=siblings.access.network)
    if found is None:
        raise TreeError(f"{name} has no revision `{revision}`")
    return found


def _of_checkout(siblings: Siblings, checkout: Checkout, name: str, revision: str) -> Pinned:
    remote = checkout.remote_of(name)
    wanted = revision or (checkout.default_branch(remote.name) if remote else "") or "main"
    where = f"refs/remotes/{remote.name if remote else 'origin'}"
    names = (f"{where}/{wanted}", f"refs/heads/{wanted}", wanted)
    objects = siblings.objects(checkout.top)
    found = resolve(objects, names)
    tree = labelled(objects, *found) if found else revision_tree(objects, wanted)
    return Pinned(checkout.top, names, tree)


def _of_cache(siblings: Siblings, name: str, revision: str, *, network: bool) -> Pinned | None:
    cache = siblings.cache(network=network)
    cached, problem = cache.find(name)
    if cached is None:
        if not network and siblings.access.network:
            return None
        more = f", and {problem}" if problem else ""
        raise TreeError(
            f"there is no checkout of {name} beside this one{more}: clone it there, "
            "or run `interlock check` once with network"
        )
    fetching = siblings.cache().network(name)
    objects = siblings.opened(Objects(cached.folder, partial=True, network=fetching))
    names = cached.refs
    if revision:
        names = (f"refs/heads/{revision}", f"refs/tags/{revision}", revision)
    found = resolve(objects, names)
    if found is None and network and fetching is not None:
        fetch_revision(cached.folder, fetching, revision)
        found = resolve(objects, names)
    if found is None:
        return None
    if not _FULL_ID.match(revision):
        siblings.tell_copy(name, cached, problem, name)
    return Pinned(cached.folder, names, labelled(objects, *found))
