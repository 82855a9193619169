"""Globs over names: rule ids, keys, values and repositories; ``/`` is a letter like others."""

from __future__ import annotations

_WILD = frozenset("*?[")


def fits(glob: str, text: str) -> bool:
    """True where ``glob`` fits the whole of ``text``; ``*`` also crosses ``/``."""
    if _WILD.isdisjoint(glob):
        return glob == text
    from fnmatch import fnmatchcase

    return fnmatchcase(text, glob)
