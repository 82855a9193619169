"""The policy that a run goes by: always a default branch's or a pinned one, never a proposal's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from interlock import __version__
from interlock.errors import TreeError, UsageError
from interlock.github.hub import Hub
from interlock.github.tree import tree_at
from interlock.policy.extend import Fetched, Layers
from interlock.policy.load import load_policy
from interlock.policy.model import Policy
from interlock.values import NamedTuple

_NAMED = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+/[A-Za-z0-9._-]+)(?://(?P<path>[^@]+))?(?:@(?P<rev>.+))?\Z"
)


class Named(NamedTuple):
    """``OWNER/NAME[//PATH][@REVISION]``: where a policy is."""

    name: str
    path: str
    revision: str


class Held(NamedTuple):
    """A policy, where it is, and the address of the page that shows it."""

    policy: Policy
    where: Named
    page: str


def named(text: str, default: str) -> Named:
    """Read ``OWNER/NAME[//PATH][@REVISION]``; ``default`` is the path where none is given."""
    found = _NAMED.match(text)
    if found is None:
        raise UsageError(f"--policy {text}: write OWNER/NAME, OWNER/NAME//PATH or …@REVISION")
    return Named(found["name"], found["path"] or default, found["rev"] or "")


class _Fetcher:
    """Policies that ``extends`` names, over the API."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def fetch(self, repo: str, path: str, revision: str) -> Fetched:
        """See PolicyFetcher."""
        tree = tree_at(self._hub.to(repo), repo, revision)
        data = tree.file(path)
        if data is None:
            raise TreeError(f"{repo} has no {path} at {revision or tree.label}")
        return Fetched(data, tree.commit)


def held(hub: Hub, where: Named, built_in: Sequence[str]) -> Held:
    """The policy; raises UsageError where there is none, PolicyError where it cannot be used."""
    try:
        tree = tree_at(hub.to(where.name), where.name, where.revision)
        data = tree.file(where.path)
    except TreeError as error:
        raise UsageError(f"the policy cannot be read: {error}") from None
    if data is None:
        raise UsageError(f"{where.name} has no {where.path}: name it as --policy OWNER/NAME//PATH")
    policy = load_policy(
        f"{where.name}//{where.path}",
        data,
        Layers(tree.file, _Fetcher(hub)),
        version=__version__,
        built_in_rules=built_in,
        revision=tree.commit,
    )
    branch = where.revision or "HEAD"
    return Held(policy, where, f"{hub.server}/{where.name}/blob/{branch}/{where.path}")
