"""Pull requests and their reviews."""

from __future__ import annotations

from interlock.sandbox import judging
from interlock.sandbox.actors import User
from interlock.sandbox.gitdiff import between, files, merge_base
from interlock.sandbox.payloads.issues import issue_page, label
from interlock.sandbox.payloads.repos import api_url, repository
from interlock.sandbox.payloads.times import iso, iso_or_none, node
from interlock.sandbox.payloads.users import association, user, user_or_none
from interlock.sandbox.records import Issue, Pull, Repo, Review
from interlock.sandbox.world import World
from interlock.values import Any


def simple(world: World, repo: Repo, issue: Issue, viewer: User | None = None) -> dict[str, Any]:
    """The ``pull-request-simple`` of GitHub's description, as lists hold it."""
    pull = issue.pull
    assert pull is not None
    url = f"{api_url(world, repo)}/pulls/{issue.number}"
    page = issue_page(world, repo, issue)
    issue_url = f"{api_url(world, repo)}/issues/{issue.number}"
    statuses = f"{api_url(world, repo)}/statuses/{pull.head_sha}"
    assignees = [user(world, who) for who in issue.assignees]
    links = _links(url, page, issue_url, statuses, f"{api_url(world, repo)}/pulls/comments")
    return {
        "url": url,
        "id": issue.id,
        "node_id": node("PR", issue.id),
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": issue_url,
        "number": issue.number,
        "state": issue.state,
        "locked": issue.locked,
        "title": issue.title,
        "user": user(world, issue.user),
        "body": issue.body,
        "created_at": iso(issue.created_at),
        "updated_at": iso(issue.updated_at),
        "closed_at": iso_or_none(issue.closed_at),
        "merged_at": iso_or_none(pull.merged_at),
        "merge_commit_sha": pull.merge_commit_sha,
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "requested_reviewers": [user(world, who) for who in pull.requested_reviewers],
        "requested_teams": [],
        "labels": [label(world, repo, each) for each in issue.labels],
        "milestone": None,
        "draft": pull.draft,
        "commits_url": f"{url}/commits",
        "review_comments_url": f"{url}/comments",
        "review_comment_url": links["review_comment"],
        "comments_url": links["comments"],
        "statuses_url": statuses,
        "head": _head(world, pull, viewer),
        "base": _side(
            world, repo, f"{repo.owner.login}:{pull.base_ref}", pull.base_ref, pull.base_sha, viewer
        ),
        "_links": {name: {"href": href} for name, href in links.items()},
        "author_association": association(world, repo, issue.user),
        "auto_merge": _auto_merge(world, issue),
        "active_lock_reason": None,
    }


def _links(url: str, page: str, issue: str, statuses: str, comments: str) -> dict[str, str]:
    return {
        "self": url,
        "html": page,
        "issue": issue,
        "comments": f"{issue}/comments",
        "review_comments": f"{url}/comments",
        "review_comment": f"{comments}{{/number}}",
        "commits": f"{url}/commits",
        "statuses": statuses,
    }


def _side(
    world: World, repo: Repo, name: str, ref: str, sha: str, viewer: User | None
) -> dict[str, Any]:
    return {
        "label": name,
        "ref": ref,
        "sha": sha,
        "user": user(world, repo.owner),
        "repo": repository(world, repo, viewer),
    }


def _head(world: World, pull: Pull, viewer: User | None) -> dict[str, Any]:
    repo = world.repos.get(pull.head_repo)
    if repo is not None:
        return _side(world, repo, pull.head_label, pull.head_ref, pull.head_sha, viewer)
    # A deleted fork: the repository is null, as GitHub answers although its description forbids it.
    owner = world.user(pull.head_label.partition(":")[0])
    return {
        "label": pull.head_label,
        "ref": pull.head_ref,
        "sha": pull.head_sha,
        "user": user_or_none(world, owner),
        "repo": None,
    }


def _auto_merge(world: World, issue: Issue) -> dict[str, Any] | None:
    if issue.pull is None or issue.pull.auto_merge is None:
        return None
    who, method = issue.pull.auto_merge
    return {
        "enabled_by": user(world, who),
        "merge_method": method,
        "commit_title": issue.title,
        "commit_message": issue.body or "",
    }


def full(world: World, repo: Repo, issue: Issue, viewer: User | None = None) -> dict[str, Any]:
    """The ``pull-request`` of GitHub's description."""
    pull = issue.pull
    assert pull is not None
    commits, changed = extent(world, repo, pull)
    return simple(world, repo, issue, viewer) | {
        "merged": pull.merged_at is not None,
        "mergeable": None if pull.merged_at or issue.state == "closed" else pull.mergeable,
        "rebaseable": pull.mergeable if issue.state == "open" else None,
        "mergeable_state": judging.mergeable_state(world, repo, issue),
        "merged_by": user_or_none(world, pull.merged_by),
        "comments": len(issue.comments),
        "review_comments": 0,
        "maintainer_can_modify": pull.maintainer_can_modify,
        "commits": len(commits),
        "additions": sum(each.additions for each in changed),
        "deletions": sum(each.deletions for each in changed),
        "changed_files": len(changed),
    }


def extent(world: World, repo: Repo, pull: Pull) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """A pull request's commits and changed files, since its merge base."""
    git = world.git(repo)
    start = merge_base(git, pull.base_sha, pull.head_sha)
    if not start:
        return (), ()
    return between(git.path, pull.base_sha, pull.head_sha), files(git.path, start, pull.head_sha)


def review(world: World, repo: Repo, issue: Issue, which: Review) -> dict[str, Any]:
    """The ``pull-request-review`` of GitHub's description."""
    url = f"{api_url(world, repo)}/pulls/{issue.number}"
    page = f"{issue_page(world, repo, issue)}#pullrequestreview-{which.id}"
    shown: dict[str, Any] = {
        "id": which.id,
        "node_id": node("PRR", which.id),
        "user": user(world, which.user),
        "body": which.body,
        "state": which.state,
        "html_url": page,
        "pull_request_url": url,
        "author_association": association(world, repo, which.user),
        "_links": {"html": {"href": page}, "pull_request": {"href": url}},
        "commit_id": which.commit_id,
    }
    if which.submitted_at is not None:
        shown["submitted_at"] = iso(which.submitted_at)
    return shown
