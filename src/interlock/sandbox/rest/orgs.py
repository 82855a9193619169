"""https://docs.github.com/rest/orgs: organisations, members, teams, custom properties."""

from __future__ import annotations

from interlock.sandbox.actors import User
from interlock.sandbox.call import Call
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.users import full_organization, user
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply
from interlock.values import Any

ROUTES = Routes()


def organization(call: Call) -> User:
    """The organisation in the path."""
    found = call.world.user(call.params["org"])
    if found is None or found.kind != "Organization":
        raise Refused(404, "Not Found")
    return found


def administers(call: Call, org: User) -> None:
    """Raise Refused unless the caller administers the organisation.

    Rulesets and rule suites of an organisation need Administration write even to be read.
    """
    token = call.token
    if token is None:
        raise Refused(401, "Requires authentication")
    if token.kind == "user":
        if org.members.get(token.user.login) != "admin":
            raise Refused(404, "Not Found")
        return
    ours = token.installation is not None and token.installation.account is org
    if not ours or token.permissions.get("organization_administration") != "write":
        raise Refused(403, "Resource not accessible by integration")


def get(call: Call) -> Reply:
    """One organisation."""
    return Reply(200, full_organization(call.world, organization(call)))


def members(call: Call) -> Reply:
    """The members, by login."""
    org = organization(call)
    role = call.query.get("role", "all")
    found = [
        call.world.users[m.lower()] for m, r in sorted(org.members.items()) if role in ("all", r)
    ]
    return page(call, found, lambda who: user(call.world, who))


def member(call: Call) -> Reply:
    """204 for a member, else 404."""
    if call.params["username"] not in organization(call).members:
        raise Refused(404, "Not Found")
    return Reply(204)


def team_members(call: Call) -> Reply:
    """The members of a team."""
    org = organization(call)
    if call.params["team_slug"] not in org.teams:
        raise Refused(404, "Not Found")
    found = [call.world.users[m.lower()] for m in org.teams[call.params["team_slug"]]]
    return page(call, found, lambda who: user(call.world, who))


def property_values(call: Call) -> Reply:
    """The custom properties of every repository."""
    org = organization(call)
    found = [repo for repo in call.world.repos.values() if repo.owner is org]

    def shown(repo: Any) -> dict[str, Any]:
        values = [{"property_name": k, "value": v} for k, v in repo.properties.items()]
        return {
            "repository_id": repo.id,
            "repository_name": repo.name,
            "repository_full_name": repo.full_name,
            "properties": values,
        }

    return page(call, found, shown)


ROUTES.add("GET", "/orgs/{org}", get)
ROUTES.add("GET", "/orgs/{org}/members", members)
ROUTES.add("GET", "/orgs/{org}/members/{username}", member)
ROUTES.add("GET", "/orgs/{org}/teams/{team_slug}/members", team_members)
ROUTES.add("GET", "/orgs/{org}/properties/values", property_values)
