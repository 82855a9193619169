"""The files of a folder: of a checkout what git does not ignore, else all of it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

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

    Submodules, repositories in the folder that nobody added, folders that cannot be listed, pipes
    and devices are names as well: ``read_file`` says what they are. Raises UsageError for a
    repository without a work tree.
    """
    from interlock.secrets.fingerprints import is_bare

    if is_bare(folder):
        raise UsageError(
            f"{folder!r} is a repository without a work tree: there are no files to scan in it. "
            "`interlock secrets scan --history` reads its commits"
        )
    names = _by_git(folder) if _in_checkout(folder) else []
    # A folder that is ignored, or lies in no checkout: whoever names it wants all of it.
    return names or sorted(_walked(folder))


def _walked(folder: str) -> Iterator[str]:
    """All below ``folder``, but for git's own folders: they can hold credentials of its users."""
    stack, seen = [""], 0
    while stack:
        at = stack.pop()
        try:
            items = _listed(folder, at)
        except OSError:
            yield at
            continue
        seen += len(items)
        if seen > MAX_ENTRIES:
            raise TreeError(f"{folder} holds more than {MAX_ENTRIES:,} files")
        for name, item in items:
            path = f"{at}/{name}" if at else name
            if not item.is_dir(follow_symlinks=False):
                yield path
            elif name.lower() != ".git":
                stack.append(path)


def _listed(folder: str, at: str) -> list[tuple[str, os.DirEntry[bytes] | os.DirEntry[str]]]:
    """Names and items of the folder ``at`` in ``folder``; raises OSError."""
    place = os.path.join(folder, at) if at else folder
    if os.name == "nt":
        with os.scandir(place) as named:
            return [(item.name, item) for item in named]
    with os.scandir(os.fsencode(_on_disk(place))) as items:
        return [(item.name.decode("utf-8", "surrogateescape"), item) for item in items]


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
    return sorted(names.union(_left_out(folder, names))) if names else []


def _left_out(folder: str, names: AbstractSet[str]) -> set[str]:
    """What git leaves out without a word: pipes, devices, and folders that cannot be listed.

    Looked for beside the files that it lists; what it ignores does not count.
    """
    beside = {""}
    for name in names:
        above = name.rstrip("/").rpartition("/")[0]
        while above and above not in beside:
            beside.add(above)
            above = above.rpartition("/")[0]
    found = set()
    for at in beside:
        try:
            items = _listed(folder, at)
        except OSError:
            continue  # a file in it is told
        for name, item in items:
            path = f"{at}/{name}" if at else name
            if item.is_dir(follow_symlinks=False):
                full = os.path.join(folder, path)
                # Git lists nothing of it, which is so of empty and ignored ones as well.
                if path not in beside and not os.access(_on_disk(full), os.R_OK | os.X_OK):
                    found.add(path)
            elif not item.is_symlink() and not item.is_file(follow_symlinks=False):
                found.add(path)
    return found - _ignored(folder, found - names) if found - names else set()


def _ignored(folder: str, paths: AbstractSet[str]) -> set[str]:
    from interlock.trees.process import git

    given = b"".join(path.encode("utf-8", "surrogateescape") + b"\0" for path in sorted(paths))
    try:
        listed = git(folder, "check-ignore", "-z", "--stdin", given=given)
    except TreeError:
        return set()  # none is: git says so by failing
    return {name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0") if name}


def _on_disk(place: str) -> str | bytes:
    """POSIX names are bytes: no locale may change them on the way."""
    return place if os.name == "nt" else place.encode("utf-8", "surrogateescape")


def read_file(path: str, place: str) -> Text | Skip | None:
    """The text of the file at ``place``, told as ``path``; None where it is gone."""
    try:
        full = _on_disk(place)
        found = os.lstat(full)
        if stat.S_ISDIR(found.st_mode) and not os.access(full, os.R_OK | os.X_OK):
            return Skip(path, "cannot be listed: Permission denied")
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
