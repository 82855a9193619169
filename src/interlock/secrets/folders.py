"""The files of a folder: of a checkout what git does not ignore, else all of it."""

from __future__ import annotations

import os
import stat

from interlock.errors import TreeError, UsageError
from interlock.secrets.content import MAX_BYTES, text_of, too_large
from interlock.secrets.model import Skip, Text
from interlock.secrets.patch import LINK, SUBMODULE
from interlock.trees.walking import MAX_ENTRIES

#: Links are not followed, and a pipe is not waited for.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


def names_below(folder: str) -> list[str]:
    """The paths of all files below ``folder``, relative to it; raises TreeError for too many.

    Submodules, and repositories in the folder that nobody added, are names as well. Raises
    UsageError for a repository without a work tree.
    """
    from interlock.secrets.fingerprints import is_bare
    from interlock.trees.worktree import WorkTree

    if is_bare(folder):
        raise UsageError(
            f"{folder!r} is a repository without a work tree: there are no files to scan in it. "
            "`interlock secrets scan --history` reads its commits"
        )
    names = _by_git(folder) if _in_checkout(folder) else []
    # A folder that is ignored, or lies in no checkout: whoever names it wants all of it.
    return names or [entry.path for entry in WorkTree(folder).entries("")]


def _in_checkout(folder: str) -> bool:
    from interlock.trees.checkouts import git_dir_at

    here = os.path.realpath(folder)
    while not git_dir_at(here):
        above = os.path.dirname(here)
        if above == here:
            return False
        here = above
    return True


def _by_git(folder: str) -> list[str]:
    from interlock.trees.process import git

    listed = git(folder, "ls-files", "-z", "-co", "--exclude-standard")
    names = {name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0") if name}
    if len(names) > MAX_ENTRIES:
        raise TreeError(f"{folder} holds more than {MAX_ENTRIES:,} files")
    return sorted(names)


def read_file(path: str, place: str) -> Text | Skip | None:
    """The text of the file at ``place``, told as ``path``; None where it is gone."""
    try:
        # POSIX names are bytes: no locale may change them on the way.
        full = place if os.name == "nt" else place.encode("utf-8", "surrogateescape")
        found = os.lstat(full)
        skip = _unread(path, found)
        return skip or text_of(path, _content(full))
    except FileNotFoundError:
        return None
    except OSError as error:
        return Skip(path, f"cannot be read: {error.strerror}")
    except ValueError:
        return Skip(path, "has a name that this system cannot hold")


def _unread(path: str, found: os.stat_result) -> Skip | None:
    if stat.S_ISLNK(found.st_mode):
        return Skip(path, LINK)
    if stat.S_ISDIR(found.st_mode):
        return Skip(path, "another repository" if path.endswith("/") else SUBMODULE)
    if not stat.S_ISREG(found.st_mode):
        return Skip(path, "is not a regular file")
    return Skip(path, too_large(found.st_size)) if found.st_size > MAX_BYTES else None


def _content(full: str | bytes) -> bytes:
    """At most one byte more than is scanned: a file may grow while it is read."""
    number = os.open(full, _FLAGS)
    pieces: list[bytes] = []
    size = 0
    try:
        while size <= MAX_BYTES and (data := os.read(number, MAX_BYTES + 1 - size)):
            pieces.append(data)
            size += len(data)
    finally:
        os.close(number)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
