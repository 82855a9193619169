"""Proves edits before they are written: the new text is read, and must say what is meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interlock.documents.base import Document, Value
from interlock.model import Change

_ORDER = {"set": 0, "insert": 1, "remove": 2, "rename": 3}


def spliced(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """``text`` after edits that do not overlap; those at one point go in in their order."""
    pieces, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [text[at:start], new]
        at = end
    return "".join((*pieces, text[at:]))


def misread(document: Document, text: str, changes: Sequence[Change]) -> bool:
    """True where ``text`` is not the document with just these changes made to its values."""
    from interlock.documents.read import read_document

    try:
        wanted = list(document.values)
        for change in sorted(changes, key=_deepest_last):
            wanted[change.document] = _changed(wanted[change.document], change.steps, change)
        again = read_document("", text.encode(), document.format)
    except (KeyError, IndexError, TypeError, UnicodeEncodeError):
        return True
    if len(again.problems) > len(document.problems) or len(again.values) != len(wanted):
        return True
    return not same(list(again.values), wanted)


def _deepest_last(change: Change) -> tuple[object, ...]:
    """Removals and renamings move what stands below or behind them: those go last."""
    back = tuple((0, -step, "") if isinstance(step, int) else (1, 0, step) for step in change.steps)
    return _ORDER[change.action], -len(change.steps), back


def _changed(value: Value, steps: Sequence[str | int], change: Change) -> Value:
    if not steps or (len(steps) == 1 and change.action in ("remove", "rename")):
        return _here(value, steps, change)
    copy = value.copy()
    copy[steps[0]] = _changed(value[steps[0]], steps[1:], change)
    return copy


def _here(value: Value, steps: Sequence[str | int], change: Change) -> Value:
    if change.action == "set":
        return change.value
    if change.action == "insert":
        if isinstance(value, list):
            return [*value, change.value]
        if change.name in value:
            raise KeyError(change.name)
        return {**value, change.name: change.value}
    copy = value.copy()
    gone = copy.pop(steps[0])
    if change.action == "rename":
        if change.name in copy:
            raise KeyError(change.name)
        copy[change.name] = gone
    return copy


def same(one: Value, other: Value) -> bool:
    """True where two values are equal in type and content; the order of members is not content."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(v, other[k]) for k, v in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) or (one != one and other != other)  # noqa: PLR0124  NaN
