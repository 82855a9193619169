"""What the sandbox does wrong when it is told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
from github import GithubException
from sandboxes import ask, client, graphql

from interlock.sandbox import Event, Exchange, Fault, Sandbox
from interlock.sandbox.faults import lost_answer, secondary

if TYPE_CHECKING:
    from contract.oracle import Contract

COMMENTS = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments"


def test_an_answer_is_lost_after_the_write_happened(sandbox: Sandbox, bob: str) -> None:
    sandbox.issue("acme/a", "t")
    sandbox.faults.add(lost_answer(COMMENTS))
    path = "/repos/acme/a/issues/1/comments"
    first = ask(sandbox, "POST", path, bob, {"body": "b"})
    assert (first.status_code, "Bad Gateway" in first.text) == (502, True)
    assert len(ask(sandbox, "GET", path, bob).json()) == 1
    assert ask(sandbox, "POST", path, bob, {"body": "b"}).status_code == 201


def test_a_refused_write_does_not_happen(sandbox: Sandbox, bob: str) -> None:
    sandbox.issue("acme/a", "t")
    sandbox.faults.add(Fault(COMMENTS, status=500, times=2, skip=1))
    path = "/repos/acme/a/issues/1/comments"
    codes = [ask(sandbox, "POST", path, bob, {"body": str(n)}).status_code for n in range(4)]
    assert codes == [201, 500, 500, 201]
    assert [c["body"] for c in ask(sandbox, "GET", path, bob).json()] == ["0", "3"]


def test_a_merge_reports_failure_but_happened(sandbox: Sandbox, alice: str) -> None:
    sandbox.commit("acme/a", "f", {"x.txt": "2\n"})
    sandbox.pull("acme/a", "f")
    sandbox.faults.add(Fault("PUT */merge", status=405, message="Merge conflict", after=True))
    pull = client(sandbox, alice).get_repo("acme/a").get_pull(1)
    with pytest.raises(GithubException) as refused:
        pull.merge()
    assert refused.value.status == 405
    assert client(sandbox, alice).get_repo("acme/a").get_pull(1).merged


@pytest.mark.parametrize(("status", "after"), [(403, 60), (429, 60), (429, None)])
def test_a_secondary_limit_comes_in_each_form(
    sandbox: Sandbox, alice: str, status: int, after: int | None
) -> None:
    sandbox.faults.add(secondary("GET /repos/{owner}/{repo}", status=status, retry_after=after))
    refused = ask(sandbox, "GET", "/repos/acme/a", alice)
    assert refused.status_code == status
    assert refused.headers.get("retry-after") == (str(after) if after else None)
    assert "secondary rate limit" in refused.json()["message"]
    assert ask(sandbox, "GET", "/repos/acme/a", alice).status_code == 200


def test_partial_data_comes_beside_its_error(sandbox: Sandbox, alice: str) -> None:
    sandbox.faults.add(Fault("POST /graphql", paths=("b.issues",)))
    query = (
        '{a: repository(owner:"acme",name:"a"){name} '
        'b: repository(owner:"acme",name:"a"){issues(first:1){totalCount}}}'
    )
    found = graphql(sandbox, alice, query)
    assert found["data"] == {"a": {"name": "a"}, "b": {"issues": None}}
    assert found["errors"][0]["path"] == ["b", "issues"]
    assert "errors" not in graphql(sandbox, alice, query)


def test_lists_and_trees_are_cut(sandbox: Sandbox, alice: str) -> None:
    sandbox.commit("acme/a", "f", {f"n{i}": "1" for i in range(5)})
    sandbox.pull("acme/a", "f")
    sandbox.faults.add(Fault("GET */files", truncate=2))
    sandbox.faults.add(Fault("GET */trees/*", truncate=1))
    assert len(ask(sandbox, "GET", "/repos/acme/a/pulls/1/files", alice).json()) == 2
    tree = ask(sandbox, "GET", "/repos/acme/a/git/trees/f", alice).json()
    assert (len(tree["tree"]), tree["truncated"]) == (1, True)
    assert ask(sandbox, "GET", "/repos/acme/a/git/trees/f", alice).json()["truncated"] is False


def test_a_cut_connection_may_have_written(sandbox: Sandbox, alice: str) -> None:
    sandbox.issue("acme/a", "t")
    sandbox.faults.add(Fault(COMMENTS, drop=True))
    with pytest.raises(requests.ConnectionError):
        ask(sandbox, "POST", "/repos/acme/a/issues/1/comments", alice, {"body": "b"})
    assert len(sandbox.find("acme/a").issues[1].comments) == 1


def test_answers_can_be_late(sandbox: Sandbox, alice: str) -> None:
    sandbox.faults.add(Fault("GET /repos/*", latency=0.2))
    assert ask(sandbox, "GET", "/repos/acme/a", alice).elapsed.total_seconds() >= 0.2
    assert ask(sandbox, "GET", "/repos/acme/a", alice).status_code == 200


def test_events_get_lost(sandbox: Sandbox) -> None:
    heard: list[Event] = []
    sandbox.on_event(heard.append)
    sandbox.lose_events(lambda event: event.name == "pull_request")
    sandbox.commit("acme/a", "f", {"x.txt": "2\n"})
    sandbox.pull("acme/a", "f")
    sandbox.lose_events(None)
    sandbox.close_pull("acme/a", 1)
    assert [e.action or e.name for e in heard] == ["push", "create", "closed"]


def test_a_listener_may_ask_about_what_just_happened(sandbox: Sandbox, alice: str) -> None:
    """A bot that answers events by the API must neither hang nor see a half-done merge."""
    heads: list[str] = []

    def bot(event: Event) -> None:
        if event.action == "closed":
            repo = client(sandbox, alice).get_repo("acme/a")
            heads.append(repo.get_branch("main").commit.sha)
            repo.get_issue(1).create_comment("done")

    sandbox.on_event(bot)
    sandbox.commit("acme/a", "f", {"x.txt": "2\n"})
    sandbox.pull("acme/a", "f")
    merged = client(sandbox, alice).get_repo("acme/a").get_pull(1).merge()
    assert heads == [merged.sha]
    assert [c.body for c in sandbox.find("acme/a").issues[1].comments] == ["done"]
    sandbox.comment("acme/a", 1, "bob", "again")
    assert [e.name for e in sandbox.events][-2:] == ["issue_comment", "issue_comment"]


def test_a_fetch_can_fail(sandbox: Sandbox, alice: str) -> None:
    sandbox.faults.add(Fault("GIT upload-pack", status=503))
    url = f"{sandbox.url}/acme/a.git/info/refs?service=git-upload-pack"
    assert requests.get(url, timeout=30).status_code == 503
    assert requests.get(url, timeout=30).status_code == 200
    assert alice


def test_an_observer_sees_each_exchange(sandbox: Sandbox, bob: str, contract: Contract) -> None:
    contract.expect("unknown query parameter x", "to see that queries are shown")
    seen: list[Exchange] = []
    sandbox.on_exchange(seen.append)
    sandbox.issue("acme/a", "t")
    sandbox.faults.add(Fault(COMMENTS, status=500))
    ask(sandbox, "POST", "/repos/acme/a/issues/1/comments", bob, {"body": "b"})
    ask(sandbox, "GET", "/repos/acme/a/git/ref/heads/main?x=1", bob)
    ask(sandbox, "GET", "/nowhere", bob)
    graphql(sandbox, bob, "query($n:Boolean!){viewer{login @include(if:$n)}}", n=True)
    assert [(e.kind, e.path_template, e.status, e.injected) for e in seen] == [
        ("rest", COMMENTS.removeprefix("POST "), 500, True),
        ("rest", "/repos/{owner}/{repo}/git/ref/{ref}", 200, False),
        ("rest", "", 404, False),
        ("graphql", "/graphql", 200, False),
    ]
    assert seen[0].request_body == {"body": "b"}
    assert (seen[1].path_parameters["ref"], seen[1].query) == ("heads/main", {"x": "1"})
    assert seen[1].response_body["ref"] == "refs/heads/main"
    assert seen[3].graphql_variables == {"n": True}
    assert seen[3].response_body == {"data": {"viewer": {"login": "bob"}}}
