"""What a staged change means for the policy of the last run, told without loading the policy.

After a full run these are kept: the globs of our own sources, what the policy says of credentials,
the policy, and from what files all came. While those files are the same, a commit whose staged
paths match none of the globs needs no check, and any other takes the policy as it was kept.
"""

from __future__ import annotations

import os

from interlock.cli.kept import common_dir_of, git_dir_of, load, save, stamp

NAME = "touch"
OWN_POLICIES = ("interlock.yaml", ".interlock.yaml")
#: Where a policy says nothing of credentials: as Credentials has it, with what is usual.
NO_WORDS = (False, True, (), ".interlock-secrets")
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    #: (folder, the revisions tried in order) of a policy file in another repository.
    Remote = tuple[str, tuple[str, ...]]


class Credentials:
    """What the policy says of credentials: whether it asks for a scan, and how to make one.

    ``plain`` means that it has no rules of its own. ``exclude`` and ``baseline`` are its words.
    """

    __slots__ = ("asked", "baseline", "exclude", "plain")

    def __init__(
        self, *, asked: bool, plain: bool, exclude: tuple[str, ...], baseline: str
    ) -> None:
        """Hold the four."""
        self.asked = asked
        self.plain = plain
        self.exclude = exclude
        self.baseline = baseline


class Look:
    """What was found: ``untouched`` means nothing to do; ``staged`` is what git says of it."""

    __slots__ = ("credentials", "git_dir", "staged", "state", "untouched")

    def __init__(
        self, git_dir: str, state: Any, staged: bytes, credentials: Credentials, *, untouched: bool
    ) -> None:
        """Hold the five."""
        self.credentials = credentials
        self.git_dir = git_dir
        self.state = state
        self.staged = staged
        self.untouched = untouched


def look(folder: str) -> Look | None:
    """What is staged at ``folder``, where the policy is as it was; None where it may not be."""
    git_dir = git_dir_of(folder)
    kept = load(git_dir, NAME) if git_dir else None
    if kept is None:
        return None
    from interlock.errors import TreeError
    from interlock.trees.process import git
    from interlock.trees.staged import DIFF

    try:
        state, local, remotes, patterns, words = kept
        if state != state_of(folder, git_dir, local, remotes):
            return None
        staged = git(folder, *DIFF, own=True)
    except (TreeError, ValueError, TypeError):
        return None
    paths = [name.decode("utf-8", "surrogateescape") for name in staged.split(b"\0")[1::2]]
    import re

    regexes = [re.compile(pattern, re.DOTALL) for pattern in patterns] if paths else ()
    found = any(regex.fullmatch(path) for path in paths for regex in regexes)
    return Look(git_dir, state, staged, _credentials(words), untouched=not found)


def credentials(folder: str) -> Credentials | None:
    """What the policy at ``folder`` says of them; None where it has to be loaded to know.

    Where nothing was kept and the index holds no policy, nothing is said.
    """
    from interlock.errors import TreeError

    git_dir = git_dir_of(folder)
    kept = load(git_dir, NAME) if git_dir else None
    try:
        if kept is not None:
            state, local, remotes, _, words = kept
            return (
                _credentials(words) if state == state_of(folder, git_dir, local, remotes) else None
            )
        from interlock.trees.process import git

        listed = git(folder, "ls-files", "-z", "--", *OWN_POLICIES, own=True)
    except (TreeError, ValueError, TypeError):
        return None
    return None if listed else _credentials(NO_WORDS)


def _credentials(words: Any) -> Credentials:
    asked, plain, exclude, baseline = words
    return Credentials(asked=asked, plain=plain, exclude=exclude, baseline=baseline)


def remember(
    folder: str,
    local: Iterable[str],
    remotes: Iterable[Remote],
    patterns: Iterable[str],
    words: tuple[bool, bool, tuple[str, ...], str] = NO_WORDS,
) -> tuple[str, Any]:
    """Keep what ``look`` needs; (git directory, state), or ("", None) where nothing can be kept.

    ``local`` are the files of this repository that the policy came from, ``remotes`` those of
    others. ``words`` are those of Credentials.
    """
    git_dir = git_dir_of(folder)
    if not git_dir:
        return "", None
    from interlock.errors import TreeError

    paths, others = tuple(dict.fromkeys((*OWN_POLICIES, *local))), tuple(dict.fromkeys(remotes))
    try:
        state = state_of(folder, git_dir, paths, others)
    except TreeError:
        return "", None
    if not set(local) <= _regular(state[0]):
        return "", None  # a link's own blob says nothing of the file that it leads to
    save(git_dir, NAME, (state, paths, others, tuple(patterns), words))
    return git_dir, state


def state_of(
    folder: str, git_dir: str, local: tuple[str, ...], remotes: tuple[Remote, ...]
) -> tuple[bytes, object, object]:
    """What the policy is made of: our files' index entries, refs of others, our remotes' names."""
    from interlock.trees.process import git

    listed = git(folder, "--literal-pathspecs", "ls-files", "-s", "-z", "--", *local, own=True)
    refs = tuple(_refs(where, names) for where, names in remotes)
    return listed, refs, stamp(os.path.join(common_dir_of(git_dir), "config"))


def _regular(listed: bytes) -> set[str]:
    """The paths of regular files in what ``git ls-files -s`` says."""
    entries = (entry.partition(b"\t") for entry in listed.split(b"\0"))
    return {
        path.decode("utf-8", "surrogateescape") for head, _, path in entries if head[:3] == b"100"
    }


def _refs(folder: str, names: tuple[str, ...]) -> tuple[object, ...]:
    """Where the refs ``names`` stand, read from git's own files: a process would cost more."""
    git_dir = git_dir_of(folder) or folder
    common = common_dir_of(git_dir)
    loose = []
    for name in names:
        for full in (name,) if name.startswith("refs/") else (f"refs/tags/{name}",):
            try:
                with open(os.path.join(common, full), "rb") as file:
                    loose.append(file.read(256))
            except OSError:
                loose.append(b"")
    packed = [stamp(os.path.join(common, name)) for name in ("packed-refs", "reftable/tables.list")]
    return (*loose, *packed)
