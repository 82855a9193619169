"""Every request to GitHub goes through here, on PyGithub's requester with its own retries off.

PyGithub 2.10 repeats a POST after a 5xx (two comments for one) and gives up at a 429 without
Retry-After. Here a write is repeated only after a look whether it happened, every limit is
waited for within bounds, and what has not changed costs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from interlock.errors import GitHubError
from interlock.github.budget import Budget
from interlock.github.patience import Patience
from interlock.github.refusals import message_of, refused
from interlock.values import NamedTuple

if TYPE_CHECKING:
    from github.Auth import Auth

API, PER_PAGE = "https://api.github.com", 100
#: How often a request that GitHub failed to answer is tried in all, and the seconds between.
TRIES, PAUSE = 4, 2.0


class Answer(NamedTuple):
    """A successful answer: its status, headers (lower-case names) and JSON (None for none)."""

    status: int
    headers: Mapping[str, str]
    data: Any


class Graph(NamedTuple):
    """A GraphQL answer: what data there is, and the errors beside it."""

    data: Mapping[str, Any]
    errors: tuple[Mapping[str, Any], ...]


class Connection:
    """One identity at one GitHub. ``etags`` may be kept between runs: it holds no secret."""

    def __init__(
        self,
        auth: Auth,
        patience: Patience,
        budget: Budget,
        *,
        api: str = API,
        etags: dict[str, tuple[str, Any]] | None = None,
    ) -> None:
        """``api`` is GITHUB_API_URL: GitHub Enterprise has its own."""
        import github
        from urllib3.util import Retry

        self.budget = budget
        self.etags = {} if etags is None else etags
        self._patience = patience
        made = github.Github(
            auth=auth,
            base_url=api,
            per_page=PER_PAGE,
            timeout=30,
            retry=Retry(total=0, read=False),
            seconds_between_requests=None,
            seconds_between_writes=None,
        )
        self._requester = made.requester
        self._auth = auth

    def token(self) -> str:
        """The token that requests are made with now, an installation's renewed before it ends."""
        return str(self._auth.token)

    def get(self, path: str, **parameters: Any) -> Answer:
        """Read; an answer that has not changed since it was kept costs nothing."""
        key = json.dumps([path, parameters], sort_keys=True)
        kept = self.etags.get(key)
        headers = {"If-None-Match": kept[0]} if kept else {}
        status, answered, text = self._tried("GET", path, parameters, headers, None)
        if status == 304 and kept:
            self.budget.count("free")
            return Answer(200, answered, kept[1])
        self.budget.count("rest")
        answer = _answer(status, answered, text, f"GET {path}")
        if "etag" in answered:
            self.etags[key] = (answered["etag"], answer.data)
        return answer

    def pages(self, path: str, **parameters: Any) -> list[Any]:
        """All items of a list, page by page."""
        found: list[Any] = []
        page = 1
        while True:
            answer = self.get(path, **parameters, per_page=PER_PAGE, page=page)
            found += answer.data
            if 'rel="next"' not in answer.headers.get("link", ""):
                return found
            page += 1

    def write(
        self, verb: str, path: str, body: Mapping[str, Any], find: Callable[[], Any]
    ) -> Answer:
        """POST, PATCH, PUT or DELETE. After a failure ``find`` looks whether it happened all the
        same: what it returns is the answer's data, and None lets the write be tried again.
        """
        for last in range(TRIES - 1, -1, -1):
            self._patience.before_write()
            try:
                status, headers, text = self._paced(verb, path, {}, {}, body)
            except OSError as error:
                status, headers, text = 0, {}, str(error)
            if status and status < 500:
                self.budget.count("write")
                return _answer(status, headers, text, f"{verb} {path}")
            found = find()
            if found is not None:
                return Answer(200, headers, found)
            if last:
                self._patience.wait(PAUSE, f"{verb} {path} was not answered")
        raise refused(status or 503, headers, text, f"{verb} {path}")

    def graphql(self, query: str, **variables: Any) -> Graph:
        """Query; data that came beside errors is kept, and a rate limit is waited for.

        Raises GitHubError where there is no data at all.
        """
        body = {"query": query, "variables": variables}
        while True:
            status, headers, text = self._tried("POST", self._requester.graphql_url, {}, {}, body)
            self.budget.count("graphql")
            answer = _answer(status, headers, text, "GraphQL").data
            errors = tuple(answer.get("errors") or ())
            data = answer.get("data") or {}
            self.budget.points += int((data.get("rateLimit") or {}).get("cost", 0))
            if any(error.get("type") == "RATE_LIMITED" for error in errors):
                seconds = self._patience.limited(403, {**headers, "x-ratelimit-remaining": "0"}, "")
                self._patience.wait(seconds or 0.0, "GraphQL's points are used up")
                continue
            if not data:
                words = "; ".join(str(error.get("message", "")) for error in errors[:3])
                raise GitHubError(f"GraphQL: {words or 'an empty answer'}", status)
            return Graph(data, errors)

    def _tried(
        self, verb: str, url: str, parameters: Any, headers: Any, body: Any
    ) -> tuple[int, dict[str, str], str]:
        """A request that may be repeated: reads, and GraphQL queries."""
        for last in range(TRIES - 1, -1, -1):
            try:
                status, answered, text = self._paced(verb, url, parameters, headers, body)
            except OSError as error:
                if not last:
                    raise GitHubError(f"{verb} {url}: GitHub cannot be reached ({error})") from None
                status = 0
            if status and (status < 500 or not last):
                return status, answered, text
            self._patience.wait(PAUSE, f"{verb} {url} was not answered")
        raise AssertionError  # the loop returns or raises

    def _paced(
        self, verb: str, url: str, parameters: Any, headers: Any, body: Any
    ) -> tuple[int, dict[str, str], str]:
        """One request, again and again while GitHub says that it is one too many."""
        while True:
            status, answered, text = self._requester.requestJson(
                verb, url, parameters or None, headers or None, body
            )
            answered = {str(name).lower(): str(value) for name, value in answered.items()}
            seconds = self._patience.limited(status, answered, text or "")
            if seconds is None:
                return status, answered, text or ""
            self._patience.wait(seconds, f"{verb} {url}: {message_of(text or '')}")


def _answer(status: int, headers: Mapping[str, str], text: str, what: str) -> Answer:
    if not 200 <= status < 300:
        raise refused(status, headers, text, what)
    return Answer(status, headers, json.loads(text) if text else None)
