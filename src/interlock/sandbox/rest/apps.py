"""https://docs.github.com/rest/apps and the rate limits of a token."""

from __future__ import annotations

from interlock.sandbox import access, making
from interlock.sandbox.actors import App, Installation
from interlock.sandbox.call import Call
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.repos import repository
from interlock.sandbox.payloads.times import iso, iso_or_none
from interlock.sandbox.payloads.users import app, user
from interlock.sandbox.records import Repo
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply
from interlock.values import Any

ROUTES = Routes()
#: An installation token names at most this many repositories.
MAX_REPOSITORIES = 500


def _mine(call: Call) -> App:
    if call.token is None or call.token.app is None:
        raise Refused(401, "A JSON web token could not be decoded")
    return call.token.app


def me(call: Call) -> Reply:
    """The App that signed."""
    mine = _mine(call)
    count = sum(each.app is mine for each in call.world.installations.values())
    return Reply(200, app(call.world, mine) | {"installations_count": count})


def by_slug(call: Call) -> Reply:
    """An App by its slug."""
    for each in call.world.apps.values():
        if each.slug == call.params["app_slug"]:
            return Reply(200, app(call.world, each))
    raise Refused(404, "Not Found")


def shown(call: Call, which: Installation) -> dict[str, Any]:
    """The ``installation`` of GitHub's description."""
    url = f"{call.api}/app/installations/{which.id}/access_tokens"
    return {
        "id": which.id,
        "account": user(call.world, which.account),
        "repository_selection": "all" if which.repositories is None else "selected",
        "access_tokens_url": url,
        "repositories_url": f"{call.api}/installation/repositories",
        "html_url": f"{call.world.url}/settings/installations/{which.id}",
        "app_id": which.app.id,
        "app_slug": which.app.slug,
        "client_id": which.app.client_id,
        "target_id": which.account.id,
        "target_type": which.account.kind,
        "permissions": dict(which.permissions),
        "events": list(which.app.events),
        "created_at": iso(which.created_at),
        "updated_at": iso(which.created_at),
        "single_file_name": None,
        "suspended_by": None,
        "suspended_at": iso_or_none(which.suspended_at),
    }


def installations(call: Call) -> Reply:
    """All installations of the App."""
    mine = _mine(call)
    found = [each for each in call.world.installations.values() if each.app is mine]
    return page(call, found, lambda each: shown(call, each))


def _found(call: Call) -> Installation:
    held = call.world.installations.get(call.number("installation_id"))
    if held is None or held.app is not _mine(call):
        raise Refused(404, "Not Found")
    return held


def installation(call: Call) -> Reply:
    """One installation."""
    return Reply(200, shown(call, _found(call)))


def of_account(call: Call) -> Reply:
    """The App's installation on a repository, organisation or user."""
    mine, world = _mine(call), call.world
    login = call.params.get("org") or call.params.get("username") or call.params.get("owner", "")
    for each in world.installations.values():
        if each.app is not mine or each.account.login.lower() != login.lower():
            continue
        if "repo" in call.params:
            repo = world.repo(f"{login}/{call.params['repo']}")
            if repo is None or (each.repositories is not None and repo.id not in each.repositories):
                continue
        return Reply(200, shown(call, each))
    raise Refused(404, "Not Found")


def token(call: Call) -> Reply:
    """An access token for an hour, for fewer repositories and permissions where asked."""
    held, body, world = _found(call), call.body(), call.world
    if held.suspended_at is not None:
        raise Refused(403, "This installation has been suspended")
    repos = _repositories(call, held, body)
    # An empty object asks for nothing special: clients send it for "all of them".
    wanted = body.get("permissions") or None
    for name, level in (wanted or {}).items():
        has = held.permissions.get(name, "")
        if not has or (level == "write" and has == "read"):
            raise Refused(422, "The permissions requested are not granted to this installation.")
    made = making.installation_token(world, held, wanted, repos)
    answer: dict[str, Any] = {
        "token": made.value,
        "expires_at": iso(made.expires_at or 0),
        "permissions": dict(made.permissions),
        "repository_selection": "all"
        if repos is None and held.repositories is None
        else "selected",
    }
    if repos is not None:
        answer["repositories"] = [repository(world, world.repos[each]) for each in sorted(repos)]
    return Reply(201, answer)


def _repositories(call: Call, held: Installation, body: dict[str, Any]) -> set[int] | None:
    world = call.world
    names, ids = body.get("repositories"), body.get("repository_ids")
    if names is None and ids is None:
        return None
    found = {world.names.get(f"{held.account.login}/{name}".lower(), 0) for name in names or ()}
    found |= set(ids or ())
    inside = (
        held.repositories
        if held.repositories is not None
        else {r.id for r in world.repos.values() if r.owner is held.account}
    )
    if not found <= inside or len(found) > MAX_REPOSITORIES:
        text = (
            "There is at least one repository that does not exist or is not accessible to the "
            "parent installation."
        )
        raise Refused(422, text)
    return found


def repositories(call: Call) -> Reply:
    """What an installation's token reaches."""
    held = call.token
    if held is None or held.kind not in ("installation", "actions"):
        raise Refused(403, "You must authenticate with an installation access token.")
    found = [r for r in call.world.repos.values() if access.inside(call.world, held, r.id)]

    def item(repo: Repo) -> dict[str, Any]:
        return repository(call.world, repo)

    return page(
        call,
        found,
        item,
        wrap=lambda shown: {
            "total_count": len(found),
            "repositories": shown,
            "repository_selection": "selected",
        },
    )


def revoke(call: Call) -> Reply:
    """Make the token useless at once."""
    if call.token is None or call.token.kind != "installation":
        raise Refused(403, "You must authenticate with an installation access token.")
    call.world.tokens.pop(call.token.value, None)
    return Reply(204)


ROUTES.add("GET", "/app", me, auth="app")
ROUTES.add("GET", "/apps/{app_slug}", by_slug)
ROUTES.add("GET", "/app/installations", installations, auth="app")
ROUTES.add("GET", "/app/installations/{installation_id}", installation, auth="app")
ROUTES.add("POST", "/app/installations/{installation_id}/access_tokens", token, auth="app")
ROUTES.add("GET", "/repos/{owner}/{repo}/installation", of_account, auth="app")
ROUTES.add("GET", "/orgs/{org}/installation", of_account, auth="app")
ROUTES.add("GET", "/users/{username}/installation", of_account, auth="app")
ROUTES.add("GET", "/installation/repositories", repositories)
ROUTES.add("DELETE", "/installation/token", revoke)
