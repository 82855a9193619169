"""What a repository held some time ago, along its first parents."""

from __future__ import annotations

from interlock.errors import TreeError
from interlock.trees.fetching import deepen
from interlock.trees.objects import Objects
from interlock.trees.process import git
from interlock.trees.revision import RevisionTree
from interlock.values import NamedTuple


class Past(NamedTuple):
    """A tree of the past, or None with the reason why nobody knows it."""

    tree: RevisionTree | None
    reason: str


def past_tree(objects: Objects, commit: str, moment: int, *, local: bool = False) -> Past:
    """The tree of ``commit``'s first-parent line at ``moment`` (seconds since 1970).

    A shallow clone that ends before is deepened where ``objects`` may use the network, unless
    only what is ``local`` is wanted.
    """
    found = _at(objects, commit, moment)
    if found:
        return _past(objects, found)
    if not _is_shallow(objects):
        return Past(None, "the repository is younger than that")
    network = None if local else objects.network
    if network is None:
        return Past(None, "the clone is shallow and ends before: fetch more of its history")
    try:
        deepen(objects.where, network, commit, moment, own=objects.own)
    except TreeError as error:
        return Past(None, f"the clone is shallow and could not be deepened: {error}")
    objects.close()
    found = _at(objects, commit, moment)
    return _past(objects, found) if found else Past(None, "the repository is younger than that")


def _past(objects: Objects, commit: str) -> Past:
    return Past(RevisionTree(objects, commit, f"{commit[:7]} (then)"), "")


def _at(objects: Objects, commit: str, moment: int) -> str:
    line = git(
        objects.where,
        "rev-list",
        "-1",
        "--first-parent",
        f"--min-age={moment}",
        commit,
        "--",
        own=objects.own,
    )
    return line.decode().strip()


def _is_shallow(objects: Objects) -> bool:
    answer = git(objects.where, "rev-parse", "--is-shallow-repository", own=objects.own)
    return answer.strip() == b"true"
