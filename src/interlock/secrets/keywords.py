"""Which rules a line's literal words call for: one pass of one automaton for all words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interlock.secrets.model import Rule
from interlock.values import Any

#: Memory that the automaton may use, in bytes.
_MAX_MEMORY = 16 << 20


class Keywords:
    """The keywords of rules. The automaton is made at the first line: most files call for none."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Rules are known by their numbers in ``rules``."""
        words: dict[str, list[int]] = {}
        for at, rule in enumerate(rules):
            for word in rule.keywords:
                words.setdefault(word, []).append(at)
        self._words = tuple(words)
        self._numbers = tuple(words.values())
        self._set: Any = None

    def called(self, line: str, always: Iterable[int] = ()) -> list[int]:
        """The numbers of the rules with a keyword in ``line``, and ``always``, in order."""
        if not self._words:
            return sorted(always)
        if self._set is None:
            self._set = _automaton(self._words)
        text = line if line.isascii() else line.encode("utf-8", "replace")
        found = self._set.Match(text) or ()  # None where no word occurs
        return sorted({*always, *(at for number in found for at in self._numbers[number])})


def _automaton(words: Sequence[str]) -> Any:
    import re2

    options = re2.Options()
    options.literal = True
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    made = re2.Set.SearchSet(options)
    for word in words:
        made.Add(word)
    made.Compile()
    return made
