"""Commit statuses and check runs."""

from __future__ import annotations

from interlock.sandbox.payloads.commits import account
from interlock.sandbox.payloads.repos import api_url, minimal, page_url
from interlock.sandbox.payloads.times import from_git, iso, iso_or_none, node
from interlock.sandbox.payloads.users import app, user
from interlock.sandbox.records import CheckRun, CheckSuite, Repo, Status
from interlock.sandbox.world import World
from interlock.values import Any


def status(world: World, repo: Repo, which: Status) -> dict[str, Any]:
    """The ``status`` of GitHub's description."""
    return simple_status(world, repo, which) | {"creator": user(world, which.creator)}


def simple_status(world: World, repo: Repo, which: Status) -> dict[str, Any]:
    """A status inside the combined one: without its creator."""
    return {
        "url": f"{api_url(world, repo)}/statuses/{which.sha}",
        "avatar_url": f"{world.url}/avatars/u/{which.creator.id}",
        "id": which.id,
        "node_id": node("SC", which.id),
        "state": which.state,
        "description": which.description,
        "target_url": which.target_url,
        "context": which.context,
        "created_at": iso(which.created_at),
        "updated_at": iso(which.created_at),
    }


def combined(
    world: World, repo: Repo, sha: str, state: str, shown: list[Status], total: int
) -> dict[str, Any]:
    """The ``combined-commit-status`` of GitHub's description."""
    url = api_url(world, repo)
    return {
        "state": state,
        "statuses": [simple_status(world, repo, each) for each in shown],
        "sha": sha,
        "total_count": total,
        "repository": minimal(world, repo),
        "commit_url": f"{url}/commits/{sha}",
        "url": f"{url}/commits/{sha}/status",
    }


def pull_links(world: World, repo: Repo, sha: str) -> list[dict[str, Any]]:
    """The open pull requests of this repository with this head, as check runs name them."""
    found = []
    for issue in repo.pulls():
        pull = issue.pull
        if pull is None or issue.state != "open" or pull.head_sha != sha:
            continue
        if pull.head_repo != repo.id:
            continue
        small = {"id": repo.id, "url": api_url(world, repo), "name": repo.name}
        found.append(
            {
                "id": issue.id,
                "number": issue.number,
                "url": f"{api_url(world, repo)}/pulls/{issue.number}",
                "head": {"ref": pull.head_ref, "sha": pull.head_sha, "repo": small},
                "base": {"ref": pull.base_ref, "sha": pull.base_sha, "repo": small},
            }
        )
    return found


def check_run(world: World, repo: Repo, which: CheckRun) -> dict[str, Any]:
    """The ``check-run`` of GitHub's description."""
    url = f"{api_url(world, repo)}/check-runs/{which.id}"
    page = f"{page_url(world, repo)}/runs/{which.id}"
    return {
        "id": which.id,
        "name": which.name,
        "node_id": node("CR", which.id),
        "head_sha": which.sha,
        "external_id": which.external_id,
        "url": url,
        "html_url": page,
        "details_url": which.details_url or page,
        "status": which.status,
        "conclusion": which.conclusion,
        "started_at": iso_or_none(which.started_at),
        "completed_at": iso_or_none(which.completed_at),
        "output": {
            "title": which.title,
            "summary": which.summary,
            "text": which.text,
            "annotations_count": len(which.annotations),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": which.suite.id},
        "app": app(world, which.suite.app),
        "pull_requests": pull_links(world, repo, which.sha),
    }


def check_suite(world: World, repo: Repo, which: CheckSuite) -> dict[str, Any]:
    """The ``check-suite`` of GitHub's description; its state follows from its runs."""
    runs = [run for run in repo.checks.values() if run.suite is which]
    done = bool(runs) and all(run.status == "completed" for run in runs)
    url = f"{api_url(world, repo)}/check-suites/{which.id}"
    head = world.git(repo).commit(which.sha)
    owner = account(world, head.author)
    return {
        "id": which.id,
        "node_id": node("CS", which.id),
        "head_branch": which.head_branch,
        "head_sha": which.sha,
        "status": "completed" if done else "in_progress" if runs else "queued",
        "conclusion": suite_conclusion(runs) if done else None,
        "url": url,
        "before": head.parents[0] if head.parents else None,
        "after": which.sha,
        "pull_requests": pull_links(world, repo, which.sha),
        "app": app(world, which.app),
        "repository": minimal(world, repo),
        "created_at": iso(which.created_at),
        "updated_at": iso(which.updated_at),
        "head_commit": {
            "id": which.sha,
            "tree_id": head.tree,
            "message": head.message.rstrip("\n"),
            "timestamp": from_git(head.author.date),
            "author": {
                "name": owner.login if owner else head.author.name,
                "email": head.author.email,
            },
            "committer": {"name": head.committer.name, "email": head.committer.email},
        },
        "latest_check_runs_count": len(runs),
        "check_runs_url": f"{url}/check-runs",
        "rerequestable": True,
        "runs_rerequestable": True,
    }


def suite_conclusion(runs: list[CheckRun]) -> str:
    """The gravest conclusion of finished runs."""
    order = (
        "failure",
        "timed_out",
        "cancelled",
        "action_required",
        "success",
        "neutral",
        "skipped",
    )
    held = {run.conclusion for run in runs}
    return next((word for word in order if word in held), "neutral")
