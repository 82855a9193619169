"""Values of a policy that remember where they were written, and the problems found in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from interlock.documents.base import Document, Span, Steps
from interlock.documents.excerpt import excerpt
from interlock.model import Problem
from interlock.policy.model import Origin


class Raw:
    """A value at ``steps`` of a policy file. ``parts`` replaces its members after a merge."""

    __slots__ = ("document", "file", "parts", "steps", "value")

    def __init__(
        self,
        value: Any,
        file: str,
        document: Document,
        steps: Steps = (),
        parts: Mapping[str, Raw] | None = None,
    ) -> None:
        """Hold the value and its position."""
        self.value = value
        self.file = file
        self.document = document
        self.steps = steps
        self.parts = parts

    def members(self) -> dict[str, Raw]:
        """The members of a mapping; {} for anything else."""
        if self.parts is not None:
            return dict(self.parts)
        if not isinstance(self.value, dict):
            return {}
        return {
            name: Raw(value, self.file, self.document, (*self.steps, name))
            for name, value in self.value.items()
        }

    def items(self) -> list[Raw]:
        """The elements of a list; a value that is no list stands for a list of itself."""
        if not isinstance(self.value, list):
            return [] if self.value is None else [self]
        return [
            Raw(value, self.file, self.document, (*self.steps, at))
            for at, value in enumerate(self.value)
        ]

    def get(self, name: str) -> Raw | None:
        """The member ``name``, or None."""
        return self.members().get(name)

    def span(self, *, named: bool = False) -> Span:
        """Where the value stands, or its member name."""
        if not self.document.values:
            return Span(0, 0)
        node, exact = self.document.node(0, self.steps)
        return node.name if node.name is not None and (named or not exact) else node.span

    def origin(self) -> Origin:
        """File, line and column of the value (of its name, where it has one)."""
        line, column = self.document.line_column(self.span(named=True).start)
        return Origin(self.file, line, column)


class Problems:
    """Collects everything that is wrong with a policy, to be told at once."""

    def __init__(self) -> None:
        """Start with none."""
        self.found: list[Problem] = []

    def add(self, raw: Raw, message: str, hint: str = "", *, named: bool = False) -> None:
        """Something is wrong with ``raw`` (or with its member name)."""
        self.at(raw.file, raw.document, raw.span(named=named), message, hint)

    def at(self, file: str, document: Document, span: Span, message: str, hint: str = "") -> None:
        """Something is wrong at ``span`` of a policy file."""
        line, column, end_line, end_column, text = excerpt(document, span)
        self.found.append(Problem(message, file, line, column, end_line, end_column, text, hint))

    def unknown(self, raw: Raw, what: str, name: str, known: Iterable[str]) -> None:
        """A name that does not exist, with the one that was probably meant."""
        hint = suggestion(name, known)
        self.add(raw, f"{what} `{name}` does not exist", hint)


def suggestion(name: str, known: Iterable[str]) -> str:
    """ "did you mean `x`?", or the names there are, or "" where there are none."""
    from difflib import get_close_matches

    names = sorted(set(known))
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    return "there are: " + ", ".join(f"`{n}`" for n in names[:12]) if names else ""


class Reader:
    """Checked access to one mapping: types, and words that do not belong in it."""

    def __init__(self, raw: Raw, what: str, words: Iterable[str], problems: Problems) -> None:
        """``what`` names the mapping in messages: "a source"."""
        self.raw = raw
        self.what = what
        self.problems = problems
        self.parts = raw.members()
        if not isinstance(raw.value, dict) and raw.parts is None:
            problems.add(raw, f"{what} must be a mapping of words to values")
        allowed = set(words)
        for name, part in self.parts.items():
            if name not in allowed:
                problems.add(
                    part, f"`{name}` is not a word of {what}", suggestion(name, allowed), named=True
                )

    def __contains__(self, name: str) -> bool:
        return name in self.parts

    def require(self, name: str) -> Raw | None:
        """The member, or a problem where it is not there."""
        part = self.parts.get(name)
        if part is None:
            self.problems.add(self.raw, f"{self.what} needs `{name}`", named=True)
        return part

    def text(self, name: str, default: str = "") -> str:
        """A text; numbers and dates count as the text they were written as."""
        part = self.parts.get(name)
        return default if part is None else text_of(part, f"`{name}`", self.problems)

    def texts(self, name: str) -> tuple[str, ...]:
        """A text or a list of texts."""
        part = self.parts.get(name)
        if part is None:
            return ()
        found = (text_of(item, f"`{name}`", self.problems) for item in part.items())
        return tuple(text for text in found if text)

    def flag(self, name: str) -> bool:
        """True or false."""
        part = self.parts.get(name)
        if part is None:
            return False
        if not isinstance(part.value, bool):
            self.problems.add(part, f"`{name}` must be true or false")
        return part.value is True

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """One of a few words."""
        part = self.parts.get(name)
        if part is None:
            return default
        value = "off" if part.value is False else part.value
        if value in allowed:
            return str(value)
        words = ", ".join(f"`{word}`" for word in allowed)
        self.problems.add(part, f"`{name}` must be one of {words}", suggestion(str(value), allowed))
        return default


def text_of(raw: Raw, what: str, problems: Problems) -> str:
    """The text of a scalar; a problem for anything else."""
    if isinstance(raw.value, str):
        return raw.value
    if isinstance(raw.value, (int, float)) and not isinstance(raw.value, bool):
        start, end = raw.span()
        return raw.document.text[start:end] or str(raw.value)
    problems.add(raw, f"{what} must be text")
    return ""
