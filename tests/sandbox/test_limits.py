"""Rate limits, conditional requests and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandboxes import ask, client, graphql

from interlock.sandbox import Sandbox

if TYPE_CHECKING:
    from contract.oracle import Contract


def test_each_answer_says_what_is_left(sandbox: Sandbox, alice: str) -> None:
    left = [
        int(ask(sandbox, "GET", path, alice).headers["x-ratelimit-remaining"])
        for path in ("/repos/acme/a", "/repos/acme/a", "/rate_limit")
    ]
    assert left == [4999, 4998, 4998]
    assert [r.points for r in sandbox.requests] == [1, 1, 0]


def test_an_unchanged_answer_is_free_for_who_is_known(sandbox: Sandbox, alice: str) -> None:
    first = ask(sandbox, "GET", "/repos/acme/a/pulls", alice)
    again = ask(sandbox, "GET", "/repos/acme/a/pulls", alice, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"]
    sandbox.commit("acme/a", "f", {"x.txt": "2"})
    sandbox.pull("acme/a", "f")
    changed = ask(sandbox, "GET", "/repos/acme/a/pulls", alice, if_none_match=first.headers["etag"])
    assert (changed.status_code, len(changed.json())) == (200, 1)
    nobody = ask(sandbox, "GET", "/repos/acme/a/pulls")
    ask(sandbox, "GET", "/repos/acme/a/pulls", if_none_match=nobody.headers["etag"])
    assert [r.points for r in sandbox.requests[-2:]] == [1, 1]


def test_the_primary_limit_refuses_until_its_hour_is_over(sandbox: Sandbox, alice: str) -> None:
    sandbox.limits.user = 2
    codes = [ask(sandbox, "GET", "/repos/acme/a", alice).status_code for _ in range(3)]
    assert codes == [200, 200, 403]
    refused = ask(sandbox, "GET", "/repos/acme/a", alice)
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert "API rate limit exceeded for user ID" in refused.json()["message"]
    assert int(refused.headers["x-ratelimit-reset"]) == sandbox.clock.now() + 3600
    sandbox.clock.advance(3600)
    assert ask(sandbox, "GET", "/repos/acme/a", alice).status_code == 200


def test_graphql_has_its_own_limit_and_refuses_with_200(sandbox: Sandbox, alice: str) -> None:
    sandbox.limits.user = 1
    query = "{viewer{login} rateLimit{remaining used cost}}"
    assert graphql(sandbox, alice, query)["data"]["rateLimit"] == {
        "remaining": 0,
        "used": 1,
        "cost": 1,
    }
    refused = graphql(sandbox, alice, query)
    assert (refused["errors"][0]["type"], "data" in refused) == ("RATE_LIMITED", False)
    assert ask(sandbox, "GET", "/repos/acme/a", alice).status_code == 200


def test_eighty_writes_a_minute_are_the_most(sandbox: Sandbox, alice: str) -> None:
    sandbox.issue("acme/a", "t")
    path = "/repos/acme/a/issues/1/comments"
    codes = [ask(sandbox, "POST", path, alice, {"body": "b"}).status_code for _ in range(81)]
    assert codes == [201] * 80 + [403]
    refused = ask(sandbox, "POST", path, alice, {"body": "b"})
    assert "secondary rate limit" in refused.json()["message"]
    assert refused.headers["retry-after"] == "61"
    assert ask(sandbox, "GET", "/repos/acme/a", alice).status_code == 200
    sandbox.clock.advance(61)
    assert ask(sandbox, "POST", path, alice, {"body": "b"}).status_code == 201


def test_500_writes_an_hour_are_the_most(sandbox: Sandbox, alice: str) -> None:
    sandbox.limits.content_an_hour = 3
    path = "/repos/acme/a/issues"
    for status in (201, 201, 201, 403):
        assert ask(sandbox, "POST", path, alice, {"title": "t"}).status_code == status
        sandbox.clock.advance(100)


def test_each_repository_has_a_workflow_limit_of_its_own(sandbox: Sandbox) -> None:
    sandbox.repo("acme/b", {"x": "1"})
    sandbox.limits.actions = 1
    tokens = [sandbox.actions_token(name) for name in ("acme/a", "acme/a", "acme/b")]
    codes = [ask(sandbox, "GET", "/repos/acme/a", token).status_code for token in tokens]
    assert codes == [200, 403, 200]


def test_a_large_installation_may_do_more(sandbox: Sandbox) -> None:
    app, _ = sandbox.app("bot", {"contents": "read"})
    token = sandbox.installation_token(sandbox.install(app, "acme"))
    for number in range(24):
        sandbox.repo(f"acme/r{number}")
    answer = ask(sandbox, "GET", "/repos/acme/a", token)
    assert answer.headers["x-ratelimit-limit"] == str(5000 + 5 * 50)


def test_pages_are_linked_to_the_end(sandbox: Sandbox, alice: str) -> None:
    for number in range(7):
        sandbox.issue("acme/a", str(number))
    found = ask(sandbox, "GET", "/repos/acme/a/issues?per_page=3&page=2&state=all", alice)
    assert [i["number"] for i in found.json()] == [4, 3, 2]
    assert {rel: link["url"].partition("?")[2] for rel, link in found.links.items()} == {
        "prev": "per_page=3&page=1&state=all",
        "next": "per_page=3&page=3&state=all",
        "first": "per_page=3&page=1&state=all",
        "last": "per_page=3&page=3&state=all",
    }
    repo = client(sandbox, alice).get_repo("acme/a")
    assert [i.number for i in repo.get_issues()] == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("asked", "got"), [("100", 100), ("101", 100), ("500", 100), ("0", 30), ("x", 30)]
)
def test_a_page_has_at_most_100(
    sandbox: Sandbox, alice: str, asked: str, got: int, contract: Contract
) -> None:
    if asked in ("101", "500", "x"):
        contract.expect("per_page", "GitHub gives what it can instead of refusing")
    for number in range(105):
        sandbox.issue("acme/a", str(number))
    path = f"/repos/acme/a/issues?per_page={asked}"
    assert len(ask(sandbox, "GET", path, alice).json()) == got


def test_activity_is_walked_by_cursors(sandbox: Sandbox, alice: str) -> None:
    shas = [sandbox.commit("acme/a", "main", {"x.txt": str(n)}) for n in range(5)]
    seen = []
    path = "/repos/acme/a/activity?per_page=2&ref=main"
    while path:
        answer = ask(sandbox, "GET", path, alice)
        seen += [each["after"] for each in answer.json()]
        path = answer.links.get("next", {}).get("url", "").removeprefix(sandbox.api_url)
    assert seen == shas[::-1]
