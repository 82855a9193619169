"""JSONPath (RFC 9535) compiled once and walked over plain values.

Members, indexes, slices, wildcards, unions, descendants and the existence filter are walked here;
any other filter expression goes to the jsonpath-rfc9535 library, one filter at a time. ``$`` is
the document, ``@`` the record, ``^`` the record that encloses it (``^^`` the next one out).
Dotted member names may hold hyphens, which RFC 9535 does not allow: ``@.ranker-v2``.
"""

from __future__ import annotations

from collections.abc import Iterator

from interlock.documents.base import Steps, Value
from interlock.values import Any, Literal, NamedTuple

#: Segments that may match any number of members; on an empty container they leave it hollow.
_MANY = ("wildcard", "exists", "filter", "slice")
#: Values that one descendant step may visit; documents are bounded well below it.
_MAX_VISITED = 2_000_000


class Segment(NamedTuple):
    """One step of a path.

    name, index, slice, union: ``argument`` is the member, the number, the slice, the tuple.
    wildcard: no argument. exists: the relative JsonPath that must match.
    filter: the compiled library query, built on first use from its text.
    ``descend`` applies the segment to the value and everything below it.
    """

    kind: Literal["name", "index", "slice", "union", "wildcard", "exists", "filter"]
    argument: Any
    descend: bool

    @property
    def singular(self) -> bool:
        """True where at most one value can match."""
        return self.kind in ("name", "index") and not self.descend


class Match(NamedTuple):
    """A value that a path reached.

    ``steps`` leads to it from the start; ``wild`` holds what each wildcard, union, slice, filter
    or descendant matched: text for a member, a number for a list element or a descendant.
    ``hollow`` marks an empty mapping or list that a wildcard had nothing to match in.
    """

    value: Value
    steps: Steps
    wild: Steps
    hollow: bool = False


class JsonPath(NamedTuple):
    """A compiled path. ``start`` is "$", "@" or one or more "^"."""

    text: str
    start: str
    segments: tuple[Segment, ...]

    @property
    def singular(self) -> bool:
        """True where at most one value can match."""
        return all(segment.singular for segment in self.segments)

    @property
    def members(self) -> tuple[str, ...]:
        """The member names written in the path, for messages and suggestions."""
        return tuple(s.argument for s in self.segments if s.kind == "name")


def walk(path: JsonPath, root: Value) -> list[Match]:
    """Every match of ``path`` from ``root``, in document order; [] where nothing matches."""
    segments = path.segments
    value = root
    steps: list[str | int] = []
    for at, segment in enumerate(segments):
        if not segment.singular:
            return _walk_plural(segments[at:], Match(value, tuple(steps), ()))
        step = segment.argument
        if type(value) is dict and segment.kind == "name" and step in value:
            value = value[step]
        elif type(value) is list and segment.kind == "index" and -len(value) <= step < len(value):
            step %= len(value)
            value = value[step]
        else:
            return []
        steps.append(step)
    return [Match(value, tuple(steps), ())]


def _walk_plural(segments: tuple[Segment, ...], start: Match) -> list[Match]:
    current = [start]
    hollow: list[Match] = []
    for segment in segments:
        found: list[Match] = []
        for match in current:
            found.extend(_apply(segment, match, hollow))
        current = found
    return current + hollow


def _apply(segment: Segment, match: Match, hollow: list[Match]) -> Iterator[Match]:
    if segment.descend:
        for order, below in enumerate(_descend(match)):
            for got in _children(segment, below.value):
                yield Match(got[1], (*below.steps, got[0]), (*match.wild, order))
        return
    value = match.value
    if segment.kind in _MANY and type(value) in (dict, list) and not value:
        hollow.append(Match(value, match.steps, match.wild, hollow=True))
        return
    keep = segment.singular
    for step, child in _children(segment, value):
        wild = match.wild if keep else (*match.wild, step)
        yield Match(child, (*match.steps, step), wild)


def _children(segment: Segment, value: Value) -> Iterator[tuple[str | int, Value]]:
    kind = segment.kind
    if kind == "wildcard":
        yield from _members(value)
    elif kind == "name":
        if type(value) is dict and segment.argument in value:
            yield segment.argument, value[segment.argument]
    elif kind == "index":
        if type(value) is list and -len(value) <= segment.argument < len(value):
            at = segment.argument % len(value)
            yield at, value[at]
    elif kind == "slice":
        if type(value) is list:
            for at in range(len(value))[segment.argument]:
                yield at, value[at]
    elif kind == "union":
        for one in segment.argument:
            yield from _children(one, value)
    elif kind == "exists":
        for step, child in _members(value):
            if walk(segment.argument, child):
                yield step, child
    else:
        for node in segment.argument.find(value):
            yield node.location[-1], node.value


def _members(value: Value) -> Iterator[tuple[str | int, Value]]:
    if type(value) is dict:
        yield from value.items()
    elif type(value) is list:
        yield from enumerate(value)


def _descend(match: Match) -> Iterator[Match]:
    stack = [match]
    seen = 0
    while stack and seen < _MAX_VISITED:
        here = stack.pop()
        seen += 1
        yield here
        below = [Match(v, (*here.steps, s), here.wild) for s, v in _members(here.value)]
        stack.extend(reversed(below))
