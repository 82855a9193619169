"""Refs and paths in addresses: which words are the branch, and what stands behind them."""

from __future__ import annotations

from interlock.sandbox.gitrepo import Entry, GitRepo
from interlock.sandbox.wire import Refused
from interlock.values import NamedTuple

#: Folders deeper than this are not looked into.
_DEEPEST = 100


class Found(NamedTuple):
    """A ref as it was written, its commit, and the path behind it."""

    ref: str
    sha: str
    path: str


def parted(git: GitRepo, words: list[str]) -> Found:
    """The ref and path of ``REF/PATH``: branches may have slashes too; raises Refused 404."""
    known = git.refs()
    for count in range(1, min(len(words), _DEEPEST) + 1):
        ref = "/".join(words[:count])
        if f"refs/heads/{ref}" in known or f"refs/tags/{ref}" in known:
            return Found(ref, git.resolve(ref), "/".join(words[count:]))
    sha = git.resolve(words[0]) if words else ""
    if not sha:
        raise Refused(404, "There is no such branch, tag or commit.")
    return Found(words[0], sha, "/".join(words[1:]))


def entry(git: GitRepo, sha: str, path: str) -> Entry | None:
    """What stands at a path of a commit, found folder by folder so that any name can be asked."""
    at = Entry("040000", "tree", git.commit(sha).tree, None, "")
    parts = path.split("/") if path else []
    for part in parts[: _DEEPEST + 1]:
        below = git.tree(at.sha) if at.kind == "tree" else ()
        found = next((each for each in below if each.path == part), None)
        if found is None:
            return None
        at = found
    return at._replace(path=path) if len(parts) <= _DEEPEST else None
