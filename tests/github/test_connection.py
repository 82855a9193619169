"""The connection against an embedded GitHub that misbehaves as GitHub does."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("graphql", reason="the sandbox's GraphQL needs graphql-core")
from githubline import Line

from interlock.errors import GitHubError
from interlock.github.comments import upsert
from interlock.sandbox import Fault, Sandbox
from interlock.sandbox.faults import lost_answer, secondary

PULL = "/repos/acme/a/pulls/1"
COMMENTS = "/repos/acme/a/issues/1/comments"
MARKER = "<!-- interlock:test -->"


def posted(sandbox: Sandbox) -> int:
    """How often a comment was posted."""
    asked = (one for one in sandbox.requests if one.method == "POST")
    return sum(one.path.partition("?")[0].endswith("/comments") for one in asked)


def test_what_has_not_changed_costs_nothing(line: Line) -> None:
    first, again = line.to.get("/repos/acme/a"), line.to.get("/repos/acme/a")
    assert first.data == again.data
    assert line.budget.requests == {"rest": 1, "free": 1, "write": 0, "graphql": 0}
    assert "1 unchanged" in line.budget.line()


def test_lists_are_read_to_their_end(sandbox: Sandbox, line: Line) -> None:
    for at in range(120):
        sandbox.comment("acme/a", 1, "bob", f"comment {at}")
        sandbox.clock.advance(60)
    assert len(line.to.pages(COMMENTS)) == 120


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize(("after", "waits"), [(7, [7.0]), (None, [60.0])])
def test_a_secondary_limit_is_waited_for_with_and_without_a_time(
    status: int, after: int | None, waits: list[float], sandbox: Sandbox, line: Line
) -> None:
    sandbox.faults.add(secondary("GET *", retry_after=after, status=status))
    assert line.to.get(PULL).data["number"] == 1
    assert line.slept == waits
    assert "waiting" in line.said[0]


def test_waits_are_capped_and_said(sandbox: Sandbox) -> None:
    line = Line(sandbox, sandbox.token("alice"), most=100.0)
    sandbox.faults.add(secondary("GET *", retry_after=90, times=-1))
    with pytest.raises(GitHubError, match="at most 100 s"):
        line.to.get(PULL)
    assert line.slept == [90.0]


def test_a_bare_403_is_a_missing_permission_and_is_not_waited_for(
    sandbox: Sandbox, line: Line
) -> None:
    sandbox.faults.add(
        Fault(
            "GET */pulls/*",
            status=403,
            headers={"x-accepted-github-permissions": "pull_requests=read"},
        )
    )
    with pytest.raises(GitHubError, match="lacks the permission pull_requests=read"):
        line.to.get(PULL)
    assert line.slept == []


def test_a_wrong_token_and_an_unknown_repository_are_one_line_each(sandbox: Sandbox) -> None:
    with pytest.raises(GitHubError, match="token is wrong"):
        Line(sandbox, "ghp_" + "x" * 36).to.get(PULL)
    with pytest.raises(GitHubError, match="no such thing, or the token may not see it") as error:
        Line(sandbox, sandbox.token("alice")).to.get("/repos/acme/nothing")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_read_is_tried_again_after_a_5xx(status: int, sandbox: Sandbox, line: Line) -> None:
    sandbox.faults.add(Fault("GET *", status=status, times=2))
    assert line.to.get(PULL).data["number"] == 1
    assert len(line.slept) == 2
    sandbox.faults.add(Fault("GET *", status=status, times=-1))
    with pytest.raises(GitHubError, match="fails"):
        line.to.get("/repos/acme/a")


def test_a_cut_connection_is_tried_again(sandbox: Sandbox, line: Line) -> None:
    sandbox.faults.add(Fault("GET *", drop=True, times=1))
    assert line.to.get(PULL).data["number"] == 1


def test_a_write_that_happened_behind_a_502_is_found_and_not_repeated(
    sandbox: Sandbox, line: Line
) -> None:
    sandbox.faults.add(lost_answer("POST */comments"))
    assert upsert(line.to, "acme/a", 1, MARKER, "hello") == "created"
    assert posted(sandbox) == 1
    assert len(line.to.pages(COMMENTS)) == 1


def test_a_write_that_did_not_happen_is_tried_again(sandbox: Sandbox, line: Line) -> None:
    sandbox.faults.add(Fault("POST */comments", status=502))
    assert upsert(line.to, "acme/a", 1, MARKER, "hello") == "created"
    assert posted(sandbox) == 2
    assert len(line.to.pages(COMMENTS)) == 1


def test_a_comment_is_updated_in_place_and_not_written_where_it_is_the_same(
    sandbox: Sandbox, line: Line
) -> None:
    assert upsert(line.to, "acme/a", 1, MARKER, "one") == "created"
    sandbox.clock.advance(60)
    assert upsert(line.to, "acme/a", 1, MARKER, "two") == "updated"
    before = line.budget.requests["write"]
    assert upsert(line.to, "acme/a", 1, MARKER, "two") == "unchanged"
    assert line.budget.requests["write"] == before
    assert [one["body"] for one in line.to.pages(COMMENTS)] == [f"{MARKER}\ntwo"]


def test_a_forged_marker_is_left_alone_and_own_duplicates_go(sandbox: Sandbox, line: Line) -> None:
    sandbox.comment("acme/a", 1, "bob", f"{MARKER}\nforged")
    sandbox.comment("acme/a", 1, "alice", "something else")
    first = sandbox.comment("acme/a", 1, "alice", f"{MARKER}\nold")
    sandbox.comment("acme/a", 1, "alice", f"{MARKER}\nfrom a run at the same time")
    assert upsert(line.to, "acme/a", 1, MARKER, "new") == "updated"
    found = {one["id"]: one["body"] for one in line.to.pages(COMMENTS)}
    assert found[first] == f"{MARKER}\nnew"
    assert sorted(found.values()) == sorted(
        [f"{MARKER}\nforged", "something else", f"{MARKER}\nnew"]
    )


QUERY = 'query { rateLimit { cost } repository(owner: "acme", name: "a") { name } }'


def test_graphql_points_are_counted(line: Line) -> None:
    answer = line.to.graphql(QUERY)
    assert answer.data["repository"]["name"] == "a"
    assert (line.budget.requests["graphql"], line.budget.points) == (1, 1)


def test_partial_graphql_data_is_kept_beside_its_errors(line: Line) -> None:
    query = (
        'query { a: repository(owner: "acme", name: "a") { name } '
        'b: repository(owner: "acme", name: "none") { name } }'
    )
    answer = line.to.graphql(query)
    assert answer.data["a"] == {"name": "a"}
    assert answer.data["b"] is None
    assert answer.errors[0]["type"] == "NOT_FOUND"


def test_a_used_up_graphql_limit_is_waited_for(sandbox: Sandbox) -> None:
    line = Line(sandbox, sandbox.token("alice"), most=5_000.0)
    body = ({"type": "RATE_LIMITED", "message": "API rate limit exceeded"},)
    sandbox.faults.add(Fault("POST /graphql", errors=body, times=1))
    assert line.to.graphql(QUERY).data["repository"]["name"] == "a"
    assert [round(seconds) for seconds in line.slept] == [3_601]  # until the limit is reset


def test_what_is_kept_between_runs_holds_no_token(sandbox: Sandbox) -> None:
    token = sandbox.token("alice")
    kept: dict[str, tuple[str, object]] = {}
    Line(sandbox, token, etags=kept).to.get("/repos/acme/a")
    again = Line(sandbox, token, etags=kept)
    again.to.get("/repos/acme/a")
    assert again.budget.requests["free"] == 1
    assert token not in json.dumps(kept)
