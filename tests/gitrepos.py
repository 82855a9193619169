"""Real git repositories for tests: written, committed and hidden from the machine's settings."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from interlock.trees.base import Tree, Unread

#: A name that is no text; only Linux lets files have one.
NO_TEXT = ["\udcff\udcfe"] if sys.platform == "linux" else []
#: A moment at which commits are made unless a test says another: 2026-01-01.
THEN = 1_767_225_600


def clean_environment() -> dict[str, str]:
    """The environment without anything that leads git elsewhere, and with an author."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return env | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.com",
    }


class Repository:
    """A repository in ``folder``, made on the first use of ``git``."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        """``git init`` with ``arguments``."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *arguments)

    @property
    def path(self) -> str:
        """The folder as text."""
        return str(self.folder)

    def git(self, *arguments: str, when: int = THEN, given: bytes = b"") -> str:
        """What git prints; a failure fails the test with git's words."""
        return run_git(self.folder, *arguments, when=when, given=given)

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files into the work tree."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, files: Mapping[str, str | bytes], when: int = THEN) -> str:
        """Write files, stage everything, commit; gives the commit's id."""
        self.write(files)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change", when=when)
        return self.git("rev-parse", "HEAD")


def run_git(folder: Path, *arguments: str, when: int = THEN, given: bytes = b"") -> str:
    """What git prints in ``folder``."""
    date = f"@{when} +0000"
    env = clean_environment() | {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    safe = ("-c", "protocol.file.allow=always", "-c", "commit.gpgSign=false")
    done = subprocess.run(
        ["git", "-C", str(folder), *safe, *arguments],
        env=env,
        input=given,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, f"git {arguments}: {done.stderr.decode()}"
    return done.stdout.decode("utf-8", "surrogateescape").strip()


def hide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the code under test see the same clean environment."""
    for name in os.environ:
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    for name, value in clean_environment().items():
        if name.startswith("GIT_"):
            monkeypatch.setenv(name, value)


def contents(tree: Tree, prefix: str = "") -> dict[str, bytes | str]:
    """Path -> bytes, or the reason why a file was not read."""
    return {
        entry.path: data.reason if isinstance(data, Unread) else data
        for entry, data in tree.read(tree.entries(prefix))
    }
