"""Pull requests, issues, comments and reviews."""

from __future__ import annotations

import re

from interlock.sandbox import judging, pulling
from interlock.sandbox.graphql.connections import connection, ordered
from interlock.sandbox.graphql.places import (
    Asking,
    CommentAt,
    CommitAt,
    LabelAt,
    RefAt,
    ReviewAt,
    RollupAt,
)
from interlock.sandbox.graphql.read_repos import pull_state
from interlock.sandbox.payloads.issues import issue_page
from interlock.sandbox.payloads.pulls import extent
from interlock.sandbox.payloads.times import iso, iso_or_none, node
from interlock.sandbox.payloads.users import association
from interlock.sandbox.records import Issue, Pull, Repo
from interlock.values import Any

Asked = dict[str, Any]
_CHANGE = {
    "added": "ADDED",
    "removed": "DELETED",
    "modified": "MODIFIED",
    "renamed": "RENAMED",
    "copied": "COPIED",
    "changed": "CHANGED",
}


def repo_of(asking: Asking, issue: Issue) -> Repo:
    """An issue's repository."""
    return asking.world.repos[issue.repo]


def _page(issue: Issue, asking: Asking) -> str:
    return issue_page(asking.world, repo_of(asking, issue), issue)


def _pull(issue: Issue) -> Pull:
    assert issue.pull is not None
    return issue.pull


def _base(issue: Issue, asking: Asking, _: Asked) -> Any:
    repo, name = repo_of(asking, issue), f"refs/heads/{_pull(issue).base_ref}"
    return RefAt(repo, name) if name in asking.world.git(repo).refs() else None


def _head_repo(issue: Issue, asking: Asking, _: Asked) -> Any:
    found = asking.world.repos.get(_pull(issue).head_repo)
    return found if found is not None and asking.sees(found) else None


def _head(issue: Issue, asking: Asking, _: Asked) -> Any:
    repo, name = _head_repo(issue, asking, _), f"refs/heads/{_pull(issue).head_ref}"
    return RefAt(repo, name) if repo and name in asking.world.git(repo).refs() else None


def _head_owner(issue: Issue, asking: Asking, _: Asked) -> Any:
    return asking.world.user(_pull(issue).head_label.partition(":")[0])


def _mergeable(issue: Issue, asking: Asking, _: Asked) -> str:
    found = pulling.read(asking.world, repo_of(asking, issue), issue)
    return {None: "UNKNOWN", True: "MERGEABLE", False: "CONFLICTING"}[found]


def _merge_commit(issue: Issue, asking: Asking, _: Asked) -> Any:
    pull = _pull(issue)
    if pull.merged_at is None or not pull.merge_commit_sha:
        return None
    return CommitAt(repo_of(asking, issue), pull.merge_commit_sha)


def _potential(issue: Issue, asking: Asking, _: Asked) -> Any:
    pull = _pull(issue)
    if pull.merged_at is not None or not pull.merge_commit_sha:
        return None
    return CommitAt(repo_of(asking, issue), pull.merge_commit_sha)


def _rollup(issue: Issue, asking: Asking, _: Asked) -> Any:
    repo, sha = repo_of(asking, issue), _pull(issue).head_sha
    held = repo.statuses.get(sha) or any(run.sha == sha for run in repo.checks.values())
    return RollupAt(repo, sha) if held else None


def _commits(issue: Issue, asking: Asking, asked: Asked) -> Any:
    repo = repo_of(asking, issue)
    found = pulling.commits(asking.world, repo, _pull(issue))
    page = issue_page(asking.world, repo, issue)

    def shown(sha: str) -> dict[str, Any]:
        path = f"/{repo.full_name}/pull/{issue.number}/commits/{sha}"
        return {
            "id": f"PRC_{issue.id}_{sha}",
            "commit": CommitAt(repo, sha),
            "pullRequest": issue,
            "url": f"{page}/commits/{sha}",
            "resourcePath": path,
        }

    return connection(found, asked, shown)


def _files(issue: Issue, asking: Asking, asked: Asked) -> Any:
    found = extent(asking.world, repo_of(asking, issue), _pull(issue))[1][:3000]

    def shown(each: Any) -> dict[str, Any]:
        return {
            "path": each.path,
            "additions": each.additions,
            "deletions": each.deletions,
            "changeType": _CHANGE.get(each.status, "CHANGED"),
            "viewerViewedState": "UNVIEWED",
        }

    return connection(found, asked, shown)


def _reviews(issue: Issue, _: Asking, asked: Asked) -> Any:
    found = [
        r for r in _pull(issue).reviews if not asked.get("states") or r.state in asked["states"]
    ]
    found = [r for r in found if asked.get("author") in (None, r.user.login)]
    return connection(found, asked, lambda r: ReviewAt(issue, r))


def _latest(issue: Issue, _: Asking, asked: Asked) -> Any:
    found = list({r.user: r for r in _pull(issue).reviews if r.state != "PENDING"}.values())
    return connection(found, asked, lambda r: ReviewAt(issue, r))


def _opinionated(issue: Issue, asking: Asking, asked: Asked) -> Any:
    readers = not asked.get("writersOnly")
    held = judging.deciding(asking.world, repo_of(asking, issue), issue, readers=readers)
    return connection(list(held.values()), asked, lambda r: ReviewAt(issue, r))


def _comments(issue: Issue, _: Asking, asked: Asked) -> Any:
    keys = {"UPDATED_AT": lambda c: c.updated_at}
    found = ordered(issue.comments, asked.get("orderBy"), keys)
    return connection(found, asked, lambda c: CommentAt(issue, c))


def _labels(issue: Issue, asking: Asking, asked: Asked) -> Any:
    repo = repo_of(asking, issue)
    return connection(issue.labels, asked, lambda each: LabelAt(repo, each))


def _auto(issue: Issue, _: Asking, __: Asked) -> Any:
    pull = _pull(issue)
    if pull.auto_merge is None:
        return None
    who, method = pull.auto_merge
    return {
        "enabledBy": who,
        "mergeMethod": method.upper(),
        "pullRequest": issue,
        "commitHeadline": issue.title,
        "commitBody": issue.body,
    }


def plain(text: str) -> str:
    """A body without its HTML comments and tags."""
    return re.sub(r"<[^>]*>", "", re.sub(r"<!--.*?(?:-->|\Z)", "", text, flags=re.DOTALL)).strip()


_ISSUE: dict[str, Any] = {
    "databaseId": lambda i, _, __: i.id,
    "fullDatabaseId": lambda i, _, __: str(i.id),
    "body": lambda i, _, __: i.body or "",
    "bodyText": lambda i, _, __: plain(i.body or ""),
    "closed": lambda i, _, __: i.state == "closed",
    "closedAt": lambda i, _, __: iso_or_none(i.closed_at),
    "createdAt": lambda i, _, __: iso(i.created_at),
    "updatedAt": lambda i, _, __: iso(i.updated_at),
    "url": lambda i, a, _: issue_page(a.world, repo_of(a, i), i),
    "author": lambda i, _, __: i.user,
    "authorAssociation": lambda i, a, _: association(a.world, repo_of(a, i), i.user),
    "comments": _comments,
    "labels": _labels,
    "repository": lambda i, a, _: repo_of(a, i),
    "viewerDidAuthor": lambda i, a, _: i.user is a.user,
}
TYPES: dict[str, dict[str, Any]] = {
    "Issue": _ISSUE
    | {
        "id": lambda i, _, __: node("I", i.id),
        "state": lambda i, _, __: i.state.upper(),
        "stateReason": lambda i, _, __: i.state_reason and i.state_reason.upper(),
    },
    "PullRequest": _ISSUE
    | {
        "id": lambda i, _, __: node("PR", i.id),
        "state": lambda i, _, __: pull_state(i),
        "permalink": _ISSUE["url"],
        "isDraft": lambda i, _, __: _pull(i).draft,
        "merged": lambda i, _, __: _pull(i).merged_at is not None,
        "mergedAt": lambda i, _, __: iso_or_none(_pull(i).merged_at),
        "mergedBy": lambda i, _, __: _pull(i).merged_by,
        "mergeCommit": _merge_commit,
        "potentialMergeCommit": _potential,
        "baseRef": _base,
        "baseRefName": lambda i, _, __: _pull(i).base_ref,
        "baseRefOid": lambda i, _, __: _pull(i).base_sha,
        "baseRepository": lambda i, a, _: repo_of(a, i),
        "headRef": _head,
        "headRefName": lambda i, _, __: _pull(i).head_ref,
        "headRefOid": lambda i, _, __: _pull(i).head_sha,
        "headRepository": _head_repo,
        "headRepositoryOwner": _head_owner,
        "isCrossRepository": lambda i, _, __: _pull(i).head_repo != i.repo,
        "mergeable": _mergeable,
        "mergeStateStatus": lambda i, a, _: judging.mergeable_state(
            a.world, repo_of(a, i), i
        ).upper(),
        "reviewDecision": lambda i, a, _: judging.review_decision(a.world, repo_of(a, i), i),
        "reviews": _reviews,
        "latestReviews": _latest,
        "latestOpinionatedReviews": _opinionated,
        "commits": _commits,
        "files": _files,
        "changedFiles": lambda i, a, _: len(extent(a.world, repo_of(a, i), _pull(i))[1]),
        "additions": lambda i, a, _: sum(
            f.additions for f in extent(a.world, repo_of(a, i), _pull(i))[1]
        ),
        "deletions": lambda i, a, _: sum(
            f.deletions for f in extent(a.world, repo_of(a, i), _pull(i))[1]
        ),
        "statusCheckRollup": _rollup,
        "autoMergeRequest": _auto,
        "maintainerCanModify": lambda i, _, __: _pull(i).maintainer_can_modify,
        "totalCommentsCount": lambda i, _, __: len(i.comments),
    },
    "IssueComment": {
        "id": lambda at, _, __: node("IC", at.comment.id),
        "databaseId": lambda at, _, __: at.comment.id,
        "fullDatabaseId": lambda at, _, __: str(at.comment.id),
        "body": lambda at, _, __: at.comment.body,
        "bodyText": lambda at, _, __: plain(at.comment.body),
        "author": lambda at, _, __: at.comment.user,
        "authorAssociation": lambda at, a, _: association(
            a.world, repo_of(a, at.issue), at.comment.user
        ),
        "createdAt": lambda at, _, __: iso(at.comment.created_at),
        "updatedAt": lambda at, _, __: iso(at.comment.updated_at),
        "url": lambda at, a, _: f"{_page(at.issue, a)}#issuecomment-{at.comment.id}",
        "isMinimized": lambda at, _, __: bool(at.comment.minimized),
        "minimizedReason": lambda at, _, __: at.comment.minimized.lower().replace("_", "-") or None,
        "viewerDidAuthor": lambda at, a, _: at.comment.user is a.user,
        "viewerCanUpdate": lambda at, a, _: at.comment.user is a.user,
        "issue": lambda at, _, __: at.issue,
        "pullRequest": lambda at, _, __: at.issue if at.issue.pull else None,
        "repository": lambda at, a, _: repo_of(a, at.issue),
    },
    "PullRequestReview": {
        "id": lambda at, _, __: node("PRR", at.review.id),
        "databaseId": lambda at, _, __: at.review.id,
        "fullDatabaseId": lambda at, _, __: str(at.review.id),
        "author": lambda at, _, __: at.review.user,
        "authorAssociation": lambda at, a, _: association(
            a.world, repo_of(a, at.issue), at.review.user
        ),
        "body": lambda at, _, __: at.review.body,
        "state": lambda at, _, __: at.review.state,
        "submittedAt": lambda at, _, __: iso_or_none(at.review.submitted_at),
        "createdAt": lambda at, a, _: iso(at.review.submitted_at or a.world.now()),
        "updatedAt": lambda at, a, _: iso(at.review.submitted_at or a.world.now()),
        "url": lambda at, a, _: f"{_page(at.issue, a)}#pullrequestreview-{at.review.id}",
        "commit": lambda at, a, _: CommitAt(repo_of(a, at.issue), at.review.commit_id),
        "pullRequest": lambda at, _, __: at.issue,
        "repository": lambda at, a, _: repo_of(a, at.issue),
        "authorCanPushToRepository": lambda at, a, _: (
            a.world.role(at.review.user, repo_of(a, at.issue)) not in ("none", "read", "triage")
        ),
    },
}
