"""The action for credentials, run as GitHub's runner runs it, in a repository without a policy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import demo
import pytest
from compositeaction import NO_BASH, ROOT, Ran, run_action
from secretmaking import Maker

pytestmark = NO_BASH
OLD, NEW = Maker(1).github_classic(), Maker(2).github_classic()


def commit(where: Path, name: str, text: str) -> None:
    (where / name).write_text(text, encoding="utf-8")
    demo.git(where, "add", "-A")
    demo.git(where, "commit", "-qm", name)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository whose main branch holds a credential already, on a branch of its own."""
    where = tmp_path / "app"
    where.mkdir()
    demo.git(where, "init", "-q", "-b", "main")
    commit(where, "old.env", f"DEPLOY={OLD}\n")
    demo.git(where, "update-ref", "refs/remotes/origin/main", "HEAD")
    return where


def look(checkout: Path, temp: Path, event: str, payload: Any = None, **inputs: str) -> Ran:
    path = temp / "event.json"
    path.write_text(json.dumps(payload or {}), encoding="utf-8")
    ran = run_action(
        ROOT / "actions/credentials",
        {name.replace("_", "-"): value for name, value in inputs.items()},
        workspace=checkout,
        temp=temp,
        github={"event": {"before": ""}},
        environment={
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(path),
            "GITHUB_REPOSITORY": "acme/app",
            "GITHUB_BASE_REF": "main",
        },
    )
    shown = ran.log + ran.summary
    assert OLD not in shown
    assert NEW not in shown
    return ran


def test_a_pull_request_answers_for_what_it_adds(checkout: Path, runner_temp: Path) -> None:
    commit(checkout, "notes.md", "nothing\n")
    clean = look(checkout, runner_temp, "pull_request")
    assert (clean.code, clean.outputs["result"]) == (0, "clean"), clean.log
    assert "scanned 1 line of 1 file" in clean.log
    commit(checkout, "new.py", f"connect(\n    token='{NEW}')\n")
    found = look(checkout, runner_temp, "pull_request")
    assert (found.code, found.outputs["result"]) == (1, "findings"), found.log
    (error,) = [one for one in found.commands if one.name == "error"]
    assert (error.properties["file"], error.properties["line"]) == ("new.py", "2")
    assert "secret/github-token" in found.summary
    text = Path(found.outputs["sarif-file"]).read_text(encoding="utf-8")
    assert NEW not in text
    run = json.loads(text)["runs"][0]
    assert [one["ruleId"] for one in run["results"]] == ["secret/github-token"]
    assert run["tool"]["driver"]["rules"][0]["helpUri"].endswith("#secretgithub-token")


def test_a_push_and_a_schedule_look_at_every_file(checkout: Path, runner_temp: Path) -> None:
    commit(checkout, "notes.md", "nothing\n")
    for event in ("push", "schedule"):
        ran = look(checkout, runner_temp, event)
        assert (ran.code, "file=old.env" in ran.log) == (1, True), ran.log
    ran = look(checkout, runner_temp, "pull_request_target")
    assert (ran.code, "run it on pull_request" in ran.log) == (2, True)


def test_the_first_push_of_a_branch_looks_at_every_file(checkout: Path, runner_temp: Path) -> None:
    commit(checkout, "notes.md", "nothing\n")
    ran = look(checkout, runner_temp, "push", {"before": "0" * 40}, **{"from": "0" * 40})
    assert (ran.code, "file=old.env" in ran.log) == (1, True), ran.log


def test_a_fork_s_run_does_without_a_policy_that_it_may_not_read(
    checkout: Path, runner_temp: Path
) -> None:
    fork = {"pull_request": {"head": {"repo": {"fork": True}}}}
    member = "policy: acme/private-policies//interlock.yaml@main\nrepo: app\n"
    commit(checkout, ".interlock.yaml", member)
    demo.git(checkout, "update-ref", "refs/remotes/origin/main", "HEAD")
    commit(checkout, "new.py", f"token = '{NEW}'\n")
    ran = look(checkout, runner_temp, "pull_request", fork)
    assert (ran.code, ran.outputs["result"]) == (1, "findings"), ran.log
    assert "the built-in rules were used" in ran.log
    own = {"pull_request": {"head": {"repo": {"fork": False}}}}
    assert look(checkout, runner_temp, "pull_request", own).code == 2


def test_the_words_of_the_policy_hold_once_they_are_merged(
    checkout: Path, runner_temp: Path
) -> None:
    policy = "version: 1\nrules: {secret/github-token: warning}\nsecrets: {exclude: docs/*}\n"
    commit(checkout, "interlock.yaml", policy)
    commit(checkout, "new.py", f"token = '{NEW}'\n")
    ran = look(checkout, runner_temp, "pull_request")
    assert (ran.code, [one.name for one in ran.commands]) == (1, ["error", "notice"]), ran.log
    assert "judged by what it was before" in ran.log
    demo.git(checkout, "update-ref", "refs/remotes/origin/main", "HEAD^")
    ran = look(checkout, runner_temp, "pull_request")
    assert (ran.code, [one.name for one in ran.commands]) == (0, ["warning"]), ran.log
    assert look(checkout, runner_temp, "pull_request", fail_level="warning").code == 1
