"""A GitHub to run the scenario against: the sandbox, or with ``--live`` a real organisation."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import requests
from contract import graph, rest
from contract.allowed import allowed

from interlock.sandbox import Exchange

ORG, TOKEN = "INTERLOCK_LIVE_ORG", "INTERLOCK_LIVE_TOKEN"
#: The scratch repository has to be there; it is never made, and what is put into it is removed.
REPO, DEFAULT_REPO = "INTERLOCK_LIVE_REPO", "interlock-scratch"
#: ``https://HOST/api/v3`` of a GitHub Enterprise Server.
API, DEFAULT_API = "INTERLOCK_LIVE_API", "https://api.github.com"


class Place(NamedTuple):
    """Where to ask, as whom, and which repository may be written to."""

    api: str
    graphql: str
    token: str
    repo: str
    live: bool

    def ask(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        """One REST answer; its status is checked, and live its form."""
        answer = requests.request(
            method, f"{self.api}{path}", json=body, headers=self._headers(), timeout=60
        )
        assert answer.status_code == status, (method, path, answer.status_code, answer.text)
        found = answer.json() if answer.content else None
        if self.live:
            self._hold(self._exchange(answer, method, path, body, found))
        return found

    def query(self, query: str, **variables: Any) -> Any:
        """One GraphQL answer's data."""
        body: Any = {"query": query, "variables": variables}
        answer = requests.post(self.graphql, json=body, headers=self._headers(), timeout=60)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert "errors" not in found, found
        if self.live:
            exchange = self._exchange(answer, "POST", "/graphql", body, found)
            self._hold(
                exchange._replace(kind="graphql", graphql_query=query, graphql_variables=variables)
            )
        return found["data"]

    def _headers(self) -> Mapping[str, str]:
        return {
            "authorization": f"Bearer {self.token}",
            "accept": "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
            "user-agent": "contract-scenario",
        }

    def _exchange(
        self, answer: requests.Response, method: str, path: str, body: Any, found: Any
    ) -> Exchange:
        below, _, query = path.partition("?")
        return Exchange(
            "rest",
            method,
            "",
            below,
            dict(parse_qsl(query)),
            {name.lower(): value for name, value in self._headers().items()},
            body,
            answer.status_code,
            {name.lower(): value for name, value in answer.headers.items()},
            found,
        )

    def _hold(self, exchange: Exchange) -> None:
        """What the real GitHub says has to pass as well, or the oracle is wrong."""
        if exchange.kind == "graphql":
            wrong = list(graph.violations(exchange))
        else:
            wrong = list(rest.violations(exchange, _excused))
        wrong = [each for each in wrong if "the sandbox would not do anything" not in each]
        assert wrong == [], wrong


def _excused(operation: str, problem: str) -> bool:
    """The real GitHub may say more than its description, and takes what we send on purpose."""
    ours = ("invented key", "unknown key", "unknown query parameter", "per_page=")
    return problem.startswith(ours) or allowed(operation, problem)


def live() -> Place:
    """The organisation that the environment names; raises KeyError for what it does not say."""
    api = os.environ.get(API, DEFAULT_API).rstrip("/")
    graphql = f"{api.removesuffix('/v3')}/graphql"
    repo = f"{os.environ[ORG]}/{os.environ.get(REPO, DEFAULT_REPO)}"
    return Place(api, graphql, os.environ[TOKEN], repo, live=True)
