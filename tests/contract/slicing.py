"""The part of GitHub's description that the sandbox answers: 13 MB become less than one.

All other operations stay by name, so that one which exists is told from one which does not.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from contract.descriptions import REST, folder, loaded
from contract.dialect import converted

from interlock.sandbox import router

#: Raised when what a slice holds changes, so that kept ones are made anew.
VERSION = 2


@cache
def rest_slice() -> dict[str, Any]:
    """``operations``: "GET /template" -> parameters, body and responses; ``schemas``: by name;
    ``names``: all operations that GitHub describes; ``examples``: of the requests' bodies."""
    wanted = sorted({f"{method} {template}" for method, template in sandbox_operations()})
    digest = hashlib.sha256(repr((VERSION, wanted)).encode()).hexdigest()[:16]
    kept = folder() / f"slice-{digest}.json"
    if not kept.is_file():
        _write(kept, _cut(loaded(REST), wanted))
    found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return found


def sandbox_operations() -> Iterator[tuple[str, str]]:
    """The operations that the sandbox answers, under GitHub's names for them."""
    for _, route in router._routes():
        yield route.method, route.described


def _write(to: Path, data: Any) -> None:
    made = to.with_suffix(f".{os.getpid()}")
    made.write_text(json.dumps(data), encoding="utf-8")
    made.replace(to)


def _cut(whole: dict[str, Any], wanted: Iterable[str]) -> dict[str, Any]:
    asked = set(wanted)
    operations, names, examples = {}, [], {}
    for template, methods in whole["paths"].items():
        for method, operation in methods.items():
            name = f"{method.upper()} {template}"
            names.append(name)
            if name in asked:
                operations[name] = _operation(whole, operation)
                examples[name] = list(_examples(whole, operation))
    schemas: dict[str, Any] = {}
    _gather(whole, operations, schemas)
    return {
        "operations": operations,
        "schemas": schemas,
        "names": names,
        "examples": {name: found for name, found in examples.items() if found},
    }


def _resolved(whole: dict[str, Any], thing: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in thing:
        return thing
    _, part, name = thing["$ref"].rsplit("/", 2)
    found: dict[str, Any] = whole["components"][part][name]
    return found


def _operation(whole: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    parameters = [_resolved(whole, each) for each in operation.get("parameters", ())]
    body = operation.get("requestBody")
    responses = {
        status: _json(_resolved(whole, each)) for status, each in operation["responses"].items()
    }
    return {
        "parameters": [
            {
                "name": each["name"],
                "in": each["in"],
                "required": each.get("required", False),
                "schema": converted(each["schema"]),
            }
            for each in parameters
        ],
        "body": None if body is None else _json(body),
        "body_required": bool(body and body.get("required")),
        "responses": responses,
    }


def _json(described: dict[str, Any]) -> Any:
    """The schema of a JSON body; None where there is none."""
    content = described.get("content", {})
    chosen = content.get("application/json") or next(
        (each for kind, each in content.items() if "json" in kind), None
    )
    return None if chosen is None or "schema" not in chosen else converted(chosen["schema"])


def _examples(whole: dict[str, Any], operation: dict[str, Any]) -> Iterator[Any]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    for each in content.get("examples", {}).values():
        yield _resolved(whole, each).get("value")
    if "example" in content:
        yield content["example"]


def _gather(whole: dict[str, Any], thing: Any, schemas: dict[str, Any]) -> None:
    """All schemas that ``thing`` refers to, and what those refer to."""
    left = [thing]
    while left:
        each = left.pop()
        if isinstance(each, list):
            left.extend(each)
        elif isinstance(each, dict):
            target = each.get("$ref")
            if isinstance(target, str):
                name = target.rsplit("/", 1)[1]
                if name not in schemas:
                    schemas[name] = converted(whole["components"]["schemas"][name])
                    left.append(schemas[name])
            left.extend(each.values())
