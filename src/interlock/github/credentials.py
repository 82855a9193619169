"""Who a run is at GitHub: a token, or an App's installation. Neither is ever printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from interlock.errors import GitHubError, UsageError
from interlock.github.connection import API

if TYPE_CHECKING:
    from github.Auth import Auth

#: Tokens, the first that is set; the last two are what GitHub's own tools read.
TOKENS = ("INTERLOCK_TOKEN", "GITHUB_TOKEN", "GH_TOKEN")
APP_ID, APP_KEY = "INTERLOCK_APP_ID", "INTERLOCK_APP_KEY"


def credentials(environment: Mapping[str, str], owner: str) -> Auth:
    """The App's installation at ``owner`` where an App is given, else the token.

    An installation's token lasts an hour; PyGithub asks for another before it ends. Raises
    UsageError where the environment names nobody, GitHubError where the App is not installed.
    """
    from github import Auth as kinds  # noqa: N813  a module, whatever its name

    number, key = environment.get(APP_ID, ""), environment.get(APP_KEY, "")
    if number and key:
        return _installation(number, key, owner, environment.get("GITHUB_API_URL") or API)
    if number or key:
        raise UsageError(f"an App needs both {APP_ID} and {APP_KEY}; one of them is empty")
    token = next((environment[name] for name in TOKENS if environment.get(name)), "")
    if not token:
        raise UsageError(f"set {TOKENS[0]} or {TOKENS[1]}, or {APP_ID} and {APP_KEY} of an App")
    return kinds.Token(token)


def _installation(number: str, key: str, owner: str, api: str) -> Auth:
    import github
    import jwt
    from github import Auth as kinds  # noqa: N813  a module, whatever its name

    app = kinds.AppAuth(number, _loaded(key))
    try:
        integration = github.GithubIntegration(auth=app, base_url=api)
        found = integration.requester.requestJsonAndCheck("GET", f"/users/{owner}/installation")
    except (github.GithubException, jwt.InvalidKeyError, ValueError) as error:
        status = error.status if isinstance(error, github.GithubException) else 0
        if status == 404:
            raise GitHubError(f"the App {number} is not installed at {owner}", status) from None
        told = f"the App {number} was refused at {owner}: check its id and key"
        raise GitHubError(told, status) from None
    return app.get_installation_auth(int(found[1]["id"]))


def _loaded(key: str) -> Callable[[], Any]:
    """The key, read when it is first signed with: to read it takes longer than to sign."""
    from functools import cache

    from jwt.algorithms import RSAAlgorithm

    return cache(lambda: RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(key))
