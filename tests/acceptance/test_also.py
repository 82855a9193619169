"""`interlock check --also`: one check, several reports, each as it would be alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import demo
import pytest


def check(where: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "interlock", "check", *arguments]
    done = subprocess.run(command, cwd=where, capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.fixture
def training(tmp_path: Path) -> Path:
    demo.build(tmp_path)
    config = tmp_path / "model-training/conf/experiment/ranker-v2.toml"
    config.write_bytes(config.read_bytes().replace(b"0.4", b"0.5"))
    return tmp_path / "model-training"


def test_each_report_is_what_its_format_gives_alone(training: Path, tmp_path: Path) -> None:
    names = ("text", "json", "sarif", "github", "markdown")
    alone = {}
    for name in names:
        code, alone[name] = check(training, "--format", name)
        assert code == 1
    asked = [f"--also={name}={tmp_path / name}" for name in names]
    code, shown = check(training, "--format", "github", *asked)
    assert (code, shown) == (1, alone["github"])
    for name in names:
        assert (tmp_path / name).read_text(encoding="utf-8") == alone[name], name


@pytest.mark.parametrize("wrong", ["html=x", "sarif", "sarif=", "=x"])
def test_what_is_no_format_and_file_is_refused_before_the_check(wrong: str, training: Path) -> None:
    code, said = check(training, "--also", wrong)
    assert (code, "write FORMAT=FILE" in said, "sarif, github" in said) == (2, True, True)


def test_a_file_that_cannot_be_written_is_told(training: Path) -> None:
    code, said = check(training, "--also", "json=no/such/folder/x")
    assert (code, "no/such/folder/x cannot be written" in said) == (2, True)
