"""Mutations of comments, labels and issues."""

from __future__ import annotations

from interlock.sandbox import events, making
from interlock.sandbox.call import MAX_BODY
from interlock.sandbox.graphql import nodes
from interlock.sandbox.graphql.connections import cursor
from interlock.sandbox.graphql.places import Asking, CommentAt, Failed, LabelAt
from interlock.sandbox.graphql.read_pulls import repo_of
from interlock.sandbox.payloads.issues import label as shown_label
from interlock.sandbox.records import Issue
from interlock.values import Any

Asked = dict[str, Any]


def given(asked: Asked) -> Asked:
    """The mutation's input."""
    found: Asked = asked["input"]
    return found


def done(asked: Asked, **fields: Any) -> dict[str, Any]:
    """A payload with the caller's own id."""
    return {"clientMutationId": given(asked).get("clientMutationId"), **fields}


def subject(asking: Asking, node: str, kind: type, what: str) -> Any:
    """The thing a node id names, if it is of this kind; raises Failed NOT_FOUND."""
    found = nodes.find(asking, node)
    if not isinstance(found, kind):
        raise Failed(
            "NOT_FOUND", f"Could not resolve to {what} node with the global id of '{node}'."
        )
    return found


def _writes(asking: Asking, issue: Issue) -> None:
    repo = repo_of(asking, issue)
    asking.writable(repo)
    both = ("issues", "pull_requests") if issue.pull else ("issues",)
    held = asking.token.permissions
    name = next((each for each in both if held.get(each) == "write"), both[0])
    asking.may(repo, name, "write", "read")


def _body(text: str) -> str:
    if not text.strip():
        raise Failed("UNPROCESSABLE", "Body can't be blank")
    if len(text) > MAX_BODY:
        raise Failed("UNPROCESSABLE", "Body is too long (maximum is 65536 characters)")
    return text


def add(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#addcomment."""
    issue: Issue = subject(asking, given(asked)["subjectId"], Issue, "an Issue or PullRequest")
    _writes(asking, issue)
    repo = repo_of(asking, issue)
    number = making.comment(
        asking.world, repo, issue.number, asking.token, _body(given(asked)["body"])
    )
    said = next(c for c in issue.comments if c.id == number)
    edge = {"cursor": cursor(len(issue.comments) - 1), "node": CommentAt(issue, said)}
    return done(asked, commentEdge=edge, subject=issue)


def _mine(asking: Asking, at: CommentAt) -> None:
    _writes(asking, at.issue)
    if at.comment.user is not asking.user and asking.token.kind == "user":
        asking.may(repo_of(asking, at.issue), "issues", "write", "write")


def update(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#updateissuecomment."""
    at: CommentAt = subject(asking, given(asked)["id"], CommentAt, "an IssueComment")
    _mine(asking, at)
    at.comment.body, at.comment.updated_at = _body(given(asked)["body"]), asking.world.now()
    events.comment(
        asking.world, repo_of(asking, at.issue), at.issue, at.comment, "edited", asking.token
    )
    return done(asked, issueComment=at)


def delete(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#deleteissuecomment."""
    at: CommentAt = subject(asking, given(asked)["id"], CommentAt, "an IssueComment")
    _mine(asking, at)
    at.issue.comments.remove(at.comment)
    events.comment(
        asking.world, repo_of(asking, at.issue), at.issue, at.comment, "deleted", asking.token
    )
    return done(asked)


def minimize(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#minimizecomment."""
    at: CommentAt = subject(asking, given(asked)["subjectId"], CommentAt, "a Minimizable")
    _mine(asking, at)
    at.comment.minimized = given(asked)["classifier"]
    return done(asked, minimizedComment=at)


def unminimize(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#unminimizecomment."""
    at: CommentAt = subject(asking, given(asked)["subjectId"], CommentAt, "a Minimizable")
    _mine(asking, at)
    at.comment.minimized = ""
    return done(asked, unminimizedComment=at)


def _labels(asking: Asking, asked: Asked) -> tuple[Issue, list[LabelAt]]:
    issue: Issue = subject(asking, given(asked)["labelableId"], Issue, "a Labelable")
    _writes(asking, issue)
    asking.may(
        repo_of(asking, issue), "issues" if not issue.pull else "pull_requests", "write", "triage"
    )
    return issue, [subject(asking, each, LabelAt, "a Label") for each in given(asked)["labelIds"]]


def _told(asking: Asking, issue: Issue, action: str, at: LabelAt) -> None:
    more = {"label": shown_label(asking.world, at.repo, at.label)}
    events.issue(asking.world, at.repo, issue, action, asking.token, more)


def label(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#addlabelstolabelable."""
    issue, labels = _labels(asking, asked)
    for at in labels:
        if at.label not in issue.labels:
            issue.labels.append(at.label)
            _told(asking, issue, "labeled", at)
    return done(asked, labelable=issue)


def unlabel(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#removelabelsfromlabelable."""
    issue, labels = _labels(asking, asked)
    for at in labels:
        if at.label in issue.labels:
            issue.labels.remove(at.label)
            _told(asking, issue, "unlabeled", at)
    return done(asked, labelable=issue)


def close_issue(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#closeissue."""
    issue: Issue = subject(asking, given(asked)["issueId"], Issue, "an Issue")
    _writes(asking, issue)
    issue.state, issue.closed_at, issue.closed_by = "closed", asking.world.now(), asking.user
    issue.state_reason = (given(asked).get("stateReason") or "completed").lower()
    events.issue(asking.world, repo_of(asking, issue), issue, "closed", asking.token)
    return done(asked, issue=issue)


def update_issue(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#updateissue."""
    issue: Issue = subject(asking, given(asked)["id"], Issue, "an Issue")
    _writes(asking, issue)
    for field in ("title", "body"):
        if given(asked).get(field) is not None:
            setattr(issue, field, given(asked)[field])
    issue.updated_at = asking.world.now()
    events.issue(
        asking.world, repo_of(asking, issue), issue, "edited", asking.token, {"changes": {}}
    )
    return done(asked, issue=issue)


MUTATIONS: dict[str, Any] = {
    "addComment": add,
    "updateIssueComment": update,
    "deleteIssueComment": delete,
    "minimizeComment": minimize,
    "unminimizeComment": unminimize,
    "addLabelsToLabelable": label,
    "removeLabelsFromLabelable": unlabel,
    "closeIssue": close_issue,
    "updateIssue": update_issue,
}
