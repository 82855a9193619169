"""https://docs.github.com/rest/pulls/pulls#merge-a-pull-request, at once and in the background."""

from __future__ import annotations

import uuid

from interlock.sandbox import pulling
from interlock.sandbox.call import Call, chosen, words
from interlock.sandbox.records import Issue, MergeRequest, Pull
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply
from interlock.values import Any

ROUTES = Routes()
_METHODS = ("merge", "squash", "rebase")
_ACTIONS = ("default", "direct_merge", "merge_queue")
#: How often a background merge is polled before it runs.
RUNS_AFTER = 1
#: Results are kept for 24 hours after their last change.
KEPT_SECONDS = 24 * 3600


def merged(call: Call) -> Reply:
    """204 for a merged pull request, else 404."""
    if call.pull()[1].merged_at is None:
        raise Refused(404, "Not Found")
    return Reply(204)


def merge(call: Call) -> Reply:
    """Merge now: 405 where a rule says no, 409 where the head moved."""
    issue, _ = call.pull()
    body = call.body()
    asked = pulling.Merge(
        chosen(body, "merge_method", _METHODS, "merge"),
        words(body, "sha", "PullRequest") or "",
        words(body, "commit_title", "PullRequest") or "",
        words(body, "commit_message", "PullRequest"),
    )
    assert call.token is not None
    sha = pulling.merge(call.world, call.repo, issue, asked, call.token)
    return Reply(200, {"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def begin(call: Call) -> Reply:
    """Ask for a background merge; rules are judged only when it runs."""
    issue, pull = call.pull()
    if pull.merged_at is not None:
        done = {"message": "Pull request is already merged.", "sha": pull.merge_commit_sha}
        return Reply(200, {"status": "merged", "details": done})
    if issue.state != "open" or pull.draft:
        text = "Pull request is still a draft." if pull.draft else "Pull request is closed."
        return Reply(400, {"status": "failed", "details": {"message": text}})
    if pull.merging is not None and pull.merging.status == "pending":
        text = "A merge request already exists for this pull request."
        return Reply(409, _pending(pull.merging, text))
    body = call.body()
    now = call.world.now()
    pull.merging = MergeRequest(
        str(uuid.uuid4()),
        chosen(body, "merge_method", _METHODS, "merge"),
        chosen(body, "merge_action", _ACTIONS, "default"),
        words(body, "sha", "PullRequest") or pull.head_sha,
        words(body, "commit_title", "PullRequest") or "",
        words(body, "commit_message", "PullRequest") or "",
        call.user,
        now,
        now,
    )
    return Reply(202, _pending(pull.merging, "Merge request enqueued."))


def _pending(request: MergeRequest, text: str) -> dict[str, Any]:
    return {
        "status": "pending",
        "details": {
            "message": text,
            "uuid": request.uuid,
            "merge_method": request.method,
            "merge_action": request.action,
            "expected_head_sha": request.expected,
        },
    }


def poll(call: Call) -> Reply:
    """How a background merge went; 404 after a day."""
    issue, pull = call.pull()
    request = pull.merging
    now = call.world.now()
    if (
        request is None
        or request.uuid != call.params["uuid"]
        or request.updated_at + KEPT_SECONDS < now
    ):
        raise Refused(404, "Not Found")
    if request.status == "pending":
        request.polls += 1
        if request.polls <= RUNS_AFTER:
            return Reply(200, _pending(request, "Merge request is in progress."))
        _run(call, issue, pull, request)
    details = {"message": request.text} | ({"sha": request.sha} if request.sha else {})
    return Reply(200, {"status": request.status, "details": details})


def _run(call: Call, issue: Issue, pull: Pull, request: MergeRequest) -> None:
    from interlock.sandbox.actors import Token

    asked = pulling.Merge(request.method, request.expected, request.title, request.message or None)
    token = call.token if call.token and call.token.user is request.actor else None
    request.updated_at = call.world.now()
    try:
        request.sha = pulling.merge(
            call.world, call.repo, issue, asked, token or Token("", "user", request.actor)
        )
        request.status, request.text = "merged", "Pull request was merged."
    except Refused as refused:
        moved = refused.status == 409
        request.status = "failed"
        request.text = (
            "Head branch was modified after the merge was requested." if moved else str(refused)
        )
    assert pull.merging is request


_ONE = "/repos/{owner}/{repo}/pulls/{pull_number}"
ROUTES.add("GET", f"{_ONE}/merge", merged, needs="pull_requests:read")
ROUTES.add("PUT", f"{_ONE}/merge", merge, needs="contents:write", role="write")
ROUTES.add("PUT", f"{_ONE}/merge-async", begin, needs="contents:write", role="write")
ROUTES.add("GET", f"{_ONE}/merge-async/{{uuid}}", poll, needs="contents:read")
