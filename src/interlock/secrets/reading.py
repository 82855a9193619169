"""What is scanned: files and folders as they lie, or the lines that a change adds.

Whatever is left out is counted with its reason: a scan that saw nothing must not look clean.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from interlock.errors import UsageError
from interlock.secrets.content import text_of
from interlock.secrets.model import Scanned, Skip, Text


#: Whether a path is left out of the scan.
Excluded = Callable[[str], bool]
EXCLUDED = "excluded by the policy"


def leaver_out(globs: Sequence[str]) -> Excluded:
    """Whether one of ``globs`` fits a path; raises ValueError for a malformed one."""
    if not globs:
        return lambda _: False
    from interlock.trees.globs import compile_glob

    made = [compile_glob(glob) for glob in globs]
    return lambda path: any(glob.match(path) is not None for glob in made)


class Tally:
    """Counts what passes; ``scanned`` sums it up at the end."""

    def __init__(self, what: str) -> None:
        """``what`` names the scan for people."""
        self._what = what
        self._files: set[str] = set()
        self._lines = 0
        self._skipped: list[Skip] = []

    def passed(self, one: Text | Skip) -> Text | None:
        """The text to scan; None where it was skipped, which is noted."""
        if isinstance(one, Skip):
            self._skipped.append(one)
            return None
        self._files.add(one.path)
        body = one.body
        self._lines += body.count(b"\n") + bool(body and not body.endswith(b"\n"))
        return one

    def scanned(self) -> Scanned:
        """What was looked at so far."""
        return Scanned(self._what, len(self._files), self._lines, tuple(self._skipped))


def read_paths(paths: Sequence[str], where: str, excluded: Excluded) -> Iterator[Text | Skip]:
    """Files, and what folders hold: of a checkout what git does not ignore. Paths as given.

    They are relative to the folder ``where``.

    Raises UsageError for a path that is not there.
    """
    from interlock.trees.base import Unread
    from interlock.trees.worktree import WorkTree

    for given in paths:
        place = os.path.join(where, given)
        if not os.path.lexists(place):
            raise UsageError(f"there is no file or folder {given!r} to scan")
        if not os.path.isdir(place):
            yield Skip(given, EXCLUDED) if excluded(given) else _file(given, place)
            continue
        tree = WorkTree(place)
        shown = "" if given in (".", "./") else given.rstrip("/") + "/"
        entries = []
        for entry in tree.entries(""):
            if excluded(shown + entry.path):
                yield Skip(shown + entry.path, EXCLUDED)
            else:
                entries.append(entry)
        for entry, content in tree.read(entries):
            path = shown + entry.path
            if os.path.islink(os.path.join(tree.root, entry.path)):
                yield Skip(path, "symbolic link")
            elif isinstance(content, Unread):
                large = content.reason.startswith("is too large")
                yield Skip(path, "too large" if large else content.reason)
            else:
                yield text_of(path, content)


def _file(path: str, place: str) -> Text | Skip:
    """A file that was named itself."""
    try:
        with open(place, "rb") as stream:
            return text_of(path, stream.read())
    except OSError as error:
        return Skip(path, f"cannot be read: {error.strerror}")
