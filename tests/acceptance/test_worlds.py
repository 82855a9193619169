"""The three repositories of the demo: staged changes, revisions, unreadable siblings, grace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from topologies import ROOT

sys.path.insert(0, str(ROOT / "examples" / "demo"))
import demo

CONFIG = "conf/experiment/ranker-v2.toml"


@pytest.fixture
def organisation(tmp_path: Path) -> Path:
    demo.build(tmp_path)
    return tmp_path


def interlock(
    where: Path, *arguments: str, **environment: str
) -> tuple[int, list[dict[str, Any]], str]:
    """Run the command; (exit code, findings, what was written to standard error)."""
    env = {k: v for k, v in os.environ.items() if k != "CI" and not k.startswith("GITHUB_")}
    command = [sys.executable, "-m", "interlock", "check", *arguments, "--format", "json"]
    done = subprocess.run(
        command, cwd=where, env={**env, **environment}, capture_output=True, check=False
    )
    findings = json.loads(done.stdout)["findings"] if done.stdout else []
    return done.returncode, findings, done.stderr.decode()


def edit(where: Path, path: str, old: str, new: str) -> None:
    file = where / path
    text = file.read_bytes().decode()
    assert old in text
    file.write_bytes(text.replace(old, new, 1).encode())


def hide(checkout: Path) -> None:
    """Move a checkout to where no sibling is looked for."""
    (checkout.parent / "deeper").mkdir()
    checkout.rename(checkout.parent / "deeper" / checkout.name)


def failing(findings: list[dict[str, Any]]) -> list[str]:
    return [f["rule"] for f in findings if f["status"] == "failing"]


def test_what_is_staged_counts_not_what_lies_in_the_folder(organisation: Path) -> None:
    training = organisation / "model-training"
    edit(training, CONFIG, "0.4", "0.5")
    demo.git(training, "add", "-A")
    edit(training, CONFIG, "0.5", "0.4")
    assert failing(interlock(training, "--staged")[1]) == ["experiment/same-params"]
    assert interlock(training)[0] == 0


def test_a_staged_deletion_is_seen(organisation: Path) -> None:
    training = organisation / "model-training"
    demo.git(training, "rm", "-q", CONFIG)
    code, findings, _ = interlock(training, "--staged")
    assert code == 1
    assert "experiment/in-every-repo" in failing(findings)


def test_only_what_the_change_adds_fails(organisation: Path) -> None:
    training = organisation / "model-training"
    edit(training, CONFIG, "0.4", "0.5")
    demo.git(training, "commit", "-q", "-am", "Tune")
    edit(training, CONFIG, "depth = 6", "depth = 7")
    demo.git(training, "add", "-A")
    code, findings, _ = interlock(training, "--staged")
    assert code == 1
    assert sorted((f["status"], f["member"]) for f in findings) == [
        ("failing", "control.depth"),
        ("old", "treatment.learning_rate"),
    ]


def test_a_revision_and_a_range_are_compared_with_where_they_began(organisation: Path) -> None:
    training = organisation / "model-training"
    demo.git(training, "switch", "-q", "-c", "tune")
    edit(training, CONFIG, "0.4", "0.5")
    demo.git(training, "commit", "-q", "-am", "Tune")
    (training / "notes.md").write_text("nothing\n")
    demo.git(training, "add", "-A")
    demo.git(training, "commit", "-q", "-m", "Note")
    assert interlock(training, "--rev", "HEAD")[0] == 0
    assert failing(interlock(training, "--rev", "HEAD^")[1]) == ["experiment/same-params"]
    code, findings, _ = interlock(training, "--from", "main", "--to", "tune")
    assert (code, failing(findings)) == (1, ["experiment/same-params"])


def test_the_siblings_branch_of_the_same_name_is_read(organisation: Path) -> None:
    training, pipelines = organisation / "model-training", organisation / "feature-pipelines"
    for where, path in ((training, CONFIG), (pipelines, "experiments/ranker-v2.yaml")):
        demo.git(where, "switch", "-q", "-c", "tune")
        edit(where, path, "0.4", "0.5")
        demo.git(where, "commit", "-q", "-am", "Tune")
        demo.git(where, "switch", "-q", "main")
    demo.git(training, "switch", "-q", "tune")
    assert interlock(training)[0] == 0


def test_a_run_on_no_branch_takes_the_siblings_branch_of_its_pull_request(
    organisation: Path, tmp_path: Path
) -> None:
    training, pipelines = organisation / "model-training", organisation / "feature-pipelines"
    demo.git(pipelines, "checkout", "-q", "-b", "tune")
    edit(pipelines, "experiments/ranker-v2.yaml", "0.4", "0.5")
    demo.git(pipelines, "commit", "-q", "-am", "Tune")
    demo.git(pipelines, "checkout", "-q", "main")
    demo.git(training, "checkout", "-q", "--detach")
    edit(training, CONFIG, "0.4", "0.5")
    event = tmp_path / "event.json"
    run = {"GITHUB_ACTIONS": "true", "GITHUB_HEAD_REF": "tune", "GITHUB_EVENT_PATH": str(event)}
    run["GITHUB_EVENT_NAME"] = "pull_request"
    for fork, code in ((False, 0), (True, 1)):
        event.write_text(json.dumps({"pull_request": {"head": {"repo": {"fork": fork}}}}))
        assert interlock(training, **run)[0] == code
    pushed = {"GITHUB_ACTIONS": "true", "GITHUB_REF": "refs/heads/tune"}
    assert interlock(training, **pushed)[0] == 0
    assert interlock(training, GITHUB_ACTIONS="true", GITHUB_REF="refs/tags/tune")[0] == 1


def test_an_unreadable_sibling_is_unknown_and_fails_in_ci(organisation: Path) -> None:
    training = organisation / "model-training"
    hide(organisation / "model-serving")
    edit(training, CONFIG, "variants.treatment", "variants.treat")
    demo.git(training, "add", "-A")
    code, findings, _ = interlock(training, "--staged", "experiment/in-every-repo")
    assert (code, [f["status"] for f in findings]) == (0, ["unknown"])
    code, findings, _ = interlock(training, "--staged", "experiment/in-every-repo", CI="true")
    assert (code, [f["status"] for f in findings]) == (1, ["unknown"])


def test_a_change_that_touches_no_source_is_never_red(organisation: Path) -> None:
    training = organisation / "model-training"
    hide(organisation / "model-serving")
    (training / "notes.md").write_text("nothing\n")
    demo.git(training, "add", "-A")
    assert interlock(training, "--staged", CI="true")[:2] == (0, [])


def test_a_forks_run_defers_what_it_cannot_read(organisation: Path, tmp_path: Path) -> None:
    training = organisation / "model-training"
    hide(organisation / "model-serving")
    edit(training, CONFIG, "depth = 6", "depth = 6 ")
    demo.git(training, "add", "-A")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"head": {"repo": {"fork": True}}}}))
    code, findings, _ = interlock(
        training,
        "--staged",
        CI="true",
        GITHUB_EVENT_NAME="pull_request",
        GITHUB_EVENT_PATH=str(event),
    )
    assert code == 0
    assert [f["status"] for f in findings] == ["deferred"]
    command = [sys.executable, "-m", "interlock", "check", "--staged", "--deferred"]
    done = subprocess.run(command, cwd=training, capture_output=True, check=False)
    assert b"clean" not in done.stdout


def test_a_young_finding_is_within_its_grace(organisation: Path) -> None:
    serving, pipelines = organisation / "model-serving", organisation / "feature-pipelines"
    policy = pipelines / "interlock.yaml"
    policy.write_text(policy.read_text().replace("severity: warning", "severity: error"))
    policy.write_text(policy.read_text().replace("exists-in: plan,", "exists-in: plan, grace: 1d,"))
    for where in (serving, pipelines):
        demo.git(where, "add", "-A")
        commit_again(where, days=2_000)
    source = serving / "src/ranker.py"
    source.write_text(source.read_text().replace("ranker-v2", "ranker-v3"))
    demo.git(serving, "commit", "-q", "-am", "Rename")
    code, findings, _ = interlock(serving, "experiment/code-known")
    assert (code, [f["status"] for f in findings]) == (0, ["grace"])


def test_older_findings_are_counted_with_their_age(organisation: Path) -> None:
    training = organisation / "model-training"
    for name in demo.REPOS:
        commit_again(organisation / name, days=50)
    edit(training, CONFIG, "0.4", "0.5")
    demo.git(training, "add", "-A")
    commit_again(training, days=40)
    edit(training, CONFIG, "depth = 6", "depth = 7")
    demo.git(training, "add", "-A")
    code, findings, _ = interlock(training, "--staged")
    assert code == 1
    ages = {f["member"]: (f["status"], f["age"]) for f in findings}
    # It was there 30 days ago, and 60 days ago there was nothing.
    assert ages["treatment.learning_rate"] == ("old", 30 * 86_400)
    assert ages["control.depth"] == ("failing", None)
    command = [sys.executable, "-m", "interlock", "check", "--staged"]
    done = subprocess.run(command, cwd=training, capture_output=True, check=False)
    assert b"1 older finding (the oldest for at least 30 days): --all shows" in done.stdout


def commit_again(where: Path, days: int) -> None:
    """Make the last commit anew, with what is staged, some days ago."""
    then = f"@{int(time.time()) - days * 86_400} +0000"
    who = {"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org"}
    subprocess.run(
        ["git", "-c", "commit.gpgsign=false", "commit", "-q", "--amend", "--no-edit"],
        cwd=where,
        env={**os.environ, **who, "GIT_COMMITTER_DATE": then},
        check=True,
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--rev", "mian"), "did you mean `main`"),
        (("--repo", "servin=."), "servin"),
        (("--staged", "--rev", "main"), "exclude one another"),
        (("--policy", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_wrong_usage_says_what_was_meant(
    organisation: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, _, error = interlock(organisation / "model-training", *arguments)
    assert code == 2
    assert said in error
    assert "Traceback" not in error


def test_fix_leaves_every_other_byte(organisation: Path) -> None:
    training = organisation / "model-training"
    file = training / CONFIG
    text = b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n").replace(b"0.4", b"0.5 # ?")
    file.write_bytes(text)
    assert interlock(training, "--fix")[0] == 0
    assert file.read_bytes() == text.replace(b"0.5", b"0.4")
