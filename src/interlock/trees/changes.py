"""Which paths differ between two states of our repository."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.errors import TreeError
from interlock.trees.objects import Objects, TooLarge
from interlock.trees.process import git
from interlock.trees.revision import RevisionTree, labelled
from interlock.trees.walking import UNMERGED
from interlock.values import NamedTuple


class Change(NamedTuple):
    """What a path is after a change: git's mode and blob id; both are empty where it is gone."""

    mode: bytes
    oid: str


def parse_raw(output: bytes) -> dict[str, Change]:
    """The second side of ``git diff --raw -z --no-renames``: both paths of a rename are there."""
    changes: dict[str, Change] = {}
    pieces = output.split(b"\0")
    for header, name in zip(pieces[::2], pieces[1::2], strict=False):
        _, mode, _, oid, status = header.split(b" ")
        path = name.decode("utf-8", "surrogateescape")
        if status == b"U":
            changes[path] = Change(UNMERGED, "")
        elif mode == b"000000":
            changes.setdefault(path, Change(b"", ""))
        else:
            changes[path] = Change(mode, oid.decode())
    return changes


def changed_between(where: str, base: str, head: str) -> dict[str, Change]:
    """Every path that differs between two commits, as it is in ``head``."""
    return parse_raw(
        git(
            where,
            "diff-tree",
            "-r",
            "--raw",
            "-z",
            "--no-renames",
            "--no-abbrev",
            base,
            head,
            own=True,
        )
    )


def merge_base(where: str, one: str, other: str, *, own: bool = True) -> str:
    """The commit at which two revisions parted; raises TreeError where they share none."""
    try:
        return git(where, "merge-base", one, other, own=own).decode().strip()
    except TreeError as error:
        reason = str(error)
        if reason.startswith("git merge-base failed"):
            reason = (
                f"{one[:12]} and {other[:12]} have no common history here: "
                "fetch more of it (in GitHub Actions: `fetch-depth: 0`)"
            )
        raise TreeError(reason) from None


def merge_bases(where: str, tip: str, heads: Sequence[str], *, own: bool = False) -> dict[str, str]:
    """Where each of ``heads`` parted from ``tip``, in one look at the history between.

    One that shares no history with it is left out.
    """
    given = "".join(f"{one}\n" for one in (*dict.fromkeys(heads), f"^{tip}")).encode()
    output = git(where, "rev-list", "--parents", "--stdin", own=own, given=given)
    parents = {line[0]: line[1:] for line in map(str.split, output.decode().splitlines())}
    found = {}
    for head in dict.fromkeys(heads):
        reached, stack, left = {head}, [head], set()
        while stack:
            commit = stack.pop()
            if commit not in parents:
                left.add(commit)
            stack += [one for one in parents.get(commit, ()) if one not in reached]
            reached.update(parents.get(commit, ()))
        if len(left) == 1:
            found[head] = left.pop()
            continue
        try:  # the branch took the default branch in meanwhile: git knows which is the best
            found[head] = merge_base(where, tip, head, own=own)
        except TreeError:
            continue
    return found


def first_parent(objects: Objects, commit: str) -> RevisionTree | None:
    """The tree before ``commit``; None for a repository's first commit.

    Raises TreeError where a shallow clone lacks it: everything would look new.
    """
    got = objects.get(commit)
    if got is None or isinstance(got, TooLarge):
        raise TreeError(f"git cannot read the commit {commit[:12]}")
    # The object names its parents even where a shallow clone ends.
    lines = got[2].partition(b"\n\n")[0].split(b"\n")
    parents = [line[7:].decode("ascii", "replace") for line in lines if line.startswith(b"parent ")]
    if not parents:
        return None
    if objects.get(parents[0]) is None:
        raise TreeError(
            f"the commit before {commit[:7]} is not in this shallow clone: "
            "`git fetch --deepen=1` (in GitHub Actions: `fetch-depth: 2`)"
        )
    return labelled(objects, f"before {commit[:7]}", parents[0])
