"""What the sandbox is told to do wrong: rules by operation, once or several times."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field

from interlock.sandbox.wire import Reply
from interlock.values import Any

#: The page that GitHub's front answers with when a server behind it fails.
BAD_GATEWAY = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(slots=True, eq=False)
class Fault:
    """One rule. ``operation`` is a pattern for ``METHOD template``, such as ``POST */comments``;
    GraphQL is ``POST /graphql``, git ``GIT upload-pack`` and ``GIT receive-pack``.

    ``times`` is how often it happens (-1: always), ``skip`` how many requests pass before.
    ``latency`` is in seconds. ``after`` lets the request do its work before it fails: the write
    happened, the caller sees a failure. ``truncate`` cuts lists to so many items and marks trees
    as truncated. ``paths`` are GraphQL answers that become null beside an error.
    """

    operation: str
    times: int = 1
    skip: int = 0
    status: int = 0
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    latency: float = 0.0
    after: bool = False
    truncate: int = 0
    paths: tuple[str, ...] = ()
    errors: tuple[dict[str, Any], ...] = ()
    drop: bool = False
    happened: int = 0

    def takes(self, operation: str) -> bool:
        """Whether it strikes this request; counts it."""
        if not fnmatch.fnmatchcase(operation, self.operation):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times == 0:
            return False
        self.times -= self.times > 0
        self.happened += 1
        return True

    def reply(self) -> Reply:
        """The answer in place of the real one."""
        if self.status in (502, 504) and not self.message:
            return Reply(self.status, BAD_GATEWAY, {"content-type": "text/html", **self.headers})
        body = {"message": self.message or _WORDS.get(self.status, "Server Error")}
        return Reply(self.status, body | {"documentation_url": ""}, dict(self.headers))


_WORDS = {
    403: "Resource not accessible by integration",
    404: "Not Found",
    409: "Conflict",
    429: "API rate limit exceeded",
    500: "Server Error",
    503: "Service Unavailable",
}


class Faults:
    """The rules in force; the first that strikes a request wins."""

    def __init__(self) -> None:
        """Begin with a sandbox that behaves."""
        self.rules: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Put a rule in force."""
        self.rules.append(fault)
        return fault

    def clear(self) -> None:
        """Behave again."""
        self.rules.clear()

    def strike(self, operation: str) -> Fault | None:
        """The rule that strikes this request."""
        return next((rule for rule in self.rules if rule.takes(operation)), None)


def secondary(
    operation: str, *, retry_after: int | None = 60, status: int = 403, times: int = 1
) -> Fault:
    """A secondary rate limit; GitHub may answer 403 or 429, with or without Retry-After.

    https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
    """
    from interlock.sandbox.limits import SECONDARY

    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    return Fault(operation, times=times, status=status, message=SECONDARY, headers=headers)


def lost_answer(operation: str, *, times: int = 1, skip: int = 0, status: int = 502) -> Fault:
    """The write happens, the caller gets a 502."""
    return Fault(operation, times=times, skip=skip, status=status, after=True)
