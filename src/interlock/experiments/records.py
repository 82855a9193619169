"""Records and their fields: plain values that remember where they stand."""

from __future__ import annotations

from interlock.documents.base import Document, Span, Steps, Value
from interlock.values import NamedTuple, Protocol


class SourceFile(NamedTuple):
    """A file that took part: the repo's alias, its owner/name, the path and what was read."""

    repo: str
    name: str
    path: str
    document: Document


class Part(Protocol):
    """What a record was taken from: one document of a file, or a stack of layers."""

    def find(self, steps: Steps, *, named: bool) -> tuple[SourceFile, Span]:
        """The file that decides the value at ``steps``, and the value's (or its name's) span."""


class DocumentPart(NamedTuple):
    """One document of a file's stream."""

    file: SourceFile
    number: int

    def find(self, steps: Steps, *, named: bool) -> tuple[SourceFile, Span]:
        """See Part; a value that is not there stands where its nearest ancestor stands."""
        node, exact = self.file.document.node(self.number, steps)
        if (named or not exact) and node.name is not None:
            return self.file, node.name
        return self.file, node.span


class LayeredPart(NamedTuple):
    """A stack of documents merged in order; the last layer that holds a value decides it."""

    layers: tuple[DocumentPart, ...]

    def find(self, steps: Steps, *, named: bool) -> tuple[SourceFile, Span]:
        """See Part."""
        for depth in range(len(steps), -1, -1):
            for layer in reversed(self.layers):
                node, exact = layer.file.document.node(layer.number, steps[:depth])
                if exact:
                    wanted = named or depth < len(steps)
                    return layer.file, node.name if wanted and node.name else node.span
        return self.layers[0].find((), named=named)


class TextPart(NamedTuple):
    """A text file read by pattern: the spans are known already and passed as steps."""

    file: SourceFile

    def find(self, steps: Steps, *, named: bool) -> tuple[SourceFile, Span]:
        """See Part; ``steps`` is the pair of offsets."""
        del named
        start, end = steps
        return self.file, Span(int(start), int(end))


class Leaf(NamedTuple):
    """One selected value and where it stands; ``named`` points at its member name instead."""

    value: Value
    part: Part
    steps: Steps
    named: bool = False


#: What a field selects: one value, or a map or list of them as its wildcards matched.
FieldValue = Leaf | dict[str, "FieldValue"] | list["FieldValue"]


class Record:
    """One record: its key, the repo it came from, and its fields, selected on first use."""

    __slots__ = ("captures", "fields", "key", "outer", "part", "path", "repo", "steps", "value")

    def __init__(
        self,
        key: tuple[str, ...],
        value: Value,
        part: Part,
        steps: Steps,
        captures: dict[str, str],
        outer: tuple[tuple[Value, Steps], ...],
        repo: str,
        path: str,
    ) -> None:
        """Hold what selects the fields; ``outer`` are the enclosing records, innermost first."""
        self.key = key
        self.value = value
        self.part = part
        self.steps = steps
        self.captures = captures
        self.outer = outer
        self.repo = repo
        self.path = path
        self.fields: dict[str, FieldValue | None] = {}

    @property
    def name(self) -> str:
        """The key as people read it."""
        return "/".join(self.key)

    def leaf(self) -> Leaf:
        """The record itself, standing at its member name where it has one."""
        return Leaf(self.value, self.part, self.steps, named=True)


def children(value: FieldValue) -> dict[str, FieldValue] | list[FieldValue] | None:
    """The members below ``value``: a selected map or list, or what a selected value holds."""
    if not isinstance(value, Leaf):
        return value
    inner = value.value
    if type(inner) is dict:
        return {k: Leaf(v, value.part, (*value.steps, k)) for k, v in inner.items()}
    if type(inner) is list:
        return [Leaf(v, value.part, (*value.steps, i)) for i, v in enumerate(inner)]
    return None


def leaves(value: FieldValue) -> list[Leaf]:
    """Every scalar below ``value``, in order; an empty container counts as none."""
    below = children(value)
    if below is None:
        return [value] if isinstance(value, Leaf) else []
    members = below.values() if isinstance(below, dict) else below
    return [leaf for member in members for leaf in leaves(member)]


def plain(value: FieldValue) -> Value:
    """The value without its places."""
    if isinstance(value, Leaf):
        return value.value
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value]


def first_leaf(value: FieldValue) -> Leaf | None:
    """The first selected value, to point at; None where nothing was selected."""
    if isinstance(value, Leaf):
        return value
    for member in value.values() if isinstance(value, dict) else value:
        found = first_leaf(member)
        if found is not None:
            return found
    return None
