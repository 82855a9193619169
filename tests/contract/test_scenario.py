"""One small story that both the sandbox and the real GitHub have to tell alike.

``pytest tests/contract/test_scenario.py --live`` runs it against the scratch repository of a real
organisation: INTERLOCK_LIVE_ORG, INTERLOCK_LIVE_TOKEN (contents, pull requests, issues and
statuses: write), INTERLOCK_LIVE_REPO (interlock-scratch where it is not said).
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from contract.oracle import Contract
from contract.place import API, ORG, REPO, TOKEN, Place, live

from interlock.sandbox import Sandbox

QUERY = """
query($owner: String!, $name: String!, $number: Int!) {
  rateLimit { cost remaining }
  repository(owner: $owner, name: $name) {
    nameWithOwner
    pullRequest(number: $number) {
      number state isDraft headRefName headRefOid baseRefName changedFiles
      author { login __typename }
      comments(first: 10) { totalCount nodes { databaseId body author { login } } }
      files(first: 10) { nodes { path changeType } }
      commits(last: 1) { nodes { commit { oid status { state contexts { context state } } } } }
    }
  }
}
"""


@pytest.fixture(params=["sandbox", "live"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """The sandbox, and the real organisation where it is asked for."""
    if request.param == "live":
        if not request.config.getoption("--live"):
            pytest.skip(f"runs with --live, {ORG} and {TOKEN} against a real organisation")
        try:
            yield live()
        except KeyError as missing:
            pytest.fail(f"--live needs {missing} in the environment", pytrace=False)
        return
    with Sandbox() as made:
        made.org("acme", admins=("alice",))
        made.repo("acme/scratch", {"README.md": "# Scratch\n"})
        token = made.token("alice")
        yield Place(made.api_url, made.graphql_url, token, "acme/scratch", live=False)


class Opened(NamedTuple):
    """A pull request of ours, and where it stands."""

    at: str
    number: int
    sha: str
    branch: str


@pytest.fixture
def opened(place: Place) -> Iterator[Opened]:
    """A branch with one file and a pull request, which go again afterwards."""
    at = f"/repos/{place.repo}"
    base = place.ask("GET", at)["default_branch"]
    start = place.ask("GET", f"{at}/git/ref/heads/{base}")["object"]["sha"]
    branch = f"interlock-contract/{uuid.uuid4().hex[:12]}"
    place.ask("POST", f"{at}/git/refs", {"ref": f"refs/heads/{branch}", "sha": start}, status=201)
    try:
        text = base64.b64encode(b"one: 1\n").decode()
        file = {"message": "Add a file", "content": text, "branch": branch}
        made = place.ask("PUT", f"{at}/contents/{branch}.yaml", file, status=201)
        body = {"title": "Contract", "head": branch, "base": base, "body": "Goes again at once."}
        pull = place.ask("POST", f"{at}/pulls", body, status=201)
        yield Opened(at, pull["number"], made["commit"]["sha"], branch)
        closed = place.ask("PATCH", f"{at}/pulls/{pull['number']}", {"state": "closed"})
        assert (closed["state"], closed["merged"]) == ("closed", False)
    finally:
        place.ask("DELETE", f"{at}/git/refs/heads/{branch}", status=204)


def test_a_pull_request_is_commented_and_gets_a_status(place: Place, opened: Opened) -> None:
    pull = place.ask("GET", f"{opened.at}/pulls/{opened.number}")
    assert (pull["head"]["sha"], pull["head"]["ref"]) == (opened.sha, opened.branch)
    assert (pull["state"], pull["changed_files"]) == ("open", 1)
    listed = place.ask("GET", f"{opened.at}/pulls?state=open&per_page=100")
    assert opened.number in [each["number"] for each in listed]

    comments = f"{opened.at}/issues/{opened.number}/comments"
    made = place.ask("POST", comments, {"body": "first"}, status=201)
    one = f"{opened.at}/issues/comments/{made['id']}"
    assert place.ask("PATCH", one, {"body": "second"})["body"] == "second"
    assert [each["body"] for each in place.ask("GET", comments)] == ["second"]

    for state in ("pending", "success"):
        given = {"state": state, "context": "interlock/contract", "description": "A test"}
        place.ask("POST", f"{opened.at}/statuses/{opened.sha}", given, status=201)
    combined = place.ask("GET", f"{opened.at}/commits/{opened.sha}/status")
    states = {each["context"]: each["state"] for each in combined["statuses"]}
    assert states["interlock/contract"] == "success"

    owner, _, name = place.repo.partition("/")
    data = place.query(QUERY, owner=owner, name=name, number=opened.number)
    found = data["repository"]["pullRequest"]
    assert (found["headRefOid"], found["state"], found["changedFiles"]) == (opened.sha, "OPEN", 1)
    assert [each["body"] for each in found["comments"]["nodes"]] == ["second"]
    assert found["files"]["nodes"] == [{"path": f"{opened.branch}.yaml", "changeType": "ADDED"}]
    status = found["commits"]["nodes"][0]["commit"]["status"]
    assert {"context": "interlock/contract", "state": "SUCCESS"} in status["contexts"]
    assert data["rateLimit"]["cost"] == 1
    place.ask("DELETE", one, status=204)


REFUSED: list[tuple[str, str, Any, int]] = [
    ("POST", "/issues/{number}/comments", {"body": ""}, 422),
    ("POST", "/issues/{number}/comments", {"body": "x" * 65_537}, 422),
    ("POST", "/issues/{number}/comments", {"body": 7}, 422),
    ("POST", "/git/refs", {"ref": "heads/f", "sha": "{sha}"}, 422),
    ("POST", "/git/refs", {"ref": "refs/heads/{branch}", "sha": "{sha}"}, 422),
    ("POST", "/statuses/{sha}", {"state": "green"}, 422),
    ("POST", "/statuses/{sha}", {"state": "success", "description": "x" * 141}, 422),
    ("GET", "/git/ref/heads/no/such/branch", None, 404),
    ("GET", "/pulls/{number}/merge", None, 404),
]


def test_what_is_refused(place: Place, opened: Opened) -> None:
    known = opened._asdict()
    # One pull request for all: a real organisation is not littered.
    for method, path, given, status in REFUSED:
        body = given
        if isinstance(given, dict):
            body = {k: v.format(**known) if isinstance(v, str) else v for k, v in given.items()}
        place.ask(method, opened.at + path.format(**known), body, status=status)


def test_what_is_taken_for_nothing(place: Place, opened: Opened, contract: Contract) -> None:
    if not place.live:
        contract.expect("per_page=500", "GitHub gives a hundred")
        contract.expect("unknown query parameter stat", "GitHub passes over it")
        contract.expect("/bodyy", "likewise")
    assert len(place.ask("GET", f"{opened.at}/pulls?state=all&per_page=500&stat=x")) <= 100
    comments = f"{opened.at}/issues/{opened.number}/comments"
    place.ask("POST", comments, {"body": "b", "bodyy": "c"}, status=201)


def test_live_answers_are_held_as_well(monkeypatch: pytest.MonkeyPatch, contract: Contract) -> None:
    with Sandbox() as made:
        made.repo("alice/scratch", {"README.md": "# Scratch\n"})
        for name, value in (
            (ORG, "alice"),
            (TOKEN, made.token("alice")),
            (REPO, "scratch"),
            (API, f"{made.api_url}/"),
        ):
            monkeypatch.setenv(name, value)
        place = live()
        query = 'query($n: String!) { repository(owner: $n, name: "scratch") { name } }'
        assert place.query(query, n="alice") == {"repository": {"name": "scratch"}}
        assert place.ask("GET", "/repos/alice/scratch")["name"] == "scratch"
        made.find("alice/scratch").description = 7  # type: ignore[assignment]
        contract.expect("/description", "spoilt on purpose")
        with pytest.raises(AssertionError, match="/description"):
            place.ask("GET", "/repos/alice/scratch")
