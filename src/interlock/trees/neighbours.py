"""The checkouts that lie beside ours: folders in the same folder."""

from __future__ import annotations

import os

from interlock.trees.checkouts import Checkout, checkout_at, common_dir_of, git_dir_at
from interlock.values import NamedTuple

#: Folders looked at; one that is named like the repository is found in any case.
MAX_FOLDERS = 1000


class _Beside(NamedTuple):
    """A checkout that was only seen so far: its folder, and its configuration in lower case."""

    top: str
    common_dir: str
    config: bytes


class Neighbours:
    """Looks once; a repository's linked worktrees count as one checkout."""

    def __init__(self, own: Checkout | None) -> None:
        """``own`` is our checkout; the main one's neighbours count where it is a linked one."""
        self._own = own
        self._seen: list[_Beside] | None = None

    def of(self, name: str) -> list[Checkout]:
        """The checkouts of owner/name; one whose folder is named like it comes first."""
        repo = name.rpartition("/")[2]
        found: dict[str, Checkout] = {}
        candidates = [*self._named(repo), *self._all()]
        for one in candidates:
            # Most configurations do not even hold the name: they need not be understood.
            if one.common_dir in found or not _may_hold(one.config, repo):
                continue
            checkout = checkout_at(one.top)
            if checkout is not None and checkout.remote_of(name) is not None:
                found[one.common_dir] = checkout
        return sorted(found.values(), key=lambda c: os.path.basename(c.top).lower() != repo.lower())

    def _named(self, repo: str) -> list[_Beside]:
        if self._seen is not None or repo in ("", ".", ".."):
            return []
        found = (self._look(os.path.join(parent, repo)) for parent in self._parents())
        return [one for one in found if one is not None]

    def _all(self) -> list[_Beside]:
        if self._seen is None:
            self._seen = []
            for parent in self._parents():
                for folder in sorted(_folders(parent)):
                    one = self._look(folder)
                    if one is not None:
                        self._seen.append(one)
        return self._seen

    def _parents(self) -> list[str]:
        if self._own is None:
            return []
        main = os.path.dirname(self._own.common_dir)
        return list(dict.fromkeys(os.path.dirname(top) for top in (self._own.top, main)))

    def _look(self, folder: str) -> _Beside | None:
        git_dir = git_dir_at(folder)
        if not git_dir:
            return None
        common_dir = os.path.realpath(common_dir_of(git_dir))
        if self._own is not None and common_dir == os.path.realpath(self._own.common_dir):
            return None
        try:
            with open(os.path.join(common_dir, "config"), "rb") as file:
                return _Beside(folder, common_dir, file.read(1 << 20).lower())
        except OSError:
            return None


def _folders(parent: str) -> list[str]:
    found: list[str] = []
    try:
        with os.scandir(parent) as items:
            for item in items:
                if item.is_dir() and not item.name.startswith("."):
                    found.append(item.path)
                if len(found) >= MAX_FOLDERS:
                    break
    except OSError:
        pass  # a folder that cannot be listed holds nothing for us
    return found


def _may_hold(config: bytes, repo: str) -> bool:
    return repo.lower().encode("utf-8", "replace") in config
