"""Proposed changes as branches of local checkouts: where each began, and what it makes of that."""

from __future__ import annotations

from interlock.changes.members import Member
from interlock.changes.naming import trailers
from interlock.errors import TreeError
from interlock.trees.base import Repo
from interlock.trees.changes import merge_base
from interlock.trees.objects import Objects, TooLarge
from interlock.trees.process import git
from interlock.trees.revision import RevisionTree, labelled, resolve, revision_tree
from interlock.values import NamedTuple


class Branch(NamedTuple):
    """A change found in a checkout (None where there is none), and warnings about its message.

    ``exists`` says that the branch is there, though it may hold nothing of its own.
    """

    member: Member | None
    warnings: tuple[str, ...] = ()
    exists: bool = False


def branch_of(repo: Repo, branch: str, remotes: tuple[str, ...], revision: str = "") -> Branch:
    """The change on ``branch`` (or at ``revision``) of a repository against its default branch.

    ``remotes`` are names of remotes whose branch of that name counts where there is no local one.
    None where there is no such branch, or where it holds nothing that the default branch has not.
    """
    base = repo.tree
    if not isinstance(base, RevisionTree):
        return Branch(None)
    objects = base.objects
    if revision:
        head = revision_tree(objects, revision)
    else:
        names = [f"refs/remotes/{remote}/{branch}" for remote in remotes]
        found = resolve(objects, [f"refs/heads/{branch}", *names])
        if found is None:
            return Branch(None)
        head = labelled(objects, *found)
    if head.commit == base.commit:
        return Branch(None, exists=True)
    label = revision or branch
    named = trailers(_message(objects, head.commit))
    told = tuple(f"{repo.alias}: {warning}" for warning in named.warnings)
    about = Member(label, repo.alias, repo.name, label, None, None, "open", named.values)
    try:
        member = _with_trees(about, base, head)
    except TreeError as error:
        member = about._replace(state="unknown", problem=str(error))
    return Branch(member, told, exists=True)


def _with_trees(about: Member, base: RevisionTree, head: RevisionTree) -> Member | None:
    objects = base.objects
    parted = merge_base(objects.where, base.commit, head.commit, own=objects.own)
    if parted == base.commit:
        return about._replace(base=base, head=head)
    if parted != head.commit:
        began = labelled(objects, f"where {about.label} began", parted)
        return about._replace(base=began, head=head)
    merge = _merge_of(objects, head.commit, base.commit)
    if merge is None:
        return None
    before, after = (labelled(objects, name, name) for name in merge)
    return about._replace(base=before, head=after, state="merged")


def _merge_of(objects: Objects, head: str, default: str) -> tuple[str, str] | None:
    """(the commit before, the merge) by which ``head`` came into the default branch.

    None where the default branch was moved onto it: nothing tells where such a change began.
    """
    line = git(
        objects.where,
        "rev-list",
        "--first-parent",
        "--ancestry-path",
        f"{head}..{default}",
        own=objects.own,
    )
    first = line.decode().split()[-1:]
    before = resolve(objects, [f"{first[0]}^1"]) if first else None
    if before is None:
        return None
    parted = merge_base(objects.where, before[1], head, own=objects.own)
    return None if parted == head else (before[1], first[0])


def _message(objects: Objects, commit: str) -> str:
    got = objects.get(commit)
    if got is None or isinstance(got, TooLarge):
        return ""
    return got[2].partition(b"\n\n")[2].decode("utf-8", "replace")
