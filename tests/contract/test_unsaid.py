"""What GitHub's description lets pass silently: the sandbox does as GitHub does, and we say so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from contract.oracle import Contract
from sandboxes import ask, ruleset

from interlock.sandbox import Sandbox

#: A request, the status that GitHub answers it with, a word of its answer, and of the oracle.
REFUSED = [
    pytest.param(
        "POST",
        "/rulesets",
        ruleset({"type": "required_status_checks"}),
        "required_status_checks",
        "needs parameters",
        id="required_status_checks without parameters",
    ),
    pytest.param(
        "POST",
        "/check-runs",
        {"name": "c", "head_sha": "main", "status": "completed"},
        "conclusion",
        "needs a conclusion",
        id="a completed check run without conclusion",
    ),
    pytest.param(
        "POST",
        "/issues/1/comments",
        {"body": "x" * 70_000},
        "too long",
        "70,000 characters",
        id="a comment of 70,000 characters",
    ),
    pytest.param(
        "POST", "/issues/1/comments", {"body": " \n"}, "blank", "blank", id="a blank comment"
    ),
    pytest.param(
        "POST",
        "/git/refs",
        {"ref": "heads/f", "sha": "main"},
        "must start with 'refs/'",
        "has to start with refs/",
        id="a ref that does not start with refs/",
    ),
    pytest.param(
        "POST",
        "/statuses/main",
        {"state": "success", "description": "x" * 141},
        "too long",
        "141 characters",
        id="a description of 141 characters",
    ),
]
TAKEN = [
    pytest.param(
        "POST",
        "/issues/1/comments",
        {"body": "b", "bodyy": "c"},
        ("unknown key /bodyy", "do anything about /bodyy"),
        id="an unknown key",
    ),
    pytest.param(
        "PATCH",
        "/pulls/1",
        {"titel": "t"},
        ("unknown key /titel", "do anything about /titel"),
        id="nothing but an unknown key",
    ),
    pytest.param(
        "GET",
        "/pulls?stat=open",
        None,
        ("unknown query parameter stat",),
        id="an unknown query parameter",
    ),
    pytest.param("GET", "/pulls?per_page=500", None, ("per_page=500",), id="per_page=500"),
]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        made.org("acme", admins=("alice",))
        made.repo("acme/a", {"x.txt": "1\n"})
        made.commit("acme/a", "f", {"x.txt": "2\n"})
        made.pull("acme/a", "f", login="alice")
        yield made


def request(sandbox: Sandbox, method: str, path: str, body: Any) -> Any:
    """Ask as who may; "main" stands for its commit."""
    head = sandbox.world.git(sandbox.find("acme/a")).branch("main")
    if isinstance(body, dict):
        body = {k: head if v == "main" and k != "name" else v for k, v in body.items()}
    token = sandbox.token("alice")
    if path == "/check-runs":
        app, _ = sandbox.app("gate", {"checks": "write"})
        token = sandbox.installation_token(sandbox.install(app, "acme"))
    target = f"/repos/acme/a{path.replace('/main', f'/{head}')}"
    return ask(sandbox, method, target, token, body)


@pytest.mark.parametrize(("method", "path", "body", "said", "_"), REFUSED)
def test_what_github_refuses_is_refused(
    sandbox: Sandbox, method: str, path: str, body: Any, said: str, _: str
) -> None:
    answer = request(sandbox, method, path, body)
    assert (answer.status_code, said in answer.text) == (422, True), answer.text


@pytest.mark.parametrize(("method", "path", "body", "_", "found"), REFUSED)
def test_it_would_be_found_if_it_were_taken(
    sandbox: Sandbox,
    contract: Contract,
    method: str,
    path: str,
    body: Any,
    _: str,
    found: str,
) -> None:
    seen: list[Any] = []
    sandbox.on_exchange(seen.append)
    request(sandbox, method, path, body)
    contract.expect(found, "an answer that says it was taken")
    contract.observe(seen[0]._replace(status=201, injected=True))


@pytest.mark.parametrize(("method", "path", "body", "found"), TAKEN)
def test_what_github_takes_for_nothing_is_taken_and_found(
    sandbox: Sandbox,
    contract: Contract,
    method: str,
    path: str,
    body: Any,
    found: tuple[str, ...],
) -> None:
    for each in found:
        contract.expect(each, "GitHub takes it without a word")
    assert request(sandbox, method, path, body).ok
