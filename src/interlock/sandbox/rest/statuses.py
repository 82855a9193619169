"""https://docs.github.com/rest/commits/statuses."""

from __future__ import annotations

from interlock.sandbox import making
from interlock.sandbox.call import Call, chosen, words
from interlock.sandbox.judging import combined_state, latest_statuses
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.statuses import combined, status
from interlock.sandbox.records import Status
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply, invalid

ROUTES = Routes()
STATES = ("error", "failure", "pending", "success")


def create(call: Call) -> Reply:
    """Set a status; the newest of a context counts."""
    body = call.body()
    sha = call.params["sha"]
    if call.git.kind(sha) != "commit" or len(sha) != 40:
        raise Refused(422, f"No commit found for SHA: {sha}")
    if "state" not in body:
        raise invalid("Status", "state", "missing_field")
    state = chosen(body, "state", STATES, "")
    text = words(body, "description", "Status") or ""
    if len(text) > 140:
        raise invalid(
            "Status", "description", "custom", "description is too long (maximum is 140 characters)"
        )
    context = words(body, "context", "Status") or "default"
    if len(context) > 255:
        raise invalid(
            "Status", "context", "custom", "context is too long (maximum is 255 characters)"
        )
    target = words(body, "target_url", "Status")
    if target and not target.startswith(("http://", "https://")):
        raise invalid("Status", "target_url", "custom", "target_url must use http(s) scheme")
    assert call.token is not None
    made = making.status(call.world, call.repo, sha, context, state, text, call.token, target)
    shown = status(call.world, call.repo, made)
    return Reply(201, shown, {"location": shown["url"]})


def _all(call: Call) -> list[Status]:
    return call.repo.statuses.get(call.commit(call.params["ref"]), [])[::-1]


def many(call: Call) -> Reply:
    """All statuses of a commit, newest first."""
    return page(call, _all(call), lambda each: status(call.world, call.repo, each))


def one(call: Call) -> Reply:
    """The combined status; ``pending`` where there is none."""
    sha = call.commit(call.params["ref"])
    latest = list(latest_statuses(call.repo, sha).values())
    state = combined_state(latest)
    return page(
        call,
        latest,
        lambda each: each,
        wrap=lambda shown: combined(call.world, call.repo, sha, state, shown, len(latest)),
    )


ROUTES.add(
    "POST", "/repos/{owner}/{repo}/statuses/{sha}", create, needs="statuses:write", role="write"
)
ROUTES.add("GET", "/repos/{owner}/{repo}/commits/{ref}/statuses", many, needs="statuses:read")
ROUTES.add("GET", "/repos/{owner}/{repo}/commits/{ref}/status", one, needs="statuses:read")
# An old address that PyGithub still asks.
ROUTES.add(
    "GET",
    "/repos/{owner}/{repo}/statuses/{ref}",
    many,
    needs="statuses:read",
    described="/repos/{owner}/{repo}/commits/{ref}/statuses",
)
