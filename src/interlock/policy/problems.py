"""Collects everything that is wrong with a policy, so that it can be told at once."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.documents.base import Span
from interlock.documents.excerpt import excerpt
from interlock.errors import PolicyError
from interlock.model import Problem
from interlock.policy.raw import Raw, Text
from interlock.policy.suggest import closest, listed

#: More problems than this are counted, not told: the first ones have to be mended anyway.
MAX_TOLD = 100


class Problems:
    """What was found so far.

    ``lenient`` is set for a policy that needs a newer Interlock and says ``on-outdated: warn``:
    names that this one does not know are then counted in ``ignored``, and are no problem.
    """

    def __init__(self) -> None:
        """Start with none."""
        self.found: list[Problem] = []
        self.lenient = False
        self.ignored = 0
        self._more = 0
        self._told: set[tuple[str, str, Span]] = set()

    def add(self, raw: Raw, message: str, hint: str = "", *, named: bool = False) -> None:
        """Something is wrong with ``raw`` (or with its member name)."""
        if len(self.found) >= MAX_TOLD:
            self._more += 1
            return
        self.at(raw.text, raw.span(named=named), message, hint)

    def inside(self, raw: Raw, offset: int, message: str, hint: str = "") -> None:
        """Something is wrong ``offset`` characters into the text that ``raw`` holds."""
        span, text = raw.span(), raw.text.document.text
        start = text.find(raw.value, span.start, span.end) if isinstance(raw.value, str) else -1
        if start < 0:  # escaped or folded: the offset has no one place
            self.at(raw.text, span, message, hint)
        else:
            end = start + len(raw.value)
            self.at(raw.text, Span(min(start + offset, end), end), message, hint)

    def at(self, text: Text, span: Span, message: str, hint: str = "") -> None:
        """Something is wrong at ``span`` of a policy file; told once."""
        what = (message, text.name, span)
        if what in self._told:
            return
        self._told.add(what)
        if len(self.found) >= MAX_TOLD:
            self._more += 1
            return
        place = excerpt(text.document, span)
        end_line, end_column = place.end_line, place.end_column
        first, _, rest = place.text.partition("\n")
        if rest:  # a value of many lines is pointed at, not quoted
            end_line, end_column = place.line, max(len(first) + 1, place.column)
        self.found.append(
            Problem(
                message,
                text.name,
                place.line,
                place.column,
                end_line,
                end_column,
                first,
                hint,
                place.cut,
            )
        )

    def unknown(
        self, raw: Raw, what: str, name: str, known: Iterable[str], *, named: bool = False
    ) -> None:
        """A name that does not exist, with the one that was probably meant."""
        self.misnamed(raw, f"there is no {what} `{name}`", name, known, named=named)

    def misnamed(
        self, raw: Raw, message: str, name: str, known: Iterable[str], *, named: bool = False
    ) -> str:
        """``message`` about ``name`` with the name that was probably meant, which it returns."""
        names = list(known)
        close = closest(name, names) if len(self.found) < MAX_TOLD else ""
        if close:
            self.add(raw, f"{message}; did you mean `{close}`?", named=named)
        else:
            self.add(raw, message, listed(names), named=named)
        return close

    def __bool__(self) -> bool:
        return bool(self.found)

    def error(self) -> PolicyError:
        """All of it as one error, in the order of files and lines."""
        order = {name: at for at, name in enumerate(dict.fromkeys(p.path for p in self.found))}
        told = sorted(self.found, key=lambda p: (order[p.path], p.line, p.column))
        if self._more:
            last = told[-1]
            told.append(Problem(f"and {self._more} more problems", last.path, 0, 0, 0, 0, "", ""))
        return PolicyError(tuple(told))
