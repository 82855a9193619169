"""One process at a time: a lock on a file that the system itself releases when a process dies."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import Self

from interlock.errors import TreeError


class Lock:
    """Holds the file ``path`` locked within a ``with``; ``held`` is False where others kept it."""

    def __init__(self, path: str, patience: float) -> None:
        """Wait at most ``patience`` seconds for others."""
        self._path = path
        self._patience = patience
        self._file = -1
        self.held = False

    def __enter__(self) -> Self:
        """Wait for the lock; raises TreeError where its file cannot be made."""
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise TreeError(f"{self._path} cannot be written: {error.strerror}") from None
        end = time.monotonic() + self._patience
        while not self._taken():
            if time.monotonic() >= end:
                return self
            time.sleep(0.05)
        self.held = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Release it; the file stays, so that nobody locks one that is gone."""
        os.close(self._file)
        self.held = False

    def _taken(self) -> bool:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(self._file, msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
