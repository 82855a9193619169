"""Checked access to the values of a policy: texts, lists, mappings and their words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from interlock.policy.problems import Problems
from interlock.policy.raw import Raw
from interlock.policy.suggest import closest
from interlock.trees.globs import Glob, compile_glob
from interlock.values import Any, TypeVar

#: Aliases, sources and fields: what can be written as ``source.field`` and as a capture.
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
#: Ids of rules and companions.
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")

#: Characters of a path or glob, and wildcards in a glob: matching grows with each of them.
MAX_LENGTH, MAX_WILDCARDS = 500, 12
NO_VALUE = "`{}` has no value; write one, or leave the word out"
_Word = TypeVar("_Word", bound=str)


class Reader:
    """Checked access to one mapping: its words, and the types of their values."""

    def __init__(
        self,
        raw: Raw,
        what: str,
        words: Iterable[str],
        problems: Problems,
        *,
        nullable: tuple[str, ...] = (),
    ) -> None:
        """``what`` names the mapping in messages: "a source". ``nullable`` words may hold null."""
        self.raw = raw
        self.what = what
        self.problems = problems
        self.parts: dict[str, Raw] = {}
        self.mapping = isinstance(raw.value, dict)
        self.strange = 0
        self._meant: set[str] = set()
        if not self.mapping:
            problems.add(raw, f"{what} must be a mapping, not {kind_of(raw.value)}")
        allowed = frozenset(words)
        for name, part in raw.members().items():
            if name not in allowed:
                self._word(part, name, allowed)
            elif part.value is None and name not in nullable:
                problems.add(part, NO_VALUE.format(name), named=True)
            else:
                self.parts[name] = part

    def _word(self, part: Raw, name: str, allowed: frozenset[str]) -> None:
        """A word that does not belong here; an older Interlock only counts it."""
        self.strange += 1
        if self.problems.lenient:
            self.problems.ignored += 1
            return
        message = f"`{name}` is not a word of {self.what}"
        self._meant.add(self.problems.misnamed(part, message, name, allowed, named=True))

    def __contains__(self, name: str) -> bool:
        return name in self.parts

    def get(self, name: str) -> Raw | None:
        """The member, or None."""
        return self.parts.get(name)

    def require(self, name: str, hint: str = "") -> Raw | None:
        """The member, or a problem where it is not there."""
        self.needs({name: hint})
        return self.parts.get(name)

    def needs(self, hints: Mapping[str, str]) -> None:
        """One problem for all of these words that are not there, with the first one's hint.

        A word that is there but misspelt, or without a value, is told already.
        """
        given = self.raw.members()
        missing = [word for word in hints if word not in given and word not in self._meant]
        if missing and self.mapping:
            *most, last = [f"`{word}`" for word in missing]
            words = f"{', '.join(most)} and {last}" if most else last
            self.problems.add(self.raw, f"{self.what} needs {words}", hints[missing[0]], named=True)

    def unclear(self, message: str, hint: str = "", *, named: bool = True) -> None:
        """A problem with which words are there, unless one of them is told already."""
        if self.mapping and not self.strange and len(self.parts) == len(self.raw.members()):
            self.problems.add(self.raw, message, hint, named=named)

    def text(self, name: str) -> str:
        """A text, "" where it is not there."""
        part = self.parts.get(name)
        return "" if part is None else text_of(part, f"`{name}`", self.problems)

    def texts(self, name: str) -> tuple[tuple[Raw, str], ...]:
        """A text or a list of texts, each with its place."""
        part = self.parts.get(name)
        return () if part is None else texts_of(part, f"`{name}`", self.problems)

    def flag(self, name: str) -> bool:
        """True or false."""
        part = self.parts.get(name)
        if part is None:
            return False
        if not isinstance(part.value, bool):
            self.problems.add(part, f"`{name}` must be true or false")
        return part.value is True

    def members(self, name: str) -> dict[str, Raw]:
        """The members of a mapping."""
        part = self.parts.get(name)
        if part is not None and not isinstance(part.value, dict):
            self.problems.add(part, f"`{name}` must be a mapping, not {kind_of(part.value)}")
        return {} if part is None else part.members()

    def listing(self, name: str) -> list[Raw]:
        """The elements of a list."""
        part = self.parts.get(name)
        if part is None:
            return []
        if not isinstance(part.value, list):
            self.problems.add(part, f"`{name}` must be a list, not {kind_of(part.value)}")
            return []
        return part.items()

    def one_of(self, name: str, allowed: tuple[_Word, ...], default: _Word) -> _Word:
        """One of a few words."""
        part = self.parts.get(name)
        return (
            default if part is None else one_of(part, f"`{name}`", allowed, self.problems, default)
        )


def kind_of(value: Any) -> str:
    """What a value is, for a message."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "text" if isinstance(value, str) else "a number"


def one_of(
    raw: Raw, what: str, allowed: tuple[_Word, ...], problems: Problems, default: _Word
) -> _Word:
    """One of a few words; a problem and ``default`` for anything else."""
    for word in allowed:
        if raw.value == word:
            return word
    words = ", ".join(f"`{word}`" for word in allowed)
    close = closest(raw.value, allowed) if isinstance(raw.value, str) else ""
    suffix = f"; did you mean `{close}`?" if close else ""
    problems.add(raw, f"{what} must be one of {words}{suffix}")
    return default


def text_of(raw: Raw, what: str, problems: Problems) -> str:
    """A text that is not empty; a problem and "" for anything else."""
    if isinstance(raw.value, str) and raw.value:
        return raw.value
    if isinstance(raw.value, (str, dict, list)) or raw.value is None:
        problems.add(
            raw, f"{what} must be text, not {kind_of(raw.value) if raw.value else 'empty'}"
        )
    else:
        problems.add(raw, f"{what} must be text, not {kind_of(raw.value)}", "put it in quotes")
    return ""


def texts_of(raw: Raw, what: str, problems: Problems) -> tuple[tuple[Raw, str], ...]:
    """A text or a list of at least one text, each with its place."""
    if isinstance(raw.value, list) and not raw.value:
        problems.add(raw, f"{what} must name at least one")
    found = ((item, text_of(item, what, problems)) for item in raw.items())
    return tuple((item, text) for item, text in found if text)


def named_members(raw: Raw | None, what: str, problems: Problems) -> Mapping[str, Raw]:
    """The members of a mapping whose member names are names; a problem for any other."""
    members = {} if raw is None else raw.members()
    for name, part in members.items():
        if not NAME.match(name):
            problems.add(
                part,
                f"`{name}` cannot name {what}",
                "a name begins with a letter and holds letters, digits, `-` and `_`",
                named=True,
            )
    return members


def globs_of(raw: Raw | None, what: str, problems: Problems) -> tuple[Glob, ...]:
    """The compiled globs of a text or a list of texts."""
    found = []
    for item, text in texts_of(raw, what, problems) if raw is not None else ():
        if len(text) > MAX_LENGTH or sum(map(text.count, "*?{")) > MAX_WILDCARDS:
            problems.add(
                item,
                f"{what}: a glob has at most {MAX_LENGTH} characters "
                f"and {MAX_WILDCARDS} wildcards and captures",
            )
            continue
        try:
            found.append(compile_glob(text))
        except (ValueError, re.error) as error:
            problems.add(item, f"{what}: {error}")
    return tuple(found)
