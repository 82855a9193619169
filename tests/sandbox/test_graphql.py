"""GraphQL: what a query reads, what it costs, how it fails."""

from __future__ import annotations

import base64
from types import CodeType, FunctionType
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type
from sandboxes import REVIEWED, ask, checks, graphql, ruleset

from interlock.sandbox import Sandbox
from interlock.sandbox.graphql.endpoint import schema

READ = """
query($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    defaultBranchRef { name target { oid } }
    config: object(expression: "main:x.txt") { ... on Blob { text byteSize isBinary } }
    folder: object(expression: "main:") { ... on Tree { entries { name type mode } } }
    pullRequests(first: 10, states: [OPEN]) {
      totalCount
      nodes {
        number state isDraft headRefOid reviewDecision mergeStateStatus
        author { login __typename }
        reviews(first: 10) { nodes { state author { login } commit { oid } } }
        files(first: 10) { nodes { path changeType } }
        statusCheckRollup { state contexts(first: 10) { nodes {
          __typename
          ... on StatusContext { context state isRequired(pullRequestNumber: 1) creator { login } }
          ... on CheckRun { name conclusion checkSuite { app { slug databaseId } } }
        } } }
        comments(first: 10) { nodes { databaseId body author { login } } }
      }
    }
  }
}
"""


def test_one_query_reads_a_whole_pull_request(sandbox: Sandbox, alice: str) -> None:
    sha = sandbox.commit("acme/a", "f", {"x.txt": "2\n"}, login="bob")
    sandbox.pull("acme/a", "f", login="bob")
    review = {"type": "pull_request", "parameters": REVIEWED}
    sandbox.ruleset("acme/a", ruleset(review, checks({"context": "ci"})))
    sandbox.review("acme/a", 1, "alice")
    sandbox.status("acme/a", sha, "ci", "success", login="bob")
    app, _ = sandbox.app("gate", {"checks": "write"})
    token = sandbox.installation_token(sandbox.install(app, "acme"))
    run = {"name": "set", "head_sha": sha, "conclusion": "failure"}
    ask(sandbox, "POST", "/repos/acme/a/check-runs", token, run)
    number = sandbox.comment("acme/a", 1, "bob", "hello")
    found = graphql(sandbox, alice, READ, owner="acme", name="a")
    assert "errors" not in found
    repo = found["data"]["repository"]
    assert repo["config"] == {"text": "1\n", "byteSize": 2, "isBinary": False}
    assert repo["folder"]["entries"] == [
        {"name": "d", "type": "tree", "mode": 0o40000},
        {"name": "x.txt", "type": "blob", "mode": 0o100644},
    ]
    pull = repo["pullRequests"]["nodes"][0]
    assert (pull["headRefOid"], pull["reviewDecision"]) == (sha, "APPROVED")
    assert pull["statusCheckRollup"] == {
        "state": "FAILURE",
        "contexts": {
            "nodes": [
                {
                    "__typename": "CheckRun",
                    "name": "set",
                    "conclusion": "FAILURE",
                    "checkSuite": {"app": {"slug": "gate", "databaseId": app.id}},
                },
                {
                    "__typename": "StatusContext",
                    "context": "ci",
                    "state": "SUCCESS",
                    "isRequired": True,
                    "creator": {"login": "bob"},
                },
            ]
        },
    }
    assert pull["comments"]["nodes"] == [
        {"databaseId": number, "body": "hello", "author": {"login": "bob"}}
    ]


def test_what_cannot_be_read_is_null_beside_its_error(sandbox: Sandbox) -> None:
    sandbox.repo("acme/p", {"x": "1"}, private=True)
    query = (
        '{a: repository(owner:"acme",name:"a"){name} p: repository(owner:"acme",name:"p"){name}}'
    )
    found = graphql(sandbox, sandbox.token("eve"), query)
    assert found["data"] == {"a": {"name": "a"}, "p": None}
    assert [(e["type"], e["path"]) for e in found["errors"]] == [("NOT_FOUND", ["p"])]


def test_a_missing_permission_nulls_only_its_field(sandbox: Sandbox) -> None:
    sandbox.repo("acme/p", {"x": "1"}, private=True)
    app, _ = sandbox.app("bot", {"contents": "read"})
    token = sandbox.installation_token(sandbox.install(app, "acme"))
    query = (
        '{repository(owner:"acme",name:"p")'
        '{object(expression:"main:x"){oid} issue(number:1){title}}}'
    )
    found = graphql(sandbox, token, query)
    assert found["data"]["repository"]["object"]["oid"]
    assert found["data"]["repository"]["issue"] is None
    assert found["errors"][0]["type"] == "FORBIDDEN"


@pytest.mark.parametrize(
    ("query", "points", "nodes"),
    [
        ("{viewer{login}}", 1, 0),
        # The example of GitHub's page: 100 repositories, 50 issues each, 60 labels each.
        (
            (
                '{organization(login:"acme"){repositories(first:100){nodes{issues(first:50){nodes{'
                "labels(first:60){nodes{name}}}}}}}}"
            ),
            51,
            100 + 100 * 50 + 100 * 50 * 60,
        ),
        ('{organization(login:"acme"){repositories(first:100){nodes{id}}}}', 1, 100),
    ],
)
def test_a_query_costs_what_the_published_formula_says(
    sandbox: Sandbox, alice: str, query: str, points: int, nodes: int
) -> None:
    asked = query[:-1] + " rateLimit{cost nodeCount used}}"
    assert graphql(sandbox, alice, asked)["data"]["rateLimit"] == {
        "cost": points,
        "nodeCount": nodes,
        "used": points,
    }
    assert sandbox.requests[-1].points == points


@pytest.mark.parametrize(
    ("pages", "kind"),
    [
        ("first:101", "EXCESSIVE_PAGINATION"),
        ("", "MISSING_PAGINATION_BOUNDARIES"),
        ("after:null", "MISSING_PAGINATION_BOUNDARIES"),
    ],
)
def test_a_page_has_bounds(sandbox: Sandbox, alice: str, pages: str, kind: str) -> None:
    given = f"({pages})" if pages else ""
    query = f'{{repository(owner:"acme",name:"a"){{issues{given}{{totalCount}}}}}}'
    found = graphql(sandbox, alice, query)
    assert (found["errors"][0]["type"], "data" in found) == (kind, False)
    assert sandbox.requests[-1].points == 0


def test_half_a_million_nodes_are_the_most(sandbox: Sandbox, alice: str) -> None:
    query = (
        'query($n:Int!){organization(login:"acme"){repositories(first:$n){nodes{pullRequests(first:100)'
        "{nodes{comments(first:100){nodes{id}}}}}}}}"
    )
    found = graphql(sandbox, alice, query, n=50)
    assert found["errors"][0]["type"] == "MAX_NODE_LIMIT_EXCEEDED"
    assert "505,050" in found["errors"][0]["message"]
    assert "errors" not in graphql(sandbox, alice, query, n=49)


def test_cursors_walk_the_whole_list(sandbox: Sandbox, alice: str) -> None:
    sandbox.issue("acme/a", "t")
    ids = [sandbox.comment("acme/a", 1, "bob", str(n)) for n in range(7)]
    query = (
        'query($after:String){repository(owner:"acme",name:"a"){issue(number:1){comments(first:3,'
        "after:$after){nodes{databaseId} pageInfo{endCursor hasNextPage}}}}}"
    )
    seen: list[int] = []
    page = {"endCursor": None, "hasNextPage": True}
    while page["hasNextPage"]:
        answer = graphql(sandbox, alice, query, after=page["endCursor"])
        part = answer["data"]["repository"]["issue"]["comments"]
        seen += [node["databaseId"] for node in part["nodes"]]
        page = part["pageInfo"]
    assert seen == ids


def test_a_commit_is_written_only_on_the_expected_head(sandbox: Sandbox, alice: str) -> None:
    head = sandbox.commit("acme/a", "f", {"x.txt": "2\n"})
    wanted = {
        "branch": {"repositoryNameWithOwner": "acme/a", "branchName": "f"},
        "expectedHeadOid": head,
        "message": {"headline": "Both", "body": "why"},
        "fileChanges": {
            "additions": [{"path": "n/new.txt", "contents": base64.b64encode(b"\xffn").decode()}],
            "deletions": [{"path": "d/y.txt"}],
        },
    }
    query = (
        "mutation($i:CreateCommitOnBranchInput!){createCommitOnBranch(input:$i)"
        "{commit{oid message changedFilesIfAvailable}}}"
    )
    made = graphql(sandbox, alice, query, i=wanted)["data"]["createCommitOnBranch"]["commit"]
    assert (made["message"], made["changedFilesIfAvailable"]) == ("Both\n\nwhy", 2)
    bare = sandbox.world.git(sandbox.find("acme/a"))
    assert bare.branch("f") == made["oid"]
    entry = bare.entry(made["oid"], "n/new.txt")
    assert entry is not None
    assert bare.blob(entry.sha) == b"\xffn"
    stale = graphql(sandbox, alice, query, i=wanted)
    assert stale["errors"][0]["type"] == "STALE_DATA"
    assert bare.branch("f") == made["oid"]


def test_a_merged_pull_request_is_reverted_by_another(sandbox: Sandbox, alice: str) -> None:
    sandbox.commit("acme/a", "f", {"x.txt": "2\n"})
    sandbox.pull("acme/a", "f", title="T")
    sandbox.merge("acme/a", 1, method="squash")
    sandbox.commit("acme/a", "main", {"later.txt": "l"})
    query = (
        "mutation($i:ID!){revertPullRequest(input:{pullRequestId:$i})"
        "{revertPullRequest{number title headRefName files(first:9){nodes{path}}}}}"
    )
    number = sandbox.find("acme/a").issues[1].id
    made = graphql(sandbox, alice, query, i=f"PR_{number}")["data"]["revertPullRequest"]
    assert made["revertPullRequest"] == {
        "number": 2,
        "title": 'Revert "T"',
        "headRefName": "revert-1-f",
        "files": {"nodes": [{"path": "x.txt"}]},
    }


def test_auto_merge_is_refused_on_what_is_clean(sandbox: Sandbox, alice: str) -> None:
    sandbox.find("acme/a").settings["allow_auto_merge"] = True
    sandbox.commit("acme/a", "f", {"x.txt": "2\n"})
    issue = sandbox.pull("acme/a", "f")
    query = (
        "mutation($i:ID!){enablePullRequestAutoMerge(input:{pullRequestId:$i}){clientMutationId}}"
    )
    refused = graphql(sandbox, alice, query, i=f"PR_{issue.id}")
    assert "clean status" in refused["errors"][0]["message"]


def test_a_misspelt_field_is_an_error_and_costs_nothing(sandbox: Sandbox, alice: str) -> None:
    found = graphql(sandbox, alice, "{viewer{logn}}")
    assert "logn" in found["errors"][0]["message"]
    assert "data" not in found
    assert sandbox.requests[-1].points == 0


def test_nobody_gets_no_answer(sandbox: Sandbox) -> None:
    answer = ask(sandbox, "POST", "/graphql", body={"query": "{viewer{login}}"})
    assert answer.status_code == 401


def test_every_field_of_the_schema_has_an_answer() -> None:
    """Fields without a resolver are read from dictionaries; those of records need one."""
    from interlock.sandbox.graphql.resolvers import RESOLVERS

    built = schema()
    missing = []
    for name in RESOLVERS:
        for field, definition in built.type_map[name].fields.items():  # type: ignore[attr-defined]
            if definition.resolve is None and name != "RateLimit":
                missing.append(f"{name}.{field}")
    # These are plain attributes of the records, which the default resolver reads.
    assert set(missing) <= {
        "App.name",
        "App.slug",
        "Issue.locked",
        "Issue.number",
        "Issue.title",
        "PullRequest.locked",
        "PullRequest.number",
        "PullRequest.title",
        "Repository.description",
        "Repository.name",
        "Repository.owner",
        "Tag.message",
        "Tag.name",
    }


def test_every_argument_of_the_schema_is_read() -> None:
    """An argument that nobody reads would be taken and have no effect: better not to have it."""
    from interlock.sandbox.graphql.resolvers import RESOLVERS

    unread = []
    for name, resolvers in RESOLVERS.items():
        for field, resolve in resolvers.items():
            words = _words(resolve)
            arguments = schema().type_map[name].fields[field].args  # type: ignore[attr-defined]
            unread += [
                f"{name}.{field}: {each}" for each in _inside(arguments) if each not in words
            ]
    assert unread == []


def _inside(fields: dict[str, Any]) -> set[str]:
    """The names of arguments, and of the fields of those that are objects."""
    found = set(fields)
    for field in fields.values():
        kind = get_named_type(field.type)
        if isinstance(kind, GraphQLInputObjectType):
            found |= _inside(kind.fields)
    return found


def _words(function: Any) -> set[str]:
    """The strings in a function, and in those of the package that it calls."""
    found: set[str] = set()
    left, seen = [(function.__code__, function.__globals__)], set()
    while left:
        code, names = left.pop()
        if code in seen:
            continue
        seen.add(code)
        for each in code.co_consts:
            parts = each if isinstance(each, tuple) else (each,)
            found |= {part for part in parts if isinstance(part, str)}
        left += [(each, names) for each in code.co_consts if isinstance(each, CodeType)]
        called = [names.get(each) for each in code.co_names]
        left += [(f.__code__, f.__globals__) for f in called if isinstance(f, FunctionType)]
    return found


OPINIONS = """
query($writers: Boolean!) { repository(owner: "acme", name: "a") { pullRequest(number: 1) {
  latestOpinionatedReviews(first: 10, writersOnly: $writers) { nodes { author { login } } } } } }
"""


@pytest.mark.parametrize(("writers", "whose"), [(True, ["alice"]), (False, ["alice", "eve"])])
def test_opinions_of_those_who_may_write_are_told_from_others(
    sandbox: Sandbox, bob: str, writers: bool, whose: list[str]
) -> None:
    sandbox.commit("acme/a", "f", {"x.txt": "2\n"})
    sandbox.pull("acme/a", "f", login="bob")
    for login in ("alice", "eve"):
        sandbox.user(login)
        sandbox.review("acme/a", 1, login)
    found = graphql(sandbox, bob, OPINIONS, writers=writers)["data"]["repository"]
    nodes = found["pullRequest"]["latestOpinionatedReviews"]["nodes"]
    assert [each["author"]["login"] for each in nodes] == whose


@pytest.mark.parametrize("follow", [True, False])
def test_an_owner_knows_a_repository_by_its_old_name(
    sandbox: Sandbox, alice: str, follow: bool
) -> None:
    ask(sandbox, "PATCH", "/repos/acme/a", alice, {"name": "b"})
    query = (
        'query($f: Boolean!) { organization(login: "acme") '
        '{ repository(name: "a", followRenames: $f) { name } } }'
    )
    found = graphql(sandbox, alice, query, f=follow)
    assert (found["data"]["organization"]["repository"] == {"name": "b"}) is follow
    assert ("errors" in found) is not follow
