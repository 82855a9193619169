"""The value of a new entry: what the authority decides, and what its neighbours have besides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interlock.documents.base import Steps, Value
from interlock.documents.rehearse import same
from interlock.documents.scalars import typed_like
from interlock.experiments.records import FieldValue, children, plain
from interlock.experiments.related import ANY, Pattern, Related


class TornError(ValueError):
    """The authority says two things of one place."""


class Entry:
    """A value in the making: decided as a whole, or put together from members."""

    __slots__ = ("decided", "loose", "members", "value", "wild")

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.decided = False
        self.loose = False
        self.value: Value = None
        self.members: dict[str, Entry] = {}
        self.wild = False

    def decide(self, value: Value, *, loose: bool) -> None:
        """Take ``value`` as the whole; raises TornError where another was taken before."""
        if self.decided and not same(self.value, value):
            raise TornError
        self.decided, self.value, self.loose = True, value, loose

    def member(self, name: str) -> Entry:
        """The member of that name, made where there is none."""
        return self.members.setdefault(name, Entry())


def entry_at(steps: Steps, fields: Iterable[Related]) -> tuple[Entry, set[str]]:
    """The entry that would stand at ``steps``; and the members the authority has no value for."""
    entry, without = Entry(), set[str]()
    for field in fields:
        cut = min(len(steps), len(field.pattern))
        if not all(p is ANY or p == s for p, s in zip(field.pattern, steps, strict=False)):
            continue
        rest = field.pattern[cut:]
        if field.names_only and not rest:
            continue  # only that it is there
        value: FieldValue | None = field.value
        for step, wanted in zip(steps, (*field.pattern, *([ANY] * len(steps))), strict=False):
            if wanted is ANY and value is not None:
                value = _below(value, step)
        if value is None:
            without.add(str(rest[0]) if rest and rest[0] is not ANY else "")
        else:
            _put(entry, rest, value, field)
    return entry, without


def _below(value: FieldValue, step: str | int) -> FieldValue | None:
    inside = children(value)
    return inside.get(step) if isinstance(inside, dict) and isinstance(step, str) else None


def _put(entry: Entry, rest: Pattern, value: FieldValue, field: Related) -> None:
    if not rest:
        if not field.names_only:
            entry.decide(plain(value), loose=field.loose)
        return
    step = rest[0]
    if step is not ANY:
        if isinstance(step, str):
            _put(entry.member(step), rest[1:], value, field)
        return
    entry.wild = True
    inside = children(value)
    for name, one in (inside if isinstance(inside, dict) else {}).items():
        _put(entry.member(name), rest[1:], one, field)


def lacking(entry: Entry, neighbours: Sequence[Value], at: str = "") -> list[str]:
    """The members that at least half of the neighbours have and the entry has not, dotted.

    "" stands for the value itself, where the neighbours are single values or lists.
    """
    if entry.decided or not neighbours:
        return []
    maps = [one for one in neighbours if type(one) is dict]
    if len(maps) * 2 <= len(neighbours):
        return [at]
    lead = f"{at}." if at else ""
    if entry.wild:
        pooled = [member for one in maps for member in one.values()]
        found = [lacking(child, pooled, lead + name) for name, child in entry.members.items()]
        return [name for names in found for name in names]
    counts: dict[str, int] = {}
    for one in maps:
        for name in one:
            counts[name] = counts.get(name, 0) + 1
    missing: list[str] = []
    for name, count in counts.items():
        if name in entry.members:
            having = [one[name] for one in maps if name in one]
            missing += lacking(entry.members[name], having, lead + name)
        elif count * 2 >= len(neighbours):
            missing.append(lead + name)
    return missing


def value_of(entry: Entry, neighbours: Sequence[Value]) -> Value:
    """The value, of the neighbours' types where the rule does not care for them."""
    if entry.decided:
        types = {type(one) for one in neighbours}
        if entry.loose and len(types) == 1 and not isinstance(entry.value, (dict, list)):
            return typed_like(entry.value, neighbours[0])
        return entry.value
    maps = [one for one in neighbours if type(one) is dict]
    pooled = [member for one in maps for member in one.values()] if entry.wild else []
    return {
        name: value_of(child, pooled or [one[name] for one in maps if name in one])
        for name, child in entry.members.items()
    }
