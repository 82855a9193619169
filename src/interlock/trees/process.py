"""Runs git with as little as possible: no shell, no prompt, nothing a repository configures."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from interlock.errors import TreeError

#: Settings that a hostile repository could use to run something, or that change the output.
_SAFE = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.quotePath=false",
    "-c",
    "protocol.ext.allow=never",
)
#: Variables by which git is told of another repository; kept for our own, dropped for siblings.
_REDIRECTS = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
)


def environment(*, own: bool, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for git: quiet, in English, without locks or questions."""
    env = dict(os.environ)
    if not own:
        for name in _REDIRECTS:
            env.pop(name, None)
    env.update(LC_ALL="C", GIT_OPTIONAL_LOCKS="0", GIT_TERMINAL_PROMPT="0", GIT_PAGER="cat")
    env.update(extra or {})
    return env


class Git:
    """A running git: write to ``stdin``, read from ``stdout``, then ``finish``."""

    def __init__(self, where: str, arguments: Sequence[str], env: Mapping[str, str]) -> None:
        """Start ``git -C where arguments``; raises TreeError where git is not installed."""
        command = ["git", "-C", where, *_SAFE, *arguments]
        if hasattr(os, "posix_spawnp") and sys.platform != "win32":
            self._spawn(command, env)
        else:
            self._popen(command, env)

    def _spawn(self, command: list[str], env: Mapping[str, str]) -> None:
        # subprocess costs as much to import as bare Python takes to start.
        in_read, in_write = os.pipe()
        out_read, out_write = os.pipe()
        err_read, err_write = os.pipe()
        actions = [
            (os.POSIX_SPAWN_DUP2, in_read, 0),
            (os.POSIX_SPAWN_DUP2, out_write, 1),
            (os.POSIX_SPAWN_DUP2, err_write, 2),
        ]
        try:
            pid = os.posix_spawnp("git", command, env, file_actions=actions)
        except OSError as error:
            for end in (in_write, out_read, err_read):
                os.close(end)
            raise TreeError(f"git cannot be run ({error.strerror}): install git") from None
        finally:
            for end in (in_read, out_write, err_write):
                os.close(end)
        self.stdin = os.fdopen(in_write, "wb", 0)
        self.stdout = os.fdopen(out_read, "rb")
        self._stderr = os.fdopen(err_read, "rb")

        def wait() -> int:
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

        self._wait = wait

    def _popen(self, command: list[str], env: Mapping[str, str]) -> None:
        import subprocess

        pipe = subprocess.PIPE
        try:
            process = subprocess.Popen(command, env=dict(env), stdin=pipe, stdout=pipe, stderr=pipe)
        except OSError as error:
            raise TreeError(f"git cannot be run ({error.strerror}): install git") from None
        assert process.stdin and process.stdout and process.stderr  # noqa: PT018  pipes
        self.stdin = process.stdin  # type: ignore[assignment]
        self.stdout = process.stdout  # type: ignore[assignment]
        self._stderr = process.stderr  # type: ignore[assignment]
        self._wait = process.wait

    def finish(self) -> tuple[int, str]:
        """Close the input, wait, and give the exit code with git's last line of complaint."""
        if not self.stdin.closed:
            self.stdin.close()
        self.stdout.close()
        complaint = self._stderr.read().decode("utf-8", "replace").strip()
        self._stderr.close()
        return self._wait(), complaint.rpartition("\n")[2]


def git(
    where: str, *arguments: str, own: bool = False, extra: Mapping[str, str] | None = None
) -> bytes:
    """What git prints; raises TreeError with its last line where it fails."""
    running = Git(where, arguments, environment(own=own, extra=extra))
    running.stdin.close()
    output = running.stdout.read()
    code, complaint = running.finish()
    if code:
        raise TreeError(complaint.removeprefix("fatal: ") or f"git {arguments[0]} failed")
    return output
