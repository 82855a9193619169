"""A host of repositories on disk that serves partial clones, and what git did with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from gitrepos import Repository, contents

from interlock.trees.access import Access
from interlock.trees.base import Repo
from interlock.trees.checkouts import find_checkout
from interlock.trees.siblings import Siblings

NOW = 1_800_000_000
SERVING = "acme/serving"


class Forge:
    """A host of repositories on disk, our checkout of one of them, and a cache folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.serving = self.repository(SERVING, {f"conf/{n} x.yaml": f"v{n}" for n in range(20)})
        self.own = Repository(folder / "work" / "pipelines")
        self.own.git("remote", "add", "origin", (folder / "forge/acme/pipelines.git").as_uri())
        self.own.commit({"a": "1"})
        self.cache = folder / "ca che"
        self.opened: list[Siblings] = []

    def repository(self, name: str, files: Mapping[str, str]) -> Repository:
        repo = Repository(self.folder / "forge" / f"{name}.git")
        repo.commit(files)
        repo.git("config", "uploadpack.allowFilter", "true")
        repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
        return repo

    def siblings(self, *, network: bool, now: int = NOW, max_age: int = 900) -> Siblings:
        access = Access(str(self.cache), network, now, max_age)
        self.opened.append(Siblings(find_checkout(self.own.path), {}, access))
        return self.opened[-1]

    def find(self, *, network: bool, now: int = NOW) -> tuple[Repo, tuple[str, ...]]:
        siblings = self.siblings(network=network, now=now)
        return siblings.find("serving", SERVING), siblings.notices

    def warm(self) -> None:
        """Clone, and read every file of the default branch."""
        read(self.find(network=True)[0])

    def vanish(self) -> None:
        """Take the host away."""
        (self.folder / "forge").rename(self.folder / "gone")


def read(repo: Repo) -> dict[str, bytes | str]:
    assert repo.tree is not None, repo.reason
    return contents(repo.tree)


class Trace:
    """What git did, by its own trace."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = path
        monkeypatch.setenv("GIT_TRACE", str(path))

    def verbs(self) -> list[str]:
        """The verbs of git that were started since the last call."""
        text = self.path.read_text() if self.path.exists() else ""
        self.path.write_text("")
        lines = [line.partition("built-in: git ")[2] for line in text.splitlines()]
        return [line.split()[0] for line in lines if line]
