"""https://docs.github.com/rest/issues/issues."""

from __future__ import annotations

from datetime import datetime

from interlock.sandbox import events, making, refs
from interlock.sandbox.call import Call, chosen, long_text, words
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.issues import issue as shown_issue
from interlock.sandbox.records import Issue
from interlock.sandbox.rest.labels import exchange, named
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply, invalid
from interlock.values import Any

ROUTES = Routes()


def _shown(call: Call, which: Issue, status: int = 200) -> Reply:
    body = shown_issue(call.world, call.repo, which)
    return Reply(status, body, {"location": body["url"]} if status == 201 else {})


def since(call: Call) -> float:
    """The ``since`` parameter in seconds; 0 where there is none."""
    text = call.query.get("since", "")
    if not text:
        return 0.0
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise Refused(422, "Validation Failed") from None


def many(call: Call) -> Reply:
    """Issues and pull requests, newest first."""
    query = call.query
    state = query.get("state", "open")
    if state not in ("open", "closed", "all"):
        raise invalid("Issue", "state")
    wanted = [name for name in query.get("labels", "").split(",") if name]
    begin = since(call)
    found = [
        i
        for i in call.repo.issues.values()
        if state in ("all", i.state)
        and i.updated_at >= begin
        and all(any(each.name.lower() == name.lower() for each in i.labels) for name in wanted)
        and (not query.get("creator") or i.user.login.lower() == query["creator"].lower())
    ]
    updated = query.get("sort") == "updated"
    found.sort(key=lambda i: (i.updated_at if updated else i.created_at, i.number))
    if query.get("direction", "desc") == "desc":
        found.reverse()
    return page(call, found, lambda i: shown_issue(call.world, call.repo, i))


def create(call: Call) -> Reply:
    """Open an issue; labels of somebody without triage access are dropped."""
    body = call.body()
    title = body.get("title")
    title = (
        str(title) if isinstance(title, int) else words(body, "title", "Issue", needed=True) or ""
    )
    if len(title) > 256:
        raise invalid("Issue", "title", "custom", "title is too long (maximum is 256 characters)")
    labels = _names(body.get("labels", ())) if call.may("triage") else ()
    assert call.token is not None
    made = making.issue(call.world, call.repo, title, long_text(body, "Issue"), call.token, labels)
    _assign(call, made, body)
    return _shown(call, made, 201)


def _names(given: Any) -> tuple[str, ...]:
    return tuple(each["name"] if isinstance(each, dict) else str(each) for each in given or ())


def _assign(call: Call, which: Issue, body: dict[str, Any]) -> None:
    if "assignees" not in body or not call.may("triage"):
        return
    found = [call.world.user(login) for login in body["assignees"] or ()]
    which.assignees = [who for who in found if who is not None]


def get(call: Call) -> Reply:
    """One issue or pull request."""
    return _shown(call, call.issue())


def update(call: Call) -> Reply:
    """Change title, body, state, labels or assignees."""
    which, body, world = call.issue(), call.body(), call.world
    assert call.token is not None
    if call.token.user is not which.user and not call.may("triage"):
        raise Refused(403, "Must have triage access to repository")
    changes: dict[str, Any] = {}
    for field, value in (
        ("title", words(body, "title", "Issue")),
        ("body", long_text(body, "Issue")),
    ):
        if value is not None and value != getattr(which, field):
            changes[field] = {"from": getattr(which, field) or ""}
            setattr(which, field, value)
    which.updated_at = world.now()
    if changes:
        events.issue(world, call.repo, which, "edited", call.token, {"changes": changes})
    if "labels" in body:
        exchange(call, [named(call, name) for name in _names(body["labels"])])
    _assign(call, which, body)
    state = chosen(body, "state", ("open", "closed"), which.state)
    if state != which.state:
        _turn(call, which, state, body)
    return _shown(call, which)


def _turn(call: Call, which: Issue, state: str, body: dict[str, Any]) -> None:
    assert call.token is not None
    if which.pull is not None:
        if state == "closed":
            refs.close(call.world, call.repo, which, call.token)
        else:
            from interlock.sandbox.rest.pulls import reopen

            reopen(call, which, call.token)
        return
    which.state = state
    closed = state == "closed"
    which.closed_at = call.world.now() if closed else None
    which.closed_by = call.token.user if closed else None
    which.state_reason = body.get("state_reason") or ("completed" if closed else "reopened")
    events.issue(call.world, call.repo, which, "closed" if closed else "reopened", call.token)


def lock(call: Call) -> Reply:
    """Let only collaborators comment."""
    call.issue().locked = True
    return Reply(204)


def unlock(call: Call) -> Reply:
    """Let everybody comment again."""
    call.issue().locked = False
    return Reply(204)


_ONE = "/repos/{owner}/{repo}/issues/{issue_number}"
_READ, _WRITE = "issues:read|pull_requests:read", "issues:write|pull_requests:write"
ROUTES.add("GET", "/repos/{owner}/{repo}/issues", many, needs=_READ)
ROUTES.add("POST", "/repos/{owner}/{repo}/issues", create, needs="issues:write", auth="user")
ROUTES.add("GET", _ONE, get, needs=_READ)
ROUTES.add("PATCH", _ONE, update, needs=_WRITE, auth="user")
ROUTES.add("PUT", f"{_ONE}/lock", lock, needs=_WRITE, role="write")
ROUTES.add("DELETE", f"{_ONE}/lock", unlock, needs=_WRITE, role="write")
