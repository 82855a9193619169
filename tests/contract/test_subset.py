"""The sandbox's GraphQL schema is a part of GitHub's: what it takes, GitHub takes."""

from __future__ import annotations

import pytest

pytest.importorskip("graphql", reason="GraphQL is checked by graphql-core")
from contract.graph import schema
from contract.subset import differences
from graphql import build_schema

from interlock.sandbox.graphql.endpoint import schema as sandbox_schema

#: A schema that says what GitHub's says, as far as it goes.
RIGHT = """
interface Node { id: ID! }
enum PullRequestState { OPEN }
enum CheckRunType { ALL }
enum LockReason { SPAM }
scalar URI
union Assignee = User
type User implements Node { id: ID! avatarUrl(size: Int): URI! }
input LockLockableInput { lockReason: LockReason, lockableId: ID!, clientMutationId: String }
input DeleteRefInput { clientMutationId: String, refId: ID! }
type DeleteRefPayload { clientMutationId: String }
type Mutation { deleteRef(input: DeleteRefInput!): DeleteRefPayload }
type Repository implements Node { id: ID! name: String! }
type Query {
  repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
}
"""


def test_the_sandbox_speaks_a_part_of_githubs_schema() -> None:
    assert list(differences(sandbox_schema(), schema())) == []
    assert len(sandbox_schema().type_map) > 100


def test_a_right_part_passes() -> None:
    assert list(differences(build_schema(RIGHT), schema())) == []


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            "type User ",
            "type Person implements Node { id: ID! } type User ",
            "Person: GitHub has no",
        ),
        ("scalar URI", "enum URI { A }", "URI: GitHub has no such type of this kind"),
        ("{ OPEN }", "{ OPEN DRAFT }", "PullRequestState.DRAFT: GitHub has no such value"),
        ("Assignee = User", "Assignee = User | Repository", "Assignee.Repository: GitHub has no"),
        ("type DeleteRefPayload {", "type DeleteRefPayload implements Node { id: ID!", ".Node: "),
        ("name: String! }", "name: String! nick: String }", "Repository.nick: GitHub has no such"),
        ("name: String! }", "name: String }", "Repository.name: it is String, GitHub's is String!"),
        ("avatarUrl(size: Int): URI!", "avatarUrl(size: Int): [URI!]", "it is [URI!], GitHub's is"),
        ("(size: Int)", "(size: Int!)", "User.avatarUrl.size: it is Int!, GitHub's is Int"),
        ("(size: Int)", "(width: Int)", "User.avatarUrl.width: GitHub has no such argument"),
        (
            "followRenames: Boolean = true",
            "followRenames: Boolean = false",
            "GitHub's is Boolean =",
        ),
        ("owner: String!, ", "", "Query.repository.owner: GitHub asks for it"),
        (", refId: ID!", "", "DeleteRefInput.refId: GitHub asks for it"),
        (", refId: ID!", ", refId: ID! force: Boolean", "DeleteRefInput.force: GitHub has no such"),
        ("lockReason: LockReason,", "lockReason: LockReason!,", "it is LockReason!, GitHub's is"),
    ],
)
def test_what_github_does_not_say_is_found(right: str, wrong: str, said: str) -> None:
    assert RIGHT.count(right) == 1
    found = list(differences(build_schema(RIGHT.replace(right, wrong)), schema()))
    assert any(said in each for each in found), found
