"""What a repository held some time ago, along its first parents."""

from __future__ import annotations

import os

from interlock.trees.objects import Objects
from interlock.trees.process import git
from interlock.trees.revision import RevisionTree


def tree_at(objects: Objects, commit: str, moment: int) -> RevisionTree | None:
    """The tree of ``commit``'s first-parent line at ``moment`` (seconds since 1970).

    None where the history does not reach so far back: before the first commit, or where a shallow
    clone ends.
    """
    line = (
        git(objects.where, "rev-list", "-1", "--first-parent", f"--before={moment}", commit)
        .decode()
        .strip()
    )
    if not line:
        return None
    return RevisionTree(objects, line, f"{line[:7]} (then)")


def is_shallow(git_dir: str) -> bool:
    """True where the clone was cut off and history may be missing."""
    return os.path.exists(os.path.join(git_dir, "shallow"))
