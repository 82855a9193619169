"""What the oracle says of answers, of whole sandboxes, and where it cannot be had."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from contract.exchanges import REPO, sent
from contract.oracle import Contract, held
from contract.rest import violations
from sandboxes import ask

from interlock.sandbox import Exchange, Sandbox

#: Real answers of the sandbox, each to be spoilt in one way.
SPOILT: list[tuple[str, str | int, Any, str]] = [
    ("/pulls/1", "number", "1", "/number"),
    ("/pulls/1", "head", None, "/head"),
    ("/pulls/1", "state", "merged", "/state"),
    ("/pulls/1", "created_at", "yesterday", "/created_at"),
    ("/pulls/1", "mergable", True, "invented key /mergable"),
    ("/issues/1/comments", 0, {"id": 1}, "/0"),
    ("", "full_name", None, "/full_name"),
    ("", "nickname", "a", "invented key /nickname"),
    ("/git/ref/heads/main", "object", {"sha": "x"}, "/object"),
]


@pytest.fixture
def answered() -> dict[str, Exchange]:
    """Answers of a sandbox by the path below its repository."""
    seen: dict[str, Exchange] = {}
    with Sandbox() as made:
        made.org("acme", admins=("alice",))
        made.repo("acme/a", {"x.txt": "1\n"})
        made.commit("acme/a", "f", {"x.txt": "2\n"})
        made.pull("acme/a", "f", login="alice")
        made.comment("acme/a", 1, "alice", "hello")
        made.on_exchange(lambda each: seen.update({each.path.removeprefix(REPO): each}))
        for path in {path for path, *_ in SPOILT}:
            ask(made, "GET", REPO + path, made.token("alice"))
    return seen


@pytest.mark.parametrize(("path", "key", "value", "said"), SPOILT)
def test_a_spoilt_answer_is_found(
    path: str, key: Any, value: Any, said: str, answered: dict[str, Exchange]
) -> None:
    real = answered[path]
    assert list(violations(real)) == []
    body = copy.deepcopy(real.response_body)
    body[key] = value
    found = list(violations(real._replace(response_body=body)))
    assert any(said in each for each in found), found
    assert list(violations(real._replace(response_body=body, injected=True))) == []


@pytest.mark.parametrize("key", ["id", "node_id", "url", "user", "head", "base", "_links"])
def test_a_key_that_is_always_there_is_missed(key: str, answered: dict[str, Exchange]) -> None:
    real = answered["/pulls/1"]
    body = {name: value for name, value in real.response_body.items() if name != key}
    assert any(key in each for each in violations(real._replace(response_body=body)))


def test_statuses_and_errors_are_those_of_the_operation() -> None:
    odd = sent("GET", REPO, status=202, answer={"message": "later"})
    assert any("describes no such status" in each for each in violations(odd))
    wordless = sent("GET", REPO, status=429, answer={"error": "slow down"})
    assert any("without a message" in each for each in violations(wordless))
    full = sent("DELETE", f"{REPO}/issues/comments/1", status=204, answer={"ok": True})
    assert any("has a body" in each for each in violations(full))


def test_another_operation_than_githubs_is_found() -> None:
    took = sent("GET", f"{REPO}/pulls/1", status=404, answer={"message": "x"}, template="/a/{b}")
    assert any("the sandbox took it for /a/{b}" in each for each in violations(took))


@pytest.mark.parametrize(
    "cause",
    [
        pytest.param(lambda made: made.issue("alice/a", "t"), id="event"),
        pytest.param(lambda made: ask(made, "GET", "/repos/alice/a"), id="answer"),
    ],
)
def test_a_sandbox_that_errs_fails_its_test(
    cause: Callable[[Sandbox], Any], contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    from interlock.sandbox.payloads import repos

    real = repos.repository

    def spoilt(*given: Any, **more: Any) -> dict[str, Any]:
        return real(*given, **more) | {"private": "no"}

    with Sandbox() as made:
        made.repo("alice/a", {"x": "1"})
        monkeypatch.setattr(repos, "repository", spoilt)
        with (
            pytest.raises(pytest.fail.Exception, match="/private"),
            held(contract),
        ):
            cause(made)


def test_what_is_expected_has_to_occur() -> None:
    contract = Contract()
    contract.observe(sent("GET", f"{REPO}/pulls?per_page=500", status=200, answer=[]))
    contract.expect("per_page=500", "on purpose")
    contract.expect("per_page=600", "never asked")
    assert contract.drained() == ["expected, and did not occur: per_page=600 (never asked)"]
    assert contract.checked == 1
    assert contract.drained() == []
