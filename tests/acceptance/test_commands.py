"""The smaller commands, run as a person runs them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import demo
import pytest

from interlock.experiments.relations.table import TABLE
from interlock.rules.table import PAGES


def interlock(where: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "interlock", *arguments]
    done = subprocess.run(command, cwd=where, capture_output=True, check=False)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def test_init_writes_a_valid_start_and_never_overwrites(tmp_path: Path) -> None:
    demo.git(tmp_path, "init", "-q")
    demo.git(tmp_path, "remote", "add", "origin", "git@github.com:acme/plans.git")
    mine = tmp_path / ".pre-commit-config.yaml"
    mine.write_text("repos: []\n")
    code, output = interlock(tmp_path, "init", "--as", "plans")
    assert code == 0
    assert mine.read_text() == "repos: []\n"
    assert "- id: interlock" in output
    assert (tmp_path / ".github/workflows/interlock.yml").is_file()
    assert interlock(tmp_path, "policy", "validate")[0] == 0
    before = (tmp_path / "interlock.yaml").read_bytes()
    interlock(tmp_path, "init", "--as", "other")
    assert (tmp_path / "interlock.yaml").read_bytes() == before
    (tmp_path / "experiments").mkdir()
    bad = "status: live\nvariants: {a: {weight: 40}, b: {weight: 50}}\n"
    (tmp_path / "experiments/ranker-v2.yaml").write_text(bad)
    code, output = interlock(tmp_path, "check")
    assert (code, "add up to 90, not 100" in output) == (1, True)


def test_what_init_writes_for_github_and_pre_commit_is_valid(tmp_path: Path) -> None:
    demo.git(tmp_path, "init", "-q")
    demo.git(tmp_path, "remote", "add", "origin", "git@github.com:acme/Plans.of.mine.git")
    code, output = interlock(tmp_path, "init")
    assert (code, output.count("wrote ")) == (0, 3)
    assert "  plans-of-mine: acme/Plans.of.mine" in (tmp_path / "interlock.yaml").read_text()
    workflow = tmp_path / ".github/workflows/interlock.yml"
    assert not re.search(r"uses: [^@]+@(?![0-9a-f]{40} # v)", workflow.read_text())
    for schema, file in (
        ("vendor.github-workflows", workflow),
        ("custom.github-workflows-require-timeout", workflow),
    ):
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout.decode()
    command = [sys.executable, "-m", "pre_commit", "validate-config"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
    assert interlock(tmp_path, "check")[0] == 0


def test_init_in_a_member_repository_leaves_its_policy_alone(tmp_path: Path) -> None:
    demo.build(tmp_path)
    where = tmp_path / "model-serving"
    code, output = interlock(where, "init")
    assert (code, "left out interlock.yaml" in output) == (0, True)
    assert not (where / "interlock.yaml").exists()
    new = tmp_path / "new"
    new.mkdir()
    demo.git(new, "init", "-q")
    demo.git(new, "remote", "add", "origin", "https://github.com/acme/model-serving.git")
    policy = "acme/feature-pipelines//interlock.yaml@main"
    assert interlock(new, "init", "--member", policy, "--as", "serving")[0] == 0
    assert interlock(new, "policy", "validate")[0] == 0


def test_init_outside_of_a_repository_says_so(tmp_path: Path) -> None:
    code, output = interlock(tmp_path, "init")
    assert (code, "git init" in output) == (2, True)


def test_show_puts_one_experiment_side_by_side(tmp_path: Path) -> None:
    demo.build(tmp_path)
    code, output = interlock(tmp_path / "model-serving", "show", "ranker-v2")
    assert code == 0
    assert "training:conf/experiment/ranker-v2.toml:" in output
    assert "treatment: {learning_rate: 0.4, depth: 6}" in output
    code, output = interlock(tmp_path / "model-serving", "show", "ranker-v3")
    assert (code, "did you mean `ranker-v2`" in output) == (2, True)


def test_graph_names_every_repository_source_and_rule(tmp_path: Path) -> None:
    demo.build(tmp_path)
    code, output = interlock(tmp_path / "model-serving", "graph")
    assert code == 0
    assert output.startswith("flowchart LR\n")
    for word in ("acme/model-training", "registry", "same-params: equal", "code-known: exists-in"):
        assert word in output


def test_the_graph_as_svg_names_them_too(tmp_path: Path) -> None:
    demo.build(tmp_path)
    out = tmp_path / "graph.svg"
    where = tmp_path / "model-serving"
    code, output = interlock(where, "graph", "--format", "svg", "--output", str(out))
    assert code == 0, output
    texts = {node.text for node in ET.parse(out).iter() if node.tag.endswith("}text")}  # noqa: S314  our own
    assert {"training: acme/model-training", "registry", "same-params: equal"} <= texts


@pytest.mark.parametrize("name", [*TABLE, *(rule.id for rule in PAGES), "same-params"])
def test_explain_says_what_and_why(name: str, tmp_path: Path) -> None:
    demo.build(tmp_path)
    code, output = interlock(tmp_path / "model-serving", "explain", name)
    assert code == 0
    assert "What it checks" in output
    assert "Why" in output


def test_rules_lists_the_policys_own_with_their_severities(tmp_path: Path) -> None:
    demo.build(tmp_path)
    code, output = interlock(tmp_path / "model-serving", "rules")
    assert code == 0
    line = next(text for text in output.splitlines() if text.startswith("experiment/code-known"))
    assert line.split()[1] == "warning"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("same-parms", "`same-params`"), ("experiment/same-parms", "`experiment/same-params`")],
)
def test_a_rule_that_is_not_there_is_no_clean_answer(
    asked: str, meant: str, tmp_path: Path
) -> None:
    demo.build(tmp_path)
    code, output = interlock(tmp_path / "model-serving", "check", asked)
    assert (code, f"did you mean {meant}?" in output) == (2, True)
    code, output = interlock(tmp_path / "model-serving", "check", "secrets/*")
    assert (code, "has no rule `secrets/*`" in output) == (2, True)
    assert interlock(tmp_path / "model-serving", "check", "same*", "model-exists")[0] == 0
