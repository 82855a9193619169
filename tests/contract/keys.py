"""Keys that no description knows: GitHub's schemas let every other key pass, and so does GitHub,
silently. A misspelt key in a request is a defect of ours, an invented one in an answer too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Schemas = Mapping[str, Any]


def unknown(schemas: Schemas, schema: Any, value: Any, where: str = "") -> Iterator[str]:
    """Where ``value`` holds keys that no alternative of ``schema`` names."""
    return _unknown(schemas, [schema], value, where)


def _unknown(schemas: Schemas, given: list[Any], value: Any, where: str) -> Iterator[str]:
    parts = list(_parts(schemas, given))
    if isinstance(value, list):
        inner = [part["items"] for part in parts if "items" in part]
        for at, each in enumerate(value):
            yield from _unknown(schemas, inner, each, f"{where}/{at}")
    elif isinstance(value, Mapping):
        named = [part.get("properties", {}) for part in parts]
        free = [part["additionalProperties"] for part in parts if _free(part)]
        if not any(named):
            return  # nothing is said of this object
        for key, each in value.items():
            inner = [properties[key] for properties in named if key in properties]
            if inner:
                yield from _unknown(schemas, inner, each, f"{where}/{key}")
            elif not free:
                yield f"{where}/{key}"


def _free(part: Mapping[str, Any]) -> bool:
    """Whether the schema says of what kind keys are that it does not name."""
    return isinstance(part.get("additionalProperties"), dict)


def _parts(schemas: Schemas, given: list[Any]) -> Iterator[Mapping[str, Any]]:
    """The schemas with all references followed and all alternatives laid side by side."""
    left, seen = list(given), set()
    while left:
        each = left.pop()
        if not isinstance(each, Mapping):
            continue
        target = each.get("$ref")
        if target:
            if target not in seen:
                seen.add(target)
                left.append(schemas[target.rsplit("/", 1)[1]])
            continue
        yield each
        for word in ("allOf", "anyOf", "oneOf"):
            left.extend(each.get(word, ()))
