"""Checks patterns of a policy without starting RE2 for the plain ones.

RE2 takes some milliseconds to import, and a hook whose change touches no pattern does not need it.
Patterns made only of what RE2 and Python read alike are checked by Python's compiler, which is
loaded anyway; every other pattern goes to RE2. No text is ever matched by Python's engine.
"""

from __future__ import annotations

import re

#: Characters, classes, groups, alternatives and plain repetitions: the same in both syntaxes.
_PLAIN = r"""(?: [^\\()\[\]{}*+?|]
          | \\[wdsWDSbB] | \\[^\w\s]
          | \[ \^? (?: [\w .,:/@#%&=<>!~;"'^$*+?(){}|-] | \\[wdsWDS] | \\[^\w\s] )+ \]
          | \(\?P<[A-Za-z_][A-Za-z0-9_]*> | \(\?: | \((?!\?)
          | \) | \|
          | [*+?]\??(?![*+?])
        )*"""
#: Longer patterns are RE2's to judge: it bounds the memory that they take.
_LONGEST = 200
#: In a class of characters these may come to mean set operations in Python.
_DOUBLED = ("--", "&&", "||", "~~")


def pattern_error(pattern: str) -> str:
    """Why RE2 does not accept ``pattern``; "" where it does."""
    if _plain(pattern) is not None:
        return ""
    from interlock.documents.patterns import PatternError, compile_pattern

    try:
        compile_pattern(pattern)
    except PatternError as error:
        return str(error)
    return ""


def group_names(pattern: str) -> tuple[str, ...]:
    """The named groups of a pattern that has no error."""
    plain = _plain(pattern)
    if plain is not None:
        return tuple(plain.groupindex)
    from interlock.documents.patterns import compile_pattern

    return tuple(compile_pattern(pattern).groupindex)


def _is_plain(pattern: str) -> bool:
    return re.fullmatch(_PLAIN, pattern, re.VERBOSE | re.ASCII) is not None


def _plain(pattern: str) -> re.Pattern[str] | None:
    if len(pattern) > _LONGEST or not pattern.isascii() or not _is_plain(pattern):
        return None
    if any(pair in pattern for pair in _DOUBLED):
        return None
    try:
        return re.compile(pattern)
    except (re.error, RecursionError):
        return None
