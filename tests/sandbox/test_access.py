"""Who may do what: Apps, workflow tokens, users, strangers."""

from __future__ import annotations

import jwt
import pytest
from github import Auth, Github, GithubIntegration
from sandboxes import ask, client

from interlock.sandbox import Sandbox

ALL = {"contents": "write", "issues": "write", "pull_requests": "write", "statuses": "write"}


def test_an_app_gets_a_token_that_ends_after_an_hour(sandbox: Sandbox) -> None:
    app, key = sandbox.app("bot", ALL)
    held = sandbox.install(app, "acme")
    # PyGithub signs with the machine's clock, so the sandbox's has to go with it.
    import time

    sandbox.clock.advance(time.time() - sandbox.clock.now())
    signed = Auth.AppAuth(app.id, key)
    integration = GithubIntegration(auth=signed, base_url=sandbox.api_url)
    assert integration.get_repo_installation("acme", "a").id == held.id
    got = integration.get_access_token(held.id)
    assert got.expires_at.timestamp() - sandbox.clock.now() == pytest.approx(3600, abs=2)
    assert client(sandbox, got.token).get_repo("acme/a").full_name == "acme/a"
    sandbox.clock.advance(3601)
    answer = ask(sandbox, "GET", "/repos/acme/a", got.token)
    assert (answer.status_code, answer.json()["message"]) == (401, "Bad credentials")
    integration.close()


def test_pygithub_renews_an_installation_token_by_itself(sandbox: Sandbox) -> None:
    import time

    app, key = sandbox.app("bot", ALL)
    held = sandbox.install(app, "acme")
    sandbox.clock.advance(time.time() - sandbox.clock.now())
    auth = Auth.AppInstallationAuth(Auth.AppAuth(app.id, key), held.id)
    with Github(base_url=sandbox.api_url, auth=auth, retry=None) as github:
        issue = github.get_repo("acme/a").create_issue("t")
    assert (issue.user.login, issue.user.type) == ("bot[bot]", "Bot")


@pytest.mark.parametrize(
    "lies",
    [
        {"exp": -1},
        {"exp": 4000},
        {"iat": 4000},
        {"iss": "999999"},
    ],
)
def test_a_wrong_jwt_is_refused(sandbox: Sandbox, lies: dict[str, object]) -> None:
    app, key = sandbox.app("bot", ALL)
    now = int(sandbox.clock.now())
    claims: dict[str, object] = {"iat": now, "exp": now + 300, "iss": str(app.id)}
    good = jwt.encode(claims, key, algorithm="RS256")
    assert ask(sandbox, "GET", "/app", good).json()["slug"] == "bot"
    changed = {k: now + v if isinstance(v, int) else v for k, v in lies.items()}
    bad = jwt.encode({**claims, **changed}, key, algorithm="RS256")
    assert ask(sandbox, "GET", "/app", bad).status_code == 401


def test_another_apps_key_does_not_sign_for_this_one(sandbox: Sandbox) -> None:
    app, _ = sandbox.app("bot", ALL)
    _, other = sandbox.app("other", ALL)
    now = int(sandbox.clock.now())
    forged = jwt.encode({"iat": now, "exp": now + 60, "iss": str(app.id)}, other, algorithm="RS256")
    assert ask(sandbox, "GET", "/app", forged).status_code == 401


def test_a_missing_permission_is_named(sandbox: Sandbox) -> None:
    app, _ = sandbox.app("bot", {"contents": "read"})
    token = sandbox.installation_token(sandbox.install(app, "acme"))
    answer = ask(sandbox, "POST", "/repos/acme/a/issues", token, {"title": "t"})
    assert answer.status_code == 403
    assert answer.json()["message"] == "Resource not accessible by integration"
    assert answer.headers["x-accepted-github-permissions"] == "issues=write"


@pytest.mark.parametrize("private", [True, False])
def test_a_workflow_token_ends_at_its_own_repository(sandbox: Sandbox, private: bool) -> None:
    sandbox.repo("acme/b", {"x": "1"}, private=private)
    token = sandbox.actions_token("acme/a", {"issues": "write", "contents": "read"})
    assert ask(sandbox, "POST", "/repos/acme/a/issues", token, {"title": "t"}).status_code == 201
    own = ask(sandbox, "GET", "/repos/acme/b", token).status_code
    assert own == (404 if private else 200)
    other = ask(sandbox, "POST", "/repos/acme/b/issues", token, {"title": "t"}).status_code
    assert other == (404 if private else 403)
    assert [e.starts_workflows for e in sandbox.events] == [False]


def test_a_selected_installation_reaches_nothing_else(sandbox: Sandbox) -> None:
    sandbox.repo("acme/b", {"x": "1"}, private=True)
    app, _ = sandbox.app("bot", ALL)
    held = sandbox.install(app, "acme", ("acme/a",))
    token = sandbox.installation_token(held)
    assert ask(sandbox, "GET", "/repos/acme/b", token).status_code == 404
    found = ask(sandbox, "GET", "/installation/repositories", token).json()
    assert [r["full_name"] for r in found["repositories"]] == ["acme/a"]


def test_a_token_is_no_stronger_than_asked_or_granted(sandbox: Sandbox) -> None:
    app, key = sandbox.app("bot", {"contents": "read", "issues": "write"})
    held = sandbox.install(app, "acme")
    now = int(sandbox.clock.now())
    signed = jwt.encode({"iat": now, "exp": now + 60, "iss": app.client_id}, key, algorithm="RS256")
    path = f"/app/installations/{held.id}/access_tokens"
    less = ask(sandbox, "POST", path, signed, {"permissions": {"issues": "read"}}).json()
    assert less["permissions"] == {"issues": "read", "metadata": "read"}
    answer = ask(sandbox, "POST", "/repos/acme/a/issues", less["token"], {"title": "t"})
    assert answer.status_code == 403
    more = ask(sandbox, "POST", path, signed, {"permissions": {"contents": "write"}})
    assert more.status_code == 422
    unknown = ask(sandbox, "POST", path, signed, {"repositories": ["nowhere"]})
    assert unknown.status_code == 422


def test_a_private_repository_is_not_there_for_strangers(sandbox: Sandbox) -> None:
    sandbox.repo("acme/p", {"x": "1"}, private=True)
    eve = sandbox.token("eve")
    assert ask(sandbox, "GET", "/repos/acme/p", eve).status_code == 404
    assert ask(sandbox, "GET", "/repos/acme/p").status_code == 404
    assert ask(sandbox, "GET", "/repos/acme/p", "ghp_wrong").status_code == 401
    assert ask(sandbox, "PUT", "/repos/acme/a/contents/x.txt", eve, {}).status_code == 403


def test_an_archived_repository_is_read_only(sandbox: Sandbox, alice: str) -> None:
    client(sandbox, alice).get_repo("acme/a").edit(archived=True)
    answer = ask(sandbox, "POST", "/repos/acme/a/issues", alice, {"title": "t"})
    assert answer.status_code == 403
    assert answer.json()["message"] == "Repository was archived so is read-only."
    assert ask(sandbox, "GET", "/repos/acme/a", alice).json()["archived"] is True
    assert ask(sandbox, "PATCH", "/repos/acme/a", alice, {"archived": False}).status_code == 200


def test_a_renamed_repository_redirects(sandbox: Sandbox, alice: str) -> None:
    client(sandbox, alice).get_repo("acme/a").edit(name="b")
    moved = ask(sandbox, "GET", "/repos/acme/a/pulls", alice)
    assert moved.status_code == 301
    assert moved.headers["location"].endswith(f"/repositories/{sandbox.find('acme/b').id}/pulls")
    assert client(sandbox, alice).get_repo("acme/a").full_name == "acme/b"


def test_a_revoked_token_is_useless(sandbox: Sandbox) -> None:
    app, _ = sandbox.app("bot", ALL)
    token = sandbox.installation_token(sandbox.install(app, "acme"))
    assert ask(sandbox, "DELETE", "/installation/token", token).status_code == 204
    assert ask(sandbox, "GET", "/repos/acme/a", token).status_code == 401
