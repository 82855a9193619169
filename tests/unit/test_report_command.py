"""The formats through the real command: rules described, own files found, any terminal served."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from casefiles import CASES
from workflowlog import obeyed

from interlock.report.table import FORMATS

POLICY = """version: 1
repos: {a: acme/a}
sources:
  plan: {repo: a, files: "plan/{key}.yaml", fields: {weights: "$.weights.*"}}
consistency:
  - {id: weights-add-up, each: plan.weights, sum: 100}
"""


def command(folder: Path, *arguments: str, **environment: str) -> tuple[int, bytes]:
    env = {
        name: value
        for name, value in os.environ.items()
        if name
        not in ("CI", "GITHUB_EVENT_NAME", "GITHUB_SERVER_URL", "PYTHONIOENCODING", "PYTHONUTF8")
    }
    done = subprocess.run(
        [sys.executable, "-m", "interlock", "check", *arguments],
        cwd=folder,
        env={**env, **environment},
        capture_output=True,
        check=False,
    )
    assert done.stderr == b""
    return done.returncode, done.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A git checkout that holds a policy and an experiment whose weights are 漢: 90."""
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "zoo.yaml").write_text("weights: {漢: 90}\n", encoding="utf-8")
    (tmp_path / "interlock.yaml").write_text(POLICY, encoding="utf-8")
    for arguments in (["init", "-q"], ["remote", "add", "origin", "https://github.com/acme/a"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_every_format_can_be_printed_anywhere(name: str, encoding: str, checkout: Path) -> None:
    code, output = command(checkout, "--format", name, PYTHONIOENCODING=encoding)
    assert code == 1
    assert output.decode(encoding).endswith("\n")


def test_sarif_of_a_checkout(checkout: Path) -> None:
    run = json.loads(command(checkout, "--format", "sarif")[1])["runs"][0]
    (result,) = run["results"]
    (place,) = result["locations"]
    assert place["physicalLocation"]["artifactLocation"] == {
        "uri": "plan/zoo.yaml",
        "uriBaseId": "%SRCROOT%",
    }
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["id"] == "experiment/weights-add-up"
    assert rule["fullDescription"]["text"] != rule["id"]
    assert "Why: " in rule["help"]["text"]


def test_annotations_of_a_checkout(checkout: Path) -> None:
    (found,) = obeyed(command(checkout, "--format", "github")[1].decode())
    assert (found.name, found.properties["file"]) == ("error", "plan/zoo.yaml")


def test_json_of_a_checkout_names_its_policy(checkout: Path) -> None:
    data = json.loads(command(checkout, "--format", "json")[1])
    assert (data["own"], data["own_name"], data["policy"]) == ("a", "acme/a", "interlock.yaml")


def test_what_was_read_at_a_commit_is_linked_on_github(checkout: Path) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=no"]
    subprocess.run([*git, "add", "."], cwd=checkout, check=True)
    subprocess.run([*git, "commit", "-qm", "all"], cwd=checkout, check=True)
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=checkout, capture_output=True, text=True, check=True
    )
    server = {"GITHUB_SERVER_URL": "https://ghe.acme.example"}
    output = command(checkout, "--rev", "HEAD", "--format", "json", **server)[1]
    root = f"https://ghe.acme.example/acme/a/blob/{done.stdout.strip()}/"
    assert json.loads(output)["links"] == {"acme/a": root}
    text = command(checkout, "--rev", "HEAD", "--format", "markdown", **server)[1].decode()
    assert f"({root}plan/zoo.yaml#L1)" in text
    assert json.loads(command(checkout, "--format", "json")[1])["links"] == {}


def test_a_built_in_rule_is_described_by_its_own_page(tmp_path: Path) -> None:
    case = CASES / "experiment-empty-source"
    shutil.copytree(case / "bad", tmp_path / "bad")
    shutil.copy(case / "interlock.yaml", tmp_path)
    repos = []
    for alias in ("a", "b"):
        (tmp_path / "bad" / alias).mkdir(exist_ok=True)
        repos += ["--repo", f"{alias}={tmp_path / 'bad' / alias}"]
    output = command(tmp_path, "--policy", "interlock.yaml", *repos, "--format", "sarif")[1]
    rules = json.loads(output)["runs"][0]["tool"]["driver"]["rules"]
    described = next(rule for rule in rules if rule["id"] == "experiment/empty-source")
    assert described["shortDescription"]["text"] != described["id"]
