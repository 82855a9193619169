"""This repository holds no credential, and nothing that its own scan takes for one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from interlock.cli.secrets_run import Asked, look

ROOT = Path(__file__).resolve().parents[2]


def test_examples_are_made_when_they_are_needed() -> None:
    if subprocess.run(["git", "rev-parse"], cwd=ROOT, check=False, capture_output=True).returncode:
        pytest.skip("not a checkout: what git ignores would be looked at too")
    found = look(Asked((str(ROOT),)), str(ROOT))
    assert [(hit.path, hit.line) for hit in found.hits] == []
    assert found.scanned.files > 700
