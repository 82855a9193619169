"""What is scanned, and a count of it: whatever is left out is counted with its reason.

A scan that saw nothing must not look clean.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from interlock.errors import InterlockError, UsageError
from interlock.secrets.model import Scanned, Skip, Text
from interlock.values import Final

#: Whether a path is left out of the scan.
Excluded = Callable[[str], bool]
EXCLUDED: Final = "excluded by the policy"
#: Beginnings of reasons that say why there was nothing to scan: with others a scan has failed.
_NOTHING_THERE = (
    "binary",
    "symbolic link",
    "submodule",
    "another repository",
    "too large",
    "merge conflict",
    "is not a regular file",
    EXCLUDED,
)


def leaver_out(globs: Sequence[str], never: str = "") -> Excluded:
    """Whether one of ``globs`` fits a path, ``never`` apart; ValueError for a malformed one."""
    if not globs:
        return lambda _: False
    from interlock.trees.globs import compile_glob

    made = [compile_glob(glob) for glob in globs]
    return lambda path: path != never and any(glob.match(path) is not None for glob in made)


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

    def scanned(self, told: Callable[[str], str] = str) -> Scanned:
        """What was looked at; ``told`` is the path that is shown for one.

        Raises InterlockError where no line was, and something could not be read.
        """
        failed = [skip for skip in self._skipped if not skip.reason.startswith(_NOTHING_THERE)]
        if failed and not self._lines:
            more = f", and {len(failed) - 1:,} more" if len(failed) > 1 else ""
            raise InterlockError(
                f"no line was scanned ({self._what}): {told(failed[0].path)!r} "
                f"{failed[0].reason}{more}. This is no clean result"
            )
        skipped = tuple(dict.fromkeys(Skip(told(s.path), s.reason) for s in self._skipped))
        return Scanned(self._what, len(self._files), self._lines, skipped)


def read_paths(paths: Sequence[str], where: str, excluded: Excluded) -> Iterator[Text | Skip]:
    """Files, and what folders hold: of a checkout what git does not ignore. Paths as given.

    They are relative to the folder ``where``. Links are not followed, but for a folder that is
    named itself. Raises UsageError for a path that is not there.
    """
    from interlock.secrets.folders import names_below, read_file

    done: set[str] = set()
    for given in paths:
        place = os.path.join(where, given)
        if not os.path.lexists(place):
            raise UsageError(f"there is no file or folder {given!r} to scan")
        folder = os.path.isdir(place)
        shown = os.path.normpath(given).replace(os.sep, "/")
        for name in names_below(place) if folder else [""]:
            path = shown if not name else name if shown == "." else f"{shown}/{name}"
            if path in done:
                continue
            done.add(path)
            if excluded(path):
                yield Skip(path, EXCLUDED)
            elif one := read_file(path, os.path.join(place, name) if folder else place):
                yield one
