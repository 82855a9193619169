"""The bot's actions, run step by step against an embedded GitHub."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
from compositeaction import NO_BASH, ROOT, Ran, run_action
from setworld import CONTEXT, DEMO, MARKER, NAMES, NEW, PERMISSIONS, PIPELINES, SERVING, TRAINING

from interlock.sandbox import Sandbox

pytestmark = NO_BASH
LINKED, SWEEP = ROOT / "actions/linked-prs", ROOT / "actions/set-sweep"
CHECKLIST, NOTIFY = ROOT / "actions/experiment-checklist", ROOT / "actions/notify-bot"


class World:
    """The demo's repositories on a sandbox, the bot's App, and runs of actions against it."""

    def __init__(self, sandbox: Sandbox, temp: Path, workspace: Path) -> None:
        self.sandbox, self.temp, self.workspace = sandbox, temp, workspace
        sandbox.org("acme", admins=("ada",))
        for name in NAMES.values():
            sandbox.repo(name, DEMO.REPOS[name.partition("/")[2]])
        app, self.key = sandbox.app("interlock", PERMISSIONS, owner="acme")
        sandbox.install(app, "acme")
        self.app = str(app.id)

    def open(self, alias: str) -> int:
        """A pull request with what the repository has to change for ranker-v3."""
        self.sandbox.commit(NAMES[alias], "interlock/ranker-v3", NEW[alias], start="main")
        return self.sandbox.pull(NAMES[alias], "interlock/ranker-v3").number

    def run(
        self,
        action: Path,
        inputs: Mapping[str, str],
        event: str = "workflow_dispatch",
        payload: Mapping[str, Any] | None = None,
        *,
        repo: str = PIPELINES,
        as_bot: bool = True,
    ) -> Ran:
        """An action in a workflow of ``repo``, where nothing is checked out."""
        file = self.workspace / "event.json"
        file.write_text(json.dumps(payload or {}), encoding="utf-8")
        token = self.sandbox.actions_token(
            repo, {"contents": "read", "pull_requests": "write", "statuses": "write"}
        )
        bot = {"app-id": self.app, "app-key": self.key} if as_bot else {}
        return run_action(
            action,
            {**bot, **inputs} if action != NOTIFY else inputs,
            workspace=self.workspace,
            temp=self.temp,
            github={"token": token, "event": payload or {}},
            environment={
                **self.sandbox.environment(),
                "GITHUB_EVENT_NAME": event,
                "GITHUB_EVENT_PATH": str(file),
                "GITHUB_REPOSITORY": repo,
                "INTERLOCK_CACHE": str(self.workspace / "cache"),
            },
        )

    def status(self, alias: str, number: int) -> list[tuple[str, str]]:
        """(who, state) of the gate on the head of a pull request."""
        repo = self.sandbox.find(NAMES[alias])
        pull = repo.issues[number].pull
        assert pull is not None
        held = repo.statuses.get(pull.head_sha, [])
        return [(one.creator.login, one.state) for one in held if one.context == CONTEXT]

    def comments(self, alias: str, number: int) -> list[str]:
        """The bodies of the comments with our marker."""
        issue = self.sandbox.find(NAMES[alias]).issues[number]
        return [one.body for one in issue.comments if MARKER in one.body]


@pytest.fixture
def world(tmp_path: Path, runner_temp: Path) -> Iterator[World]:
    with Sandbox() as sandbox:
        yield World(sandbox, runner_temp, tmp_path)


def test_the_bot_tells_a_pull_request_who_is_missing_and_gates_it(world: World) -> None:
    number = world.open("pipelines")
    ran = world.run(LINKED, {"repo": PIPELINES, "pull": str(number)})
    assert (ran.code, ran.outputs["result"]) == (0, "clean"), ran.log
    (comment,) = world.comments("pipelines", number)
    assert "serving" in comment
    ((who, state),) = world.status("pipelines", number)
    assert (who, state) == ("interlock[bot]", "failure")
    assert f"Interlock looked at {PIPELINES}#{number}: clean" in ran.summary
    assert world.key.splitlines()[1] not in ran.log + ran.summary
    assert {one.name for one in ran.commands} <= {"group", "endgroup"}, "its log is text"


def test_siblings_are_refreshed_by_an_event_on_one_of_them(world: World) -> None:
    first, second = world.open("pipelines"), world.open("training")
    payload = {"pull_request": {"number": second}}
    ran = world.run(LINKED, {"policy": PIPELINES}, "pull_request", payload, repo=TRAINING)
    assert ran.code == 0, ran.log
    assert len(world.comments("pipelines", first)) == len(world.comments("training", second)) == 1


def test_a_dry_run_writes_nothing(world: World) -> None:
    number = world.open("pipelines")
    ran = world.run(LINKED, {"repo": PIPELINES, "pull": str(number), "dry-run": "true"})
    assert ran.code == 0, ran.log
    assert world.run(SWEEP, {"dry-run": "true"}).code == 0
    assert (world.comments("pipelines", number), world.status("pipelines", number)) == ([], [])


def test_without_the_app_it_is_advisory(world: World) -> None:
    number = world.open("pipelines")
    payload = {"pull_request": {"number": number}}
    world.run(LINKED, {}, "pull_request", payload, as_bot=False)
    repo = world.sandbox.find(PIPELINES)
    pull = repo.issues[number].pull
    assert pull is not None
    (status,) = [one for one in repo.statuses[pull.head_sha] if one.context.startswith(CONTEXT)]
    assert status.creator.login == "github-actions[bot]"
    assert "advisory" in f"{status.context} {status.description}"


def test_the_sweep_finds_what_no_event_told(world: World) -> None:
    number = world.open("pipelines")
    ran = world.run(SWEEP, {"policy": f"{PIPELINES}//interlock.yaml@main"})
    assert (ran.code, ran.outputs["result"]) == (0, "clean"), ran.log
    assert len(world.comments("pipelines", number)) == 1


def test_the_checklist_is_written_on_the_issue_of_the_event(world: World) -> None:
    issue = world.sandbox.issue(PIPELINES, "Try ranker-v3", "ranker-v3", labels=("experiment",))
    payload = {"issue": {"number": issue.number}}
    ran = world.run(CHECKLIST, {}, "issues", payload)
    assert (ran.code, ran.outputs["result"]) == (0, "clean"), ran.log
    assert [one.user.login for one in issue.comments] == ["interlock[bot]"], ran.log


def test_what_goes_wrong_ends_the_step_with_an_error(world: World) -> None:
    ran = world.run(LINKED, {"repo": PIPELINES, "pull": "1", "policy": "acme/nothing"})
    assert (ran.code, ran.outputs["result"]) == (2, "error"), ran.log
    assert "acme/nothing" in ran.log
    assert ran.commands[-1].name == "error"
    ran = world.run(LINKED, {"repo": PIPELINES})
    assert (ran.code, "needs the input `pull`" in ran.commands[-1].message) == (2, True)
    ran = world.run(LINKED, {}, "issues", {"issue": {"number": 1}})
    assert (ran.code, "is about no pull request" in ran.log) == (2, True)


class Asked(NamedTuple):
    """A request that was received."""

    path: str
    token: str
    body: Any


class Dispatches:
    """GitHub's endpoint that starts a workflow, and what was sent to it.

    https://docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event
    """

    def __init__(self, sandbox: Sandbox, answer: int = 204) -> None:
        self.asked: list[Asked] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                token = {"authorization": self.headers.get("authorization", "")}
                answer = requests.get(f"{sandbox.api_url}{self.path}", headers=token, timeout=30)
                self.send_response(answer.status_code)
                self.end_headers()
                self.wfile.write(answer.content)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                asked.append(Asked(self.path, self.headers["authorization"], body))
                self.send_response(answer)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  its name there
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def notify(
    world: World, event: str, payload: Mapping[str, Any], answer: int = 204, **more: str
) -> tuple[Ran, list[Asked]]:
    server = Dispatches(world.sandbox, answer)
    file = world.workspace / "event.json"
    file.write_text(json.dumps(payload), encoding="utf-8")
    token = world.sandbox.actions_token(SERVING, {"contents": "read", "pull_requests": "read"})
    try:
        ran = run_action(
            NOTIFY,
            {"central": "acme/policies", "token": "ghs_starter", **more},
            workspace=world.workspace,
            temp=world.temp,
            github={"token": token, "event": payload},
            environment={
                "GITHUB_API_URL": server.url,
                "GITHUB_EVENT_NAME": event,
                "GITHUB_EVENT_PATH": str(file),
                "GITHUB_REPOSITORY": SERVING,
            },
        )
    finally:
        server.close()
    return ran, server.asked


SUITE = {"head_sha": "HEAD", "pull_requests": [{"number": 1}]}


@pytest.mark.parametrize(
    ("event", "made"),
    [
        ("pull_request", None),
        ("pull_request_review", None),
        ("merge_group", None),
        ("status", None),
        ("check_suite", {"check_suite": SUITE}),
        ("check_suite", {"check_suite": {**SUITE, "pull_requests": []}}),
    ],
    ids=["opened", "review", "queue", "status", "suite", "suite-of-a-fork"],
)
def test_each_event_starts_the_bot_with_a_repository_and_a_number(
    event: str, made: Mapping[str, Any] | None, world: World
) -> None:
    sandbox = world.sandbox
    assert world.open("serving") == 1
    pull = sandbox.find(SERVING).issues[1].pull
    assert pull is not None
    sandbox.review(SERVING, 1, "ada")
    sandbox.status(SERVING, pull.head_sha, "tests", "success")
    sandbox.merge_group(SERVING, 1, login="ada")
    # The sandbox sends the bodies that GitHub would; it has no check suites of other Apps.
    payload = made or next(one.payload for one in sandbox.events if one.name == event)
    told = json.loads(json.dumps(payload).replace('"HEAD"', f'"{pull.head_sha}"'))
    ran, asked = notify(world, event, told)
    assert (ran.code, ran.outputs["started"]) == (0, "1"), ran.log
    path = "/repos/acme/policies/actions/workflows/interlock-bot.yml/dispatches"
    body = {"ref": "main", "inputs": {"repo": SERVING, "pull": "1"}}
    assert asked == [Asked(path, "Bearer ghs_starter", body)]
    assert "ghs_starter" not in ran.log


def test_an_issue_starts_the_bot_for_its_checklist(world: World) -> None:
    _, asked = notify(world, "issues", {"issue": {"number": 7}}, workflow="tickets.yaml", ref="v1")
    (one,) = asked
    assert one.path.endswith("/tickets.yaml/dispatches")
    assert one.body == {"ref": "v1", "inputs": {"repo": SERVING, "issue": "7"}}


def test_a_commit_of_no_open_pull_request_starts_nothing(world: World) -> None:
    number = world.open("serving")
    pull = world.sandbox.find(SERVING).issues[number].pull
    assert pull is not None
    world.sandbox.close_pull(SERVING, number)
    ran, asked = notify(world, "status", {"sha": pull.head_sha})
    assert (ran.code, ran.outputs["started"], asked) == (0, "0", [])


def test_a_fork_s_run_holds_no_token_and_is_no_failure(world: World) -> None:
    ran, asked = notify(world, "pull_request", {"pull_request": {"number": 1}}, token="")
    assert (ran.code, asked, ran.commands[0].name) == (0, [], "notice")


def test_a_refused_start_names_the_permission(world: World) -> None:
    ran, _ = notify(world, "pull_request", {"pull_request": {"number": 1}}, answer=403)
    assert (ran.code, "actions: write" in ran.commands[-1].message) == (2, True)
    ran, asked = notify(world, "check_suite", {"check_suite": {"head_sha": "x"}})
    assert (ran.code, asked) == (2, [])


def test_a_merge_group_s_commit_gets_the_status_too(world: World) -> None:
    number = world.open("pipelines")
    commit = world.sandbox.merge_group(PIPELINES, number, login="ada")
    (event,) = [one for one in world.sandbox.events if one.name == "merge_group"]
    ran = world.run(LINKED, {}, "merge_group", event.payload)
    assert ran.code == 0, ran.log
    held = world.sandbox.find(PIPELINES).statuses.get(commit, [])
    assert [(one.context, one.state) for one in held] == [(CONTEXT, "failure")]
