"""Runs one program with pipes: by posix_spawn where there is one, since subprocess costs 15 ms."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from interlock.errors import TreeError
from interlock.values import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from threading import Thread

NOT_INSTALLED = "git is not installed, or not on PATH: install it (https://git-scm.com)"
#: How much of a program's complaint is kept: its end.
_COMPLAINT = 64 * 1024
_CHUNK = 1 << 16
#: What a pipe holds on every system.
_PIPE = 4_096
#: Python ignores SIGPIPE and a child would inherit that; 13 on every POSIX system.
_SIGPIPE = 13


class Process(Protocol):
    """A running program. ``write`` may raise BrokenPipeError once it has ended."""

    def write(self, data: bytes) -> None:
        """Give it all of ``data``; blocks while it does not read."""

    def end_input(self) -> None:
        """Say that nothing more is written."""

    def read(self, size: int, deadline: float | None = None) -> bytes:
        """Some output, at most ``size`` bytes; nothing at its end.

        Raises TimeoutError where it stays silent until ``deadline`` (time.monotonic() seconds).
        """

    def finish(self) -> tuple[int, str]:
        """Close the pipes, wait, and give its exit code and the end of its complaint."""

    def kill(self) -> None:
        """End it at once; ``finish`` must still be called."""


def start(command: Sequence[str], env: Mapping[str, str], *, group: bool = False) -> Process:
    """Start ``command``; with ``group`` it can be killed together with its children.

    Raises TreeError with a sentence where the program cannot be run.
    """
    try:
        if sys.platform != "win32" and hasattr(os, "posix_spawnp"):
            return Spawned(command, env, group=group)
        return Fallback(command, env)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise TreeError(NOT_INSTALLED) from None
        raise TreeError(f"{command[0]} cannot be run: {error.strerror}") from None


if sys.platform != "win32":

    class Spawned:
        """A program started by posix_spawn. Its complaint is drained while its output is read."""

        def __init__(
            self, command: Sequence[str], env: Mapping[str, str], *, group: bool = False
        ) -> None:
            """Start ``command``; raises OSError where that fails."""
            import select

            in_read, self._in = _pipe()
            self._out, out_write = _pipe()
            self._err, err_write = _pipe()
            actions = [
                (os.POSIX_SPAWN_DUP2, in_read, 0),
                (os.POSIX_SPAWN_DUP2, out_write, 1),
                (os.POSIX_SPAWN_DUP2, err_write, 2),
            ]
            self._group = group
            words = tuple(command)
            spawn = os.posix_spawnp
            try:
                if group:
                    self._pid = spawn(
                        words[0],
                        words,
                        env,
                        file_actions=actions,
                        setsigdef=[_SIGPIPE],
                        setpgroup=0,
                    )
                else:
                    self._pid = spawn(
                        words[0], words, env, file_actions=actions, setsigdef=[_SIGPIPE]
                    )
            except OSError:
                for end in (self._in, self._out, self._err):
                    os.close(end)
                raise
            finally:
                for end in (in_read, out_write, err_write):
                    os.close(end)
            self._complaint = bytearray()
            self._poll = select.poll()
            self._poll.register(self._out, select.POLLIN)
            self._poll.register(self._err, select.POLLIN)
            self._open = {self._in, self._out, self._err}
            self._early = bytearray()
            os.set_blocking(self._in, False)

        def write(self, data: bytes) -> None:
            """See Process. What it says meanwhile is kept: else both would wait for ever."""
            rest = memoryview(data)
            while rest:
                try:
                    rest = rest[os.write(self._in, rest) :]
                except BlockingIOError:
                    self._listen()

        def _listen(self) -> None:
            """Wait until it reads, taking what it says."""
            import select

            self._poll.register(self._in, select.POLLOUT)
            try:
                ready = [end for end, _ in self._poll.poll()]
            finally:
                self._poll.unregister(self._in)
            if self._err in ready:
                self._drain()
            if self._out in ready:
                data = os.read(self._out, _CHUNK)
                self._early += data
                if not data:
                    self._close(self._out)

        def end_input(self) -> None:
            """See Process."""
            self._close(self._in)

        def read(self, size: int, deadline: float | None = None) -> bytes:
            """See Process."""
            if self._early:
                data = bytes(self._early[:size])
                del self._early[:size]
                return data
            while self._out in self._open:
                ready = [end for end, _ in self._poll.poll(_left(deadline))]
                if not ready:
                    raise TimeoutError
                if self._err in ready:
                    self._drain()
                if self._out in ready:
                    data = os.read(self._out, min(size, _CHUNK))
                    if not data:
                        self._close(self._out)
                    return data
            return b""

        def _drain(self) -> None:
            data = os.read(self._err, _CHUNK)
            if not data:
                self._close(self._err)
            self._complaint += data
            del self._complaint[:-_COMPLAINT]

        def _close(self, end: int) -> None:
            if end in self._open:
                self._open.remove(end)
                if end != self._in:
                    self._poll.unregister(end)
                os.close(end)

        def finish(self) -> tuple[int, str]:
            """See Process."""
            self._close(self._in)
            self._close(self._out)
            status = None
            # A child left behind may hold the pipe open: its end is not waited for.
            while self._err in self._open:
                if self._poll.poll(100):
                    self._drain()
                    continue
                pid, status = os.waitpid(self._pid, os.WNOHANG)
                if pid:
                    self._close(self._err)
                else:
                    status = None
            if status is None:
                status = os.waitpid(self._pid, 0)[1]
            code = os.waitstatus_to_exitcode(status)
            return code, self._complaint.decode("utf-8", "replace")

        def kill(self) -> None:
            """See Process."""
            try:
                if self._group:
                    os.killpg(self._pid, 9)
                else:
                    os.kill(self._pid, 9)
            except ProcessLookupError:
                pass


def _left(deadline: float | None) -> int | None:
    if deadline is None:
        return None
    import time

    return max(0, int((deadline - time.monotonic()) * 1000))


def _pipe() -> tuple[int, int]:
    """A pipe whose ends are not 0, 1 or 2, which a caller without streams would get."""
    ends = os.pipe()
    if min(ends) > 2:
        return ends
    try:
        return _pipe()
    finally:
        os.close(ends[0])
        os.close(ends[1])


class Fallback:
    """A program started by subprocess, for Windows; its complaint goes to a file."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Start ``command``; raises OSError where that fails."""
        import subprocess
        import tempfile

        self._err = tempfile.TemporaryFile()  # noqa: SIM115  closed by finish()
        self._writer: Thread | None = None
        try:
            self._popen = subprocess.Popen(
                list(command),
                env=dict(env),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._err,
                bufsize=0,
            )
        except OSError:
            self._err.close()
            raise

    def write(self, data: bytes) -> None:
        """See Process. Much is written beside what else happens: else both would wait for ever."""
        self._write(data[:_PIPE])
        if len(data) > _PIPE:
            from threading import Thread

            self._writer = Thread(target=self._write, args=(data[_PIPE:],), daemon=True)
            self._writer.start()

    def _write(self, data: bytes) -> None:
        assert self._popen.stdin is not None
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._popen.stdin.write(rest) or 0 :]
        except OSError as error:
            # Windows says EINVAL where POSIX says EPIPE. Of a thread nobody hears it: what the
            # program says tells why.
            if self._writer is None:
                raise BrokenPipeError from error

    def end_input(self) -> None:
        """See Process."""
        assert self._popen.stdin is not None
        if self._writer is None:
            self._popen.stdin.close()
            return
        from threading import Thread

        writer, stdin = self._writer, self._popen.stdin

        def close() -> None:
            writer.join()
            stdin.close()

        Thread(target=close, daemon=True).start()

    def read(self, size: int, deadline: float | None = None) -> bytes:
        """See Process; a timer ends a program that is late, since pipes cannot be polled here."""
        assert self._popen.stdout is not None
        if deadline is None:
            return self._popen.stdout.read(size)
        from threading import Timer

        late = Timer((_left(deadline) or 0) / 1000, self._popen.kill)
        late.start()
        try:
            data = self._popen.stdout.read(size)
        finally:
            late.cancel()
        if not data and _left(deadline) == 0:
            raise TimeoutError
        return data

    def finish(self) -> tuple[int, str]:
        """See Process."""
        assert self._popen.stdout is not None
        self.end_input()
        self._popen.stdout.close()
        code = self._popen.wait()
        self._err.seek(max(0, self._err.seek(0, os.SEEK_END) - _COMPLAINT))
        complaint = self._err.read().decode("utf-8", "replace")
        self._err.close()
        return code, complaint

    def kill(self) -> None:
        """See Process."""
        self._popen.kill()
