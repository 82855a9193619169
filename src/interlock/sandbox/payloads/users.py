"""Accounts and Apps."""

from __future__ import annotations

from urllib.parse import quote

from interlock.sandbox.actors import App, User
from interlock.sandbox.payloads.times import iso, node
from interlock.sandbox.records import Repo
from interlock.sandbox.world import World
from interlock.values import Any

_PREFIX = {"User": "U", "Organization": "O", "Bot": "BOT"}


def user_node(user: User) -> str:
    """An account's node id."""
    return node(_PREFIX[user.kind], user.id)


def user(world: World, who: User) -> dict[str, Any]:
    """The ``simple-user`` of GitHub's description."""
    url = f"{world.url}/api/v3/users/{quote(who.login)}"
    page = f"apps/{who.login.removesuffix('[bot]')}" if who.kind == "Bot" else who.login
    return {
        "login": who.login,
        "id": who.id,
        "node_id": user_node(who),
        "avatar_url": f"{world.url}/avatars/u/{who.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{world.url}/{page}",
        "followers_url": f"{url}/followers",
        "following_url": f"{url}/following{{/other_user}}",
        "gists_url": f"{url}/gists{{/gist_id}}",
        "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{url}/subscriptions",
        "organizations_url": f"{url}/orgs",
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events{{/privacy}}",
        "received_events_url": f"{url}/received_events",
        "type": who.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def user_or_none(world: World, who: User | None) -> dict[str, Any] | None:
    """The same, or None."""
    return None if who is None else user(world, who)


def full_user(world: World, who: User) -> dict[str, Any]:
    """The account itself, as ``GET /user`` answers."""
    owned = sum(r.owner is who and r.visibility == "public" for r in world.repos.values())
    return user(world, who) | {
        "name": who.name or None,
        "company": None,
        "blog": "",
        "location": None,
        "email": who.email or None,
        "hireable": None,
        "bio": None,
        "public_repos": owned,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": iso(who.created_at),
        "updated_at": iso(who.created_at),
    }


def organization(world: World, org: User) -> dict[str, Any]:
    """The ``organization-simple`` of GitHub's description."""
    url = f"{world.url}/api/v3/orgs/{org.login}"
    return {
        "login": org.login,
        "id": org.id,
        "node_id": user_node(org),
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{world.url}/avatars/u/{org.id}",
        "description": None,
    }


def full_organization(world: World, org: User) -> dict[str, Any]:
    """The organisation itself."""
    owned = [r for r in world.repos.values() if r.owner is org]
    return organization(world, org) | {
        "name": org.name,
        "html_url": f"{world.url}/{org.login}",
        "type": "Organization",
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": sum(r.visibility == "public" for r in owned),
        "total_private_repos": sum(r.visibility != "public" for r in owned),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": iso(org.created_at),
        "updated_at": iso(org.created_at),
        "archived_at": None,
        "default_repository_permission": org.default_permission,
        "plan": {"name": "enterprise", "space": 976562499, "private_repos": 9999},
    }


def app(world: World, which: App) -> dict[str, Any]:
    """The ``integration`` of GitHub's description."""
    return {
        "id": which.id,
        "slug": which.slug,
        "client_id": which.client_id,
        "node_id": node("A", which.id),
        "owner": user(world, which.owner),
        "name": which.name,
        "description": None,
        "external_url": f"{world.url}/apps/{which.slug}",
        "html_url": f"{world.url}/apps/{which.slug}",
        "created_at": iso(which.created_at),
        "updated_at": iso(which.created_at),
        "permissions": dict(which.permissions),
        "events": list(which.events),
    }


def app_or_none(world: World, which: App | None) -> dict[str, Any] | None:
    """The same, or None."""
    return None if which is None else app(world, which)


def association(world: World, repo: Repo, who: User) -> str:
    """How an author belongs to a repository.

    https://docs.github.com/graphql/reference/enums#commentauthorassociation
    """
    if repo.owner is who:
        return "OWNER"
    if who.login in repo.owner.members:
        return "MEMBER"
    if world.role(who, repo) not in ("none", "read"):
        return "COLLABORATOR"
    merged = any(i.pull and i.pull.merged_at and i.user is who for i in repo.issues.values())
    return "CONTRIBUTOR" if merged else "NONE"
