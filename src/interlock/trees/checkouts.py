"""Finds a checkout, its branch and its remotes by reading git's own files, without running git."""

from __future__ import annotations

import os

from interlock.errors import UsageError
from interlock.trees.gitconfig import Setting, settings
from interlock.trees.process import global_settings, redirected
from interlock.trees.remotes import owner_name, same_repo
from interlock.values import NamedTuple

__all__ = ["Checkout", "Remote", "checkout_at", "find_checkout", "same_repo"]

#: Far more than a configuration file of git or one of its one-line files holds.
_MAX_BYTES = 1 << 20


class Remote(NamedTuple):
    """A remote: its name, its address after insteadOf, and owner/name ("" where unknown)."""

    name: str
    url: str
    repo: str


class Checkout(NamedTuple):
    """A repository on this machine. ``remotes`` start with origin.

    ``git_dir`` is a linked worktree's own, ``common_dir`` the repository's. ``branch`` is "" where
    none is checked out. ``promisor`` is the remote that a partial clone may ask for the rest.
    """

    top: str
    git_dir: str
    common_dir: str
    branch: str
    remotes: tuple[Remote, ...]
    promisor: str

    @property
    def names(self) -> tuple[str, ...]:
        """The remotes as owner/name, origin's first."""
        return tuple(dict.fromkeys(remote.repo for remote in self.remotes if remote.repo))

    def remote_of(self, name: str) -> Remote | None:
        """The remote that is owner/name."""
        return next((r for r in self.remotes if r.repo and same_repo(r.repo, name)), None)

    def default_branch(self, remote: str) -> str:
        """The remote's default branch as the clone knows it, or ""."""
        where = os.path.join(self.common_dir, "refs", "remotes", remote, "HEAD")
        start = f"ref: refs/remotes/{remote}/"
        text = _text(where).strip()
        return text[len(start) :] if text.startswith(start) else ""


def find_checkout(start: str) -> Checkout:
    """The checkout that holds the folder ``start``; raises UsageError where there is none.

    GIT_DIR wins, as it does for git: git sets it for hooks of linked worktrees.
    """
    folder = os.path.realpath(start)
    found = _above(folder)
    told = redirected("GIT_DIR")
    if told and (found is None or not _same_folder(found.git_dir, told)):
        if not os.path.isfile(os.path.join(told, "HEAD")):
            raise UsageError(f"GIT_DIR is {told}, which is no git repository: unset it")
        return _opened(os.path.realpath(redirected("GIT_WORK_TREE") or folder), told)
    if found is None:
        raise UsageError(f"{start} is not in a git repository: run this inside a checkout")
    return found


def _above(folder: str) -> Checkout | None:
    while True:
        found = checkout_at(folder)
        above = os.path.dirname(folder)
        if found is not None or above == folder:
            return found
        folder = above


def _same_folder(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def checkout_at(folder: str) -> Checkout | None:
    """The checkout whose top is ``folder``, or None."""
    git_dir = git_dir_at(folder)
    return _opened(folder, git_dir) if git_dir else None


def git_dir_at(folder: str) -> str:
    """Git's own folder for a checkout whose top is ``folder``, or ""."""
    dot = os.path.join(folder, ".git")
    if os.path.isfile(os.path.join(dot, "HEAD")):
        return dot
    text = _text(dot)
    if not text.startswith("gitdir:"):
        return ""
    git_dir = os.path.normpath(os.path.join(folder, text[len("gitdir:") :].strip()))
    return git_dir if os.path.isfile(os.path.join(git_dir, "HEAD")) else ""


def common_dir_of(git_dir: str) -> str:
    """The repository's folder, which linked worktrees share."""
    common = _text(os.path.join(git_dir, "commondir")).strip()
    return os.path.normpath(os.path.join(git_dir, common)) if common else git_dir


def _opened(top: str, git_dir: str) -> Checkout:
    common_dir = common_dir_of(git_dir)
    read = list(settings(_text(os.path.join(common_dir, "config"))))
    promisors = [s.sub for s in read if (s.section, s.key) == ("remote", "promisor")]
    promisors += [s.value for s in read if (s.section, s.key) == ("extensions", "partialclone")]
    promisor = promisors[0] if promisors else ""
    return Checkout(top, git_dir, common_dir, _branch(git_dir), _remotes(read), promisor)


def _branch(git_dir: str) -> str:
    """The branch that is checked out, also while it is rebased; "" for none."""
    start = "ref: refs/heads/"
    head = _text(os.path.join(git_dir, "HEAD")).strip()
    if head.startswith(start):
        branch = head[len(start) :]
        return "" if branch == ".invalid" else branch  # refs kept as a reftable
    for state in ("rebase-merge", "rebase-apply"):
        name = _text(os.path.join(git_dir, state, "head-name")).strip()
        if name.startswith("refs/heads/"):
            return name[len("refs/heads/") :]
    return ""


def _remotes(read: list[Setting]) -> tuple[Remote, ...]:
    urls: dict[tuple[str, str], str] = {}
    for one in read:
        if one.section == "remote" and one.key in ("url", "pushurl"):
            urls.setdefault((one.sub, one.value), one.value)
    rewrites = _rewrites(read)
    found = []
    for name, url in urls:
        full = _rewritten(url, rewrites)
        if not owner_name(full):
            # A short form like acme:serving is written in the user's own settings.
            full = _rewritten(url, rewrites | _user_rewrites())
        found.append(Remote(name, full, owner_name(full)))
    found.sort(key=lambda remote: remote.name != "origin")
    return tuple(found)


def _rewrites(read: list[Setting]) -> dict[str, str]:
    return {s.value: s.sub for s in read if (s.section, s.key) == ("url", "insteadof") and s.value}


def _user_rewrites() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in global_settings():
        found |= _rewrites(list(settings(_text(path))))
    return found


def _rewritten(url: str, rewrites: dict[str, str]) -> str:
    for prefix in sorted(rewrites, key=len, reverse=True):
        if url.startswith(prefix):
            return rewrites[prefix] + url[len(prefix) :]
    return url


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read(_MAX_BYTES)
    except (OSError, ValueError):
        return ""
