"""What the oracle says of GraphQL, by GitHub's own schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

pytest.importorskip("graphql", reason="GraphQL is checked by graphql-core")
from contract.exchanges import asked
from contract.graph import violations

QUERY = """
query($owner: String!, $number: Int!) {
  rateLimit { cost }
  repository(owner: $owner, name: "a") {
    pullRequest(number: $number) {
      number state headRefOid createdAt
      who: author { login }
      reviews(first: 1) { nodes { state } }
      timelineItems(first: 2) { nodes { ... on IssueComment { body } ... on MergedEvent { id } } }
    }
  }
}
"""
VARIABLES = {"owner": "acme", "number": 1}


def answer() -> dict[str, Any]:
    """A right answer to the query."""
    pull = {
        "number": 1,
        "state": "OPEN",
        "headRefOid": "a" * 40,
        "createdAt": "2026-01-01T00:00:00Z",
        "who": {"login": "alice"},
        "reviews": {"nodes": [{"state": "APPROVED"}]},
        "timelineItems": {"nodes": [{"body": "hello"}, {"id": "ME_1"}]},
    }
    return {"data": {"rateLimit": {"cost": 1}, "repository": {"pullRequest": pull}}}


def test_a_right_query_and_answer_pass() -> None:
    assert list(violations(asked(QUERY, answer(), VARIABLES))) == []


@pytest.mark.parametrize(
    ("query", "variables", "said"),
    [
        ("{ viewer { logn } }", {}, "logn"),
        ('{ repository(owner: 1, name: "a") { id } }', {}, "String cannot represent"),
        ('{ repository(name: "a") { id } }', {}, "owner"),
        (QUERY, {"owner": "acme"}, "number"),
        (QUERY, {"owner": "acme", "number": "one"}, "number"),
        (QUERY, {**VARIABLES, "extra": 1}, "$extra is not declared"),
        ("query {", {}, "Syntax Error"),
        (
            'mutation { addComment(input: {subjectId: "x"}) { clientMutationId } }',
            {},
            "body",
        ),
    ],
)
def test_a_wrong_query_is_found(query: str, variables: Mapping[str, Any], said: str) -> None:
    found = list(violations(asked(query, {"data": {}}, variables)))
    assert any(said in each for each in found), found
    refused = {"errors": [{"message": "no", "type": "X"}]}
    assert list(violations(asked(query, refused, variables))) == []
    ours = violations(asked(query, refused, variables, agent="interlock/0.1.0"))
    assert any(said in each for each in ours)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("number", "one", "number: Int cannot represent"),
        ("number", None, "number: Cannot return null"),
        ("state", "open", "state: Enum"),
        ("headRefOid", "main", "headRefOid: 'main' is no GitObjectID"),
        ("createdAt", "2026-01-01", "createdAt: '2026-01-01' is no DateTime"),
        ("who", {}, "who.login: it is missing"),
        ("reviews", {"nodes": {}}, "reviews.nodes"),
        ("title", "t", "did not ask for: repository.pullRequest.title"),
    ],
)
def test_a_spoilt_answer_is_found(key: str, value: Any, said: str) -> None:
    spoilt = answer()
    spoilt["data"]["repository"]["pullRequest"][key] = value
    found = list(violations(asked(QUERY, spoilt, VARIABLES)))
    assert any(said in each for each in found), found


def test_what_is_null_beside_its_error_passes() -> None:
    query = '{ a: repository(owner: "a", name: "b") { name } viewer { login } }'
    told = {
        "data": {"a": None, "viewer": {"login": "x"}},
        "errors": [{"type": "NOT_FOUND", "path": ["a"], "message": "none"}],
    }
    assert list(violations(asked(query, told))) == []


def test_an_answer_of_nothing_is_found() -> None:
    assert "neither data nor errors" in next(violations(asked("{viewer{login}}", {})))


def test_a_refusal_of_what_github_takes_is_found() -> None:
    told = {"errors": [{"message": "Cannot query field 'login' on type 'User'."}]}
    assert "refuses what GitHub's schema takes" in next(
        violations(asked("{ viewer { login } }", told))
    )
