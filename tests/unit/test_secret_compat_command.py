"""`interlock secrets scan --compat`: which files it reads, and how it tells."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
from pathlib import Path

import pytest
from secretcorpus import drawing

from interlock.cli.main import main

pytest.importorskip("detect_secrets")
RNG = random.Random(20261123)
ONE, TWO, THREE = (drawing.draw(RNG, drawing.ALNUM, 30) for _ in range(3))


def line(value: str) -> str:
    return f"password = '{value}'\n"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    (tmp_path / "old.py").write_text(line(ONE), encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", "first")
    return tmp_path


def git(*arguments: str) -> None:
    name = ("-c", "user.name=a", "-c", "user.email=a@b.invalid")
    subprocess.run(["git", *name, *arguments], check=True, capture_output=True)


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, int, str]]:
    """Path, line and hash of each Secret Keyword."""
    code = main(["secrets", "scan", "--compat", "--format", "json", *arguments])
    said = capsys.readouterr()
    assert not any(value in said.out + said.err for value in (ONE, TWO, THREE))
    told = json.loads(said.out)["found"]
    assert code == bool(told)
    return [(t["path"], t["line"], t["hash"]) for t in told if t["type"] == "Secret Keyword"]


def sha(value: str) -> str:
    return hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()


def test_paths_are_read_as_they_lie(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "sub").mkdir()
    (repository / "sub" / "new.py").write_text("\n" + line(TWO), encoding="utf-8")
    both = [("old.py", 1, sha(ONE)), ("sub/new.py", 2, sha(TWO))]
    assert found(capsys) == both
    assert found(capsys, "sub") == both[1:]
    assert found(capsys, "old.py") == both[:1]


def test_staged_files_are_read_from_the_index(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "new.py").write_text(line(TWO), encoding="utf-8")
    git("add", "new.py")
    (repository / "new.py").write_text(line(THREE), encoding="utf-8")
    assert found(capsys, "--staged") == [("new.py", 1, sha(TWO))]
    (repository / "new.py").unlink()
    assert found(capsys, "--staged") == [("new.py", 1, sha(TWO))]


def test_a_range_gives_its_changed_files_whole(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "other.py").write_text(line(TWO), encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", "second")
    (repository / "old.py").write_text(line(ONE) + "# more\n", encoding="utf-8")
    git("commit", "-qam", "third")
    assert found(capsys, "--from", "HEAD~1") == [("old.py", 1, sha(ONE))]
    assert found(capsys, "--from", "HEAD~2", "--to", "HEAD~1") == [("other.py", 1, sha(TWO))]


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_what_is_left_out_is_counted(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "old.py").write_bytes(b"\xff\xfe")
    (repository / "a.png").write_text(line(TWO), encoding="utf-8")
    (repository / "link.py").symlink_to("a.png")
    assert main(["secrets", "scan", "--compat"]) == 0
    said = capsys.readouterr().out
    assert "1 left out by a filter" in said
    assert "1 symbolic link" in said
    assert "1 is no text in" in said


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--history"], "leave --history out"),
        (["--format", "sarif"], "text or json"),
        (["--verify"], "leave --verify out"),
        (["none.py"], "there is no file or folder"),
        (["--baseline", "none"], "cannot be read"),
        (["--from", "nowhere"], "no revision"),
    ],
)
def test_what_cannot_be_asked_is_said(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["secrets", "scan", "--compat", *arguments]) == 2
    assert said in capsys.readouterr().err
