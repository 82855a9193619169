"""Accounts and Apps."""

from __future__ import annotations

from interlock.sandbox.actors import App, User
from interlock.sandbox.graphql.connections import connection
from interlock.sandbox.graphql.places import Asking
from interlock.sandbox.graphql.root import repository
from interlock.sandbox.payloads.times import iso, node
from interlock.sandbox.payloads.users import user_node
from interlock.values import Any

Asked = dict[str, Any]


def _page(who: User, asking: Asking, _: Asked) -> str:
    name = f"apps/{_login(who, asking, _)}" if who.kind == "Bot" else who.login
    return f"{asking.world.url}/{name}"


def _login(who: User, _: Asking, __: Asked) -> str:
    # GraphQL names a bot without the suffix that REST shows.
    return who.login.removesuffix("[bot]")


def _repositories(who: User, asking: Asking, asked: Asked) -> dict[str, Any]:
    found = [r for r in asking.world.repos.values() if r.owner is who and asking.sees(r)]
    if asked.get("isArchived") is not None:
        found = [r for r in found if r.archived == asked["isArchived"]]
    if asked.get("isFork") is not None:
        found = [r for r in found if bool(r.parent) == asked["isFork"]]
    order = asked.get("orderBy")
    keys = {
        "NAME": "name",
        "CREATED_AT": "created_at",
        "PUSHED_AT": "pushed_at",
        "UPDATED_AT": "updated_at",
    }
    if order:
        field = keys.get(order["field"], "id")
        found.sort(key=lambda r: getattr(r, field), reverse=order["direction"] == "DESC")
    return connection(found, asked)


def _repository(who: User, asking: Asking, asked: Asked) -> Any:
    return repository(who, asking, {**asked, "owner": who.login})


_ACTOR: dict[str, Any] = {
    "id": lambda w, _, __: user_node(w),
    "databaseId": lambda w, _, __: w.id,
    "login": _login,
    "url": _page,
    "avatarUrl": lambda w, a, _: f"{a.world.url}/avatars/u/{w.id}",
    "createdAt": lambda w, _, __: iso(w.created_at),
}
_OWNER = _ACTOR | {
    "name": lambda w, _, __: w.name or None,
    "repositories": _repositories,
    "repository": _repository,
}


def _app_page(app: App, asking: Asking, _: Asked) -> str:
    return f"{asking.world.url}/apps/{app.slug}"


TYPES: dict[str, dict[str, Any]] = {
    "User": _OWNER | {"email": lambda w, _, __: w.email},
    "Organization": _OWNER,
    "Bot": _ACTOR,
    "App": {
        "id": lambda a, _, __: node("A", a.id),
        "databaseId": lambda a, _, __: a.id,
        "createdAt": lambda a, _, __: iso(a.created_at),
        "url": _app_page,
    },
}
