"""Runs the folders in tests/cases: a policy, a good and a bad tree, what is printed, the mend."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CASES = Path(__file__).resolve().parent / "cases"


def run(folder: Path, *arguments: str, policy: Path | None = None) -> tuple[int, str]:
    """Run ``interlock check`` over the repositories below ``folder``; (exit code, output)."""
    policy = policy or folder.parent / "interlock.yaml"
    command = [sys.executable, "-m", "interlock", "check", "--policy", policy.name]
    for alias in ("a", "b"):
        (folder / alias).mkdir(parents=True, exist_ok=True)
        command += ["--repo", f"{alias}={folder / alias}"]
    env = {k: v for k, v in os.environ.items() if k not in ("CI", "GITHUB_EVENT_NAME")}
    done = subprocess.run(
        [*command, *arguments], cwd=policy.parent, env=env, capture_output=True, check=False
    )
    output = done.stdout.decode() + done.stderr.decode()
    return done.returncode, output.replace(str(folder), "FOLDER")
