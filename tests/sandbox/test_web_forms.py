"""Merging and opening issues from the pages."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from sandboxes import checks, ruleset
from webpages import Page, look, send

from interlock.sandbox import Sandbox

PULL, MERGE, NEW = "/acme/a/pull/1", "/acme/a/pull/1/merge", "/acme/a/issues/new"


@pytest.fixture
def sha(sandbox: Sandbox) -> str:
    found = sandbox.commit("acme/a", "f", {"x.txt": "2\n"}, login="bob")
    sandbox.pull("acme/a", "f", login="bob")
    sandbox.browse_as("alice")
    return found


def fields(page: Page) -> dict[str, str]:
    return {found["name"]: found["value"] for found in page.all("input", type="hidden")}


@pytest.mark.usefixtures("sha")
def test_the_button_merges_by_the_rules(sandbox: Sandbox) -> None:
    sandbox.ruleset("acme/a", ruleset({"type": "required_linear_history"}))
    page = look(sandbox, PULL)
    assert "Squash and merge as alice" in page.text
    done = send(sandbox, MERGE, fields(page))
    assert (done.status, done.headers["location"]) == (303, PULL)
    pull = sandbox.find("acme/a").issues[1].pull
    assert pull is not None
    assert pull.merged_by is sandbox.user("alice")
    page = look(sandbox, PULL)
    assert page.all("span", class_="badge merged")
    assert not page.all("form")
    assert send(sandbox, MERGE, {"method": "squash"}).status == 403


def test_what_the_rules_refuse_has_no_button_and_cannot_be_sent(sandbox: Sandbox, sha: str) -> None:
    kept = fields(look(sandbox, PULL))
    sandbox.ruleset("acme/a", ruleset(checks({"context": "interlock/change-set"})))
    sandbox.status("acme/a", sha, "interlock/change-set", "pending", description="after b#2")
    page = look(sandbox, PULL)
    assert not page.all("form")
    assert "interlock/change-set is pending: after b#2." in page.text
    refused = send(sandbox, MERGE, kept)
    assert refused.status == 405
    assert 'Required status check "interlock/change-set" is pending.' in refused.text
    assert sandbox.find("acme/a").issues[1].state == "open"


@pytest.mark.usefixtures("sha")
def test_only_the_head_that_was_seen_is_merged(sandbox: Sandbox) -> None:
    kept = fields(look(sandbox, PULL))
    sandbox.commit("acme/a", "f", {"x.txt": "3\n"}, login="bob")
    assert send(sandbox, MERGE, kept).status == 409
    assert send(sandbox, MERGE, {**kept, "head": ""}).status == 405
    assert send(sandbox, MERGE, {**kept, "method": "force"}).status == 405
    assert sandbox.find("acme/a").issues[1].state == "open"


@pytest.mark.usefixtures("sha")
def test_a_merge_needs_the_token_of_its_page_and_the_right_to_push(sandbox: Sandbox) -> None:
    kept = fields(look(sandbox, PULL))
    sandbox.commit("acme/a", "g", {"x.txt": "9\n"})
    sandbox.pull("acme/a", "g")
    other = fields(look(sandbox, "/acme/a/pull/2"))["csrf"]
    assert send(sandbox, MERGE, {**kept, "csrf": other}).status == 403
    origin = {"origin": "https://evil.example"}
    assert send(sandbox, MERGE, kept, headers=origin).status == 403
    sandbox.user("eve")
    sandbox.browse_as("eve")
    assert not look(sandbox, PULL).all("form")
    assert send(sandbox, MERGE, kept).status == 403
    assert sandbox.find("acme/a").issues[1].state == "open"


def test_an_issue_is_opened_with_what_the_address_says(sandbox: Sandbox) -> None:
    sandbox.browse_as("bob")
    query = urlencode({"title": "Launch <b>", "body": "- [ ] one", "labels": "experiment, bug"})
    page = look(sandbox, f"{NEW}?{query}")
    assert page.all("input", id="title")[0]["value"] == "Launch <b>"
    sent = {**fields(page), "title": "Launch <b>", "body": "- [ ] one"}
    done = send(sandbox, NEW, sent)
    assert (done.status, done.headers["location"]) == (303, "/acme/a/issues/1")
    made = sandbox.find("acme/a").issues[1]
    assert (made.user.login, [label.name for label in made.labels]) == (
        "bob",
        ["experiment", "bug"],
    )
    assert look(sandbox, "/acme/a/issues/1").all("input", type="checkbox")


def test_a_readers_issue_has_no_labels_and_nobodys_is_refused(sandbox: Sandbox) -> None:
    sandbox.user("eve")
    sandbox.browse_as("eve")
    page = look(sandbox, f"{NEW}?labels=experiment")
    assert send(sandbox, NEW, {**fields(page), "title": "T"}).status == 303
    assert sandbox.find("acme/a").issues[1].labels == []
    assert send(sandbox, NEW, {**fields(page), "title": ""}).status == 422
    assert send(sandbox, NEW, {**fields(page), "csrf": "0", "title": "T"}).status == 403
    sandbox.find("acme/a").archived = True
    assert send(sandbox, NEW, {**fields(page), "title": "T"}).status == 403
    assert len(sandbox.find("acme/a").issues) == 1
