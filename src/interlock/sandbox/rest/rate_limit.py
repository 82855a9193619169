"""https://docs.github.com/rest/rate-limit and https://docs.github.com/rest/meta."""

from __future__ import annotations

from interlock.sandbox.call import Call
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Reply
from interlock.values import Any

ROUTES = Routes()


def get(call: Call) -> Reply:
    """What is left of each primary limit; asking costs nothing."""

    def shown(resource: str) -> dict[str, Any]:
        bucket = call.limits.bucket(call.token, resource)
        return {
            "limit": bucket.limit,
            "used": bucket.used,
            "remaining": max(0, bucket.limit - bucket.used),
            "reset": int(bucket.reset),
        }

    names = ("core", "graphql", "search", "integration_manifest")
    resources = {name: shown(name) for name in names}
    return Reply(200, {"resources": resources, "rate": resources["core"]})


def meta(_: Call) -> Reply:
    """What this server is."""
    return Reply(200, {"verifiable_password_authentication": False})


ROUTES.add("GET", "/rate_limit", get)
ROUTES.add("GET", "/meta", meta)
