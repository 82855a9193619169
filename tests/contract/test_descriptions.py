"""Where GitHub's descriptions come from, and what happens where they cannot be had.

These tests run everywhere: none of them needs the descriptions.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from contract import descriptions

TESTS = descriptions.HERE.parent
#: Answers for npm: counts how often it was asked, takes its time, and unpacks empty files.
NPM = """#!/bin/sh
echo run >> "$COUNTED"
sleep 1
[ -n "$BROKEN" ] && { echo "npm error network" >&2; exit 1; }
for each in openapi/generated openapi-webhooks/generated graphql-schema; do
  mkdir -p "node_modules/@octokit/$each"
done
echo '{}' > node_modules/@octokit/openapi/generated/api.github.com.json
echo '{}' > node_modules/@octokit/openapi-webhooks/generated/api.github.com.json
echo 'type Query { a: Int }' > node_modules/@octokit/graphql-schema/schema.graphql
"""
ASKING = (
    "from contract import descriptions as d\n"
    "try: print(sorted(p.name for p in d.folder().iterdir()))\n"
    "except d.Unavailable as why: print(why)\n"
)
posix = pytest.mark.skipif(sys.platform == "win32", reason="stands in for npm by a shell script")


@pytest.fixture(autouse=True)
def described() -> None:
    """Skip nothing."""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An empty cache, and a PATH with git but without npm."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("git", "sh", "mkdir", "sleep"):
        found = shutil.which(name)
        if found and sys.platform != "win32":
            (programs / name).symlink_to(found)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "INTERLOCK", "COV"))
    }
    return kept | {
        "PATH": str(programs),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "LOCALAPPDATA": str(tmp_path / "cache"),
        "PYTHONPATH": str(TESTS),
        "COUNTED": str(tmp_path / "counted"),
    }


def asking(env: Mapping[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        (sys.executable, "-c", ASKING), env=env, stdout=subprocess.PIPE, text=True
    )


def npm(env: Mapping[str, str]) -> None:
    program = Path(env["PATH"]) / "npm"
    program.write_text(NPM)
    program.chmod(0o755)


@posix
def test_several_processes_fetch_once(env: dict[str, str]) -> None:
    npm(env)
    told = [each.communicate(timeout=60)[0] for each in [asking(env) for _ in range(3)]]
    assert told == ["['rest.json', 'schema.graphql', 'webhooks.json']\n"] * 3
    assert Path(env["COUNTED"]).read_text() == "run\n"


@posix
def test_a_fetch_that_fails_is_not_tried_by_every_worker(env: dict[str, str]) -> None:
    npm(env)
    env["BROKEN"] = "1"
    told = {asking(env).communicate(timeout=60)[0] for _ in range(2)}
    assert told == {"npm could not fetch the descriptions: npm error network\n"}
    assert Path(env["COUNTED"]).read_text() == "run\n"
    env[descriptions.REQUIRED] = "1"
    asking(env).communicate(timeout=60)
    assert Path(env["COUNTED"]).read_text() == "run\nrun\n"


def suite(env: Mapping[str, str], *more: str) -> subprocess.CompletedProcess[str]:
    """Run two tests of the suite that need a sandbox, one of them of the oracle."""
    chosen = (
        "sandbox/test_limits.py::test_each_answer_says_what_is_left",
        "contract/test_events.py::test_an_event_that_github_does_not_send_is_found",
    )
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *more, *chosen)
    return subprocess.run(
        command, cwd=TESTS, env=env, capture_output=True, text=True, timeout=120, check=False
    )


SAID = "sandboxes not held to GitHub's own descriptions: npm is not on PATH"


@posix
def test_without_npm_sandboxes_run_unheld_and_it_is_said(env: dict[str, str]) -> None:
    done = suite(env)
    assert done.returncode == 0, done.stdout
    assert "1 passed, 1 skipped" in done.stdout
    assert done.stdout.count(SAID) == 1


@posix
def test_without_npm_where_it_is_required_tests_fail(env: dict[str, str]) -> None:
    done = suite(env | {descriptions.REQUIRED: "1"}, "-n", "2")
    assert done.returncode == 1
    assert f"{descriptions.REQUIRED}=1, but npm is not on PATH" in done.stdout
    assert "passed" not in done.stdout.splitlines()[-1]
    # The workers' reason reaches the process that writes the summary.
    assert done.stdout.count(SAID) == 1


def test_versions_are_pinned_with_their_hashes() -> None:
    asked = json.loads((descriptions.HERE / "package.json").read_text())["dependencies"]
    locked = json.loads((descriptions.HERE / "package-lock.json").read_text())["packages"]
    for name, version in asked.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert locked[f"node_modules/{name}"]["version"] == version
    packages = {name: each for name, each in locked.items() if name}
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert not any(each.get("hasInstallScript") for each in packages.values())
