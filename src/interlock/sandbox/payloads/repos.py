"""Repositories."""

from __future__ import annotations

from interlock.sandbox.actors import Token, User
from interlock.sandbox.payloads.times import iso, node
from interlock.sandbox.payloads.users import user
from interlock.sandbox.records import Repo
from interlock.sandbox.world import ROLES, World
from interlock.values import Any

#: What a new repository allows.
SETTINGS = {
    "allow_squash_merge": True,
    "allow_merge_commit": True,
    "allow_rebase_merge": True,
    "allow_auto_merge": False,
    "delete_branch_on_merge": False,
    "allow_update_branch": False,
    "use_squash_pr_title_as_default": False,
    "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
    "squash_merge_commit_message": "COMMIT_MESSAGES",
    "merge_commit_title": "MERGE_MESSAGE",
    "merge_commit_message": "PR_TITLE",
    "has_issues": True,
    "has_projects": True,
    "has_wiki": True,
    "is_template": False,
    "allow_forking": True,
    "web_commit_signoff_required": False,
}
_OF_MERGES = frozenset(
    {
        "allow_squash_merge",
        "allow_merge_commit",
        "allow_rebase_merge",
        "allow_auto_merge",
        "allow_update_branch",
        "use_squash_pr_title_as_default",
        "squash_merge_commit_title",
        "squash_merge_commit_message",
        "merge_commit_title",
        "merge_commit_message",
    }
)
#: Addresses below a repository's own, with the parameters that GitHub puts in.
_URLS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
    "hooks_url": "/hooks",
}


def api_url(world: World, repo: Repo) -> str:
    """A repository's address in the API."""
    return f"{world.url}/api/v3/repos/{repo.full_name}"


def page_url(world: World, repo: Repo) -> str:
    """A repository's page."""
    return f"{world.url}/{repo.full_name}"


def minimal(world: World, repo: Repo) -> dict[str, Any]:
    """The ``minimal-repository`` of GitHub's description."""
    url = api_url(world, repo)
    return {
        "id": repo.id,
        "node_id": node("R", repo.id),
        "name": repo.name,
        "full_name": repo.full_name,
        "owner": user(world, repo.owner),
        "private": repo.visibility != "public",
        "html_url": page_url(world, repo),
        "description": repo.description,
        "fork": bool(repo.parent),
        "url": url,
    } | {name: url + rest for name, rest in _URLS.items()}


def repository(world: World, repo: Repo, viewer: User | None = None) -> dict[str, Any]:
    """The ``repository`` of GitHub's description, as lists and pull requests hold it."""
    forks = sum(other.parent == repo.id for other in world.repos.values())
    opened = sum(issue.state == "open" for issue in repo.issues.values())
    page = page_url(world, repo)
    settings = SETTINGS | repo.settings
    host = world.url.partition("://")[2]
    return (
        minimal(world, repo)
        | {
            "git_url": f"{world.url.replace('http', 'git', 1)}/{repo.full_name}.git",
            "ssh_url": f"git@{host}:{repo.full_name}.git",
            "clone_url": f"{page}.git",
            "svn_url": page,
            "mirror_url": None,
            "homepage": None,
            "language": None,
            "forks_count": forks,
            "forks": forks,
            "stargazers_count": 0,
            "watchers_count": 0,
            "watchers": 0,
            "size": 0,
            "default_branch": repo.default_branch,
            "open_issues_count": opened,
            "open_issues": opened,
            "topics": list(repo.topics),
            "has_pages": False,
            "has_downloads": True,
            "has_discussions": False,
            "archived": repo.archived,
            "disabled": False,
            "visibility": repo.visibility,
            "pushed_at": iso(repo.pushed_at),
            "created_at": iso(repo.created_at),
            "updated_at": iso(repo.updated_at),
            "license": None,
            "permissions": permissions(world, repo, viewer),
        }
        | settings
    )


def listed(world: World, repo: Repo, viewer: User | None = None) -> dict[str, Any]:
    """A repository as public lists hold it: without what a merge does."""
    shown = repository(world, repo, viewer)
    return {name: value for name, value in shown.items() if name not in _OF_MERGES}


def permissions(world: World, repo: Repo, viewer: User | None) -> dict[str, bool]:
    """What the caller's role allows."""
    role = ROLES.index(world.role(viewer, repo)) if viewer else 1
    names = {"admin": "admin", "maintain": "maintain", "push": "write", "triage": "triage"}
    return {name: role >= ROLES.index(least) for name, least in names.items()} | {"pull": role >= 1}


def full(world: World, repo: Repo, token: Token | None = None) -> dict[str, Any]:
    """The ``full-repository`` of GitHub's description."""
    viewer = token.user if token else None
    shown = repository(world, repo, viewer) | {
        "subscribers_count": 0,
        "network_count": sum(other.parent == repo.id for other in world.repos.values()),
        "custom_properties": dict(repo.properties),
    }
    if repo.owner.kind == "Organization":
        shown["organization"] = user(world, repo.owner)
    if repo.parent in world.repos:
        parent = world.repos[repo.parent]
        source = parent
        while source.parent in world.repos:
            source = world.repos[source.parent]
        shown["parent"] = repository(world, parent, viewer)
        shown["source"] = repository(world, source, viewer)
    return shown
