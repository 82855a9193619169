"""Runs git for the sandbox: no user's configuration, no prompt, a time limit."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping

#: Seconds after which a git command is given up; none of ours runs long.
LIMIT_SECONDS = 120


class GitFailed(Exception):
    """Git ended with another code than 0; the text is its complaint."""

    def __init__(self, code: int, complaint: str, output: bytes = b"") -> None:
        """Keep what git said."""
        super().__init__(complaint.strip() or f"git ended with {code}")
        self.code = code
        self.output = output


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """A clean environment for git: PATH and the system's needs, nothing of the caller's git."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    env.update(
        LC_ALL="C",
        GIT_CONFIG_NOSYSTEM="1",
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_TERMINAL_PROMPT="0",
        GIT_AUTHOR_NAME="GitHub",
        GIT_AUTHOR_EMAIL="noreply@github.com",
        GIT_COMMITTER_NAME="GitHub",
        GIT_COMMITTER_EMAIL="noreply@github.com",
        TZ="UTC",
    )
    env.update(extra or {})
    return env


def git(
    where: str, *arguments: str, given: bytes | None = None, env: Mapping[str, str] | None = None
) -> bytes:
    """What git prints; raises GitFailed where it ends with another code than 0."""
    done = subprocess.run(
        ("git", "-C", where, *arguments),
        # None would inherit our input, which a server must not read.
        input=b"" if given is None else given,
        capture_output=True,
        env=environment(env),
        timeout=LIMIT_SECONDS,
        check=False,
    )
    if done.returncode:
        complaint = done.stderr.decode("utf-8", "replace")
        raise GitFailed(done.returncode, complaint, done.stdout)
    return done.stdout


class Clock:
    """The sandbox's time in seconds since 1970: the machine's, moved on by what tests add."""

    def __init__(self, start: float | None = None) -> None:
        """Run with the machine; or stand at ``start`` and move only by ``advance``."""
        self._fixed = start
        self._offset = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return (time.time() if self._fixed is None else self._fixed) + self._offset

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._offset += seconds

    @staticmethod
    def sleep(seconds: float) -> None:
        """Really wait (latency)."""
        time.sleep(seconds)
