"""Globs over names: rule ids, keys, values and repositories; ``/`` is a letter like others."""

from __future__ import annotations

from fnmatch import fnmatchcase


def fits(glob: str, text: str) -> bool:
    """True where ``glob`` fits the whole of ``text``; ``*`` also crosses ``/``."""
    return glob == text or fnmatchcase(text, glob)
