"""Who asks, and whether they may.

Apps: https://docs.github.com/rest/authentication/permissions-required-for-github-apps
"""

from __future__ import annotations

import base64
import binascii

from interlock.sandbox.actors import Token
from interlock.sandbox.call import Call, Route
from interlock.sandbox.wire import Refused
from interlock.sandbox.world import ROLES, World
from interlock.values import Any

#: An App's JWT may live ten minutes; a minute of drift is allowed.
#: https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
MAX_JWT_SECONDS = 600
_INTEGRATION = "Resource not accessible by integration"


def token_of(world: World, header: str) -> Token | None:
    """The token of an Authorization header; None for no header. Raises Refused 401."""
    scheme, _, value = header.strip().partition(" ")
    value = value.strip()
    if not scheme:
        return None
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            raise Refused(401, "Bad credentials") from None
    if value.count(".") == 2 and not value.startswith("gh"):
        return _signed(world, value)
    token = world.tokens.get(value)
    if token is None or (token.expires_at is not None and token.expires_at <= world.now()):
        raise Refused(401, "Bad credentials")
    if token.installation and token.installation.suspended_at is not None:
        raise Refused(403, "This installation has been suspended")
    return token


def _signed(world: World, value: str) -> Token:
    """An App that signed its JWT with its private key."""
    import jwt

    try:
        claimed: dict[str, Any] = jwt.decode(value, options={"verify_signature": False})
        issuer = str(claimed.get("iss", ""))
        apps = [a for a in world.apps.values() if issuer in (str(a.id), a.client_id)]
        if not apps:
            raise Refused(401, "Integration not found")
        # The sandbox has its own clock, so the times are judged here.
        jwt.decode(
            value,
            apps[0].public_key,
            algorithms=["RS256"],
            options={"verify_exp": False, "verify_iat": False},
        )
    except jwt.PyJWTError:
        raise Refused(401, "A JSON web token could not be decoded") from None
    now = world.now()
    expires, issued = claimed.get("exp"), claimed.get("iat")
    if not isinstance(expires, int | float) or expires <= now:
        raise Refused(401, "'Expiration time' claim ('exp') must be a numeric value in the future")
    if expires > now + MAX_JWT_SECONDS + 60:
        raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")
    if not isinstance(issued, int | float) or issued > now + 60:
        raise Refused(401, "'Issued at' claim ('iat') must be an Integer in the past")
    return Token("", "app", apps[0].bot, app=apps[0])


def check(call: Call, route: Route) -> None:
    """Raise Refused 401, 403 or 404 where the caller may not do this."""
    token = call.token
    if route.auth == "app":
        if token is None or token.kind != "app":
            raise Refused(401, "A JSON web token could not be decoded")
        return
    if token is not None and token.kind == "app":
        raise Refused(
            403, "You must authenticate with an access token in order to access this resource."
        )
    if route.auth == "user" and token is None:
        raise Refused(401, "Requires authentication")
    if call.repository is None:
        return
    _visible(call)
    writes = route.method not in ("GET", "HEAD")
    if writes and call.repo.archived and not _unarchives(call, route):
        # https://docs.github.com/repositories/archiving-a-github-repository/archiving-repositories
        raise Refused(403, "Repository was archived so is read-only.")
    if token is None:
        if writes or route.role != "read":
            raise Refused(401, "Requires authentication")
    elif token.kind in ("installation", "actions"):
        _permitted(call, route, writes=writes)
    elif ROLES.index(call.world.role(token.user, call.repo)) < ROLES.index(route.role):
        wanted = (
            "admin rights to Repository." if route.role == "admin" else "push access to repository"
        )
        raise Refused(403, f"Must have {wanted}")


def _unarchives(call: Call, route: Route) -> bool:
    return route.template == "/repos/{owner}/{repo}" and (
        route.method == "DELETE" or call.body().get("archived") is False
    )


def reaches(world: World, token: Token | None, repo_id: int) -> bool:
    """Whether a token can see a repository at all."""
    repo = world.repos[repo_id]
    if repo.visibility == "public":
        return True
    if token is None or token.kind == "app":
        return False
    if token.kind == "user":
        return world.role(token.user, repo) != "none"
    return inside(world, token, repo_id)


def inside(world: World, token: Token, repo_id: int) -> bool:
    """Whether an App's or workflow's token covers a repository."""
    if token.repositories is not None and repo_id not in token.repositories:
        return False
    installed = token.installation
    if installed is None:
        return token.kind == "actions"
    if installed.repositories is not None and repo_id not in installed.repositories:
        return False
    return world.repos[repo_id].owner is installed.account


def _visible(call: Call) -> None:
    # https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#404-not-found-for-an-existing-resource
    if not reaches(call.world, call.token, call.repo.id):
        raise Refused(404, "Not Found")


def _permitted(call: Call, route: Route, *, writes: bool) -> None:
    """An App's permissions: write for what the route needs, read of public data always."""
    assert call.token is not None
    wanted = {"x-accepted-github-permissions": route.needs.replace(":", "=").replace("|", "; ")}
    covered = inside(call.world, call.token, call.repo.id)
    if not covered and (writes or call.repo.visibility != "public"):
        raise Refused(403, _INTEGRATION, headers=wanted)
    if not covered:
        return
    for need in route.needs.split("|"):
        name, _, level = need.partition(":")
        if name == "metadata" or call.granted(name, level):
            return
    if not writes and call.repo.visibility == "public" and "administration" not in route.needs:
        return
    raise Refused(403, _INTEGRATION, headers=wanted)
