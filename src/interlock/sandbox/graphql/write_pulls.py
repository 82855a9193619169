"""Mutations of pull requests."""

from __future__ import annotations

from interlock.sandbox import events, making, pulling, refs
from interlock.sandbox.call import Call
from interlock.sandbox.gitmerge import Conflict, merged_tree
from interlock.sandbox.graphql.places import Asking, Failed, ReviewAt
from interlock.sandbox.graphql.read_pulls import repo_of
from interlock.sandbox.graphql.write_comments import done, given, subject
from interlock.sandbox.making import person
from interlock.sandbox.records import Issue, Pull, Repo
from interlock.sandbox.wire import parsed
from interlock.values import Any

Asked = dict[str, Any]
_EVENTS = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


def _found(
    asking: Asking, asked: Asked, *, write: str = "pull_requests", role: str = "write"
) -> tuple[Repo, Issue, Pull]:
    issue: Issue = subject(asking, given(asked)["pullRequestId"], Issue, "a PullRequest")
    if issue.pull is None:
        raise Failed("NOT_FOUND", "Could not resolve to a PullRequest node.")
    repo = repo_of(asking, issue)
    asking.writable(repo)
    asking.may(repo, write, "write", "read" if issue.user is asking.user else role)
    return repo, issue, issue.pull


def create(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#createpullrequest."""
    wanted = given(asked)
    repo: Repo = subject(asking, wanted["repositoryId"], Repo, "a Repository")
    asking.writable(repo)
    asking.may(repo, "pull_requests", "write", "read")
    head = wanted["headRefName"]
    if wanted.get("headRepositoryId"):
        other: Repo = subject(asking, wanted["headRepositoryId"], Repo, "a Repository")
        head = f"{other.owner.login}:{head}"
    proposal = pulling.Proposal(
        wanted["title"],
        head,
        wanted["baseRefName"],
        wanted.get("body"),
        bool(wanted.get("draft")),
        maintainer_can_modify=bool(wanted.get("maintainerCanModify")),
    )
    return done(asked, pullRequest=pulling.propose(asking.world, repo, proposal, asking.token))


def update(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#updatepullrequest."""
    repo, issue, pull = _found(asking, asked)
    wanted = given(asked)
    changes = {}
    for field in ("title", "body"):
        if wanted.get(field) is not None and wanted[field] != getattr(issue, field):
            changes[field] = {"from": getattr(issue, field) or ""}
            setattr(issue, field, wanted[field])
    if changes:
        issue.updated_at = asking.world.now()
        events.pull(asking.world, repo, issue, "edited", asking.token, {"changes": changes})
    if wanted.get("baseRefName") and wanted["baseRefName"] != pull.base_ref:
        refs.retarget(asking.world, repo, issue, wanted["baseRefName"], asking.token)
    if wanted.get("maintainerCanModify") is not None:
        pull.maintainer_can_modify = wanted["maintainerCanModify"]
    if wanted.get("state") == "CLOSED" and issue.state == "open":
        refs.close(asking.world, repo, issue, asking.token)
    elif wanted.get("state") == "OPEN" and issue.state == "closed":
        _reopen(asking, repo, issue)
    return done(asked, pullRequest=issue)


def close(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#closepullrequest."""
    repo, issue, _pull = _found(asking, asked)
    if issue.state == "open":
        refs.close(asking.world, repo, issue, asking.token)
    return done(asked, pullRequest=issue)


def _reopen(asking: Asking, repo: Repo, issue: Issue) -> None:
    from interlock.sandbox.rest.pulls import reopen as again

    call = Call(asking.world, parsed("POST", "/graphql", {}, b""), asking.api.limits)
    call.token, call.repository = asking.token, repo
    again(call, issue, asking.token)


def reopen(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#reopenpullrequest."""
    repo, issue, _pull = _found(asking, asked)
    _reopen(asking, repo, issue)
    return done(asked, pullRequest=issue)


def merge(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#mergepullrequest."""
    repo, issue, _pull = _found(asking, asked, write="contents")
    asking.may(repo, "contents", "write", "write")
    wanted = given(asked)
    merging = pulling.Merge(
        (wanted.get("mergeMethod") or "MERGE").lower(),
        wanted.get("expectedHeadOid") or "",
        wanted.get("commitHeadline") or "",
        wanted.get("commitBody"),
    )
    pulling.merge(asking.world, repo, issue, merging, asking.token)
    return done(asked, pullRequest=issue)


def _draft(asking: Asking, asked: Asked, draft: bool) -> Any:
    repo, issue, _pull = _found(asking, asked)
    pulling.set_draft(asking.world, repo, issue, asking.token, draft=draft)
    return done(asked, pullRequest=issue)


def to_draft(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#convertpullrequesttodraft."""
    return _draft(asking, asked, True)


def ready(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#markpullrequestreadyforreview."""
    return _draft(asking, asked, False)


def auto(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#enablepullrequestautomerge."""
    repo, issue, pull = _found(asking, asked, write="contents")
    if not repo.settings.get("allow_auto_merge"):
        raise Failed("UNPROCESSABLE", "Auto merge is not allowed for this repository")
    from interlock.sandbox import judging

    expected = given(asked).get("expectedHeadOid")
    if expected and expected != pull.head_sha:
        raise Failed("UNPROCESSABLE", f"Head sha didn't match the expected one: {expected}")
    pulling.compute(asking.world, repo, issue)
    if judging.mergeable_state(asking.world, repo, issue) == "clean":
        # A clean pull request is refused: it can be merged at once.
        raise Failed("UNPROCESSABLE", "Pull request Pull request is in clean status")
    pull.auto_merge = (asking.user, (given(asked).get("mergeMethod") or "MERGE").lower())
    events.pull(asking.world, repo, issue, "auto_merge_enabled", asking.token)
    return done(asked, pullRequest=issue)


def no_auto(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#disablepullrequestautomerge."""
    repo, issue, pull = _found(asking, asked, write="contents")
    pull.auto_merge = None
    why = {"reason": "Auto-merge was disabled by a user"}
    events.pull(asking.world, repo, issue, "auto_merge_disabled", asking.token, why)
    return done(asked, pullRequest=issue)


def revert(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#revertpullrequest."""
    repo, issue, pull = _found(asking, asked)
    asking.may(repo, "contents", "write", "write")
    if pull.merged_at is None or not pull.merge_commit_sha:
        raise Failed("UNPROCESSABLE", "Pull request is not merged")
    git = asking.world.git(repo)
    merged = git.commit(pull.merge_commit_sha)
    who = person(asking.world, asking.user)
    tip = git.branch(pull.base_ref)
    # Undoing a commit is merging its parent's tree as if it had come after the commit.
    undone = git.write_commit(git.commit(merged.parents[0]).tree, (merged.sha,), "undo", who, who)
    try:
        tree = merged_tree(git, tip, undone)
    except Conflict:
        raise Failed(
            "UNPROCESSABLE", "Pull request cannot be reverted: there are conflicts"
        ) from None
    title = given(asked).get("title") or f'Revert "{issue.title}"'
    body = given(asked).get("body") or f"Reverts {repo.full_name}#{issue.number}"
    sha = git.write_commit(tree, (tip,), f"{title}\n", who, who)
    branch = f"revert-{issue.number}-{pull.head_ref}"
    refs.move(
        asking.world,
        repo,
        refs.Change(f"refs/heads/{branch}", git.branch(branch), sha),
        asking.token,
    )
    proposal = pulling.Proposal(title, branch, pull.base_ref, body, bool(given(asked).get("draft")))
    made = pulling.propose(asking.world, repo, proposal, asking.token)
    return done(asked, pullRequest=issue, revertPullRequest=made)


def review(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#addpullrequestreview."""
    repo, issue, _pull = _found(asking, asked, role="read")
    event = given(asked).get("event") or "COMMENT"
    made = making.review(
        asking.world,
        repo,
        issue.number,
        asking.token,
        _EVENTS[event],
        given(asked).get("body") or "",
    )
    return done(asked, pullRequestReview=ReviewAt(issue, made))


MUTATIONS: dict[str, Any] = {
    "createPullRequest": create,
    "updatePullRequest": update,
    "closePullRequest": close,
    "reopenPullRequest": reopen,
    "mergePullRequest": merge,
    "convertPullRequestToDraft": to_draft,
    "markPullRequestReadyForReview": ready,
    "enablePullRequestAutoMerge": auto,
    "disablePullRequestAutoMerge": no_auto,
    "revertPullRequest": revert,
    "addPullRequestReview": review,
}
