"""Which files the compat mode reads, with their bytes: as they lie, of the index, of a commit.

detect-secrets reads whole files: of a change, those that it adds or alters.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence

from interlock.errors import UsageError
from interlock.secrets.model import Skip
from interlock.trees.base import MAX_FILE_BYTES
from interlock.values import NamedTuple

#: Links are not followed, and a pipe is not waited for.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)
_CHANGED = ("--raw", "-z", "--no-abbrev", "--no-renames", "--diff-filter=AMT", "--no-relative")


class File(NamedTuple):
    """A file's path as told, and all its bytes."""

    path: str
    content: bytes


def of_paths(paths: Sequence[str]) -> Iterator[File | Skip]:
    """Files, and what folders hold that git does not ignore.

    Raises UsageError for a path that is not there.
    """
    from interlock.secrets.folders import names_below

    done: set[str] = set()
    for given in paths:
        if not os.path.lexists(given):
            raise UsageError(f"there is no file or folder {given!r} to scan")
        names = names_below(given) if os.path.isdir(given) else [""]
        for name in names:
            path = os.path.normpath(os.path.join(given, name)) if name else given
            if path not in done:
                done.add(path)
                if os.path.lexists(path):  # else git knows it still, and it is gone
                    yield _file(path)


def of_change(base: str, head: str, *, staged: bool) -> Iterator[File | Skip]:
    """The files that the index changes in HEAD; else those that ``head`` changes since ``base``.

    Raises UsageError where git does not know a revision.
    """
    from interlock.secrets.changes import commit
    from interlock.trees.objects import Objects, TooLarge
    from interlock.trees.process import git

    if staged:
        output = git(".", "diff", "--cached", *_CHANGED, own=True)
    else:
        revisions = f"{commit('.', base)}...{commit('.', head)}"
        output = git(".", "diff", *_CHANGED, revisions, "--", own=True)
    fields = output.split(b"\0")
    objects = Objects(".", own=True)
    try:
        for told, name in zip(fields[::2], fields[1::2], strict=False):
            _, mode, _, oid, _ = told.decode("ascii").split(" ")
            path = name.decode("utf-8", "surrogateescape")
            if not mode.startswith("100"):
                yield Skip(path, "symbolic link" if mode == "120000" else "submodule")
                continue
            got = objects.get(oid)
            if got is None:
                yield Skip(path, "is not in this clone")
            elif isinstance(got, TooLarge):
                yield Skip(path, "too large")
            else:
                yield File(path, got[2])
    finally:
        objects.close()


def _file(path: str) -> File | Skip:
    try:
        found = os.lstat(path)
        if stat.S_ISLNK(found.st_mode):
            return Skip(path, "symbolic link")
        if not stat.S_ISREG(found.st_mode):
            return Skip(path, "is not a regular file")
        if found.st_size > MAX_FILE_BYTES:
            return Skip(path, "too large")
        with open(os.open(path, _FLAGS), "rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        return Skip(path, f"cannot be read: {error.strerror}")
    return File(path, content) if len(content) <= MAX_FILE_BYTES else Skip(path, "too large")
