"""Whatever stands in an input: nothing runs, nothing is obeyed, no output is forged."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import demo
import pytest
from compositeaction import ACTIONS, NO_BASH, ROOT, Ran, metadata, run_action

pytestmark = NO_BASH
#: Each would leave a file called `pwned`, be obeyed by the runner, or become an output of its own.
HOSTILE = (
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned #",
    '" && touch pwned && "',
    "x\nresult=forged",
    "x\n::error::forged",
    "x\r::error::forged",
    "##[error]forged",
    "::set-output name=result::forged",
    "--fix",
    "--output=pwned",
    "a[$(touch pwned)]",
    "*",
    "../../..",
)
CONTEXT = {"token": "ghs_0", "event": {"issue": {"number": 7}, "pull_request": {"number": 9}}}
#: What each companion is given where the hostile value is not.
GIVEN: Mapping[str, Mapping[str, str]] = {
    "": {},
    "actions/credentials": {},
    "actions/linked-prs": {"repo": "acme/model-training", "pull": "1"},
    "actions/set-sweep": {},
    "actions/experiment-checklist": {"repo": "acme/model-training"},
    "actions/notify-bot": {"central": "acme/policies", "pull": "1", "issue": ""},
}
#: Credentials are handed on as they are; `python` names a program to run.
NO_DATA = {"app-id", "app-key", "github-token", "jira-token", "jira-user", "token"}
PLACES = [
    (folder, name)
    for folder in ACTIONS
    for name in metadata(ROOT / folder)["inputs"]
    if name not in NO_DATA
] + [("actions/notify-bot", "token")]


@pytest.fixture
def training(tmp_path: Path) -> Path:
    demo.build(tmp_path / "repos")
    return tmp_path / "repos" / "model-training"


def attacked(folder: str, inputs: Mapping[str, str], training: Path, temp: Path) -> Ran:
    return run_action(
        ROOT / folder,
        {**GIVEN[folder], **inputs},
        workspace=training,
        temp=temp,
        github=CONTEXT,
        environment={
            "GITHUB_EVENT_NAME": "workflow_dispatch",
            "GITHUB_REPOSITORY": "acme/model-training",
            # Whatever an action would send goes nowhere.
            "GITHUB_API_URL": "http://127.0.0.1:9",
            "GITHUB_SERVER_URL": "http://127.0.0.1:9",
        },
    )


def unharmed(ran: Ran, folder: str, training: Path) -> None:
    assert not list(training.parent.parent.rglob("pwned")), ran.log
    assert not (ROOT / "pwned").exists()
    assert set(ran.written) <= set(metadata(ROOT / folder).get("outputs", {})), ran.written
    assert "forged" not in ran.written.values()
    for one in ran.commands:
        assert one.message != "forged", ran.log
        assert one.name in ("error", "warning", "notice", "group", "endgroup"), ran.log
        assert not one.name.startswith("##"), ran.log


@pytest.mark.parametrize(
    ("folder", "name"), PLACES, ids=[f"{folder or 'check'}:{name}" for folder, name in PLACES]
)
def test_a_hostile_input_is_data(folder: str, name: str, training: Path, runner_temp: Path) -> None:
    before = demo_state(training)
    # Checks run Interlock on most of them, which takes its time: all values go together below.
    checks = folder in ("", "actions/credentials")
    for value in HOSTILE[:1] + HOSTILE[5:6] + HOSTILE[10:11] if checks else HOSTILE:
        ran = attacked(folder, {name: value}, training, runner_temp)
        unharmed(ran, folder, training)
        if name != "sarif-file":  # a file of any name may be asked for
            assert demo_state(training) == before, value
        if not checks and (name, folder) != ("python", "actions/notify-bot"):
            assert ran.code == 2, (value, ran.log)
            # Refused before anything is installed or asked; some could well be tokens.
            assert name == "token" or f"input `{name}`" in ran.commands[-1].message, ran.log


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_inputs_together_are_data(value: str, training: Path, runner_temp: Path) -> None:
    before = demo_state(training)
    texts = ("policy", "as", "rules", "repos", "from", "to", "fail-level")
    ran = attacked("", dict.fromkeys(texts, value), training, runner_temp)
    unharmed(ran, "", training)
    assert demo_state(training) == before
    assert (ran.code, ran.outputs["sarif-file"]) == (2, "")


def demo_state(training: Path) -> dict[str, bytes]:
    """Every file of the three repositories, but what git keeps for itself."""
    return {
        str(path.relative_to(training.parent)): path.read_bytes()
        for path in sorted(training.parent.rglob("*"))
        if path.is_file() and ".git" not in path.parts and path.suffix != ".sarif"
    }


def test_files_of_the_checkout_are_never_imported_or_run(training: Path) -> None:
    for name in ("json.py", "pip.py", "interlock.py", "sitecustomize.py", "venv.py", "yaml.py"):
        (training / name).write_text("open('pwned', 'w')\n", encoding="utf-8")
    (training / "pip").mkdir()
    (training / "pip/__main__.py").write_text("open('pwned', 'w')\n", encoding="utf-8")
    (training / "python3").write_text("#!/bin/sh\ntouch pwned\n", encoding="utf-8")
    (training / "python3").chmod(0o755)
    (training / "pip.conf").write_text("[global]\nindex-url = http://127.0.0.1:9\n")
    fresh = training.parent / "fresh"
    fresh.mkdir()
    ran = run_action(
        ROOT,
        {"repos": "pipelines=../feature-pipelines@main\nserving=../model-serving@main"},
        workspace=training,
        temp=fresh,
        github={},
        environment={
            "GITHUB_EVENT_NAME": "workflow_dispatch",
            "GITHUB_REPOSITORY": "acme/model-training",
            "PYTHONPATH": str(training),
        },
    )
    assert ran.code == 0, ran.log
    assert not list(training.rglob("pwned"))


def test_hostile_files_reach_the_log_and_the_summary_as_text(
    training: Path, runner_temp: Path
) -> None:
    config = training / "conf/experiment/ranker-v2.toml"
    evil = r'"%0A::error::forged\n::error::forged##[error]forged\u202e"'
    config.write_text(config.read_text(encoding="utf-8").replace("0.4", evil), encoding="utf-8")
    repos = "pipelines=../feature-pipelines@main\nserving=../model-serving@main"
    policy = training.parent / "shared.yaml"
    policy.write_text(f"{demo.POLICY}share-with: {{pipelines: [training]}}\n", encoding="utf-8")
    given = {"repos": repos, "policy": "../shared.yaml", "as": "training"}
    ran = attacked("", given, training, runner_temp)
    assert ran.code == 1, ran.log
    unharmed(ran, "", training)
    assert "\u202e" not in ran.log + ran.summary
    assert any("::error::forged" in one.message for one in ran.commands), "told all the same"


def test_a_package_that_is_not_the_pinned_one_is_refused(training: Path, tmp_path: Path) -> None:
    copy = tmp_path / "release"
    shutil.copytree(ROOT / "actions", copy / "actions")
    shutil.copy(ROOT / "action.yml", copy)
    for name in ("src", "hooks", "schemas", "policies", "examples"):
        (copy / name).mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (copy / name).touch()
    wrong = f"tomli==2.5.0 \\\n    --hash=sha256:{'0' * 64}\n"
    (copy / "actions/requirements.txt").write_text(wrong, encoding="utf-8")
    temp = tmp_path / "temp"
    temp.mkdir()
    ran = run_action(copy, {}, workspace=training, temp=temp, github={})
    assert (ran.code, ran.outputs["result"]) == (2, ""), ran.log
    assert "could not be installed" in ran.commands[-1].message
    assert "hash" in ran.log.lower()
    assert not list(temp.glob("interlock-*/ready"))
