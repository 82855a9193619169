"""A request as handlers see it, and what they answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

from interlock.values import Any, NamedTuple

#: Where errors point to.
DOCS = "https://docs.github.com/rest"


class Request(NamedTuple):
    """One HTTP request; ``path`` is still quoted, header names are lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The parsed body, None where it is empty; raises Refused 400 as GitHub does."""
        if not self.body.strip():
            return None
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise Refused(400, "Problems parsing JSON") from None


class Reply(NamedTuple):
    """One answer. ``body`` is JSON data, text, bytes, or None for none."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = {}


class Refused(Exception):
    """A request that is answered with an error; ``errors`` explains a 422."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: list[Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what the answer says."""
        super().__init__(message)
        self.status = status
        self.errors = errors
        self.headers = dict(headers or {})

    def reply(self) -> Reply:
        """The error as GitHub words it."""
        body: dict[str, Any] = {"message": str(self), "documentation_url": DOCS}
        if self.errors is not None:
            body["errors"] = self.errors
        body["status"] = str(self.status)
        return Reply(self.status, body, self.headers)


def invalid(resource: str, field: str, code: str = "invalid", message: str = "") -> Refused:
    """A 422 in GitHub's words; code is missing, missing_field, invalid, already_exists or custom.

    https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed
    """
    error = {"resource": resource, "code": code, "field": field}
    if message:
        error["message"] = message
    return Refused(422, "Validation Failed", [error])


def parsed(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
    """A request from its target, such as ``/repos/a/b?per_page=5``."""
    path, _, query = target.partition("?")
    return Request(
        method,
        path,
        dict(parse_qsl(query, keep_blank_values=True)),
        {name.lower(): value for name, value in headers.items()},
        body,
    )


def encoded(reply: Reply) -> bytes:
    """The body's bytes."""
    if reply.body is None:
        return b""
    if isinstance(reply.body, bytes):
        return reply.body
    if isinstance(reply.body, str):
        return reply.body.encode("utf-8", "surrogateescape")
    return json.dumps(reply.body).encode()


def plain(quoted: str) -> str:
    """A path segment without its quoting."""
    return unquote(quoted, errors="surrogateescape")
