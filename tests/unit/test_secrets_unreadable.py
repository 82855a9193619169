"""What a folder holds and cannot be read is counted, and the rest of it is scanned."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from secretmaking import Maker

from interlock.cli.main import main

pytestmark = pytest.mark.skipif(os.name == "nt", reason="permissions and pipes are of POSIX")


def reads_everything(folder: Path) -> bool:
    """True for root, if nobody took that from it."""
    folder.mkdir()
    folder.chmod(0)
    return os.access(folder, os.R_OK)


@pytest.fixture(params=["checkout", "plain"])
def folder(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    top = tmp_path / "top"
    for name in ("src/deep", "igd"):
        (top / name).mkdir(parents=True)
    (top / "src" / "a.py").write_text(f'k = "{Maker(1).github_classic()}"\n', encoding="utf-8")
    (top / "src" / "deep" / "b.py").write_text("x = 1\n", encoding="utf-8")
    (top / "igd" / "c.py").write_text("x = 1\n", encoding="utf-8")
    (top / ".gitignore").write_text("ig*\n", encoding="utf-8")
    if request.param == "checkout":
        subprocess.run(("git", "init", "-q"), cwd=top, check=True)
    monkeypatch.chdir(top)
    yield top
    for name in ("src/deep", "igd"):
        (top / name).chmod(0o700)


def scan(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], dict[str, str]]:
    assert main(["secrets", "scan", "--format", "json", "."]) == 1
    answer = json.loads(capsys.readouterr().out)
    skipped = {skip["path"]: skip["reason"] for skip in answer["scanned"]["skipped"]}
    return [hit["path"] for hit in answer["hits"]], skipped


def test_a_folder_that_cannot_be_listed_is_counted(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if reads_everything(tmp_path / "closed"):
        pytest.skip("root reads every folder")
    (folder / "src" / "deep").chmod(0)
    (folder / "igd").chmod(0)
    why = "cannot be listed: Permission denied"
    ignored = {} if (folder / ".git").exists() else {"igd": why}
    assert scan(capsys) == (["src/a.py"], {"src/deep": why, **ignored})


def test_a_folder_that_is_named_and_cannot_be_listed_is_no_clean_result(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if reads_everything(tmp_path / "closed"):
        pytest.skip("root reads every folder")
    (folder / "src" / "deep").chmod(0)
    assert main(["secrets", "scan", "src/deep"]) == 2
    assert "Permission denied" in capsys.readouterr().err


def test_pipes_and_sockets_are_counted_and_never_opened(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo("pipe")
    os.mkfifo("src/deep/pipe.ipynb")
    os.mkfifo("igpipe")
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(folder / "src")  # names of sockets are short
        listening.bind("sock")
        monkeypatch.chdir(folder)
        found, skipped = scan(capsys)
    paths = ["pipe", "src/deep/pipe.ipynb", "src/sock"]
    if not (folder / ".git").exists():
        paths.append("igpipe")
    assert found == ["src/a.py"]
    assert skipped == dict.fromkeys(paths, "is not a regular file")
