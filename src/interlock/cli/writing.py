"""Writes a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile

from interlock.errors import UsageError


def write_text(path: str, text: str) -> None:
    """Write a report: a whole file or nothing, to standard output where ``path`` is ""."""
    if not path:
        sys.stdout.write(text)
        return
    try:
        write_whole(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def write_whole(path: str, data: bytes) -> None:
    """Write beside ``path``, then rename over it; its mode stays. Raises OSError."""
    real = os.path.realpath(path)
    handle, beside = tempfile.mkstemp(dir=os.path.dirname(real) or ".", prefix=".interlock-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = os.stat(real).st_mode & 0o777 if os.path.exists(real) else 0o644
        os.chmod(beside, mode)
        os.replace(beside, real)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise
