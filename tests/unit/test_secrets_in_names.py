"""A credential in a file's name is found, and shown nowhere."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from secretmaking import Maker

from interlock.cli.main import main

TOKEN = Maker(1).github_classic()
OTHER = Maker(2).github_classic()


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    subprocess.run(("git", "init", "-q"), cwd=tmp_path, check=True)
    (tmp_path / f"get-{TOKEN}.py").write_text(f'x = 1\nk = "{OTHER}"\n', encoding="utf-8")
    (tmp_path / f"{TOKEN}.bin").write_bytes(b"\0\1\2")
    (tmp_path / ("password" + "=correct-horse7.txt")).write_text("x\n", encoding="utf-8")
    subprocess.run(("git", "add", "."), cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("repo")
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
@pytest.mark.parametrize("words", [("--staged",), (".",)])
def test_no_format_shows_it(
    capsys: pytest.CaptureFixture[str], form: str, words: tuple[str, ...]
) -> None:
    assert main(["secrets", "scan", "--format", form, *words]) == 1
    told = capsys.readouterr()
    assert TOKEN[:12] not in told.out + told.err
    assert TOKEN[-12:] not in told.out + told.err


@pytest.mark.usefixtures("repo")
def test_it_is_a_hit_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["secrets", "scan", "--format", "json", "."]) == 1
    answer = json.loads(capsys.readouterr().out)
    hits = [(hit["path"], hit["line"], hit["type"]) for hit in answer["hits"]]
    kind = "github-token"
    assert hits == [("●●●.bin", 1, kind), ("●●●.py", 1, kind), ("●●●.py", 2, kind)]
    assert answer["scanned"]["skipped"] == [{"path": "●●●.bin", "reason": "binary"}]
    marks = {hit["fingerprint"] for hit in answer["hits"]}
    assert len(marks) == 2


@pytest.mark.usefixtures("repo")
def test_the_check_of_a_policy_does_not_show_it_either(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "secret/*"]) == 1
    told = capsys.readouterr()
    assert "the name of ●●●.bin holds" in told.out.replace("\\u25cf", "●")
    assert TOKEN[-12:] not in told.out + told.err
