"""How large a document may be, and why: a repository's files are somebody else's input.

The size of a file itself is bounded where it is read (``trees.base.MAX_FILE_BYTES``).
"""

from __future__ import annotations

from collections.abc import Sequence

from interlock.documents.base import DocumentProblem, Span, Value

#: Containers inside each other. Python's own JSON reader gives up near 1,000; people near 20.
#: Every recursive step above documents (comparison, rendering) is safe at this depth.
MAX_DEPTH = 200
#: Values in one file, counted as if every alias and merge key were written out, since whoever
#: walks the values visits them that often. A 2 MB flag file has 120,000. As many members take
#: about 200 MiB as values and 600 MiB with their positions.
MAX_NODES = 1_000_000
#: Digits of one whole number: CPython's own bound on turning text into int and back.
MAX_DIGITS = 4_300
#: The same bound for hexadecimal, octal and binary digits: 16**3500 has 4,215 decimal digits.
MAX_RADIX_DIGITS = 3_500
#: Duplicate keys and the like that are listed for one file; the rest is the same mistake.
MAX_PROBLEMS = 100

TOO_DEEP = f"is nested more than {MAX_DEPTH} levels deep"
TOO_MANY = f"holds more than {MAX_NODES:,} values"
TOO_MANY_EXPANDED = f"{TOO_MANY} once its aliases are written out"
TOO_LONG = f"holds a number of more than {MAX_DIGITS:,} digits"


class NumberTooLongError(ValueError):
    """A number has more digits than MAX_DIGITS."""


class StopError(Exception):
    """Reading cannot go on; becomes the document's fatal problem. Never leaves ``documents``."""

    def __init__(self, message: str, start: int, end: int) -> None:
        """Keep the sentence and the character offsets it is about."""
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end

    @property
    def problem(self) -> DocumentProblem:
        """The fatal problem it becomes."""
        return DocumentProblem(self.message, Span(self.start, self.end), fatal=True)


def excess(values: Sequence[Value]) -> str:
    """Which bound these values break, as a clause, or "". They must not share containers."""
    level: list[Value] = [value for value in values if type(value) in (dict, list)]
    count = len(values)
    for _ in range(MAX_DEPTH + 1):
        if not level:
            return ""
        below: list[Value] = []
        for container in level:
            count += len(container)
            members = container.values() if type(container) is dict else container
            below.extend([value for value in members if type(value) in (dict, list)])
        if count > MAX_NODES:
            return TOO_MANY
        level = below
    return TOO_DEEP


def twice(text: str, name: str, first: Span, second: Span) -> DocumentProblem:
    """The problem of a member name that stands twice in one mapping."""
    lines = [text.count("\n", 0, span.start) + 1 for span in (first, second)]
    where = f"in lines {lines[0]} and {lines[1]}" if lines[0] != lines[1] else f"in line {lines[0]}"
    message = f"has the key {name[:80]!r} twice {where}; the last one wins"
    return DocumentProblem(message, second, fatal=False)
