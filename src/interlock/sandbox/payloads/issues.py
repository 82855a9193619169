"""Issues, labels, comments."""

from __future__ import annotations

from urllib.parse import quote

from interlock.sandbox.payloads.repos import api_url, page_url
from interlock.sandbox.payloads.times import iso, iso_or_none, node
from interlock.sandbox.payloads.users import app_or_none, association, user, user_or_none
from interlock.sandbox.records import Comment, Issue, Label, Repo
from interlock.sandbox.world import World
from interlock.values import Any


def label(world: World, repo: Repo, which: Label) -> dict[str, Any]:
    """The ``label`` of GitHub's description."""
    return {
        "id": which.id,
        "node_id": node("LA", which.id),
        "url": f"{api_url(world, repo)}/labels/{quote(which.name)}",
        "name": which.name,
        "color": which.color,
        "default": which.name in ("bug", "documentation", "duplicate", "enhancement"),
        "description": which.description,
    }


def reactions(url: str) -> dict[str, Any]:
    """No reactions yet."""
    kinds = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
    return {"url": f"{url}/reactions", "total_count": 0} | dict.fromkeys(kinds, 0)


def issue_page(world: World, repo: Repo, which: Issue) -> str:
    """The page of an issue or pull request."""
    return f"{page_url(world, repo)}/{'pull' if which.pull else 'issues'}/{which.number}"


def issue(world: World, repo: Repo, which: Issue) -> dict[str, Any]:
    """The ``issue`` of GitHub's description; pull requests are issues too."""
    url = f"{api_url(world, repo)}/issues/{which.number}"
    page = issue_page(world, repo, which)
    assignees = [user(world, who) for who in which.assignees]
    shown = {
        "id": which.id,
        "node_id": node("PR" if which.pull else "I", which.id),
        "url": url,
        "repository_url": api_url(world, repo),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": page,
        "number": which.number,
        "state": which.state,
        "state_reason": which.state_reason,
        "title": which.title,
        "body": which.body,
        "user": user(world, which.user),
        "labels": [label(world, repo, each) for each in which.labels],
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "milestone": None,
        "locked": which.locked,
        "active_lock_reason": None,
        "comments": len(which.comments),
        "closed_at": iso_or_none(which.closed_at),
        "closed_by": user_or_none(world, which.closed_by),
        "created_at": iso(which.created_at),
        "updated_at": iso(which.updated_at),
        "author_association": association(world, repo, which.user),
        "performed_via_github_app": app_or_none(world, which.app),
        "reactions": reactions(url),
    }
    if which.pull:
        shown["draft"] = which.pull.draft
        shown["pull_request"] = {
            "url": f"{api_url(world, repo)}/pulls/{which.number}",
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "merged_at": iso_or_none(which.pull.merged_at),
        }
    return shown


def comment(world: World, repo: Repo, which: Issue, said: Comment) -> dict[str, Any]:
    """The ``issue-comment`` of GitHub's description."""
    url = f"{api_url(world, repo)}/issues/comments/{said.id}"
    shown: dict[str, Any] = {
        "id": said.id,
        "node_id": node("IC", said.id),
        "url": url,
        "html_url": f"{issue_page(world, repo, which)}#issuecomment-{said.id}",
        "issue_url": f"{api_url(world, repo)}/issues/{which.number}",
        "user": user(world, said.user),
        "body": said.body,
        "created_at": iso(said.created_at),
        "updated_at": iso(said.updated_at),
        "author_association": association(world, repo, said.user),
        "performed_via_github_app": app_or_none(world, said.app),
        "reactions": reactions(url),
    }
    if said.minimized:
        shown["minimized"] = {"reason": said.minimized.lower()}
    return shown
