"""https://docs.github.com/rest/repos/forks."""

from __future__ import annotations

from interlock.sandbox import making
from interlock.sandbox.call import Call, words
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.repos import full, listed
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply

ROUTES = Routes()


def many(call: Call) -> Reply:
    """The forks of a repository."""
    found = [repo for repo in call.world.repos.values() if repo.parent == call.repo.id]
    return page(call, found, lambda repo: listed(call.world, repo))


def create(call: Call) -> Reply:
    """Fork a repository; who has one already gets that."""
    body, world = call.body(), call.world
    login = words(body, "organization", "Fork") or call.user.login
    owner = world.user(login)
    if owner is None:
        raise Refused(422, "Validation Failed")
    held = next(
        (r for r in world.repos.values() if r.parent == call.repo.id and r.owner is owner), None
    )
    made = held or making.fork(world, call.repo, owner, words(body, "name", "Fork") or "")
    return Reply(202, full(world, made, call.token))


ROUTES.add("GET", "/repos/{owner}/{repo}/forks", many)
ROUTES.add("POST", "/repos/{owner}/{repo}/forks", create, needs="administration:write", auth="user")
