"""What a request's body may look like, and GitHub's words for one that does not.

A shape is a type (``str``, ``int``, ``bool``), a tuple of the words that are taken, a list of one
shape, a dictionary of shapes by key (``"key!"`` has to be there; ``...`` stands for every key), or
``Either`` of some, None among them for null. Null is taken for nothing where a key may be left
out; a key that no shape names is let pass, as GitHub lets it.
"""

from __future__ import annotations

from interlock.sandbox.wire import Refused
from interlock.values import Any, NamedTuple

_NAMES = {
    str: "a string",
    int: "an integer",
    bool: "a boolean",
    list: "an array",
    dict: "an object",
    type(None): "null",
}


class Either(NamedTuple):
    """One of several shapes."""

    shapes: tuple[Any, ...]


def check(shape: Any, value: Any, where: str = "") -> None:
    """Raise Refused 422 where a value has another shape."""
    if isinstance(shape, Either):
        if not any(_is(each, value) for each in shape.shapes):
            first, *more = (_named(each) for each in shape.shapes)
            names = " or ".join([first, *(each.rpartition(" ")[2] for each in more)])
            raise Refused(
                422, f"Invalid request.\n\nFor '{where}', {_shown(value)} is not {names}."
            )
        shape = next(each for each in shape.shapes if _is(each, value))
    elif not _is(shape, value):
        raise Refused(
            422, f"Invalid request.\n\nFor '{where}', {_shown(value)} is not {_named(shape)}."
        )
    if isinstance(shape, tuple) and value not in shape:
        raise Refused(
            422, f"Invalid request.\n\nFor '{where}', {_shown(value)} is not one of {shape}."
        )
    if isinstance(shape, list):
        for each in value:
            check(shape[0], each, "items")
    elif isinstance(shape, dict):
        _keys(shape, value)


def _keys(shape: dict[Any, Any], value: dict[str, Any]) -> None:
    for name in shape:
        if name is not ... and name.endswith("!") and name[:-1] not in value:
            raise Refused(422, f'Invalid request.\n\n"{name[:-1]}" wasn\'t supplied.')
    for name, each in value.items():
        inner = shape.get(name, shape.get(f"{name}!", shape.get(...)))
        needed = f"{name}!" in shape or ... in shape
        if inner is not None and (each is not None or needed):
            check(inner, each, f"properties/{name}")


def _kind(shape: Any) -> type:
    if isinstance(shape, type):
        return shape
    return str if isinstance(shape, tuple) else type(shape)


def _is(shape: Any, value: Any) -> bool:
    kind = _kind(shape)
    return isinstance(value, kind) and (kind is not int or not isinstance(value, bool))


def _named(shape: Any) -> str:
    return _NAMES[_kind(shape)]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "nil" if value is None else repr(value)
