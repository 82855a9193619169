"""The bounds on what is read, so that no file can hang or exhaust a run.

Each is far above what configuration files hold and far below what hurts.
"""

from __future__ import annotations

from interlock.documents.base import DocumentProblem, Span

#: Nested containers. Python's own JSON reader gives up near 1,000; people near 20.
MAX_DEPTH = 200
#: Values in one file, with every alias and merge key counted as often as it stands for a copy.
MAX_NODES = 1_000_000
#: Digits of one number: CPython's own limit for turning text into an integer.
MAX_DIGITS = 4_300


class LimitError(ValueError):
    """A file went over a bound; ``offset`` is the character where."""

    def __init__(self, message: str, offset: int) -> None:
        """Keep the offset for the place."""
        super().__init__(message)
        self.offset = offset


def too_deep(offset: int) -> LimitError:
    """The error for nesting over MAX_DEPTH."""
    return LimitError(f"is nested more than {MAX_DEPTH} levels deep", offset)


def too_many(offset: int) -> LimitError:
    """The error for more than MAX_NODES values."""
    return LimitError(
        f"holds more than {MAX_NODES:,} values (aliases and merge keys counted as copies)", offset
    )


def fatal(message: str, offset: int, end: int | None = None) -> DocumentProblem:
    """A problem that leaves the file without values."""
    return DocumentProblem(message, Span(offset, offset if end is None else end), fatal=True)


def duplicate(name: str, first_line: int, line: int, span: Span) -> DocumentProblem:
    """The problem of a member that stands twice in one mapping."""
    return DocumentProblem(
        f"`{name}` stands twice in one mapping, in lines {first_line} and {line}; "
        "the first one is silently ignored",
        span,
        fatal=False,
    )
