"""The payload of one event against GitHub's description of its webhooks (OpenAPI 3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
from contract.descriptions import WEBHOOKS, loaded
from contract.keys import unknown

from interlock.sandbox import Event

_MOST, _SHOWN = 5, 300


def violations(event: Event) -> Iterator[str]:
    """What is wrong with an event's payload."""
    name = "-".join(part.replace("_", "-") for part in (event.name, event.action) if part)
    validator = _validator(name)
    if validator is None:
        yield f"event {name}: GitHub describes no such event"
        return
    for where in unknown(_whole()["components"]["schemas"], _schema(name), event.payload):
        yield f"event {name}: invented key {where}"
    for at, error in enumerate(validator.iter_errors(event.payload)):
        if at == _MOST:
            yield f"event {name}: and more"
            return
        where = "/".join(str(part) for part in error.instance_path)
        text = error.message
        cut = text if len(text) <= _SHOWN else f"{text[:100]} … {text[-200:]}"
        yield f"event {name}: /{where}: {cut}"


@cache
def _whole() -> Any:
    return _plain(loaded(WEBHOOKS))


def _schema(name: str) -> Any:
    """The schema of an event's payload; None for an event that GitHub does not describe."""
    described = _whole()["webhooks"].get(name)
    if described is None:
        return None
    return described["post"]["requestBody"]["content"]["application/json"]["schema"]


@cache
def _validator(name: str) -> Any:
    schema = _schema(name)
    if schema is None:
        return None
    return jsonschema_rs.Draft202012Validator(schema, registry=_registry(), validate_formats=True)


@cache
def _registry() -> jsonschema_rs.Registry:
    root = {"schemas": _whole()["components"]["schemas"]}
    return jsonschema_rs.Registry([("urn:webhooks", root)], draft=jsonschema_rs.Draft202012)


def _plain(thing: Any) -> Any:
    """Without prose, and with references into the registry."""
    if isinstance(thing, list):
        return [_plain(each) for each in thing]
    if not isinstance(thing, dict):
        return thing
    target = thing.get("$ref")
    if isinstance(target, str):
        return {"$ref": target.replace("#/components/", "urn:webhooks#/")}
    return {word: _plain(each) for word, each in thing.items() if word != "examples"}
