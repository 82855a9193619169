"""OpenAPI 3.0's schemas as JSON Schema draft 4, which they are but for a few words.

https://spec.openapis.org/oas/v3.0.3#schema-object
"""

from __future__ import annotations

from typing import Any

#: Words without a meaning for validation.
_TALK = frozenset(
    {
        "deprecated",
        "description",
        "discriminator",
        "example",
        "examples",
        "externalDocs",
        "readOnly",
        "title",
        "writeOnly",
        "xml",
    }
)
#: Where the keys are names of properties or schemas, not words of the schema language.
_NAMED = frozenset({"properties", "patternProperties", "definitions"})
#: Values that only look like schemas.
_VALUES = frozenset({"enum", "default", "required", "const"})


def converted(schema: Any) -> Any:
    """The same schema in draft 4."""
    if isinstance(schema, list):
        return [converted(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    found: dict[str, Any] = {}
    for word, value in schema.items():
        if word in _TALK or word.startswith("x-") or word == "nullable":
            continue
        if word in _NAMED:
            found[word] = {name: converted(each) for name, each in value.items()}
        elif word in _VALUES:
            found[word] = value
        else:
            found[word] = converted(value)
    return _nullable(found) if schema.get("nullable") else found


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, or null."""
    return {"anyOf": [schema, {"type": "null"}]} if schema else schema
