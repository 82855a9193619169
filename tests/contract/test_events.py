"""Payloads of the sandbox's events, by GitHub's own description of webhooks."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from contract.payloads import violations

from interlock.sandbox import Event, Sandbox

NAMES = frozenset(
    {"pull_request", "push", "status", "check_run", "merge_group", "issues", "issue_comment"}
)


@pytest.fixture(scope="module")
def events() -> dict[str, Event]:
    """One event of each name that the product listens to."""
    with Sandbox() as made:
        made.org("acme", admins=("alice",))
        made.repo("acme/a", {"x.txt": "1\n"})
        sha = made.commit("acme/a", "f", {"x.txt": "2\n"}, login="alice")
        made.pull("acme/a", "f", login="alice")
        made.issue("acme/a", "t", labels=("set",))
        made.comment("acme/a", 1, "alice", "hello")
        made.status("acme/a", sha, "ci", "success", login="alice")
        app, _ = made.app("gate", {"checks": "write"})
        token = made.installation_token(made.install(app, "acme"))
        from sandboxes import ask

        run = {"name": "set", "head_sha": sha}
        assert ask(made, "POST", "/repos/acme/a/check-runs", token, run).status_code == 201
        made.merge_group("acme/a", 1, login="alice")
        return {event.name: event for event in made.events}


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_event_is_as_github_describes_it(name: str, events: dict[str, Event]) -> None:
    assert list(violations(events[name])) == []


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("pull_request", "number", "1"),
        ("pull_request", "pull_request", {}),
        ("push", "commits", None),
        ("push", "ref", 1),
        ("status", "state", "green"),
        ("check_run", "check_run", {"id": 1}),
        ("merge_group", "merge_group", {"head_sha": "x"}),
        ("issues", "issue", None),
        ("issue_comment", "comment", {"body": "b"}),
        ("push", "sender", {"login": "alice"}),
        ("push", "repository", None),
    ],
)
def test_a_spoilt_payload_is_found(
    name: str, key: str, value: Any, events: dict[str, Event]
) -> None:
    payload = copy.deepcopy(dict(events[name].payload))
    payload[key] = value
    assert any(f"/{key}" in each for each in violations(events[name]._replace(payload=payload)))


def test_an_event_that_github_does_not_send_is_found(events: dict[str, Event]) -> None:
    invented = events["push"]._replace(action="landed")
    assert "describes no such event" in next(violations(invented))


def test_a_key_that_github_does_not_send_is_found(events: dict[str, Event]) -> None:
    push = events["push"]
    payload = {**push.payload, "repository": {**push.payload["repository"], "nickname": "a"}}
    found = list(violations(push._replace(payload=payload)))
    assert found == ["event push: invented key /repository/nickname"]
