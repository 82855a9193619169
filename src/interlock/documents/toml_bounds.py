"""What tomli must not be given: its time grows with the parts of keys times the statements."""

from __future__ import annotations

import re

from interlock.documents.limits import MAX_DEPTH, MAX_NODES, TOO_DEEP, TOO_MANY, StopError

#: Statements times the parts of the longest table name. tomli was measured at 0.2 µs for each.
_MAX_WORK = 20_000_000


def check_bounds(text: str) -> None:
    """Raise StopError where reading ``text`` would take far more time than its size says.

    A first look is cheap and may be wrong about dots in strings; only then is it looked at well.
    """
    dots = text.count(".")
    statements = text.count("=")
    commas = text.count(",")
    if dots <= MAX_DEPTH and commas <= MAX_NODES and statements * dots <= _MAX_WORK:
        return
    longest = max(line.count(".") for line in text.split("\n"))
    if longest > MAX_DEPTH or max(dots, commas) > MAX_NODES or statements * longest > _MAX_WORK:
        from interlock.documents.toml_tokens import blanked

        _look_well(blanked(text), statements)


def _look_well(text: str, statements: int) -> None:
    if max(text.count("."), text.count(",")) > MAX_NODES:
        raise StopError(TOO_MANY, 0, 0)
    at = longest = 0
    for line in text.split("\n"):
        is_table = line.lstrip().startswith("[")
        key = line if is_table else line.partition("=")[0]
        parts = key.count(".") + 1
        if parts > MAX_DEPTH:
            raise StopError(TOO_DEEP, at, at + len(line))
        longest = max(longest, parts if is_table else 1)
        if statements * longest > _MAX_WORK:
            message = f"has a table name of {longest} parts over {statements:,} values: too many"
            raise StopError(message, at, at + len(line))
        at += len(line) + 1


def deepest(text: str) -> StopError:
    """The error for text whose brackets are nested too deep, with the place."""
    from interlock.documents.toml_tokens import blanked

    depth = 0
    for found in re.finditer(r"[\[\]{}]", blanked(text)):
        depth += 1 if found.group() in "[{" else -1
        if depth > MAX_DEPTH:
            return StopError(TOO_DEEP, *found.span())
    return StopError(TOO_DEEP, 0, 0)
