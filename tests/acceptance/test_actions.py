"""The root action, run step by step as GitHub's runner runs it, over the demo's repositories."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import demo
import pytest
from compositeaction import NO_BASH, ROOT, Ran, run_action

pytestmark = NO_BASH
REPOS = "pipelines=../feature-pipelines@main\nserving=../model-serving@main\n"


@pytest.fixture
def training(tmp_path: Path) -> Path:
    """model-training of the demo, checked out beside its siblings."""
    demo.build(tmp_path / "repos")
    return tmp_path / "repos" / "model-training"


def tune(training: Path) -> None:
    """Commit a learning rate that nobody else knows of."""
    config = training / "conf/experiment/ranker-v2.toml"
    config.write_bytes(config.read_bytes().replace(b"0.4", b"0.5"))
    demo.git(training, "commit", "-qam", "Tune the learning rate")


def check(
    training: Path, temp: Path, event: str = "workflow_dispatch", base: str = "", **inputs: str
) -> Ran:
    """The root action over a checkout; an event of GitHub with the commit it begins at."""
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    return run_action(
        ROOT,
        {"repos": REPOS, **given},
        workspace=training,
        temp=temp,
        github={"event": {"pull_request": {"base": {"sha": base}}}},
        environment={
            "GITHUB_EVENT_NAME": event,
            "GITHUB_REPOSITORY": "acme/model-training",
            "GITHUB_BASE_REF": "main",
        },
    )


def test_a_clean_checkout_is_clean_and_has_its_summary(training: Path, runner_temp: Path) -> None:
    before = sorted(path for path in training.rglob("*") if ".git" not in path.parts)
    ran = check(training, runner_temp)
    assert (ran.code, ran.outputs["result"]) == (0, "clean"), ran.log
    assert "### Interlock: clean" in ran.summary
    after = sorted(path for path in training.rglob("*") if ".git" not in path.parts)
    assert after == before
    assert not (ROOT / "build").exists()


def test_findings_become_annotations_a_summary_and_sarif(training: Path, runner_temp: Path) -> None:
    tune(training)
    ran = check(training, runner_temp, event="pull_request", base="HEAD^")
    assert (ran.code, ran.outputs["result"]) == (1, "findings"), ran.log
    errors = [one for one in ran.commands if one.name == "error"]
    assert [one.properties["file"] for one in errors] == ["conf/experiment/ranker-v2.toml"]
    assert "is 0.5 in training" in errors[0].message
    assert "experiment/same-params" in ran.summary
    sarif = json.loads(Path(ran.outputs["sarif-file"]).read_text(encoding="utf-8"))
    assert [one["ruleId"] for one in sarif["runs"][0]["results"]] == ["experiment/same-params"]


def test_what_was_wrong_before_a_pull_request_does_not_fail_it(
    training: Path, runner_temp: Path
) -> None:
    tune(training)
    demo.git(training, "update-ref", "refs/remotes/origin/main", "HEAD")
    (training / "notes.txt").write_text("nothing\n", encoding="utf-8")
    demo.git(training, "add", "-A")
    demo.git(training, "commit", "-qm", "Note")
    # origin/main stands for the base; the event's own commit is older and would blame us.
    ran = check(training, runner_temp, event="pull_request", base="HEAD~2")
    assert (ran.code, ran.outputs["result"]) == (0, "clean"), ran.log
    assert check(training, runner_temp).code == 1, "a schedule sees everything"


def test_a_push_is_compared_with_what_it_began_with(training: Path, runner_temp: Path) -> None:
    tune(training)
    demo.git(training, "commit", "-q", "--allow-empty", "-m", "Nothing")
    for before, code in (("HEAD~2", 1), ("HEAD~1", 0), ("0" * 40, 0)):
        # A new branch has no commit before: then the last commit is looked at.
        assert check(training, runner_temp, event="push", base=before).code == code, before


def test_a_base_that_is_not_there_names_the_remedy(training: Path, runner_temp: Path) -> None:
    ran = check(training, runner_temp, event="pull_request", base="0" * 40)
    assert ran.code == 2
    assert "`fetch-depth: 0`" in ran.commands[-1].message
    ran = check(training, runner_temp, event="pull_request_target", base="HEAD")
    assert (ran.code, "run it on pull_request" in ran.log) == (2, True)


def test_inputs_reach_the_command(training: Path, runner_temp: Path, tmp_path: Path) -> None:
    tune(training)
    ran = check(training, runner_temp, rules="model-exists weights*\nsame-variants")
    assert (ran.code, "3 rules" in ran.log) == (0, True), ran.log
    ran = check(training, runner_temp, annotations="false", summary="false")
    assert (ran.code, ran.summary, ran.commands) == (1, "", []), ran.log
    assert "error experiment/same-params" in ran.log
    policy = tmp_path / "lenient.yaml"
    lenient = demo.POLICY.replace("compare: number\n", "compare: number\n    severity: warning\n")
    policy.write_text(lenient, encoding="utf-8")
    file = str(policy)
    assert check(training, runner_temp, policy=file, **{"as": "training"}).code == 0
    ran = check(training, runner_temp, policy=file, fail_level="warning", **{"as": "training"})
    assert (ran.code, [one.name for one in ran.commands]) == (1, ["warning"]), ran.log
    ran = check(training, runner_temp, to="HEAD^", sarif_file="out.sarif")
    assert (ran.code, ran.outputs["sarif-file"]) == (0, "./out.sarif")
    assert (training / "out.sarif").is_file()
    ran = check(
        training.parent, runner_temp, working_directory="model-training", sarif_file="o.sarif"
    )
    assert (ran.code, ran.outputs["sarif-file"]) == (1, "model-training/o.sarif"), ran.log


def test_an_unread_repository_fails_unless_it_may_not(training: Path, runner_temp: Path) -> None:
    shutil.rmtree(training.parent / "model-serving")
    repos = REPOS.splitlines()[0]
    assert check(training, runner_temp, repos=repos).code == 1
    assert check(training, runner_temp, repos=repos, require_all="false").code == 0
