"""How people say that changes belong together: a branch's name, a line of the description."""

from __future__ import annotations

import re
from collections.abc import Iterator

from interlock.values import NamedTuple

#: What the branches of a set begin with, and the trailer of its descriptions.
PREFIX = "interlock/"
TRAILER = "Interlock-Set"

#: git's rules for names (git-check-ref-format) allow much more; this is safe on every system.
_STRANGE = re.compile(r"[^a-z0-9._-]+|\.{2,}|\.lock(?=\.|\Z)")
_SAFE = 60
_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")
#: A trailer as git knows it: a token, a colon, a value.
_LINE = re.compile(r"([A-Za-z0-9-]+)\s?:(.*)")
_MEANT = re.compile(r"\s*[*_-]?\s*interlock[-_ ]?set\b", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
#: Stands for a line of somebody else, and is no trailer.
_QUOTED = "quoted"
_SPAN = re.compile(r"`[^`]*`")
#: A description is bounded by GitHub (65,536 characters); a commit message by nothing.
_MAX_TEXT = 200_000


class Trailers(NamedTuple):
    """The sets that a text names, and what is wrong with lines that were probably meant so."""

    values: tuple[str, ...]
    warnings: tuple[str, ...]


def set_id(key: str) -> str:
    """What names the set of the experiment ``key`` in branches and trailers; its own id is itself.

    A key that cannot stand in a branch's name gets a checksum, so that no two become one.
    """
    plain = _STRANGE.sub("-", key.lower())[:_SAFE].strip("-.")
    if plain == key:
        return plain
    from hashlib import sha256

    mark = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain}-{mark}" if plain else mark


def set_branch(key: str) -> str:
    """The branch that a set's changes are made on: ``interlock/ranker-v2``."""
    return PREFIX + set_id(key)


def id_of_branch(branch: str) -> str:
    """The set that a branch names, "" for any other branch."""
    rest = branch.removeprefix(PREFIX)
    return rest if rest != branch and rest and set_id(rest) == rest else ""


def trailers(text: str) -> Trailers:
    """The values of the `Interlock-Set` lines in the last paragraph of ``text``.

    Lines in code, quotes and HTML comments are not its author's words. A line of that name which
    stands elsewhere, or whose value is none, gives a warning.
    """
    lines = list(_own_lines(text[:_MAX_TEXT]))
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    values: dict[str, None] = {}
    warnings: dict[str, None] = {}
    for at, line in enumerate(lines[:end]):
        if not _MEANT.match(line):
            continue
        found = _LINE.fullmatch(line.rstrip())
        if found is None or found[1].lower() != TRAILER.lower():
            warnings[f"write `{TRAILER}: <key>` on a line of its own"] = None
        elif at < start or not _is_trailing(lines[start:end]):
            warnings[f"`{TRAILER}` counts only in the last paragraph, among lines like it"] = None
        elif not _VALUE.fullmatch(found[2].strip()):
            warnings[f"`{TRAILER}` needs one key of letters, digits, `.`, `_`, `/` and `-`"] = None
        else:
            values[found[2].strip()] = None
    return Trailers(tuple(values), tuple(warnings))


def _is_trailing(lines: list[str]) -> bool:
    """True for a paragraph of nothing but trailers, as `git interpret-trailers` writes it."""
    return all(_LINE.fullmatch(line.rstrip()) or line.startswith((" ", "(")) for line in lines)


def _own_lines(text: str) -> Iterator[str]:
    """The author's lines; comments leave a gap, others leave a word in their place."""
    fence, comment = "", False
    for line in text.splitlines():
        if comment:
            comment = "-->" not in line
            yield ""
            continue
        marker = _FENCE.match(line)
        if fence:
            closes = marker is not None and marker[1].startswith(fence) and not line.strip(" `~")
            fence = "" if closes else fence
            yield _QUOTED
        elif marker is not None:
            fence = marker[1]
            yield _QUOTED
        elif "<!--" in _SPAN.sub("", line):
            comment = "-->" not in line.rpartition("<!--")[2]
            yield line.partition("<!--")[0]
        elif line.startswith(("    ", "\t")) or line.lstrip().startswith(">"):
            yield _QUOTED
        else:
            yield line
