"""Which handler answers a path."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module

from interlock.sandbox.call import Call, Handler, Route
from interlock.sandbox.wire import Refused, plain
from interlock.values import NamedTuple

#: Parameters that take the rest of the path, with its slashes.
_DEEP = frozenset({"path", "ref", "basehead", "branch", "tree_sha"})
_AREAS = (
    "activity",
    "apps",
    "branches",
    "checks",
    "comments",
    "commits",
    "contents",
    "forks",
    "gitdata",
    "issues",
    "labels",
    "merges",
    "orgs",
    "pulls",
    "rate_limit",
    "refs",
    "repos",
    "reviews",
    "rule_suites",
    "rulesets",
    "statuses",
    "users",
)


class Found(NamedTuple):
    """A route and its parameters."""

    route: Route
    params: dict[str, str]


class Routes:
    """A table of operations that one module fills."""

    def __init__(self) -> None:
        """Begin empty."""
        self.table: list[Route] = []

    def add(
        self,
        method: str,
        template: str,
        handler: Handler,
        *,
        needs: str = "metadata:read",
        role: str = "read",
        auth: str = "any",
        described: str = "",
    ) -> None:
        """Answer ``method template`` with ``handler``."""
        route = Route(method, template, handler, needs, role, auth, described or template)
        self.table.append(route)


@cache
def _routes() -> tuple[tuple[re.Pattern[str], Route], ...]:
    found: list[Route] = []
    for area in _AREAS:
        found.extend(import_module(f"interlock.sandbox.rest.{area}").ROUTES.table)
    # Many fixed words first, so that `/commits/{ref}` leaves `/commits/{ref}/status` alone.
    found.sort(key=lambda r: -sum(not part.startswith("{") for part in r.template.split("/")))
    return tuple((_pattern(route.template), route) for route in found)


def _pattern(template: str) -> re.Pattern[str]:
    parts = []
    for part in template.split("/")[1:]:
        name = part[1:-1]
        if not part.startswith("{"):
            parts.append(re.escape(part))
        else:
            deep = ".*" if name == "path" else ".+"
            parts.append(f"(?P<{name}>{deep})" if name in _DEEP else f"(?P<{name}>[^/]+)")
    return re.compile("/" + "/".join(parts), re.DOTALL)


def find(method: str, path: str) -> Found | None:
    """The operation for a path, with its parameters unquoted."""
    for pattern, route in _routes():
        if route.method == method and (match := pattern.fullmatch(path)):
            return Found(route, {k: plain(v) for k, v in match.groupdict().items()})
    return None


def place(call: Call) -> None:
    """Find the repository in the path; raises Refused 301 for a renamed one, 404 for none."""
    if "owner" not in call.params:
        return
    name = f"{call.params['owner']}/{call.params['repo']}"
    world = call.world
    call.repository = world.repo(name)
    if call.repository is None:
        moved = world.moved.get(name.lower())
        if moved not in world.repos:
            raise Refused(404, "Not Found")
        call.repository = world.repos[moved]
