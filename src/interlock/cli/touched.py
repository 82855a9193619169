"""Whether a commit touches any source at all, told without loading the policy.

After a full run the globs of our own sources are kept in the git directory, with the blob ids of
every policy file that they came from. While those ids are the same, a commit whose staged paths
match none of the globs needs no check. Only modules that start Python anyway are imported here.
"""

from __future__ import annotations

import marshal
import os
import sys

from interlock import __version__

#: Kept beside git's own state: whoever can write there can write hooks, too.
FILE = "interlock-touch"
OWN_POLICIES = ("interlock.yaml", ".interlock.yaml")
_KIND = (1, __version__, sys.implementation.cache_tag)
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    #: (folder, the names tried in order, path in it) of a policy file in another repository.
    Remote = tuple[str, tuple[str, ...], str]


def untouched(folder: str) -> bool:
    """True where what is staged in the checkout at ``folder`` surely touches no source."""
    if not hasattr(os, "posix_spawnp"):
        return False
    git_dir = _git_dir(folder)
    if not git_dir:
        return False
    try:
        with open(os.path.join(git_dir, FILE), "rb") as file:
            kept = marshal.loads(file.read(1 << 20))  # noqa: S302  written by us, see FILE
        kind, state, local, remotes, patterns = kept
    except (OSError, ValueError, TypeError, EOFError):
        return False
    if kind != _KIND or state != _state(folder, git_dir, local, remotes):
        return False
    staged = _run(folder, "diff", "--cached", "--name-only", "-z", "--no-renames", "--no-ext-diff")
    if staged is None:
        return False
    paths = [path for path in staged.decode("utf-8", "surrogateescape").split("\0") if path]
    import re

    regexes = [re.compile(pattern, re.DOTALL) for pattern in patterns]
    return not any(regex.fullmatch(path) for path in paths for regex in regexes)


def remember(
    folder: str, local: Sequence[str], remotes: Sequence[Remote], patterns: Sequence[str]
) -> None:
    """Keep what ``untouched`` needs; a git directory that cannot be written is no error.

    ``local`` are the policy files of this repository, ``remotes`` those of others.
    """
    git_dir = _git_dir(folder)
    if not git_dir or not hasattr(os, "posix_spawnp"):
        return
    paths = tuple(dict.fromkeys((*OWN_POLICIES, *local)))
    state = _state(folder, git_dir, paths, tuple(remotes))
    path = os.path.join(git_dir, FILE)
    beside = f"{path}.{os.getpid()}"
    try:
        with open(beside, "wb") as file:
            kept: Any = (_KIND, state, paths, tuple(remotes), tuple(patterns))
            file.write(marshal.dumps(kept))
        os.replace(beside, path)
    except OSError:
        return


def _state(
    folder: str, git_dir: str, local: tuple[str, ...], remotes: tuple[Remote, ...]
) -> tuple[object, ...]:
    """What the policy is made of: blob ids, and the file that holds our remotes' names."""
    staged = _run(folder, "ls-files", "-s", "-z", "--", *local)
    others = []
    for where, names, path in remotes:
        found = _run(
            where, "rev-parse", "-q", "--verify", *(f"{name}:{path}" for name in names[:1])
        )
        if not found:
            tried = (_run(where, "rev-parse", "-q", "--verify", f"{n}:{path}") for n in names[1:])
            found = next((got for got in tried if got), None)
        others.append(found)
    try:
        config = os.stat(os.path.join(git_dir, "config"))
        settings = (config.st_mtime_ns, config.st_size)
    except OSError:
        settings = (0, 0)
    return (staged, tuple(others), settings)


def _git_dir(folder: str) -> str:
    """The checkout's git directory; "" for a linked worktree, which takes the long way."""
    path = os.path.join(folder, ".git")
    return path if os.path.isdir(path) else ""


def _run(where: str, *arguments: str) -> bytes | None:
    """What git prints, or None where it fails."""
    env = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_ALLOW_PROTOCOL": "none"}
    if where != os.getcwd():
        env = {
            k: v for k, v in env.items() if k not in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE")
        }
    out, into = os.pipe()
    null = os.open(os.devnull, os.O_RDWR)
    command = ["git", "-C", where, "-c", "core.fsmonitor=false", "--literal-pathspecs", *arguments]
    actions = [
        (os.POSIX_SPAWN_DUP2, null, 0),
        (os.POSIX_SPAWN_DUP2, into, 1),
        (os.POSIX_SPAWN_DUP2, null, 2),
    ]
    try:
        pid = os.posix_spawnp("git", command, env, file_actions=actions)
    except OSError:
        os.close(out)
        return None
    finally:
        os.close(into)
        os.close(null)
    with open(out, "rb") as pipe:
        output = pipe.read()
    return output if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0 else None
