"""Plain values from YAML events: one loop, no recursion, bounded as ``limits`` says.

The structure (documents, members, merge keys, aliases, duplicates) is decided here alone; the
builder of positioned nodes in ``yaml_nodes`` overrides only what a leaf, a finished container
and an alias turn into, so that values and nodes cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable

from interlock.documents.base import DocumentProblem, Span
from interlock.documents.limits import (
    MAX_DEPTH,
    MAX_NODES,
    MAX_PROBLEMS,
    TOO_DEEP,
    TOO_LONG,
    TOO_MANY,
    TOO_MANY_EXPANDED,
    NumberTooLongError,
    StopError,
)
from interlock.documents.yaml_events import Events
from interlock.documents.yaml_scalars import SPECIAL_STARTS, is_core, plain, tagged
from interlock.values import Any, NamedTuple

#: PyYAML's events have no common typed base.
Event = Any
#: A value here, a Node in yaml_nodes; or what holds its members.
Built = Any
#: The pending key of a merge; no member name is this object.
MERGE: Any = object()


class Anchored(NamedTuple):
    """What an anchor names: the value, its key text, and its size and height when written out."""

    value: Built
    text: str
    size: int
    height: int


class Frame(NamedTuple):
    """What has to be restored when a container closes."""

    into: Built
    key: Any
    merges: list[Any] | None
    event: Event
    seen: int
    deepest: int


class Builder:
    """Builds one value for each document of a stream."""

    def __init__(self, text: str) -> None:
        """``text`` is what the events are parsed from."""
        self.text = text
        self.roots: list[Built] = []
        self.problems: list[DocumentProblem] = []
        self.duplicated = False
        self.into: Built = self.roots
        self.key: Any = None
        self.merges: list[Any] | None = None
        self.stack: list[Frame] = []
        self.anchors: dict[str, Anchored | None] = {}
        self.names: dict[str, str] = {}
        self.count = 0
        self.deepest = 0
        self.expanded = False

    def run(self, events: Events) -> None:
        """Read to the end; raises StopError at a bound, yaml.YAMLError where it is not YAML."""
        import yaml.events as kinds

        handlers: dict[type, Callable[[Event], None]] = {
            kinds.ScalarEvent: self.scalar,
            kinds.MappingStartEvent: self.open_mapping,
            kinds.SequenceStartEvent: self.open_sequence,
            kinds.MappingEndEvent: self.close,
            kinds.SequenceEndEvent: self.close,
            kinds.AliasEvent: self.alias,
            kinds.DocumentStartEvent: self.start,
        }
        ignored = handlers.get
        next_event = events.get_event
        event = next_event()
        try:
            while event is not None:
                handler = ignored(type(event))
                if handler is not None:
                    handler(event)
                event = next_event()
        except NumberTooLongError:
            raise self.stop(TOO_LONG, event) from None

    def stop(self, message: str, event: Event) -> StopError:
        """What to raise about ``event``."""
        return StopError(message, event.start_mark.index, event.end_mark.index)

    def warn(self, message: str, start: int, end: int) -> None:
        """Note what does not keep the file from being read."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(DocumentProblem(message, Span(start, end), fatal=False))

    def start(self, event: Event) -> None:  # noqa: ARG002  for those who override it
        """Anchors belong to one document."""
        self.anchors.clear()

    # Leaves

    def scalar(self, event: Event) -> None:
        """A member name or a value."""
        into = self.into
        if type(into) is dict and self.key is None:
            self.name(event, event.value)
            if event.anchor:
                self.anchor_leaf(event)
            return
        self.count += 1
        if self.count > MAX_NODES:
            raise self.stop(TOO_MANY_EXPANDED if self.expanded else TOO_MANY, event)
        value = self.anchor_leaf(event) if event.anchor else self.leaf(event)
        if type(into) is dict and self.key is not MERGE:
            into[self.key] = value
            self.key = None
        else:
            self.place(value, event)

    def anchor_leaf(self, event: Event) -> Built:
        """The leaf, remembered under its anchor."""
        value = self.leaf(event)
        self.anchors[event.anchor] = Anchored(value, event.value, 1, 0)
        return value

    def leaf(self, event: Event) -> Built:
        """What a scalar turns into."""
        return self.resolve(event)

    def resolve(self, event: Event) -> Built:
        """The plain value of a scalar."""
        text: str = event.value
        tag = event.tag
        if tag is not None and is_core(tag):
            value, fits = tagged(tag, text)
            if not fits:
                kind = tag.rpartition(":")[2]
                self.warn(
                    f"has a value tagged !!{kind} that is not one; it is read as text",
                    event.start_mark.index,
                    event.end_mark.index,
                )
            return value
        if event.style or (text and text[0] not in SPECIAL_STARTS):
            return text
        return plain(text)

    # Member names

    def name(self, event: Event, text: str, *, mergeable: bool = True) -> None:
        """Take ``text`` as the name of the member that follows."""
        if text == "<<" and mergeable and not event.style:
            self.key = MERGE
            return
        if text in self.into:
            self.duplicate(event, text)
        self.key = self.names.setdefault(text, text)

    def duplicate(self, event: Event, text: str) -> None:  # noqa: ARG002  for those who override it
        """Note a repeated name; saying where needs positions."""
        self.duplicated = True

    # Containers

    def open_mapping(self, event: Event) -> None:
        """A mapping begins."""
        self.open(event, {})

    def open_sequence(self, event: Event) -> None:
        """A sequence begins."""
        self.open(event, [])

    def open(self, event: Event, into: Built) -> None:
        """A container begins; ``into`` will hold its members."""
        frame = Frame(self.into, self.key, self.merges, event, self.count, self.deepest)
        self.stack.append(frame)
        self.count += 1
        depth = len(self.stack)
        if depth > MAX_DEPTH:
            raise self.stop(TOO_DEEP, event)
        if self.count > MAX_NODES:
            raise self.stop(TOO_MANY, event)
        if event.anchor:
            self.anchors[event.anchor] = None
            self.deepest = depth
        elif depth > self.deepest:
            self.deepest = depth
        self.into = into
        self.key = None
        self.merges = None

    def close(self, event: Event) -> None:
        """The innermost container ends."""
        frame = self.stack.pop()
        into = self.into
        if self.merges:
            merge(into, self.merges)
        value = self.finish(frame, event, into)
        if frame.event.anchor:
            height = self.deepest - len(self.stack)
            size = self.count - frame.seen
            self.anchors[frame.event.anchor] = Anchored(value, "", size, height)
            self.deepest = max(self.deepest, frame.deepest)
        self.into, self.key, self.merges = frame.into, frame.key, frame.merges
        if type(frame.into) is dict and frame.key is None:
            written = self.text[frame.event.start_mark.index : event.end_mark.index].rstrip()
            self.name(frame.event, written, mergeable=False)
        else:
            self.place(value, frame.event)

    def finish(self, frame: Frame, closing: Event, into: Built) -> Built:  # noqa: ARG002  for those who override it
        """What a container turns into once all its members are known."""
        return into

    def place(self, value: Built, event: Event) -> None:
        """Put a value where it belongs."""
        into = self.into
        if type(into) is list:
            into.append(value)
            return
        key, self.key = self.key, None
        if key is MERGE:
            self.take_merge(value, event)
        else:
            into[key] = value

    # Aliases and merge keys

    def alias(self, event: Event) -> None:
        """A value that stands elsewhere; counted at its full size."""
        if event.anchor not in self.anchors:
            raise self.stop(f"uses the alias *{event.anchor}, which no anchor defines", event)
        target = self.anchors[event.anchor]
        if target is None:
            message = f"uses the alias *{event.anchor} inside the value it names: it has no end"
            raise self.stop(message, event)
        if type(self.into) is dict and self.key is None:
            self.name(event, target.text or f"*{event.anchor}", mergeable=False)
            return
        self.expanded = True
        self.count += target.size
        depth = len(self.stack) + target.height
        if depth > MAX_DEPTH:
            raise self.stop(f"{TOO_DEEP} once its aliases are written out", event)
        self.deepest = max(self.deepest, depth)
        if self.count > MAX_NODES:
            raise self.stop(TOO_MANY_EXPANDED, event)
        self.place(self.copy(target.value, event), event)

    def copy(self, value: Built, event: Event) -> Built:  # noqa: ARG002  for those who override it
        """What an alias of ``value`` turns into."""
        return value

    def take_merge(self, value: Built, event: Event) -> None:
        """Keep the mappings that ``<<`` names until the explicit members are known."""
        found = members(value)
        sources = [members(one) for one in found] if type(found) is list else [found]
        if not all(type(source) is dict for source in sources):
            self.warn(
                "merges with '<<' what is not a mapping; it is left out",
                event.start_mark.index,
                event.end_mark.index,
            )
            sources = [source for source in sources if type(source) is dict]
        # A later '<<' wins over an earlier one, as in PyYAML; within a list the first wins.
        self.merges = [*sources, *(self.merges or ())]


def members(value: Built) -> Built:
    """The dict or list that a container holds its members in; anything else for a scalar."""
    return getattr(value, "children", value)


def merge(into: dict[str, Any], sources: list[Any]) -> None:
    """Add the members of ``sources`` that are not there yet; the first to name one wins."""
    for source in sources:
        for key, value in source.items():
            if key not in into:
                into[key] = value
