"""Values of a policy that remember where they were written."""

from __future__ import annotations

from interlock.documents.base import Document, Span, Steps
from interlock.policy.model import Origin
from interlock.policy.references import Reference
from interlock.policy.suggest import suggestion
from interlock.values import Any, NamedTuple

__all__ = ["Raw", "Text", "suggestion"]


class Text(NamedTuple):
    """One policy file: what people call it, its document, and where it lies."""

    name: str
    document: Document
    where: Reference


class Raw:
    """A value at ``steps`` of a policy file.

    ``parts`` holds its members or elements: its own, made when asked for, or those that a merge
    put together from several files.
    """

    __slots__ = ("parts", "steps", "text", "value")

    def __init__(
        self,
        value: Any,
        text: Text,
        steps: Steps = (),
        parts: dict[str, Raw] | list[Raw] | None = None,
    ) -> None:
        """Hold the value and its position."""
        self.value = value
        self.text = text
        self.steps = steps
        self.parts = parts

    def members(self) -> dict[str, Raw]:
        """The members of a mapping; {} for anything else."""
        if self.parts is None and isinstance(self.value, dict):
            text, steps = self.text, self.steps
            self.parts = {
                name: Raw(value, text, (*steps, name)) for name, value in self.value.items()
            }
        return self.parts if isinstance(self.parts, dict) else {}

    def items(self) -> list[Raw]:
        """The elements of a list; a value that is no list stands for a list of itself."""
        if self.parts is None and isinstance(self.value, list):
            text, steps = self.text, self.steps
            self.parts = [Raw(value, text, (*steps, at)) for at, value in enumerate(self.value)]
        if isinstance(self.parts, list):
            return self.parts
        return [] if self.value is None else [self]

    def get(self, name: str) -> Raw | None:
        """The member ``name``, or None."""
        return self.members().get(name)

    def composed(self, parts: dict[str, Raw] | list[Raw]) -> Raw:
        """A value in this one's place, put together from ``parts``."""
        if isinstance(parts, dict):
            return Raw({n: p.value for n, p in parts.items()}, self.text, self.steps, parts)
        return Raw([part.value for part in parts], self.text, self.steps, parts)

    def span(self, *, named: bool = False) -> Span:
        """Where the value stands, or its member name."""
        if not self.text.document.values:
            return Span(0, 0)
        node, exact = self.text.document.node(0, self.steps)
        return node.name if node.name is not None and (named or not exact) else node.span

    def origin(self) -> Origin:
        """File, line and column of the value (of its name, where it has one)."""
        line, column = self.text.document.line_column(self.span(named=True).start)
        return Origin(self.text.name, line, column)
