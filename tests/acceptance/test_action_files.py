"""Actions and workflows by GitHub's own schemas, by zizmor, and by what their scripts read."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import lock_actions
import pytest
import yaml
from compositeaction import ACTIONS, ROOT, metadata

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"(?:\$/[\w/.-]*|[\w-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)")


def schema_says(schema: str, *files: Path) -> str:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, check=False)
    return done.stdout.decode() if done.returncode else ""


def text_of(step: dict[str, Any]) -> str:
    return "\n".join(str(value) for value in step.values())


def test_zizmor_finds_nothing() -> None:
    program = shutil.which("zizmor", path=str(Path(sys.executable).parent))
    assert program is not None, "zizmor is one of the dev dependencies"
    done = subprocess.run(
        [program, "--offline", "--no-progress", "--no-config", "."],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    said = done.stdout.decode() + done.stderr.decode()
    assert done.returncode == 0, said
    assert "No findings to report" in said
    for path in (*WORKFLOWS, *(ROOT / one / "action.yml" for one in ACTIONS)):
        assert str(path.relative_to(ROOT)) in said, f"zizmor did not look at {path}"
        assert "zizmor: ignore" not in path.read_text(encoding="utf-8")


def test_github_s_schemas_take_every_file() -> None:
    actions = [ROOT / one / "action.yml" for one in ACTIONS]
    assert sorted(actions) == sorted(
        [ROOT / "action.yml", *(ROOT / "actions").glob("*/action.yml")]
    )
    assert schema_says("vendor.github-actions", *actions) == ""
    assert schema_says("vendor.github-workflows", *WORKFLOWS) == ""
    called = [path for path in WORKFLOWS if path.name != "ci.yml"]
    assert schema_says("custom.github-workflows-require-timeout", *called) == ""


@pytest.mark.parametrize("folder", ACTIONS, ids=lambda one: one or "check")
def test_every_input_is_described_and_reaches_its_script(folder: str) -> None:
    action = metadata(ROOT / folder)
    (step,) = action["runs"]["steps"]
    script = re.fullmatch(r'bash "\$GITHUB_ACTION_PATH/([\w/.-]+)"', step["run"])
    assert script is not None, "one script, and no expression in `run`"
    text = (ROOT / folder / script[1]).read_text(encoding="utf-8")
    for name in ("inputs", "install", "checking"):
        if f"/{name}.sh" in text:
            text += (ROOT / "actions" / f"{name}.sh").read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    used = {}
    for name, value in step["env"].items():
        found = re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value)
        if found is None:
            assert "inputs." not in value, value
        else:
            used[found[1]] = name
    assert set(used) == set(action["inputs"]), "every input goes through env, once"
    for name, variable in used.items():
        one = action["inputs"][name]
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert len(one["description"]) > 15
        assert isinstance(one.get("default", ""), str)
        assert one.get("required", False) or "default" in one
        # What is not IN_… is a credential, which Interlock reads by itself.
        assert variable in text or variable.startswith(("INTERLOCK_", "GITHUB_TOKEN")), variable
    for name in re.findall(r"\bIN_[A-Z_]+", text):
        assert name in step["env"], f"{name} is read and never set"
    for name, one in action["outputs"].items():
        assert one["description"]
        assert one["value"] == f"${{{{ steps.{step['id']}.outputs.{name} }}}}"
        assert f"output {name} " in text


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_start_without_permissions_and_pin_what_they_use(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]
        assert "write-all" not in str(job["permissions"])
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            assert "${{" not in str(step.get("run", "")), "values go through env"
            if "actions/checkout@" in str(step.get("uses", "")):
                assert step["with"]["persist-credentials"] is False
    for line in text.splitlines():
        if re.match(r"\s*(?:- )?uses:", line):
            assert PINNED.fullmatch(line.partition("uses:")[2].strip()), line


def test_what_may_write_checks_nothing_out() -> None:
    for path in WORKFLOWS:
        for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
            if "write" in job["permissions"].values() or "environment" in job:
                assert all("checkout" not in text_of(step) for step in job["steps"]), path
    for folder in ACTIONS[1:]:
        for script in (ROOT / folder).glob("*.sh"):
            assert "git " not in script.read_text(encoding="utf-8").replace("# ", "#"), script


def test_reusable_workflows_hand_every_input_on() -> None:
    for name, action in (
        ("check", ""),
        ("linked-prs", "actions/linked-prs"),
        ("set-sweep", "actions/set-sweep"),
    ):
        path = ROOT / ".github/workflows" / f"{name}.yml"
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
        call = workflow[True]["workflow_call"]  # YAML 1.1 reads `on` as true
        (job,) = workflow["jobs"].values()
        step = job["steps"][-1]
        assert step["uses"] == f"$/{action}"
        assert set(step["with"]) <= set(metadata(ROOT / action)["inputs"])
        for one in (*call["inputs"], *call["secrets"]):
            expression = f"secrets.{one}" if one in call["secrets"] else f"inputs.{one} "
            assert expression in str(job), f"{name}: {one} is not used"
        for one in (*call["inputs"].values(), *call["secrets"].values(), *call["outputs"].values()):
            assert one["description"]
        assert job["concurrency"]["group"].startswith(f"interlock-{name}-")


def test_what_is_installed_is_pinned_within_our_ranges() -> None:
    text = lock_actions.LOCK.read_text(encoding="utf-8")
    assert lock_actions.problems(text, lock_actions.wanted()) == []
    names = {one.partition("==")[0] for one, _ in lock_actions.entries(text)}
    assert {"pygithub", "google-re2", "setuptools"} <= names


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (r"pyyaml==\S+", "pyyaml==5.4", "PyYAML==5.4 is outside of <7,>=6.0.2"),
        (r"setuptools==\S+", "setuptools==61.0", "outside of >=77"),
        (r"(?s)tomli==.*?\n(?=\w)", "", "tomli is not pinned"),
        (r"(?s)tomli==.*?\n(?=\w)", "tomli==2.5.0\n", "tomli==2.5.0 has no hash"),
        (r"\Z", "--index-url https://example.org\n", "is not name==version"),
        (r"\Z", "evil @ https://example.org/evil.whl\n", "is not name==version"),
    ],
)
def test_a_lock_file_that_disagrees_is_told(old: str, new: str, told: str) -> None:
    text = re.sub(old, lambda _: new, lock_actions.LOCK.read_text(encoding="utf-8"), count=1)
    assert any(told in line for line in lock_actions.problems(text, lock_actions.wanted()))
