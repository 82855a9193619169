"""One REST exchange against GitHub's description."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import jsonschema_rs
from contract.allowed import Excuse, allowed
from contract.keys import unknown
from contract.routing import Router
from contract.slicing import rest_slice
from contract.unsaid import unsaid

from interlock.sandbox.bodies import BODIES
from interlock.sandbox.exchange import Exchange
from interlock.sandbox.shapes import Either

#: How we name ourselves to GitHub: a request of ours has to be right, refused or not.
OURS = "interlock"
#: Refusals with which GitHub may answer a request that is wrong in itself.
REFUSALS = frozenset({400, 401, 403, 404, 405, 409, 413, 422})
#: Statuses that any operation may answer with, though few descriptions list them.
#: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
ANY = frozenset({304, 400, 401, 403, 404, 422, 429, 500, 502, 503, 504})
MOVED = frozenset({301, 302, 307, 308})
#: Characters of a message, and messages of one schema, that are worth reading.
_SHOWN, _MOST = 300, 5


def violations(exchange: Exchange, excuse: Excuse = allowed) -> Iterator[str]:
    """What is wrong with a request that was not refused, and with its answer."""
    found = _router().find(exchange.method, _by_name(exchange.path))
    if found is None:
        yield from _undescribed(exchange)
        return
    name, params = found
    operation = rest_slice()["operations"].get(name)
    if operation is None:
        yield f"{name}: the sandbox does not answer this operation"
        return
    if exchange.path_template and name != f"{_method(exchange)} {exchange.path_template}":
        yield f"{name}: the sandbox took it for {exchange.path_template}"
    wrong = list(_request(name, operation, params, exchange))
    refused = exchange.status in REFUSALS | MOVED and not exchange.injected
    if ours(exchange) or not refused:
        yield from (f"{name}: request: {each}" for each in wrong if not excuse(name, each))
    if exchange.status < 300:
        for where in _unread(BODIES.get(name), exchange.request_body):
            yield f"{name}: the sandbox would not do anything about {where}"
    if not exchange.injected:
        answered = f"{name}: {exchange.status}"
        for each in _response(operation, exchange):
            if not excuse(name, each):
                yield f"{answered}: {each}"


def _unread(shape: Any, body: Any, where: str = "") -> Iterator[str]:
    """The keys of a body that have no effect in the sandbox."""
    if isinstance(shape, Either):
        shape = next((each for each in shape.shapes if isinstance(each, type(body))), None)
    if isinstance(shape, list) and isinstance(body, list):
        for at, each in enumerate(body):
            yield from _unread(shape[0], each, f"{where}/{at}")
    if isinstance(shape, dict) and shape and isinstance(body, Mapping) and ... not in shape:
        for key, each in body.items():
            if key in shape or f"{key}!" in shape:
                yield from _unread(shape.get(key, shape.get(f"{key}!")), each, f"{where}/{key}")
            else:
                yield f"{where}/{key}"


def problems_of_request(method: str, path: str, body: Any) -> Iterator[str]:
    """What is wrong with a body, by the schema of its operation alone."""
    found = _router().find(method, _by_name(path.partition("?")[0]))
    if found is not None and found[0] in rest_slice()["operations"]:
        schema = rest_slice()["operations"][found[0]]["body"]
        if schema is not None and body is not None:
            yield from (each for each in _problems(schema, body) if not allowed(found[0], each))


def ours(exchange: Exchange) -> bool:
    """Whether our own client sent it."""
    return exchange.request_headers.get("user-agent", "").startswith(OURS)


def _method(exchange: Exchange) -> str:
    return "GET" if exchange.method == "HEAD" else exchange.method


@cache
def _router() -> Router:
    return Router(rest_slice()["names"])


def _by_name(path: str) -> str:
    """Where a renamed repository's 301 leads, as a path that GitHub describes."""
    return re.sub(r"^/repositories/\d+", "/repos/-/-", path)


def _undescribed(exchange: Exchange) -> Iterator[str]:
    """An operation that GitHub does not describe must not be asked for, nor answered."""
    if ours(exchange) or exchange.status != 404:
        yield f"{exchange.method} {exchange.path}: GitHub describes no such operation"


def _request(
    name: str, operation: Mapping[str, Any], params: Mapping[str, str], exchange: Exchange
) -> Iterator[str]:
    described = {(each["in"], each["name"]): each for each in operation["parameters"]}
    given = {"path": params, "query": exchange.query}
    for (place, word), each in described.items():
        values = given.get(place, {})
        value = values.get(word.replace("-", "_") if place == "path" else word)
        if value is not None:
            for problem in _parameter(each["schema"], value):
                yield f"{place} parameter {word}: {problem}"
        elif each["required"] and place == "query":
            yield f"{place} parameter {word} is missing"
    for word in exchange.query:
        if ("query", word) not in described:
            yield f"unknown query parameter {word}"
    yield from _body(operation, exchange.request_body)
    yield from unsaid(name, exchange.query, exchange.request_body)


def _body(operation: Mapping[str, Any], body: Any) -> Iterator[str]:
    schema = operation["body"]
    if schema is None:
        if body not in (None, {}):
            yield "it takes no body"
    elif body is None:
        if operation["body_required"]:
            yield "the body is missing"
    else:
        yield from _problems(schema, body)
        for where in unknown(rest_slice()["schemas"], schema, body):
            yield f"unknown key {where}"


def _parameter(schema: Mapping[str, Any], text: str) -> Iterator[str]:
    """A parameter is text; what it stands for is tried in turn."""
    values: list[Any] = [text]
    if text.lstrip("-").isdecimal():
        values.insert(0, int(text))
    if text in ("true", "false"):
        values.insert(0, text == "true")
    values.append(text.split(","))
    tried = [list(_problems(schema, value)) for value in values]
    if all(tried):
        yield from tried[0]


def _response(operation: Mapping[str, Any], exchange: Exchange) -> Iterator[str]:
    status, body = exchange.status, exchange.response_body
    if status in (204, 205, 304):
        if body is not None:
            yield "it has a body"
        return
    described = operation["responses"]
    if str(status) not in described:
        if status in MOVED and "location" in exchange.response_headers:
            return
        if status not in ANY:
            yield "GitHub describes no such status"
        yield from _error(body)
        return
    schema = described[str(status)]
    if "json" not in exchange.response_headers.get("content-type", ""):
        if not isinstance(body, str | bytes):
            yield "it has no text"
        return
    if schema is None:
        if status >= 400:
            yield from _error(body)
        return
    yield from _problems(schema, body)
    for where in unknown(rest_slice()["schemas"], schema, body):
        yield f"invented key {where}"


def _error(body: Any) -> Iterator[str]:
    if not isinstance(body, Mapping) or not isinstance(body.get("message"), str):
        yield "an error without a message"


def _problems(schema: Any, value: Any) -> Iterator[str]:
    for found, error in enumerate(_validator(_Key(schema)).iter_errors(value)):
        if found == _MOST:
            yield "and more"
            return
        where = "/".join(str(part) for part in error.instance_path)
        yield f"/{where}: {_short(error.message)}"


def _short(text: str) -> str:
    """A message without the middle, which is a printed value."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN // 3]} … {text[-_SHOWN // 3 * 2 :]}"


class _Key:
    """A schema of the slice, known by its identity: the slice lives as long as the process."""

    def __init__(self, schema: Any) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.schema is self.schema


@cache
def _validator(key: _Key) -> jsonschema_rs.Draft4Validator:
    return jsonschema_rs.Draft4Validator(
        {"allOf": [_into(key.schema)]}, registry=_registry(), validate_formats=True
    )


def _into(schema: Any) -> Any:
    """The schema with references into the registry."""
    if isinstance(schema, list):
        return [_into(each) for each in schema]
    if isinstance(schema, dict):
        target = schema.get("$ref")
        if isinstance(target, str):
            return {"$ref": target.replace("#/components/", "urn:github#/")}
        return {word: _into(each) for word, each in schema.items()}
    return schema


@cache
def _registry() -> jsonschema_rs.Registry:
    root = {"schemas": _into(rest_slice()["schemas"])}
    return jsonschema_rs.Registry([("urn:github", root)], draft=jsonschema_rs.Draft4)
