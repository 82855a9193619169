"""Issues, comments and labels."""

from __future__ import annotations

import pytest
from github import GithubException
from sandboxes import ask, client, graphql

from interlock.sandbox import Sandbox


def test_a_comment_is_written_changed_and_removed(sandbox: Sandbox, bob: str) -> None:
    repo = client(sandbox, bob).get_repo("acme/a")
    issue = repo.create_issue("t", body="b", labels=["bug"])
    said = issue.create_comment("one")
    said.edit("two")
    assert [c.body for c in issue.get_comments()] == ["two"]
    said.delete()
    assert list(issue.get_comments()) == []
    told = [e.action for e in sandbox.events if e.name == "issue_comment"]
    assert told == ["created", "edited", "deleted"]


@pytest.mark.parametrize(("length", "status"), [(65_536, 201), (65_537, 422)])
def test_a_comment_has_a_longest_length(
    sandbox: Sandbox, bob: str, length: int, status: int
) -> None:
    sandbox.issue("acme/a", "t")
    path = "/repos/acme/a/issues/1/comments"
    assert ask(sandbox, "POST", path, bob, {"body": "é" * length}).status_code == status


def test_a_comment_names_the_app_that_wrote_it(sandbox: Sandbox, bob: str) -> None:
    app, _ = sandbox.app("bot", {"issues": "write"})
    token = sandbox.installation_token(sandbox.install(app, "acme"))
    sandbox.issue("acme/a", "t")
    for each in (bob, token, sandbox.actions_token("acme/a", {"issues": "write"})):
        ask(sandbox, "POST", "/repos/acme/a/issues/1/comments", each, {"body": "<!-- mark -->"})
    found = ask(sandbox, "GET", "/repos/acme/a/issues/1/comments", bob).json()
    apps = [c["performed_via_github_app"] and c["performed_via_github_app"]["slug"] for c in found]
    assert apps == [None, "bot", "github-actions"]
    assert [c["user"]["login"] for c in found] == ["bob", "bot[bot]", "github-actions[bot]"]
    assert [c["id"] for c in found] == sorted(c["id"] for c in found)


def test_comments_on_pull_requests_need_the_permission_for_them(sandbox: Sandbox) -> None:
    sandbox.issue("acme/a", "t")
    sandbox.commit("acme/a", "f", {"x.txt": "2"})
    sandbox.pull("acme/a", "f")
    token = sandbox.actions_token("acme/a", {"pull_requests": "write"})
    path = "/repos/acme/a/issues/{}/comments"
    assert ask(sandbox, "POST", path.format(2), token, {"body": "b"}).status_code == 201
    assert ask(sandbox, "POST", path.format(1), token, {"body": "b"}).status_code == 403


def test_others_may_not_change_a_comment(sandbox: Sandbox) -> None:
    sandbox.issue("acme/a", "t")
    number = sandbox.comment("acme/a", 1, "bob", "mine")
    path = f"/repos/acme/a/issues/comments/{number}"
    eve = sandbox.token("eve")
    assert ask(sandbox, "PATCH", path, eve, {"body": "x"}).status_code == 403
    assert ask(sandbox, "DELETE", path, eve).status_code == 403
    # Anyone with write access may: a comment is no place for state.
    assert ask(sandbox, "PATCH", path, sandbox.token("alice"), {"body": "x"}).status_code == 200


@pytest.mark.parametrize("body", [{}, {"body": None}, {"body": ""}, {"body": 5}])
def test_a_comment_needs_text(sandbox: Sandbox, bob: str, body: dict[str, object]) -> None:
    sandbox.issue("acme/a", "t")
    assert ask(sandbox, "POST", "/repos/acme/a/issues/1/comments", bob, body).status_code == 422


def test_labels_are_made_as_they_are_put_on(sandbox: Sandbox, bob: str) -> None:
    repo = client(sandbox, bob).get_repo("acme/a")
    issue = repo.create_issue("t")
    issue.add_to_labels("set", "bug")
    assert {each.name for each in repo.get_labels()} >= {"set", "bug"}
    issue.remove_from_labels("bug")
    assert [each.name for each in issue.get_labels()] == ["set"]
    with pytest.raises(GithubException) as refused:
        repo.create_label("SET", "ff0000")
    assert refused.value.data["errors"][0]["code"] == "already_exists"


def test_pull_requests_are_issues_too(sandbox: Sandbox, bob: str) -> None:
    sandbox.issue("acme/a", "t")
    sandbox.commit("acme/a", "f", {"x.txt": "2"})
    sandbox.pull("acme/a", "f")
    found = ask(sandbox, "GET", "/repos/acme/a/issues", bob).json()
    assert [(i["number"], "pull_request" in i) for i in found] == [(2, True), (1, False)]
    assert ask(sandbox, "GET", "/repos/acme/a/pulls/1", bob).status_code == 404


def test_a_hidden_comment_is_only_marked(sandbox: Sandbox, bob: str) -> None:
    sandbox.issue("acme/a", "t")
    number = sandbox.comment("acme/a", 1, "bob", "old")
    done = graphql(
        sandbox,
        bob,
        "mutation($id:ID!){minimizeComment(input:{subjectId:$id,classifier:OUTDATED})"
        "{minimizedComment{isMinimized minimizedReason}}}",
        id=f"IC_{number}",
    )
    shown = done["data"]["minimizeComment"]["minimizedComment"]
    assert shown == {"isMinimized": True, "minimizedReason": "outdated"}
    assert ask(sandbox, "GET", "/repos/acme/a/issues/1/comments", bob).json()[0]["body"] == "old"


def test_closing_an_issue_says_why(sandbox: Sandbox, bob: str) -> None:
    issue = client(sandbox, bob).get_repo("acme/a").create_issue("t")
    issue.edit(state="closed", state_reason="not_planned")
    assert (issue.state, issue.state_reason, issue.closed_by and issue.closed_by.login) == (
        "closed",
        "not_planned",
        "bob",
    )
    assert [e.action for e in sandbox.events] == ["opened", "closed"]
