"""Every field and every mutation of the sandbox's GraphQL, held to GitHub's schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("graphql", reason="GraphQL is checked by graphql-core")
from contract.asking import Explorer, mutations
from contract.oracle import Contract
from graphql import GraphQLObjectType, get_named_type, is_leaf_type
from sandboxes import REVIEWED, ask, checks, graphql, ruleset

from interlock.sandbox import Sandbox
from interlock.sandbox.graphql.endpoint import schema

#: What is asked of the things that mutations answer with.
SHOWN = {
    "Actor": "login",
    "Commit": "oid messageHeadline",
    "Issue": "id state stateReason title body",
    "IssueComment": "id body",
    "IssueCommentEdge": "cursor node { id body }",
    "Labelable": "labels(first: 5) { totalCount }",
    "Minimizable": "isMinimized minimizedReason",
    "Node": "id",
    "PullRequest": "id state isDraft title maintainerCanModify autoMergeRequest { mergeMethod }",
    "PullRequestReview": "id state body",
    "Ref": "id name target { oid }",
}


def shown(payload: Any) -> str:
    """A selection of all that a mutation answers with."""
    parts = []
    for name, field in payload.fields.items():
        kind = get_named_type(field.type)
        parts.append(name if is_leaf_type(kind) else f"{name} {{ {SHOWN[kind.name]} }}")
    return f"{{ {' '.join(parts)} }}"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox in which nothing is empty."""
    with Sandbox() as made:
        made.org("acme", admins=("alice",), members=("bob",))
        made.org("acme").default_permission = "write"
        made.repo("acme/a", {"x.txt": "1\n", "d/y.txt": "2\n"})
        made.find("acme/a").classic["main"] = ["ci"]
        made.repo("alice/a", {"x.txt": "1\n"})
        made.fork("acme/a", "eve")
        head = made.commit("acme/a", "main", {"z.txt": "1\n"}, login="alice")
        sha = made.commit("acme/a", "f", {"x.txt": "2\n"}, login="alice", start="main")
        made.commit("acme/a", "g", {"d/y.txt": "3\n"}, login="alice", start="main")
        made.pull("acme/a", "f", login="alice")
        made.issue("acme/a", "an issue", "b", login="bob", labels=("bug",))
        made.review("acme/a", 1, "bob", "APPROVED", "good")
        talk(made, head, sha)
        git = made.world.git(made.find("acme/a"))
        git.run("tag", "-a", "-m", "first", "v1", "main")
        made.refresh("acme/a")
        yield made


def talk(made: Sandbox, *commits: str) -> None:
    """Statuses, check runs and comments of people and of an App."""
    app, _ = made.app("gate", {"checks": "write", "issues": "write"})
    token = made.installation_token(made.install(app, "acme"))
    for sha in commits:
        made.status("acme/a", sha, "ci", "success", login="bob")
        run = {"name": "set", "head_sha": sha, "conclusion": "success"}
        assert ask(made, "POST", "/repos/acme/a/check-runs", token, run).status_code == 201
    for number in (1, 2):
        made.comment("acme/a", number, "bob", "hello")
        path = f"/repos/acme/a/issues/{number}/comments"
        assert ask(made, "POST", path, token, {"body": "from a bot"}).status_code == 201


def ids(sandbox: Sandbox) -> dict[str, Any]:
    query = """{ repository(owner: "acme", name: "a") { id
        pullRequest(number: 1) { id } issue(number: 2) { id } label(name: "documentation") { id }
        defaultBranchRef { target { oid } } } }"""
    found: dict[str, Any] = graphql(sandbox, sandbox.token("alice"), query)["data"]["repository"]
    return found


def test_every_field_is_answered_as_github_would(sandbox: Sandbox, contract: Contract) -> None:
    review = {"type": "pull_request", "parameters": REVIEWED}
    app = next(iter(sandbox.world.apps))
    actor = {"actor_id": app, "actor_type": "Integration", "bypass_mode": "always"}
    rules = ruleset(review, checks({"context": "later"}), bypass_actors=[actor])
    sandbox.ruleset("acme/a", rules)
    names = {"repository_name": {"include": ["a"], "exclude": []}}
    rules["conditions"] |= names
    kept = sandbox.ruleset("acme", rules)
    sandbox.find("acme/a").settings["allow_auto_merge"] = True
    token = sandbox.token("alice")

    def data(query: str) -> Any:
        found = graphql(sandbox, token, query)
        assert "errors" not in found, (query, found)
        return found["data"]

    node = ids(sandbox)["id"]
    given = {
        ("ruleset", "databaseId"): str(kept),
        ("node", "id"): f'"{node}"',
        ("nodes", "ids"): f'["{node}"]',
    }
    waits = "enablePullRequestAutoMerge(input: {pullRequestId: $i}) { clientMutationId }"
    pull = ids(sandbox)["pullRequest"]["id"]
    graphql(sandbox, token, f"mutation($i: ID!) {{ {waits} }}", i=pull)
    explorer = Explorer(schema(), data, given)
    explorer.go()
    assert contract.checked
    unmet = {
        name
        for name, kind in schema().type_map.items()
        if isinstance(kind, GraphQLObjectType)
        and name not in explorer.met
        and name != "Mutation"
        and not name.startswith("__")
        and not name.endswith("Payload")
    }
    assert sorted(unmet) == []


def test_every_mutation_does_what_it_says(sandbox: Sandbox) -> None:
    sandbox.find("acme/a").settings["allow_auto_merge"] = True
    known = ids(sandbox)
    token, met = sandbox.token("alice"), set()
    # The pull request waits for something, or it could not be merged automatically.
    held = sandbox.ruleset("acme/a", ruleset(checks({"context": "later"})))
    walk = mutations(
        known["id"],
        known["pullRequest"]["id"],
        known["issue"]["id"],
        known["defaultBranchRef"]["target"]["oid"],
        known["label"]["id"],
    )
    step = next(walk)
    while True:
        if step.name == "mergePullRequest":
            ask(sandbox, "DELETE", f"/repos/acme/a/rulesets/{held}", token)
        mutation = schema().mutation_type
        assert mutation is not None
        field = mutation.fields[step.name]
        kind = field.args["input"].type
        query = f"mutation($i: {kind}) {{ it: {step.name}(input: $i) {shown(field.type)} }}"
        found = graphql(sandbox, token, query, i={**step.given, "clientMutationId": "7"})
        assert "errors" not in found, (step, found["errors"])
        payload = found["data"]["it"]
        assert payload["clientMutationId"] == "7"
        for path, value in step.then.items():
            at = payload
            for part in path.split("."):
                at = at[part]
            assert at == value, (step, path)
        met.add(step.name)
        try:
            step = walk.send(payload)
        except StopIteration:
            break
    assert met == set(mutation.fields)
