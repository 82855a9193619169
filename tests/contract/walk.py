"""One walk over every operation of the sandbox, each asked for once in a way that succeeds."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple

import jwt

from interlock.sandbox import Sandbox

R = "/repos/acme/a"


class Step(NamedTuple):
    """One request; ``who`` is "alice" (an administrator), "app" (a JWT) or "bot" (installed)."""

    method: str
    path: str
    body: Any = None
    who: str = "alice"
    #: What it is answered with, where that is no success.
    status: int = 0


Steps = Generator[Step, Any, Any]
#: The rule that every ruleset here has; nothing but its own App's check satisfies it.
GATED = {
    "type": "required_status_checks",
    "parameters": {
        "required_status_checks": [{"context": "gate", "integration_id": 7}],
        "strict_required_status_checks_policy": False,
    },
}
REVIEWED = {
    "type": "pull_request",
    "parameters": {
        "dismiss_stale_reviews_on_push": False,
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_approving_review_count": 0,
        "required_review_thread_resolution": False,
        "allowed_merge_methods": ["merge", "squash"],
    },
}
WHO = {"name": "Alice", "email": "alice@example.com", "date": "2026-01-01T00:00:00Z"}


def everything(sandbox: Sandbox) -> Steps:
    """All steps, in an order in which each can succeed."""
    yield from _repositories()
    yield from _people(sandbox)
    yield from _git(sandbox)
    yield from _contents()
    yield from _issues()
    yield from _pulls(sandbox)
    yield from _checks(sandbox)
    yield from _rulesets(
        "/orgs/acme/rulesets", {"repository_name": {"include": ["none"], "exclude": []}}
    )
    yield from _rulesets(f"{R}/rulesets", {})
    yield from _suites(sandbox)
    yield from _orphaned(sandbox)
    yield from _moved(sandbox)
    yield Step("DELETE", "/installation/token", who="bot")


def _repositories() -> Steps:
    yield Step("POST", "/user/repos", {"name": "mine", "description": "d", "private": True})
    yield Step("POST", "/orgs/acme/repos", {"name": "c", "auto_init": True})
    yield Step("PATCH", "/repos/acme/c", {"name": "d", "has_wiki": False, "archived": True})
    yield Step("GET", "/repos/acme/d")
    yield Step("DELETE", "/repos/acme/d")
    yield Step("PUT", f"{R}/topics", {"names": ["one"]})
    yield Step("GET", f"{R}/topics")
    values = [{"property_name": "tier", "value": "1"}, {"property_name": "x", "value": ["y"]}]
    yield Step("PATCH", f"{R}/properties/values", {"properties": values})
    yield Step("GET", f"{R}/properties/values")
    yield Step("POST", f"{R}/forks", {"name": "forked"}, "bob")
    yield Step("GET", f"{R}/forks")
    yield Step("GET", f"{R}/activity")
    yield Step("GET", f"{R}/collaborators/bob/permission")


def _people(sandbox: Sandbox) -> Steps:
    for path in ("/user", "/user/repos", "/users/alice", "/users/alice/repos", "/meta"):
        yield Step("GET", path)
    for path in ("", "/members", "/members/bob", "/repos", "/properties/values"):
        yield Step("GET", f"/orgs/acme{path}")
    yield Step("GET", "/orgs/acme/teams/core/members")
    yield Step("GET", "/rate_limit")
    found = next(iter(sandbox.world.installations))
    yield Step("GET", "/app", who="app")
    yield Step("GET", "/app/installations", who="app")
    yield Step("GET", f"/app/installations/{found}", who="app")
    wanted = {"repositories": ["a"], "permissions": {"checks": "write"}}
    yield Step("POST", f"/app/installations/{found}/access_tokens", wanted, "app")
    for path in (f"{R}/installation", "/orgs/acme/installation", "/users/acme/installation"):
        yield Step("GET", path, who="app")
    yield Step("GET", "/apps/gate")
    yield Step("GET", "/installation/repositories", who="bot")


def _git(sandbox: Sandbox) -> Steps:
    head = sandbox.world.git(sandbox.find("acme/a")).branch("main")
    blob = yield Step("POST", f"{R}/git/blobs", {"content": "eA==", "encoding": "base64"})
    yield Step("GET", f"{R}/git/blobs/{blob['sha']}")
    entry = {"path": "x", "mode": "100644", "type": "blob", "sha": blob["sha"]}
    said = {"path": "y", "mode": "100644", "type": "blob", "content": "y"}
    tree = yield Step("POST", f"{R}/git/trees", {"tree": [entry, said], "base_tree": head})
    yield Step("GET", f"{R}/git/trees/{tree['sha']}?recursive=1")
    body = {"message": "m", "tree": tree["sha"], "parents": [head], "author": WHO}
    made = yield Step("POST", f"{R}/git/commits", {**body, "committer": WHO})
    yield Step("GET", f"{R}/git/commits/{made['sha']}")
    yield Step("POST", f"{R}/git/refs", {"ref": "refs/heads/n/1", "sha": head})
    yield Step("PATCH", f"{R}/git/refs/heads/n/1", {"sha": made["sha"], "force": False})
    yield Step("GET", f"{R}/git/ref/heads/n/1")
    yield Step("GET", f"{R}/git/matching-refs/heads/n")
    git = sandbox.world.git(sandbox.find("acme/a"))
    git.run("tag", "-a", "-m", "first", "v1", head)
    sandbox.refresh("acme/a")
    tag = git.run("rev-parse", "v1").decode().strip()
    yield Step("GET", f"{R}/git/tags/{tag}")
    yield Step("POST", f"{R}/branches/n%2F1/rename", {"new_name": "n/2"})
    yield Step("GET", f"{R}/branches")
    yield Step("GET", f"{R}/branches/n%2F2")
    yield Step("GET", f"{R}/branches/main/protection", status=404)
    yield Step("GET", f"{R}/compare/main...n%2F2")
    yield Step("GET", f"{R}/commits?per_page=1")
    yield Step("GET", f"{R}/commits/n%2F2")
    yield Step("POST", f"{R}/merges", {"base": "main", "head": "n/2", "commit_message": "m"})
    yield Step("DELETE", f"{R}/git/refs/heads/n/2")


def _contents() -> Steps:
    text = base64.b64encode(b"new").decode()
    body = {"message": "m", "content": text, "branch": "main", "author": WHO, "committer": WHO}
    made = yield Step("PUT", f"{R}/contents/n/z.txt", body)
    yield Step("PUT", f"{R}/contents/n/z.txt", {**body, "sha": "0" * 40}, status=409)
    yield Step("GET", f"{R}/contents/n/z.txt")
    yield Step("GET", f"{R}/contents/n")
    yield Step("GET", f"{R}/contents")
    gone = {"message": "m", "sha": made["content"]["sha"], "branch": "main"}
    yield Step("DELETE", f"{R}/contents/n/z.txt", gone)


def _issues() -> Steps:
    yield Step("POST", f"{R}/labels", {"name": "set", "color": "ededed", "description": "d"})
    yield Step("POST", f"{R}/labels", {"name": "SET"}, status=422)
    yield Step("GET", f"{R}/labels")
    yield Step("GET", f"{R}/labels/set")
    yield Step("PATCH", f"{R}/labels/set", {"new_name": "sets", "color": "000000"})
    body = {"title": "t", "body": "b", "labels": ["sets", {"name": "bug"}], "assignees": ["bob"]}
    made = yield Step("POST", f"{R}/issues", body)
    one = f"{R}/issues/{made['number']}"
    yield Step("GET", f"{R}/issues?labels=sets&state=all&sort=updated&direction=asc")
    yield Step("GET", one)
    yield Step("POST", f"{one}/labels", {"labels": ["new"]})
    yield Step("GET", f"{one}/labels")
    yield Step("DELETE", f"{one}/labels/new")
    yield Step("PUT", f"{one}/labels", {"labels": ["sets"]})
    yield Step("POST", f"{one}/labels", ["sets", "bug"])
    said = yield Step("POST", f"{one}/comments", {"body": "hello"}, "bob")
    yield Step("GET", f"{one}/comments?since=2025-01-01T00:00:00Z")
    yield Step("GET", f"{R}/issues/comments?sort=updated&direction=desc")
    yield Step("GET", f"{R}/issues/comments/{said['id']}")
    yield Step("PATCH", f"{R}/issues/comments/{said['id']}", {"body": "changed"})
    yield Step("DELETE", f"{R}/issues/comments/{said['id']}")
    yield Step("PUT", f"{one}/lock")
    yield Step("DELETE", f"{one}/lock")
    closed = {"state": "closed", "state_reason": "not_planned", "title": "u", "body": "c"}
    yield Step("PATCH", one, {**closed, "labels": ["sets"], "assignees": []})
    yield Step("DELETE", f"{one}/labels")
    yield Step("DELETE", f"{R}/labels/sets")


def _orphaned(sandbox: Sandbox) -> Steps:
    """A pull request whose fork is deleted."""
    sandbox.commit("bob/forked", "h", {"h.txt": "h"}, login="bob", start="main")
    made = yield Step("POST", f"{R}/pulls", {"title": "t", "head": "bob:h", "base": "main"}, "bob")
    yield Step("DELETE", "/repos/bob/forked", who="bob")
    yield Step("GET", f"{R}/pulls/{made['number']}")
    yield Step("GET", f"{R}/pulls")


def _pulls(sandbox: Sandbox) -> Steps:
    for name in ("f", "g"):
        sandbox.commit("acme/a", name, {f"{name}.txt": name}, login="alice", start="main")
    body = {"title": "t", "head": "f", "base": "main", "body": "b", "draft": False}
    made = yield Step("POST", f"{R}/pulls", {**body, "maintainer_can_modify": False})
    one = f"{R}/pulls/{made['number']}"
    yield Step("GET", f"{R}/pulls?state=open&sort=updated&direction=desc&head=acme:f&base=main")
    yield Step("PATCH", one, {"title": "u", "body": "c", "state": "open", "base": "main"})
    yield Step("GET", one)
    for path in ("files", "commits", "comments"):
        yield Step("GET", f"{one}/{path}")
    yield Step("POST", f"{one}/requested_reviewers", {"reviewers": ["bob"]})
    yield Step("DELETE", f"{one}/requested_reviewers", {"reviewers": ["bob"]})
    head = made["head"]["sha"]
    said = {"event": "REQUEST_CHANGES", "body": "no", "commit_id": head}
    review = yield Step("POST", f"{one}/reviews", said, "bob")
    yield Step("GET", f"{one}/reviews")
    yield Step("GET", f"{one}/reviews/{review['id']}")
    yield Step("PUT", f"{one}/reviews/{review['id']}/dismissals", {"message": "m"})
    yield Step("GET", f"{R}/commits/{head}/pulls")
    state = {"state": "success", "context": "ci", "description": "d", "target_url": "https://x.y/z"}
    yield Step("POST", f"{R}/statuses/{head}", state)
    for path in (f"commits/{head}/status", f"commits/{head}/statuses", f"statuses/{head}"):
        yield Step("GET", f"{R}/{path}")
    yield Step("GET", f"{one}/merge", status=404)
    how = {"commit_title": "t", "commit_message": "m", "sha": head, "merge_method": "squash"}
    yield Step("PUT", f"{one}/merge", how)
    yield Step("GET", f"{one}/merge")
    other = yield Step("POST", f"{R}/pulls", {"title": "t", "head": "g", "base": "main"})
    later = {"merge_method": "merge", "merge_action": "default", "sha": other["head"]["sha"]}
    two = f"{R}/pulls/{other['number']}/merge-async"
    asked = yield Step("PUT", two, later)
    for _ in range(2):
        yield Step("GET", f"{two}/{asked['details']['uuid']}")


def _checks(sandbox: Sandbox) -> Steps:
    head = sandbox.world.git(sandbox.find("acme/a")).branch("main")
    note = {
        "path": "x.txt",
        "start_line": 1,
        "end_line": 1,
        "annotation_level": "warning",
        "message": "m",
    }
    output = {"title": "t", "summary": "s", "text": "x", "annotations": [note]}
    body = {"name": "gate", "head_sha": head, "status": "in_progress", "external_id": "1"}
    made = yield Step("POST", f"{R}/check-runs", body, "bot")
    done = {"status": "completed", "conclusion": "success", "details_url": "https://x.y/z"}
    when = {"completed_at": "2026-01-01T00:00:00Z", "output": output}
    one = f"{R}/check-runs/{made['id']}"
    yield Step("PATCH", one, {**done, **when}, "bot")
    yield Step("GET", one)
    yield Step("GET", f"{one}/annotations")
    yield Step("GET", f"{R}/commits/{head}/check-runs?filter=all&check_name=gate")
    yield Step("GET", f"{R}/commits/{head}/check-suites")
    suite = f"{R}/check-suites/{made['check_suite']['id']}"
    yield Step("GET", suite)
    yield Step("GET", f"{suite}/check-runs")


def _rulesets(base: str, more: Mapping[str, Any]) -> Steps:
    conditions = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}, **more}
    actor = {"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"}
    body = {"name": "main", "target": "branch", "enforcement": "active", "conditions": conditions}
    rules = {"rules": [GATED, REVIEWED, {"type": "deletion"}], "bypass_actors": [actor]}
    made = yield Step("POST", base, {**body, **rules})
    yield Step("GET", base)
    one = f"{base}/{made['id']}"
    yield Step("GET", one)
    yield Step("PUT", one, {**body, "enforcement": "evaluate", "rules": [REVIEWED]})
    history = yield Step("GET", f"{one}/history")
    yield Step("GET", f"{one}/history/{history[0]['version_id']}")
    yield Step("DELETE", one)


def _suites(sandbox: Sandbox) -> Steps:
    body = {
        "name": "kept",
        "enforcement": "active",
        "conditions": {
            "ref_name": {"include": ["~ALL"], "exclude": []},
            "repository_name": {"include": ["a"], "exclude": []},
        },
        "rules": [{"type": "non_fast_forward"}],
    }
    sandbox.ruleset("acme", body)
    yield Step("GET", f"{R}/rules/branches/main")
    head = sandbox.world.git(sandbox.find("acme/a")).branch("main")
    yield Step("POST", f"{R}/git/refs", {"ref": "refs/heads/judged", "sha": head})
    yield Step("PATCH", f"{R}/git/refs/heads/judged", {"sha": head})
    sha = sandbox.commit("acme/a", "aside", {"q": "q"}, start="main")
    yield Step("PATCH", f"{R}/git/refs/heads/judged", {"sha": sha})
    for base in (f"{R}/rulesets/rule-suites", "/orgs/acme/rulesets/rule-suites"):
        found = yield Step("GET", f"{base}?time_period=day&rule_suite_result=all")
        yield Step("GET", f"{base}/{found[0]['id']}")


def _moved(sandbox: Sandbox) -> Steps:
    """A renamed repository goes on under its number."""
    number = sandbox.find("acme/a").id
    base = f"/repositories/{number}"
    yield Step("GET", base)
    yield Step("GET", f"{base}/issues/1")
    made = yield Step("POST", f"{base}/issues/1/comments", {"body": "b"})
    yield Step("PATCH", f"{base}/issues/comments/{made['id']}", {"body": "c"})
    yield Step("DELETE", f"{base}/issues/comments/{made['id']}")
    yield Step("PUT", f"{base}/issues/1/lock")


def go(sandbox: Sandbox, before: Callable[[Step, str], None] | None = None) -> None:
    """Walk; ``before`` is called with each step and the token it is to use."""
    sandbox.org("acme", admins=("alice",), members=("bob",)).teams["core"] = ["bob"]
    sandbox.org("acme").default_permission = "write"
    sandbox.repo("acme/a", {"x.txt": "1\n", "d/y.txt": "2\n"})
    app, key = sandbox.app("gate", {"checks": "write", "contents": "read", "metadata": "read"})
    installed = sandbox.install(app, "acme")
    now = int(sandbox.clock.now())
    claims = {"iat": now, "exp": now + 300, "iss": str(app.id)}
    tokens = {
        "alice": sandbox.token("alice", ("repo", "admin:org")),
        "bob": sandbox.token("bob"),
        "app": jwt.encode(claims, key, algorithm="RS256"),
        "bot": sandbox.installation_token(installed),
    }
    steps = everything(sandbox)
    answer = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration:
            return
        if before is not None:
            before(step, tokens[step.who])
        status, answer = asked(sandbox, step, tokens[step.who])
        good = status == step.status if step.status else 200 <= status < 300
        assert good, (step, status, answer)


def asked(sandbox: Sandbox, step: Step, token: str) -> tuple[int, Any]:
    """One request in process: its status and body."""
    data = b"" if step.body is None else json.dumps(step.body).encode()
    reply = sandbox.request(step.method, step.path, data, {"authorization": f"Bearer {token}"})
    return reply.status, reply.body
