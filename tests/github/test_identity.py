"""Tokens, Apps, and statuses, against an embedded GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

pytest.importorskip("graphql", reason="the sandbox's GraphQL needs graphql-core")
from githubline import Line

from interlock.errors import GitHubError, UsageError
from interlock.github.budget import Budget
from interlock.github.connection import Connection
from interlock.github.credentials import credentials
from interlock.github.patience import Patience
from interlock.github.statuses import report
from interlock.sandbox import Sandbox
from interlock.sandbox.faults import lost_answer


@pytest.fixture
def now() -> Iterator[Sandbox]:
    """A sandbox whose clock runs: an App's own token is made with the machine's."""
    with Sandbox() as made:
        made.org("acme", admins=("alice",))
        made.repo("acme/a", {"x.txt": "1\n"})
        yield made


def test_an_app_speaks_as_its_installation(now: Sandbox) -> None:
    app, key = now.app("gatekeeper", {"contents": "read", "metadata": "read"})
    now.install(app, "acme")
    env = {"INTERLOCK_APP_ID": str(app.id), "INTERLOCK_APP_KEY": key}
    env |= {"GITHUB_API_URL": now.api_url, "GITHUB_TOKEN": "not this one"}
    budget = Budget()
    patience = Patience(budget, lambda _: None)
    connection = Connection(credentials(env, "acme"), patience, budget, api=now.api_url)
    assert connection.get("/repos/acme/a").data["full_name"] == "acme/a"
    with pytest.raises(GitHubError, match="lacks") as error:
        connection.write("POST", "/repos/acme/a/issues", {"title": "x"}, lambda: None)
    assert key not in str(error.value)


def test_an_app_that_is_not_installed_or_has_a_wrong_key_is_said(now: Sandbox) -> None:
    app, key = now.app("gatekeeper", {"contents": "read"})
    env = {"INTERLOCK_APP_ID": str(app.id), "INTERLOCK_APP_KEY": key}
    env["GITHUB_API_URL"] = now.api_url
    with pytest.raises(GitHubError, match="is not installed at acme"):
        credentials(env, "acme")
    with pytest.raises(UsageError, match="needs both"):
        credentials({"INTERLOCK_APP_ID": "1"}, "acme")
    with pytest.raises(UsageError, match="INTERLOCK_TOKEN"):
        credentials({}, "acme")


@pytest.mark.parametrize("name", ["INTERLOCK_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"])
def test_a_token_is_taken_from_where_tools_put_it(name: str) -> None:
    found = credentials({name: "ghs_" + "x" * 300, "OTHER": "y"}, "acme")
    assert found.token == "ghs_" + "x" * 300
    assert "xxx" not in repr(found)


def test_a_status_is_written_once_for_what_it_says(sandbox: Sandbox, line: Line) -> None:
    sha = line.to.get("/repos/acme/a/pulls/1").data["head"]["sha"]

    def said(state: str, description: str) -> bool:
        context = "interlock/change-set"
        return report(line.to, "acme/a", sha, context, state, description)  # type: ignore[arg-type]

    assert said("pending", "after serving#12")
    assert not said("pending", "after serving#12")
    assert said("success", "2 of 2 landed")
    sandbox.faults.add(lost_answer("POST */statuses/*"))
    assert said("failure", "x" * 500)
    found = line.to.get(f"/repos/acme/a/commits/{sha}/statuses").data
    assert [one["state"] for one in found] == ["failure", "success", "pending"]
    assert len(found[0]["description"]) == 140


@pytest.mark.parametrize(("minutes", "tokens"), [(1, 1), (61, 2)])
def test_26_an_apps_token_is_renewed_before_its_hour_ends(
    minutes: int, tokens: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A token that lives for less than this is as good as ended.
    monkeypatch.setattr("github.Auth.TOKEN_REFRESH_THRESHOLD_TIMEDELTA", timedelta(minutes=minutes))
    with Sandbox() as sandbox:
        sandbox.org("acme")
        sandbox.repo("acme/a", {"x": "1\n"})
        app, key = sandbox.app("interlock", {"contents": "read"}, owner="acme")
        sandbox.install(app, "acme")
        environment = {
            "INTERLOCK_APP_ID": str(app.id),
            "INTERLOCK_APP_KEY": key,
            "GITHUB_API_URL": sandbox.api_url,
        }
        line = Connection(
            credentials(environment, "acme"), Patience(Budget(), print), Budget(),
            api=sandbox.api_url,
        )  # fmt: skip
        line.get("/repos/acme/a")
        line.get("/repos/acme/a/branches")
        asked = [one for one in sandbox.requests if one.path.endswith("/access_tokens")]
        assert len(asked) == tokens
