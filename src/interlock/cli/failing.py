"""The one place where an error becomes text and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper

from interlock.errors import InterlockError, PolicyError
from interlock.report.exit_code import BUG, USAGE

_INTERRUPTED = 130
#: What shells give for a program whose reader went away: 128 and SIGPIPE.
_NO_READER = 141
#: What an operating system says of a write that found no room, or a broken disk.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def guarded(command: Callable[[], int]) -> int:
    """Run ``command``; an expected error is told in a line, a bug with what to report."""
    _stand_in()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a pipe on Windows may not take every character
            stream.reconfigure(errors="backslashreplace")
    try:
        return written(command())
    except PolicyError as error:
        from interlock.report.problems import render_problems

        sys.stderr.write(render_problems(error.problems, colour=sys.stderr.isatty()))
        return USAGE
    except InterlockError as error:
        sys.stderr.write(f"interlock: {error}\n")
        return USAGE
    except BrokenPipeError:
        _leave_output()
        return _NO_READER
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:  # noqa: BLE001  this is the last line of defence
        return _unwritten(error) if _is_full(error) else _bug(error)


def written(code: int) -> int:
    """``code``, after all that was told has left; another where it could not be written.

    A reader who has seen enough (`| head`) changes nothing about the answer.
    """
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_output()
    except OSError as error:
        return _unwritten(error)
    return code


def _is_full(error: Exception) -> bool:
    return isinstance(error, OSError) and error.errno in _NO_ROOM and error.filename is None


def _unwritten(error: Exception) -> int:
    """Told in a line: the disk is full, or worse."""
    _leave_output()
    sys.stderr.write(f"interlock: cannot write the report: {getattr(error, 'strerror', '')}\n")
    return USAGE


def _leave_output() -> None:
    """What is left goes nowhere: Python would try, and complain, once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _stand_in() -> None:
    """Give streams that were closed (`>&-`) nowhere to write to; no file may get their numbers."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  kept to the end
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  kept to the end
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  kept to the end


def _bug(error: Exception) -> int:
    import platform
    import traceback

    from interlock import __version__

    where = traceback.extract_tb(error.__traceback__)
    # File names and lines of our own code only: values and messages may hold what is private.
    steps = [f"{f.filename.rpartition('interlock')[2]}:{f.lineno} {f.name}" for f in where[-6:]]
    sys.stderr.write(
        "interlock: this is a bug in Interlock, not in your files.\n"
        "Please report it with these lines:\n"
        f"  {type(error).__name__} in interlock {__version__}, "
        f"Python {platform.python_version()}, {platform.system()}\n"
        + "".join(f"  {step}\n" for step in steps)
    )
    return BUG
