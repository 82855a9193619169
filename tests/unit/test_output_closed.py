"""Output that cannot be written, or that nobody reads, ends in plain words or in none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from secretmaking import Maker

RUN = (sys.executable, "-c", "from interlock.cli.main import run; run()")
HOOK = "from interlock.hooks.no_credentials import main; raise SystemExit(main(['a.py']))"
posix = pytest.mark.skipif(os.name == "nt", reason="shells of Windows close no streams")
full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux alone has /dev/full")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    subprocess.run(("git", "init", "-q"), cwd=tmp_path, check=True)
    (tmp_path / "a.py").write_text(f'k = "{Maker(1).github_classic()}"\n', encoding="utf-8")
    subprocess.run(("git", "add", "."), cwd=tmp_path, check=True)
    return tmp_path


def shell(folder: Path, redirect: str, *command: str) -> tuple[int, str]:
    """The exit code and what stands on stderr."""
    done = subprocess.run(
        ("sh", "-c", f'"$@" {redirect}', "sh", *command),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@posix
@pytest.mark.parametrize(
    ("words", "code"),
    [(("secrets", "scan", "."), 1), (("--help",), 0)],
)
def test_closed_output_ends_quietly(folder: Path, words: tuple[str, ...], code: int) -> None:
    assert shell(folder, ">&-", *RUN, *words) == (code, "")


@posix
def test_all_streams_closed(folder: Path) -> None:
    assert shell(folder, "<&- >&- 2>&-", *RUN, "secrets", "scan", ".") == (1, "")


@full
@pytest.mark.parametrize("words", [("secrets", "scan", "."), ("explain", "secret/password")])
def test_a_full_disk_is_said_in_a_line(folder: Path, words: tuple[str, ...]) -> None:
    said = "interlock: cannot write the report: No space left on device\n"
    assert shell(folder, ">/dev/full", *RUN, *words) == (2, said)


@full
def test_a_hook_says_it_as_well(folder: Path) -> None:
    code, said = shell(folder, ">/dev/full", sys.executable, "-c", HOOK)
    assert (code, said) == (2, "interlock: cannot write the report: No space left on device\n")


@posix
def test_a_reader_that_goes_away_ends_it_quietly(folder: Path) -> None:
    for number in range(60):
        value = Maker(number).github_classic()
        (folder / f"b{number}.py").write_text(f'k = "{value}"\n', encoding="utf-8")
    running = subprocess.Popen(
        (*RUN, "secrets", "scan", "."),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    said = running.stderr.read()
    running.stderr.close()
    assert (running.wait(), said) == (141, b"")
