"""https://docs.github.com/rest/issues/comments; pull requests are commented here too."""

from __future__ import annotations

from interlock.sandbox import events, making
from interlock.sandbox.call import Call, long_text
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.issues import comment
from interlock.sandbox.records import Comment, Issue
from interlock.sandbox.rest.issues import since
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply

ROUTES = Routes()


def many(call: Call) -> Reply:
    """The comments of one issue or pull request, oldest first."""
    which, begin = call.issue(), since(call)
    found = [each for each in which.comments if each.updated_at >= begin]
    return page(call, found, lambda each: comment(call.world, call.repo, which, each))


def everywhere(call: Call) -> Reply:
    """All comments of the repository, by id."""
    begin = since(call)
    found = [
        (issue, each)
        for issue in call.repo.issues.values()
        for each in issue.comments
        if each.updated_at >= begin
    ]
    found.sort(
        key=lambda pair: pair[1].updated_at if call.query.get("sort") == "updated" else pair[1].id
    )
    if call.query.get("direction") == "desc":
        found.reverse()
    return page(call, found, lambda pair: comment(call.world, call.repo, *pair))


def create(call: Call) -> Reply:
    """A new comment of at most 65,536 characters."""
    which = call.issue()
    text = long_text(call.body(), "IssueComment", needed=True) or ""
    _writes(call, which)
    if which.locked and not call.may("write"):
        raise Refused(403, "Unable to create comment because issue is locked.")
    assert call.token is not None
    made = making.comment(call.world, call.repo, which.number, call.token, text)
    shown = comment(call.world, call.repo, which, next(c for c in which.comments if c.id == made))
    return Reply(201, shown, {"location": shown["url"]})


def _writes(call: Call, which: Issue) -> None:
    """Comments on pull requests need one permission, on issues the other."""
    assert call.token is not None
    if call.token.kind not in ("installation", "actions"):
        return
    wanted = ("issues", "pull_requests") if which.pull else ("issues",)
    if not any(call.granted(name, "write") for name in wanted):
        raise Refused(403, "Resource not accessible by integration")


def _found(call: Call) -> tuple[Issue, Comment]:
    number = call.number("comment_id")
    for issue in call.repo.issues.values():
        for each in issue.comments:
            if each.id == number:
                return issue, each
    raise Refused(404, "Not Found")


def get(call: Call) -> Reply:
    """One comment."""
    return Reply(200, comment(call.world, call.repo, *_found(call)))


def update(call: Call) -> Reply:
    """Change a comment: its author may, and whoever has write access."""
    which, said = _found(call)
    text = long_text(call.body(), "IssueComment", needed=True) or ""
    _mine(call, which, said)
    assert call.token is not None
    said.body, said.updated_at = text, call.world.now()
    events.comment(call.world, call.repo, which, said, "edited", call.token)
    return Reply(200, comment(call.world, call.repo, which, said))


def delete(call: Call) -> Reply:
    """Delete a comment: its author may, and whoever has write access."""
    which, said = _found(call)
    _mine(call, which, said)
    assert call.token is not None
    which.comments.remove(said)
    events.comment(call.world, call.repo, which, said, "deleted", call.token)
    return Reply(204)


def _mine(call: Call, which: Issue, said: Comment) -> None:
    _writes(call, which)
    if call.token is None or (call.token.user is not said.user and not call.may("write")):
        raise Refused(403, "Must have push access to repository")


_OF = "/repos/{owner}/{repo}/issues/{issue_number}/comments"
_ALL = "/repos/{owner}/{repo}/issues/comments"
_READ, _WRITE = "issues:read|pull_requests:read", "issues:write|pull_requests:write"
ROUTES.add("GET", _OF, many, needs=_READ)
ROUTES.add("POST", _OF, create, needs=_WRITE, auth="user")
ROUTES.add("GET", _ALL, everywhere, needs=_READ)
ROUTES.add("GET", f"{_ALL}/{{comment_id}}", get, needs=_READ)
ROUTES.add("PATCH", f"{_ALL}/{{comment_id}}", update, needs=_WRITE, auth="user")
ROUTES.add("DELETE", f"{_ALL}/{{comment_id}}", delete, needs=_WRITE, auth="user")
