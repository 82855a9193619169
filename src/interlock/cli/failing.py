"""The one place where an error becomes text and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import TextIOWrapper

from interlock.errors import InterlockError, PolicyError
from interlock.report.exit_code import BUG, USAGE

_INTERRUPTED = 130


def guarded(command: Callable[[], int]) -> int:
    """Run ``command``; an expected error is told in a line, a bug with what to report."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a pipe on Windows may not take every character
            stream.reconfigure(errors="backslashreplace")
    try:
        return command()
    except PolicyError as error:
        from interlock.report.problems import render_problems

        sys.stderr.write(render_problems(error.problems, colour=sys.stderr.isatty()))
        return USAGE
    except InterlockError as error:
        sys.stderr.write(f"interlock: {error}\n")
        return USAGE
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:  # noqa: BLE001  this is the last line of defence
        return _bug(error)


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
