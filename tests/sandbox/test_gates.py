"""Statuses, checks, reviews and rules: what lets a pull request merge."""

from __future__ import annotations

import pytest
from sandboxes import REVIEWED, ask, checks, client, ruleset

from interlock.sandbox import Sandbox
from interlock.sandbox.wire import Refused


@pytest.fixture
def sha(sandbox: Sandbox) -> str:
    found = sandbox.commit("acme/a", "f", {"x.txt": "2\n"}, login="bob")
    sandbox.pull("acme/a", "f", login="bob")
    return found


def merge(sandbox: Sandbox, token: str) -> tuple[int, str]:
    answer = ask(sandbox, "PUT", "/repos/acme/a/pulls/1/merge", token)
    return answer.status_code, answer.json()["message"]


def test_no_status_is_pending_and_the_latest_of_a_context_counts(
    sandbox: Sandbox, alice: str, sha: str
) -> None:
    commit = client(sandbox, alice).get_repo("acme/a").get_commit(sha)
    assert (commit.get_combined_status().state, commit.get_combined_status().total_count) == (
        "pending",
        0,
    )
    commit.create_status("failure", context="ci")
    commit.create_status("success", context="lint")
    assert commit.get_combined_status().state == "failure"
    commit.create_status("success", context="ci")
    combined = commit.get_combined_status()
    assert (combined.state, combined.total_count) == ("success", 2)
    assert [s.state for s in commit.get_statuses()] == ["success", "success", "failure"]


def test_statuses_stay_with_their_commit(sandbox: Sandbox, alice: str, sha: str) -> None:
    sandbox.status("acme/a", sha, "ci", "success")
    new = sandbox.commit("acme/a", "f", {"x.txt": "3\n"})
    commit = client(sandbox, alice).get_repo("acme/a").get_commit(new)
    assert commit.get_combined_status().state == "pending"


def test_a_thousand_statuses_of_a_context_are_the_most(
    sandbox: Sandbox, alice: str, sha: str
) -> None:
    repo = sandbox.find("acme/a")
    sandbox.status("acme/a", sha, "ci", "success")
    repo.statuses[sha] *= 1000
    path = f"/repos/acme/a/statuses/{sha}"
    assert (
        ask(sandbox, "POST", path, alice, {"state": "success", "context": "ci"}).status_code == 422
    )
    other = ask(sandbox, "POST", path, alice, {"state": "success", "context": "other"})
    assert other.status_code == 201


def test_a_pinned_check_counts_from_its_app_alone(sandbox: Sandbox, alice: str, sha: str) -> None:
    app, _ = sandbox.app("gate", {"statuses": "write", "contents": "write", "checks": "write"})
    token = sandbox.installation_token(sandbox.install(app, "acme"))
    sandbox.ruleset("acme/a", ruleset(checks({"context": "set", "integration_id": app.id})))
    body = {"state": "success", "context": "set"}
    path = f"/repos/acme/a/statuses/{sha}"
    refused = (
        405,
        'Repository rule violations found\n\nRequired status check "set" is expected.\n\n',
    )
    assert merge(sandbox, alice) == refused
    workflow = sandbox.actions_token("acme/a", {"statuses": "write"})
    for forged in (alice, workflow):
        assert ask(sandbox, "POST", path, forged, body).status_code == 201
        assert merge(sandbox, alice) == refused
    assert ask(sandbox, "POST", path, token, body).status_code == 201
    assert merge(sandbox, alice)[0] == 200


def test_a_pinned_check_run_of_another_app_does_not_count(
    sandbox: Sandbox, alice: str, sha: str
) -> None:
    gate, _ = sandbox.app("gate", {"checks": "write"})
    sandbox.ruleset("acme/a", ruleset(checks({"context": "set", "integration_id": gate.id})))
    run = {"name": "set", "head_sha": sha, "status": "completed", "conclusion": "success"}
    workflow = sandbox.actions_token("acme/a", {"checks": "write"})
    assert ask(sandbox, "POST", "/repos/acme/a/check-runs", workflow, run).status_code == 201
    assert merge(sandbox, alice)[0] == 405
    token = sandbox.installation_token(sandbox.install(gate, "acme"))
    assert ask(sandbox, "POST", "/repos/acme/a/check-runs", token, run).status_code == 201
    assert merge(sandbox, alice)[0] == 200


def test_who_set_a_status_can_be_told(sandbox: Sandbox, sha: str) -> None:
    app, _ = sandbox.app("gate", {"statuses": "write"})
    ours = sandbox.installation_token(sandbox.install(app, "acme"))
    workflow = sandbox.actions_token("acme/a", {"statuses": "write"})
    names = []
    for token in (ours, workflow):
        made = ask(sandbox, "POST", f"/repos/acme/a/statuses/{sha}", token, {"state": "success"})
        names.append((made.json()["creator"]["login"], made.json()["creator"]["type"]))
    assert names == [("gate[bot]", "Bot"), ("github-actions[bot]", "Bot")]
    assert [e.starts_workflows for e in sandbox.events if e.name == "status"] == [True, False]


def test_reviews_are_needed_and_dismissed_only_where_the_rule_says_so(
    sandbox: Sandbox, alice: str, sha: str
) -> None:
    rule = {"type": "pull_request", "parameters": REVIEWED}
    number = sandbox.ruleset("acme/a", ruleset(rule))
    assert "approving review" in merge(sandbox, alice)[1]
    sandbox.user("dan")
    sandbox.review("acme/a", 1, "dan")
    assert merge(sandbox, alice)[0] == 405, "dan has no write access"
    sandbox.review("acme/a", 1, "alice")
    sandbox.commit("acme/a", "f", {"x.txt": "3\n"})
    pull = client(sandbox, alice).get_repo("acme/a").get_pull(1)
    assert [r.state for r in pull.get_reviews()] == ["APPROVED", "APPROVED"]
    stale = {
        "type": "pull_request",
        "parameters": {**REVIEWED, "dismiss_stale_reviews_on_push": True},
    }
    changed = ask(sandbox, "PUT", f"/repos/acme/a/rulesets/{number}", alice, {"rules": [stale]})
    assert changed.status_code == 200
    sandbox.commit("acme/a", "f", {"x.txt": "4\n"})
    assert [r.state for r in pull.get_reviews()] == ["DISMISSED", "DISMISSED"]
    assert merge(sandbox, alice)[0] == 405
    assert sha


def test_nobody_approves_their_own(sandbox: Sandbox, bob: str, sha: str) -> None:
    answer = ask(sandbox, "POST", "/repos/acme/a/pulls/1/reviews", bob, {"event": "APPROVE"})
    assert (answer.status_code, "Can not approve your own" in answer.text) == (422, True)
    assert sha


@pytest.mark.parametrize(("mode", "results"), [("always", ["bypass"]), ("exempt", [])])
def test_a_bypass_is_kept_and_an_exempt_actor_leaves_nothing(
    sandbox: Sandbox, alice: str, sha: str, mode: str, results: list[str]
) -> None:
    actor = {"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": mode}
    sandbox.ruleset("acme/a", ruleset(checks({"context": "ci"}), bypass_actors=[actor]))
    assert merge(sandbox, alice)[0] == 200
    suites = ask(sandbox, "GET", "/repos/acme/a/rulesets/rule-suites", alice).json()
    assert [s["result"] for s in suites] == results
    assert sha


def test_bypass_actors_are_shown_only_to_who_may_write_them(
    sandbox: Sandbox, alice: str, bob: str
) -> None:
    number = sandbox.ruleset("acme/a", ruleset({"type": "deletion"}))
    path = f"/repos/acme/a/rulesets/{number}"
    assert ask(sandbox, "GET", path, alice).json()["bypass_actors"] == []
    assert "bypass_actors" not in ask(sandbox, "GET", path, bob).json()


def test_an_evaluated_ruleset_refuses_nothing(sandbox: Sandbox, alice: str, sha: str) -> None:
    sandbox.ruleset("acme/a", ruleset(checks({"context": "ci"}), enforcement="evaluate"))
    assert ask(sandbox, "GET", "/repos/acme/a/rules/branches/main", alice).json() == []
    assert merge(sandbox, alice)[0] == 200
    assert sha


def test_an_organisation_ruleset_holds_in_its_repositories(
    sandbox: Sandbox, alice: str, sha: str
) -> None:
    body = ruleset(checks({"context": "ci"}))
    body["conditions"]["repository_name"] = {"include": ["a*"], "exclude": []}
    number = sandbox.ruleset("acme", body)
    found = ask(sandbox, "GET", "/repos/acme/a/rules/branches/main", alice).json()
    assert [(r["type"], r["ruleset_id"], r["ruleset_source_type"]) for r in found] == [
        ("required_status_checks", number, "Organization")
    ]
    assert merge(sandbox, alice)[0] == 405
    sandbox.status("acme/a", sha, "ci", "success")
    assert merge(sandbox, alice)[0] == 200


@pytest.mark.parametrize(
    "change",
    [
        {"rules": [{"type": "no_such_rule"}]},
        {"enforcement": "enabled"},
        {"rules": [{"type": "required_status_checks"}]},
        {"rules": [{"type": "pull_request", "parameters": {"required_approving_review_count": 1}}]},
        {"rules": [checks({"integration_id": 1})]},
    ],
)
def test_a_wrong_ruleset_is_refused(
    sandbox: Sandbox, alice: str, change: dict[str, object]
) -> None:
    body = {**ruleset({"type": "deletion"}), **change}
    assert ask(sandbox, "POST", "/repos/acme/a/rulesets", alice, body).status_code == 422


def test_a_background_merge_is_judged_when_it_runs(sandbox: Sandbox, alice: str, sha: str) -> None:
    sandbox.ruleset("acme/a", ruleset(checks({"context": "ci"})))
    path = "/repos/acme/a/pulls/1/merge-async"
    begun = ask(sandbox, "PUT", path, alice, {"sha": sha})
    assert (begun.status_code, begun.json()["status"]) == (202, "pending")
    uuid = begun.json()["details"]["uuid"]
    again = ask(sandbox, "PUT", path, alice, {"merge_method": "squash"})
    assert (again.status_code, again.json()["details"]["uuid"]) == (409, uuid)
    assert again.json()["details"]["merge_method"] == "merge"
    assert ask(sandbox, "GET", f"{path}/{uuid}", alice).json()["status"] == "pending"
    sandbox.status("acme/a", sha, "ci", "success")
    assert ask(sandbox, "GET", f"{path}/{uuid}", alice).json()["status"] == "merged"
    sandbox.clock.advance(24 * 3600 + 1)
    assert ask(sandbox, "GET", f"{path}/{uuid}", alice).status_code == 404


def test_a_background_merge_stops_at_a_push(sandbox: Sandbox, alice: str, sha: str) -> None:
    path = "/repos/acme/a/pulls/1/merge-async"
    uuid = ask(sandbox, "PUT", path, alice).json()["details"]["uuid"]
    sandbox.commit("acme/a", "f", {"x.txt": "3\n"})
    ask(sandbox, "GET", f"{path}/{uuid}", alice)
    assert ask(sandbox, "GET", f"{path}/{uuid}", alice).json()["status"] == "failed"
    assert not ask(sandbox, "GET", "/repos/acme/a/pulls/1", alice).json()["merged"]
    sandbox.draft("acme/a", 1)
    assert ask(sandbox, "PUT", path, alice).status_code == 400
    assert sha


def test_a_check_run_needs_an_app_and_belongs_to_it(sandbox: Sandbox, alice: str, sha: str) -> None:
    body = {"name": "c", "head_sha": sha, "status": "in_progress"}
    assert ask(sandbox, "POST", "/repos/acme/a/check-runs", alice, body).status_code == 403
    tokens = []
    for slug in ("one", "two"):
        app, _ = sandbox.app(slug, {"checks": "write", "contents": "read"})
        tokens.append(sandbox.installation_token(sandbox.install(app, "acme")))
    run = (
        client(sandbox, tokens[0])
        .get_repo("acme/a")
        .create_check_run("c", sha, status="in_progress")
    )
    note = {
        "path": "x",
        "start_line": 1,
        "end_line": 1,
        "annotation_level": "warning",
        "message": "m",
    }
    path = f"/repos/acme/a/check-runs/{run.id}"
    assert ask(sandbox, "PATCH", path, tokens[1], {"status": "queued"}).status_code == 403
    many = {"title": "t", "summary": "s", "annotations": [note] * 51}
    assert ask(sandbox, "PATCH", path, tokens[0], {"output": many}).status_code == 422
    long = {"title": "t", "summary": "é" * 40_000}
    assert ask(sandbox, "PATCH", path, tokens[0], {"output": long}).status_code == 422
    for _ in range(2):
        some = {"title": "t", "summary": "s", "annotations": [note] * 50}
        done = ask(sandbox, "PATCH", path, tokens[0], {"output": some, "conclusion": "failure"})
    assert (done.json()["status"], done.json()["output"]["annotations_count"]) == ("completed", 100)


def test_a_merge_group_asks_for_its_checks(sandbox: Sandbox, sha: str) -> None:
    group = sandbox.merge_group("acme/a", 1)
    event = sandbox.events[-1]
    assert (event.name, event.action) == ("merge_group", "checks_requested")
    assert event.payload["merge_group"]["head_sha"] == group
    assert event.payload["merge_group"]["base_ref"] == "refs/heads/main"
    assert group != sha


def test_a_merge_group_lands_only_with_its_own_checks(sandbox: Sandbox, sha: str) -> None:
    sandbox.ruleset("acme/a", ruleset(checks({"context": "ci"})))
    sandbox.status("acme/a", sha, "ci", "success")
    sandbox.merge_group("acme/a", 1)
    with pytest.raises(Refused, match='"ci" is expected'):
        sandbox.land_group("acme/a", 1)
    destroyed = [e.payload["reason"] for e in sandbox.events if e.action == "destroyed"]
    assert destroyed == ["invalidated"]
    group = sandbox.merge_group("acme/a", 1)
    sandbox.status("acme/a", group, "ci", "success")
    assert sandbox.land_group("acme/a", 1) == group
    repo = sandbox.find("acme/a")
    assert sandbox.world.git(repo).branch("main") == group
    assert [a.kind for a in repo.activity if a.ref == "refs/heads/main"] == ["merge_queue_merge"]
    pull = repo.issues[1].pull
    assert pull is not None
    assert pull.merge_commit_sha == group
