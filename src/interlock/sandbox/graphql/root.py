"""The fields of Query."""

from __future__ import annotations

from interlock.sandbox.graphql import nodes
from interlock.sandbox.graphql.places import Asking, Failed
from interlock.sandbox.payloads.times import iso
from interlock.values import Any

Asked = dict[str, Any]


def repository(_: Any, asking: Asking, asked: Asked) -> Any:
    """A repository by name; a renamed one is followed unless told not to."""
    world = asking.world
    name = f"{asked['owner']}/{asked['name']}"
    found = world.repo(name)
    if found is None and asked.get("followRenames", True):
        found = world.repos.get(world.moved.get(name.lower(), 0))
    if found is None or not asking.sees(found):
        raise Failed("NOT_FOUND", f"Could not resolve to a Repository with the name '{name}'.")
    return found


def node(_: Any, asking: Asking, asked: Asked) -> Any:
    """Anything by its node id."""
    return nodes.find(asking, asked["id"])


def many(_: Any, asking: Asking, asked: Asked) -> list[Any]:
    """Several things by their node ids."""
    return [nodes.find(asking, each) for each in asked["ids"]]


def viewer(_: Any, asking: Asking, __: Asked) -> Any:
    """Who asks."""
    return asking.user


def account(_: Any, asking: Asking, asked: Asked) -> Any:
    """An account by its login."""
    found = asking.world.user(asked["login"])
    if found is None:
        raise Failed(
            "NOT_FOUND", f"Could not resolve to a User with the login of '{asked['login']}'."
        )
    return found


def rate_limit(_: Any, asking: Asking, __: Asked) -> Any:
    """What is left, this request already charged."""
    bucket = asking.api.limits.bucket(asking.token, "graphql")
    return {
        "cost": asking.cost,
        "limit": bucket.limit,
        "nodeCount": asking.nodes,
        "remaining": max(0, bucket.limit - bucket.used),
        "resetAt": iso(bucket.reset),
        "used": bucket.used,
    }


QUERY = {
    "repository": repository,
    "node": node,
    "nodes": many,
    "viewer": viewer,
    "organization": account,
    "user": account,
    "rateLimit": rate_limit,
}
RATE_LIMIT: dict[str, Any] = {}
