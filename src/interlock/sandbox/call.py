"""What a handler gets: the request, who asks, and the repository it is about."""

from __future__ import annotations

from collections.abc import Callable

from interlock.sandbox.actors import Token, User
from interlock.sandbox.bodies import BODIES
from interlock.sandbox.gitrepo import GitRepo
from interlock.sandbox.limits import Limits
from interlock.sandbox.records import Issue, Pull, Repo
from interlock.sandbox.shapes import check
from interlock.sandbox.wire import Refused, Reply, Request, invalid
from interlock.sandbox.world import ROLES, World
from interlock.values import Any, NamedTuple

#: https://docs.github.com/rest/issues/comments: a comment has at most this many characters.
MAX_BODY = 65536


class Call:
    """One request on its way to its handler."""

    def __init__(self, world: World, request: Request, limits: Limits) -> None:
        """Begin without a route; the router fills ``params`` and ``repository``."""
        self.world = world
        self.limits = limits
        self.request = request
        self.token: Token | None = None
        self.params: dict[str, str] = {}
        self.repository: Repo | None = None
        self.template = ""

    @property
    def api(self) -> str:
        """The API's base address."""
        return f"{self.world.url}/api/v3"

    @property
    def repo(self) -> Repo:
        """The repository in the path."""
        if self.repository is None:
            raise Refused(404, "Not Found")
        return self.repository

    @property
    def git(self) -> GitRepo:
        """The bare repository in the path."""
        return self.world.git(self.repo)

    @property
    def user(self) -> User:
        """Who asks; raises Refused 401 for nobody."""
        if self.token is None:
            raise Refused(401, "Requires authentication")
        return self.token.user

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters."""
        return dict(self.request.query)

    def number(self, name: str) -> int:
        """A number in the path; 404 for anything else."""
        text = self.params[name]
        if not text.isdecimal():
            raise Refused(404, "Not Found")
        return int(text)

    def body(self) -> dict[str, Any]:
        """The body's object, {} where there is none; raises Refused 422 for another shape."""
        found = self.request.json()
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise Refused(422, "Invalid request.\n\nFor 'anyOf/0', body is not an object.")
        check(BODIES.get(f"{self.request.method} {self.template}", {}), found)
        return found

    def issue(self, name: str = "issue_number") -> Issue:
        """The issue or pull request in the path."""
        found = self.repo.issues.get(self.number(name))
        if found is None:
            raise Refused(404, "Not Found")
        return found

    def pull(self) -> tuple[Issue, Pull]:
        """The pull request in the path."""
        issue = self.issue("pull_number")
        if issue.pull is None:
            raise Refused(404, "Not Found")
        return issue, issue.pull

    def commit(self, name: str) -> str:
        """A commit by any name of it; 422 as GitHub says it."""
        found = self.git.resolve(name)
        if not found:
            raise Refused(422, f"No commit found for SHA: {name}")
        return found

    def may(self, role: str) -> bool:
        """Whether a user has this role here (an App's permissions are judged by its route)."""
        if self.token is None:
            return role == "read" and self.repo.visibility == "public"
        if self.token.kind in ("installation", "actions"):
            return True
        return ROLES.index(self.world.role(self.token.user, self.repo)) >= ROLES.index(role)

    def granted(self, permission: str, level: str = "read") -> bool:
        """Whether the token carries a permission; a user's token carries all."""
        if self.token is None or self.token.kind not in ("installation", "actions"):
            return self.token is not None
        held = self.token.permissions.get(permission, "")
        return held in ("write", "admin") or held == level


Handler = Callable[[Call], Reply]


class Route(NamedTuple):
    """One operation: what an App's token needs, and the role that a user needs.

    ``needs`` is ``permission:level``; one of several separated by ``|`` is enough. ``auth`` is
    "any", "user" (somebody), "app" (a JWT) or "none".
    """

    method: str
    template: str
    handler: Handler
    needs: str
    role: str
    auth: str
    #: The operation of GitHub's description, where the path is another way to it.
    described: str


def words(body: dict[str, Any], field: str, resource: str, *, needed: bool = False) -> str | None:
    """A text of the body; raises Refused 422 where it is no text or missing."""
    value = body.get(field)
    if value is None:
        if needed:
            raise invalid(resource, field, "missing_field")
        return None
    if not isinstance(value, str):
        raise Refused(
            422, f"Invalid request.\n\nFor 'properties/{field}', {value!r} is not a string."
        )
    if needed and not value:
        raise invalid(resource, field, "missing_field")
    return value


def long_text(body: dict[str, Any], resource: str, *, needed: bool = False) -> str | None:
    """The ``body`` field; raises Refused 422 over 65,536 characters."""
    found = words(body, "body", resource, needed=needed)
    if needed and found is not None and not found.strip():
        raise invalid(resource, "data", "unprocessable", "Body cannot be blank")
    if found is not None and len(found) > MAX_BODY:
        raise invalid(resource, "body", "custom", "body is too long (maximum is 65536 characters)")
    return found


def chosen(body: dict[str, Any], field: str, allowed: tuple[str, ...], default: str) -> str:
    """One of some words; raises Refused 422."""
    value = body.get(field, default)
    if value not in allowed:
        raise Refused(
            422, f"Invalid request.\n\nFor 'properties/{field}', {value!r} is not one of {allowed}."
        )
    return str(value)
