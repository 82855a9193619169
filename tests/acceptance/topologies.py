"""Runs the example policies over copies of real or invented input."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
#: Example -> (alias in its policy, folder of the real input).
EXAMPLES = {
    "metric-hub": ("hub", "metric-hub"),
    "brave-variations": ("variations", "brave-variations"),
    "katib": ("katib", "katib"),
    "go-feature-flag": ("flags", "go-feature-flag"),
    "govuk-cdn-config": ("cdn", "govuk-cdn-config"),
    "flagd": ("flags", "flagd-schemas"),
}


def real(example: str, tmp_path: Path) -> Path:
    """A copy of the real input, or a skip that says why; CI may not skip."""
    source = DATA / EXAMPLES[example][1]
    if not source.is_dir():
        if os.environ.get("INTERLOCK_REQUIRE_DATA"):
            pytest.fail(f"{source} is required here and is not there")
        pytest.skip(f"the real input {EXAMPLES[example][1]} is not on this machine")
    target = tmp_path / "real"
    shutil.copytree(source, target)
    return target


def invented(example: str, tmp_path: Path) -> Path:
    """A copy of the invented fixture of the same shape."""
    target = tmp_path / "invented"
    shutil.copytree(Path(__file__).parent / "fixtures" / example, target)
    return target


def check(example: str, folder: Path) -> tuple[int, list[dict[str, Any]]]:
    """The exit code and the findings of the example's policy over ``folder``."""
    alias, _ = EXAMPLES[example]
    policy = ROOT / "examples" / example / "interlock.yaml"
    command = [sys.executable, "-m", "interlock", "check", "--policy", str(policy)]
    command += ["--repo", f"{alias}={folder}", "--format", "json"]
    env = {k: v for k, v in os.environ.items() if k != "CI"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return done.returncode, findings


def change(folder: Path, path: str, old: str, new: str) -> int:
    """Replace the first ``old`` in a file by ``new``; the line (from 1) where it stood."""
    file = folder / path
    text = file.read_bytes().decode()
    at = text.index(old)
    file.write_bytes((text[:at] + new + text[at + len(old) :]).encode())
    return text.count("\n", 0, at) + 1


def seen(findings: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    """(rule, path, line) of each finding's first place."""
    return [(f["rule"], f["places"][0]["path"], f["places"][0]["line"]) for f in findings]
