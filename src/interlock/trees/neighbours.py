"""The checkouts that lie beside ours: folders in the same folder."""

from __future__ import annotations

import os

from interlock.trees.checkouts import Checkout, checkout_at, common_dir_of, git_dir_at
from interlock.values import NamedTuple

#: Folders looked at; one that is named like the repository is found in any case.
MAX_FOLDERS = 1000


class _Beside(NamedTuple):
    """A checkout that was only seen so far: its folder, and its configuration in lower case.

    ``identity`` is the repository's, by device and inode: linked worktrees share it.
    """

    top: str
    identity: tuple[int, int]
    config: bytes


class Neighbours:
    """Looks once; a repository's linked worktrees count as one checkout."""

    def __init__(self, own: Checkout | None) -> None:
        """``own`` is our checkout; the main one's neighbours count where it is a linked one."""
        self._own = own
        self._own_identity = _identity(own.common_dir) if own is not None else None
        self._seen: list[_Beside] | None = None

    def of(self, name: str) -> list[Checkout]:
        """The checkouts of owner/name; one whose folder is named like it comes first."""
        repo = name.rpartition("/")[2]
        found: dict[tuple[int, int], Checkout] = {}
        for one in (*self._named(repo), *self._all()):
            # Most configurations do not even hold the name: they need not be understood.
            if one.identity in found or not _may_hold(one.config, repo):
                continue
            checkout = checkout_at(one.top)
            if checkout is not None and checkout.remote_of(name) is not None:
                found[one.identity] = checkout
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
        common_dir = os.path.join(folder, ".git")
        config = _bytes(os.path.join(common_dir, "config"))
        if config is None:
            # Only a linked worktree or a submodule: they have a file in place of the folder.
            git_dir = git_dir_at(folder)
            common_dir = common_dir_of(git_dir) if git_dir else ""
            config = _bytes(os.path.join(common_dir, "config")) if git_dir else None
        identity = _identity(common_dir) if config is not None else None
        if config is None or identity is None or identity == self._own_identity:
            return None
        return _Beside(folder, identity, config.lower())


def _identity(folder: str) -> tuple[int, int] | None:
    try:
        found = os.stat(folder)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _bytes(path: str) -> bytes | None:
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read(1 << 20)
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
