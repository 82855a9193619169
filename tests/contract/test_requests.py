"""What the oracle says of requests: GitHub's own examples pass, known mistakes do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from contract.exchanges import REPO, SHA, sent
from contract.rest import violations
from contract.slicing import rest_slice, sandbox_operations
from sandboxes import REVIEWED, ruleset

RUN = {"name": "c", "head_sha": SHA}
NOTE = {
    "path": "x",
    "start_line": 1,
    "end_line": 1,
    "annotation_level": "warning",
    "message": "m",
}
TREE = {"tree": [{"path": "x", "mode": "100644", "type": "blob", "content": "1"}]}
#: Mistakes that GitHub's description itself rejects: what is wrong, and where that is said.
REJECTED: list[tuple[str, str, Any, str]] = [
    ("POST", "/rulesets", ruleset(enforcement="enabled"), "/enforcement"),
    ("POST", "/rulesets", ruleset({"type": "no_such_rule"}), "/rules/0"),
    (
        "POST",
        "/rulesets",
        ruleset({"type": "pull_request", "parameters": {"dismiss_stale_reviews_on_push": True}}),
        "/rules/0",
    ),
    (
        "POST",
        "/rulesets",
        ruleset(
            {
                "type": "required_status_checks",
                "parameters": {
                    "required_status_checks": [{"integration_id": 1}],
                    "strict_required_status_checks_policy": True,
                },
            }
        ),
        "/rules/0",
    ),
    ("POST", "/check-runs", {**RUN, "conclusion": "great"}, "/conclusion"),
    (
        "PATCH",
        "/check-runs/1",
        {"output": {"title": "t", "summary": "s", "annotations": [NOTE] * 51}},
        "/output/annotations",
    ),
    ("POST", "/issues/1/comments", {}, "body"),
    ("POST", "/issues/1/comments", None, "the body is missing"),
    ("POST", "/issues/1/comments", {"body": 1}, "/body"),
    ("POST", "/git/trees", {"tree": [{**TREE["tree"][0], "mode": "100666"}]}, "/tree/0/mode"),
    ("GET", "/pulls?state=merged", None, "query parameter state"),
    ("GET", "/issues/one", None, "path parameter issue_number"),
    ("POST", f"/statuses/{SHA}", {"state": "green"}, "/state"),
    ("POST", f"/statuses/{SHA}", {"context": "c"}, "state"),
]
#: Mistakes that it lets pass, and GitHub does not, or not as meant.
UNSAID: list[tuple[str, str, Any, str]] = [
    ("POST", "/issues/1/comments", {"body": "b", "bodyy": "c"}, "unknown key /bodyy"),
    ("PATCH", "/pulls/1", {"titel": "t"}, "unknown key /titel"),
    ("POST", "/check-runs", {**RUN, "conclusoin": "success"}, "unknown key /conclusoin"),
    (
        "POST",
        "/rulesets",
        ruleset({"type": "pull_request", "parameters": {**REVIEWED, "reviews": 1}}),
        "unknown key /rules/0/parameters/reviews",
    ),
    ("POST", "/rulesets", ruleset({"type": "required_status_checks"}), "needs parameters"),
    ("POST", "/check-runs", {**RUN, "status": "completed"}, "needs a conclusion"),
    ("PATCH", "/check-runs/1", {"status": "completed"}, "needs a conclusion"),
    ("POST", "/issues/1/comments", {"body": "x" * 65_537}, "65,537 characters"),
    ("PATCH", "/issues/comments/1", {"body": "x" * 65_537}, "65,537 characters"),
    ("POST", "/pulls", {"title": "t", "head": "f", "base": "m", "body": "x" * 70_000}, "70,000"),
    ("POST", "/issues/1/comments", {"body": " "}, "blank"),
    ("POST", "/git/refs", {"ref": "heads/f", "sha": SHA}, "has to start with refs/"),
    ("GET", "/pulls?stat=open", None, "unknown query parameter stat"),
    ("GET", "/pulls?per_page=101", None, "at most 100"),
    ("POST", f"/statuses/{SHA}", {"state": "success", "description": "x" * 141}, "141"),
    ("DELETE", "/issues/comments/1", {"body": "b"}, "takes no body"),
    ("GET", "/pulls/1/file", None, "no such operation"),
]


@pytest.mark.parametrize(("method", "path", "body", "said"), REJECTED + UNSAID)
def test_a_mistake_is_found(method: str, path: str, body: Any, said: str) -> None:
    found = list(violations(sent(method, REPO + path, body)))
    assert any(said in each for each in found), found


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/issues/1/comments", {"body": "x" * 65_536}),
        ("POST", "/rulesets", ruleset({"type": "pull_request", "parameters": REVIEWED})),
        ("POST", "/check-runs", {**RUN, "status": "completed", "conclusion": "success"}),
        ("PATCH", "/check-runs/1", {"output": {"title": "t", "summary": "s"}}),
        ("POST", "/git/refs", {"ref": "refs/heads/f", "sha": SHA}),
        ("POST", "/git/trees", TREE),
        ("GET", "/pulls?state=all&per_page=100&page=2", None),
        ("GET", f"/statuses/{SHA}", None),
        ("GET", "/git/ref/heads/main", None),
        ("GET", "/git/ref/heads/a/b/c", None),
        ("GET", "/contents/a/b.yml?ref=main", None),
        ("GET", "/contents/", None),
        ("GET", "/compare/main...feature/a", None),
        ("GET", "/commits/feature/a/status", None),
        ("DELETE", "/issues/comments/1", {}),
    ],
)
def test_what_is_right_passes(method: str, path: str, body: Any) -> None:
    assert list(violations(sent(method, REPO + path, body))) == []


def examples() -> Iterator[Any]:
    """GitHub's own examples of request bodies, each with an address that fits its operation."""
    for name, bodies in rest_slice()["examples"].items():
        method, _, template = name.partition(" ")
        path = template
        for each in rest_slice()["operations"][name]["parameters"]:
            if each["in"] == "path":
                kind = each["schema"].get("type", "string")
                value = "1" if kind == "integer" else "2026" if "date" in each["name"] else "word"
                path = path.replace(f"{{{each['name']}}}", value)
        for body in bodies:
            yield name, method, path, body


def test_githubs_own_examples_of_requests_pass() -> None:
    tried, wrong = 0, []
    for name, method, path, body in examples():
        tried += 1
        found = [
            each for each in violations(sent(method, path, body)) if "request: query" not in each
        ]
        wrong += [(name, each) for each in found]
    assert wrong == []
    assert tried >= 22


def test_every_operation_of_the_sandbox_is_one_of_githubs() -> None:
    known = set(rest_slice()["names"])
    ours = {f"{method} {template}" for method, template in sandbox_operations()}
    # https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
    moved = {each for each in ours if each.endswith(" /repositories/{repository_id}/{path}")}
    assert ours - moved <= known
    assert len(rest_slice()["operations"]) == len(ours - moved)


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/commits/main", "GET /repos/{owner}/{repo}/commits/{ref}"),
        ("GET", "/commits/a/b/status", "GET /repos/{owner}/{repo}/commits/{ref}/status"),
        ("GET", "/commits/main/check-runs", "GET /repos/{owner}/{repo}/commits/{ref}/check-runs"),
        ("PATCH", "/git/refs/heads/a/b", "PATCH /repos/{owner}/{repo}/git/refs/{ref}"),
        ("GET", "/branches/a/b", "GET /repos/{owner}/{repo}/branches/{branch}"),
        ("GET", "/pulls/comments", "GET /repos/{owner}/{repo}/pulls/comments"),
        ("GET", "/pulls/1", "GET /repos/{owner}/{repo}/pulls/{pull_number}"),
        ("PUT", "/contents/a%2Fb", "PUT /repos/{owner}/{repo}/contents/{path}"),
    ],
)
def test_paths_with_slashes_find_their_operation(method: str, path: str, name: str) -> None:
    from contract.routing import Router

    found = Router(rest_slice()["names"]).find(method, REPO + path)
    assert found is not None
    assert found[0] == name


def test_parameters_are_unquoted() -> None:
    from contract.routing import Router

    found = Router(rest_slice()["names"]).find("GET", f"{REPO}/contents/a/b%20c.yml")
    assert found is not None
    assert found[1] == {"owner": "acme", "repo": "a", "path": "a/b c.yml"}


def test_a_refused_mistake_is_excused_but_for_our_own_client() -> None:
    wrong = {"body": 1}
    answer = {"message": "Invalid", "documentation_url": ""}
    theirs = sent("POST", f"{REPO}/issues/1/comments", wrong, status=422, answer=answer)
    assert list(violations(theirs)) == []
    ours = theirs._replace(request_headers={"user-agent": "interlock/0.1.0"})
    assert any("/body" in each for each in violations(ours))
    taken = theirs._replace(status=201)
    assert any("request: /body" in each for each in violations(taken))
