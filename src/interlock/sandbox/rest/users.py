"""https://docs.github.com/rest/users/users and the limits."""

from __future__ import annotations

from interlock.sandbox.call import Call
from interlock.sandbox.payloads.users import full_user
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply

ROUTES = Routes()


def me(call: Call) -> Reply:
    """The authenticated user; Apps have none."""
    if call.token and call.token.kind != "user":
        raise Refused(403, "Resource not accessible by integration")
    who = call.user
    shown = full_user(call.world, who) | {
        "private_gists": 0,
        "total_private_repos": 0,
        "owned_private_repos": 0,
        "disk_usage": 0,
        "collaborators": 0,
        "two_factor_authentication": True,
    }
    return Reply(200, shown)


def one(call: Call) -> Reply:
    """An account by its login."""
    found = call.world.user(call.params["username"])
    if found is None:
        raise Refused(404, "Not Found")
    return Reply(200, full_user(call.world, found))


ROUTES.add("GET", "/user", me, auth="user")
ROUTES.add("GET", "/users/{username}", one)
