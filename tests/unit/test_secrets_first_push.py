"""Ranges that begin before the first commit, and repositories that git does not open."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from secretmaking import Maker

from interlock.cli.main import main

ZEROS = "0" * 40
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    subprocess.run(("git", *identity, *arguments), cwd=folder, check=True, capture_output=True)


@pytest.fixture(params=["sha1", "sha256"])
def repo(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(tmp_path, "init", "-q", f"--object-format={request.param}")
    for number in (1, 2):
        value = Maker(number).github_classic()
        (tmp_path / f"{number}.py").write_text(f'k = "{value}"\n', encoding="utf-8")
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-qm", str(number))
    (tmp_path / "3.py").write_text(f'k = "{Maker(3).github_classic()}"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(["secrets", "scan", "--format", "json", *words]) == 1
    return [hit["path"] for hit in json.loads(capsys.readouterr().out)["hits"]]


@pytest.mark.usefixtures("repo")
@pytest.mark.parametrize("base", [ZEROS, "0" * 64, EMPTY_TREE])
def test_what_was_before_a_new_branch_means_everything(
    capsys: pytest.CaptureFixture[str], base: str
) -> None:
    assert found(capsys, "--from", base) == ["1.py", "2.py"]
    assert found(capsys, "--from", base, "--to", "HEAD~1") == ["1.py"]


@pytest.mark.usefixtures("repo")
@pytest.mark.parametrize("base", ["0", "0" * 39, "0" * 41])
def test_other_zeros_are_no_revision(capsys: pytest.CaptureFixture[str], base: str) -> None:
    assert main(["secrets", "scan", "--from", base]) == 2
    assert f"no revision '{base}'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [("--staged",), ("--from", "HEAD"), ("--from", ZEROS), ("--history",), (".",)]
)
def test_a_repository_of_another_owner_is_told_with_git_s_advice(
    repo: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(repo / "none"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    assert main(["secrets", "scan", *words]) == 2
    said = capsys.readouterr().err
    assert "dubious ownership" in said
    assert "git config --global --add safe.directory" in said
