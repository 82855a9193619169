"""Where a command runs: the checkout, its policy, and which repo of the policy it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from interlock import __version__
from interlock.cli.found import MEMBER_FILE, POLICY_FILE, Found
from interlock.errors import NoPolicyError, TreeError, UsageError
from interlock.policy.extend import Fetched, Layers
from interlock.policy.load import load_policy
from interlock.policy.member import Member, load_member, with_member
from interlock.rules.table import RULES
from interlock.secrets.pages import ids
from interlock.trees.base import Entry, Tree
from interlock.trees.checkouts import Checkout, same_repo
from interlock.trees.pinned import pinned
from interlock.trees.siblings import Siblings


class SiblingPolicies:
    """Reads policies of other repositories: beside this one, or from the cache."""

    def __init__(self, siblings: Siblings) -> None:
        """``siblings`` finds the checkouts."""
        self._siblings = siblings
        self.read: list[tuple[str, tuple[str, ...], str]] = []

    def fetch(self, repo: str, path: str, revision: str) -> Fetched:
        """See PolicyFetcher."""
        found = pinned(self._siblings, repo, revision)
        data = read_one(found.tree, path)
        if data is None:
            raise TreeError(f"{repo} has no {path} at {revision or found.tree.label}")
        self.read.append((found.folder, found.names, path))
        return Fetched(data, found.tree.commit)


def read_one(tree: Tree, path: str) -> bytes | None:
    """One file of a tree, or None; raises TreeError where it is there and cannot be read."""
    for entry in tree.entries(path):
        if entry.path == path:
            for _, data in tree.read([Entry(path, entry.oid)]):
                if isinstance(data, bytes):
                    return data
                raise TreeError(f"{path} {data.reason}")
    return None


def find_policy(
    tree: Tree | None,
    own: Checkout | None,
    siblings: Siblings,
    policy_path: str,
    alias: str,
) -> Found:
    """The policy given, else the checkout's own, else the one that its member file names."""
    if policy_path:
        fetcher = SiblingPolicies(siblings)
        data = _from_disk(policy_path)
        if data is None:
            raise UsageError(f"there is no policy file {policy_path}")
        file = policy_path.replace(os.sep, "/")
        return _found(file, data, "", _beside(file), fetcher, own, alias)
    if tree is None:
        raise UsageError("there is no git checkout here: pass --policy FILE, or run inside one")
    return policy_in(tree, "", own, siblings, alias)


def policy_in(tree: Tree, file: str, own: Checkout | None, siblings: Siblings, alias: str) -> Found:
    """The policy ``file`` of a tree; for "" its own one, or the one that its member file names."""
    fetcher = SiblingPolicies(siblings)
    read: dict[str, None] = {}

    def from_tree(path: str) -> bytes | None:
        data = read_one(tree, path)
        if data is not None:
            read[path] = None
        return data

    if not file:
        found = _from_checkout(from_tree, fetcher, own, alias)
        return found._replace(local=tuple(read))
    data = from_tree(file)
    if data is None:
        raise UsageError(f"there is no policy file {file} in {tree.label}")
    found = _found(file, data, "", from_tree, fetcher, own, alias)
    return found._replace(local=tuple(read))


def _from_checkout(
    from_tree: Callable[[str], bytes | None],
    fetcher: SiblingPolicies,
    own: Checkout | None,
    alias: str,
) -> Found:
    data = from_tree(POLICY_FILE)
    if data is not None:
        return _found(POLICY_FILE, data, "", from_tree, fetcher, own, alias)
    member_data = from_tree(MEMBER_FILE)
    if member_data is None:
        raise NoPolicyError(
            f"there is no {POLICY_FILE} or {MEMBER_FILE} here: `interlock init` writes one"
        )
    member = load_member(member_data)
    alias = alias or member.repo
    if "//" not in member.policy:
        data = from_tree(member.policy)
        if data is None:
            raise UsageError(f"{MEMBER_FILE} names {member.policy}, which is not there")
        found = _found(member.policy, data, "", from_tree, fetcher, own, alias)
        return _as_member(found, member)
    repo, _, rest = member.policy.partition("//")
    path, _, revision = rest.partition("@")
    try:
        fetched = fetcher.fetch(repo, path, revision)
    except TreeError as error:
        raise UsageError(f"the policy {member.policy} cannot be read: {error}") from None
    found = _found(
        f"{repo}//{path}", fetched.data, fetched.revision, lambda _: None, fetcher, own, alias
    )
    return _as_member(found, member)


def _as_member(found: Found, member: Member) -> Found:
    policy = with_member(found.policy, member, found.own, _built_in())
    return found._replace(policy=policy)


def _beside(file: str) -> Callable[[str], bytes | None]:
    """Reads what a policy on disk names; a symbolic link never leads out of its repository."""
    outside = os.path.isabs(file) or file.startswith("..")
    root = os.path.realpath(os.path.dirname(file) if outside else ".")

    def read(path: str) -> bytes | None:
        if os.path.commonpath((root, os.path.realpath(path))) != root:
            from interlock.trees.walking import OUTSIDE

            raise TreeError(f"{path} {OUTSIDE}")
        return _from_disk(path)

    return read


def _from_disk(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read(1 << 24)
    except OSError:
        return None


def _found(
    file: str,
    data: bytes,
    revision: str,
    files: Callable[[str], bytes | None],
    fetcher: SiblingPolicies,
    own: Checkout | None,
    alias: str,
) -> Found:
    policy = load_policy(
        file,
        data,
        Layers(files, fetcher),
        version=__version__,
        built_in_rules=_built_in(),
        revision=revision,
    )
    if alias and alias not in policy.repos and policy.repos:
        from interlock.policy.raw import suggestion

        raise UsageError(f"{file} has no repo `{alias}`: {suggestion(alias, policy.repos)}")
    return Found(policy, alias or own_alias(policy.repos, own), file, tuple(fetcher.read))


def _built_in() -> list[str]:
    """The ids that `rules` and `waivers` of any policy may name."""
    return [*(rule.id for rule in RULES), *ids()]


def own_alias(repos: Mapping[str, tuple[str, ...]], own: Checkout | None) -> str:
    """The alias whose repository is this checkout, by its remotes, else by its folder's name."""
    if own is None:
        return ""
    for alias, names in repos.items():
        if any(same_repo(name, mine) for name in names for mine in own.names):
            return alias
    if own.names:
        return ""
    folder = os.path.basename(own.top).lower()
    fitting = [
        alias
        for alias, names in repos.items()
        if any(name.rpartition("/")[2].lower() == folder for name in names)
    ]
    return fitting[0] if len(fitting) == 1 else ""
