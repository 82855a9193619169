"""Every place that names one table of a TOML file: headers, longer headers, dotted keys."""

from __future__ import annotations

from interlock.documents.base import Node, Span, Steps
from interlock.documents.toml_nodes import Locator, Part


class _Mentions(Locator):
    """Reads a text and notes where the table at ``steps`` is named."""

    def __init__(self, text: str, steps: Steps) -> None:
        super().__init__(text)
        self.steps = steps
        self.path: tuple[str, ...] = ()
        self.found: list[Span] = []

    def peek(self, at: int) -> list[Part]:
        """The key at ``at``, without going there."""
        before, self.at = self.at, at
        parts = self.key()
        self.at = before
        return parts

    def note(self, above: tuple[str, ...], parts: list[Part]) -> None:
        """Note the part that names the table, seen from the table ``above``."""
        names = (*above, *(name for name, _ in parts))
        own = len(self.steps) - 1 - len(above)
        if own >= 0 and names[: len(self.steps)] == self.steps:
            self.found.append(parts[own][1])

    def header(self) -> None:
        """See Locator."""
        parts = self.peek(self.at + 1 + self.text.startswith("[[", self.at))
        self.note((), parts)
        self.path = tuple(name for name, _ in parts)
        super().header()

    def pair(self, table: Node) -> None:
        """See Locator."""
        self.note(self.path, self.peek(self.at))
        super().pair(table)


def mentions(text: str, steps: Steps) -> list[Span]:
    """Where the member at ``steps``, all of them names, is named, in the order of the text."""
    reader = _Mentions(text, steps)
    reader.run()
    return reader.found
