"""What docs/actions.md and docs/threat-model.md show is what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from actionexamples import COMMIT, PAGE, examples, written
from compositeaction import ACTIONS, ROOT, metadata

US = "interlock/interlock"
WORKFLOWS = {
    path.name: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in (ROOT / ".github/workflows").glob("*.yml")
}


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in (*job.get("steps", ()), job)]


def test_there_are_examples_for_every_action_and_reusable_workflow() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.count("```yaml") == len(examples()) == 8
    text = "\n".join(examples().values())
    for folder in ACTIONS:
        assert f"uses: {'/'.join(filter(None, (US, folder)))}@{COMMIT} # v" in text, folder
    for name in ("check", "linked-prs"):
        assert f"uses: {US}/.github/workflows/{name}.yml@{COMMIT} # v" in text


def test_the_examples_are_valid_and_safe(tmp_path: Path) -> None:
    files = written(tmp_path)
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    done = subprocess.run(
        [*command, "vendor.github-workflows", *map(str, files.values())],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode()
    zizmor = shutil.which("zizmor", path=str(Path(sys.executable).parent))
    assert zizmor is not None
    done = subprocess.run(
        [zizmor, "--offline", "--no-progress", "--no-config", str(tmp_path)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert b"No findings to report" in done.stdout


@pytest.mark.parametrize("name", examples())
def test_examples_use_what_there_is(name: str) -> None:
    workflow = yaml.safe_load(examples()[name])
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        if "uses" not in job:
            assert job["timeout-minutes"]
            assert job["concurrency"]["group"].startswith("interlock-")
            continue
        called = WORKFLOWS[job["uses"].partition("@")[0].rpartition("/")[2]]
        call = called[True]["workflow_call"]
        assert set(job.get("with", {})) <= set(call["inputs"])
        assert set(job.get("secrets", {})) <= set(call["secrets"])
        (inner,) = called["jobs"].values()
        # GitHub does not start a workflow that asks for more than its caller has.
        assert job["permissions"] == inner["permissions"]
    for step in steps(workflow):
        repo, _, reference = step.get("uses", "").partition("@")
        if repo == US or repo.startswith(f"{US}/actions/"):
            inputs = metadata(ROOT / repo.removeprefix(US).strip("/"))["inputs"]
            assert set(step.get("with", {})) <= set(inputs)
            assert {one for one, all_ in inputs.items() if all_.get("required")} <= set(
                step.get("with", {})
            )
        elif repo.startswith("actions/") and repo != "actions/create-github-app-token":
            ours = "".join(path.read_text() for path in (ROOT / ".github/workflows").glob("*.yml"))
            assert f"{repo}@{reference} # v" in ours, "the version that we use ourselves"


def test_what_holds_the_key_runs_where_only_the_default_branch_may() -> None:
    holders = 0
    for text in examples().values():
        for job in yaml.safe_load(text)["jobs"].values():
            if "APP_KEY" in str(job):
                holders += 1
                assert job["environment"] == "interlock-bot"
                assert job["permissions"] == {}
                assert "actions/checkout" not in str(job)
            if "STARTER" in str(job):
                assert "environment" not in job
                assert "permission-actions: write" in text
                assert text.count("permission-") == 1
    assert holders == 3


def test_every_input_of_the_check_is_in_its_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    table = page[page.index("| input | default") : page.index("Outputs: ")]
    named = re.findall(
        r"`([a-z-]+)`", "".join(line.split("|")[1] for line in table.splitlines()[2:] if line)
    )
    assert sorted(named) == sorted(metadata(ROOT)["inputs"])


def test_the_drawing_of_the_threat_model_names_no_node_that_is_not_there() -> None:
    text = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
    drawing = text[text.index("```mermaid") : text.index("```\n\nWhoever")]
    nodes = set(re.findall(r"^\s*(\w+)[\[(]", drawing, re.MULTILINE))
    arrows = re.findall(r"^\s*(\w+) -->(?:\|[^|]+\|)? (\w+)$", drawing, re.MULTILINE)
    assert len(arrows) == drawing.count("-->")
    assert {one for arrow in arrows for one in arrow} <= nodes


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in (PAGE, ROOT / "docs/threat-model.md"):
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)(?:#[\w-]+)?\)", text):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
        titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        anchors = {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in titles}
        assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= anchors
