"""Exchanges made up for the tests of the oracle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from interlock.sandbox import Exchange

SHA = "a" * 40
REPO = "/repos/acme/a"


def sent(
    method: str,
    target: str,
    body: Any = None,
    *,
    status: int = 500,
    answer: Any = None,
    agent: str = "somebody",
    template: str = "",
    headers: Mapping[str, str] | None = None,
) -> Exchange:
    """A request; its answer is a fault unless a test is about it."""
    path, _, query = target.partition("?")
    return Exchange(
        "rest",
        method,
        template,
        path,
        dict(parse_qsl(query, keep_blank_values=True)),
        {"user-agent": agent},
        body,
        status,
        {"content-type": "application/json; charset=utf-8", **(headers or {})},
        answer,
        injected=status == 500,
    )


def asked(
    query: str, answer: Any, variables: Mapping[str, Any] | None = None, agent: str = "somebody"
) -> Exchange:
    """A GraphQL exchange."""
    return Exchange(
        "graphql",
        "POST",
        "/graphql",
        "/graphql",
        {},
        {"user-agent": agent},
        {"query": query, "variables": dict(variables or {})},
        200,
        {"content-type": "application/json; charset=utf-8"},
        answer,
        graphql_query=query,
        graphql_variables=dict(variables or {}),
    )
