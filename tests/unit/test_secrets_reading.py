"""What a scan reads: the index and not the work tree, added lines only, and never silently less."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from secretmaking import Maker

from interlock.cli.main import main


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    subprocess.run(("git", *identity, *arguments), cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(tmp_path, "init", "-q")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def scan(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    code = main(["secrets", "scan", "--format", "json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def places(answer: dict[str, object]) -> list[tuple[str, int]]:
    hits = answer["hits"]
    assert isinstance(hits, list)
    return [(hit["path"], hit["line"]) for hit in hits]


def test_the_index_is_read_and_not_the_work_tree(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = Maker(1).github_classic(), Maker(2).github_classic()
    (repo / "a.py").write_text(f'x = 1\nk = "{one}"\n', encoding="utf-8")
    git(repo, "add", "a.py")
    (repo / "a.py").write_text("x = 1\n", encoding="utf-8")
    (repo / "b.py").write_text(f'k = "{other}"\n', encoding="utf-8")
    code, answer = scan(capsys, "--staged")
    assert (code, places(answer)) == (1, [("a.py", 2)])


def test_only_added_lines_count(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = Maker(1).github_classic(), Maker(2).github_classic()
    (repo / "a.py").write_text(f'k = "{one}"\ny = 2\n', encoding="utf-8")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "one")
    git(repo, "mv", "a.py", "c.py")
    git(repo, "commit", "-qm", "two")
    (repo / "c.py").write_text(f'k = "{one}"\ny = 2\nz = "{other}"\n', encoding="utf-8")
    git(repo, "add", ".")
    assert places(scan(capsys, "--staged")[1]) == [("c.py", 3)]
    git(repo, "commit", "-qm", "three")
    assert places(scan(capsys, "--from", "HEAD~1")[1]) == [("c.py", 3)]
    assert scan(capsys, "--from", "HEAD~2", "--to", "HEAD~1")[0] == 0
    assert places(scan(capsys, "--history")[1]) == [("a.py", 1), ("c.py", 3)]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["a\nb.py", 'a"b.py', "a\\b.py", "ä b.py", " and b/x.py"])
def test_strange_names(repo: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    path = repo / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(Maker(1).github_classic() + "\n", encoding="utf-8")
    git(repo, "add", ".")
    assert places(scan(capsys, "--staged")[1]) == [(name, 1)]


def test_attributes_hide_nothing(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / ".gitattributes").write_text("*.py binary\n", encoding="utf-8")
    (repo / "a.py").write_text(Maker(1).github_classic() + "\n", encoding="utf-8")
    git(repo, "add", ".")
    assert places(scan(capsys, "--staged")[1]) == [("a.py", 1)]


def test_utf16_is_read_and_binary_is_counted(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repo / "a.txt").write_text(Maker(1).github_classic() + "\n", encoding="utf-16")
    (repo / "b.bin").write_bytes(bytes(range(256)) * 20)
    os.symlink("a.txt", repo / "link")
    git(repo, "add", ".")
    code, answer = scan(capsys, "--staged")
    assert (code, places(answer)) == (1, [("a.txt", 1)])
    scanned = answer["scanned"]
    assert isinstance(scanned, dict)
    assert {s["path"]: s["reason"] for s in scanned["skipped"]} == {
        "b.bin": "binary",
        "link": "symbolic link",
    }


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_no_format_shows_a_value(repo: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    value = Maker(1).github_classic()
    (repo / "a.py").write_text(f'k = "{value}"\n', encoding="utf-8")
    assert main(["secrets", "scan", "--format", form, "."]) == 1
    told = capsys.readouterr()
    assert value[4:12] not in told.out + told.err
    assert "a.py" in told.out


def test_a_revision_that_is_not_there(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del repo
    assert main(["secrets", "scan", "--from", "nope"]) == 2
    assert "nope" in capsys.readouterr().err


def test_a_long_line_is_read_in_windows(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "x;" * 400_000 + Maker(1).github_classic() + ";y" * 100_000
    (repo / "a.js").write_text(text + "\n", encoding="utf-8")
    assert places(scan(capsys, "a.js")[1]) == [("a.js", 1)]
