"""KeywordDetector's patterns: which are asked of a file, and what a line needs for each."""

from __future__ import annotations

import os
import re
from functools import lru_cache

from interlock.values import Any, NamedTuple

_QUOTE = "[\"'`]"
#: By the pattern's name in detect-secrets 1.5.0: what stands in every line that it matches.
_SIGNS = {
    "FOLLOWED_BY_COLON_EQUAL_SIGNS_REGEX": ":=",
    "FOLLOWED_BY_COLON_REGEX": ":",
    "FOLLOWED_BY_COLON_QUOTES_REQUIRED_REGEX": rf":\s*{_QUOTE}",
    "FOLLOWED_BY_EQUAL_SIGNS_OPTIONAL_BRACKETS_OPTIONAL_AT_SIGN_QUOTES_REQUIRED_REGEX": (
        r"[!=]\s*@?\""
    ),
    "FOLLOWED_BY_OPTIONAL_ASSIGN_QUOTES_REQUIRED_REGEX": r"\(\"",
    "FOLLOWED_BY_EQUAL_SIGNS_REGEX": "=",
    "FOLLOWED_BY_EQUAL_SIGNS_QUOTES_REQUIRED_REGEX": rf"=\s*{_QUOTE}",
    "PRECEDED_BY_EQUAL_COMPARISON_SIGNS_QUOTES_REQUIRED_REGEX": rf"{_QUOTE}\s*[!=]{{2}}",
    "FOLLOWED_BY_QUOTES_AND_SEMICOLON_REGEX": f"{_QUOTE};",
    "FOLLOWED_BY_ARROW_FUNCTION_SIGN_QUOTES_REQUIRED_REGEX": rf"=>?\s*{_QUOTE}",
}
#: The one pattern whose match starts before its keyword: with the value.
_COMPARED = "PRECEDED_BY_EQUAL_COMPARISON_SIGNS_QUOTES_REQUIRED_REGEX"


class Pattern(NamedTuple):
    """``regex``'s ``group`` is the value; ``signs`` stands in each line that it matches.

    ``after`` says that a match starts with its keyword.
    """

    signs: Any
    regex: Any
    group: int
    after: bool


class Kind(NamedTuple):
    """A kind of file: the name under which compatgate has it, and its patterns."""

    name: str
    patterns: tuple[Pattern, ...]


def kind_of(path: str) -> Kind:
    """The kind of a file, by its name alone."""
    return _by_ending(os.path.splitext(path)[1])


@lru_cache(maxsize=256)
def _by_ending(ending: str) -> Kind:
    from detect_secrets.util.filetype import determine_file_type

    return _kinds().get(determine_file_type("x" + ending)) or _kinds()[None]


@lru_cache(maxsize=1)
def _kinds() -> dict[Any, Kind]:
    """Kinds by detect-secrets' file types; None stands for all others."""
    from detect_secrets.plugins import keyword as base

    signs = {getattr(base, name): (name, re.compile(sign)) for name, sign in _SIGNS.items()}
    names = (
        ("config", base.CONFIG_DENYLIST_REGEX_TO_GROUP),
        ("config", base.GOLANG_DENYLIST_REGEX_TO_GROUP),
        ("c", base.COMMON_C_DENYLIST_REGEX_TO_GROUP),
        ("c++", base.C_PLUS_PLUS_REGEX_TO_GROUP),
    )
    made = {}
    others = base.QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP
    for file_type, chosen in [(None, others), *base.REGEX_BY_FILETYPE.items()]:
        name = next((name for name, known in names if known is chosen), "quoted")
        patterns = tuple(
            Pattern(signs[regex][1], regex, group, signs[regex][0] != _COMPARED)
            for regex, group in chosen.items()
        )
        made[file_type] = Kind(name, patterns)
    return made
