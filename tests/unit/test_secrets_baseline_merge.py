"""Two branches that write down different things merge, by git's own merge."""

from __future__ import annotations

import subprocess
from pathlib import Path
from random import Random

import pytest

from interlock.secrets.baseline import NAME, Baseline, Entry, merged
from interlock.secrets.baseline_text import read_baseline, written


def git(folder: Path, *arguments: str, check: bool = True) -> int:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ("git", *identity, *arguments), cwd=folder, capture_output=True, check=False
    )
    assert not check or done.returncode == 0, done.stderr
    return done.returncode


def drawn(rng: Random, count: int) -> tuple[Entry, ...]:
    return tuple(
        Entry(rng.randbytes(32).hex(), "password", f"{rng.random()}.py", "unreviewed", "2027-01-01",
              "", "")
        for _ in range(count)
    )  # fmt: skip


def merge(folder: Path, base: str, ours: str, theirs: str) -> bool:
    """True where git's three-way merge of files needs nobody."""
    names = []
    for name, text in (("ours", ours), ("base", base), ("theirs", theirs)):
        (folder / name).write_bytes(text.encode())
        names.append(name)
    return git(folder, "merge-file", *names, check=False) == 0


def text(*parts: tuple[Entry, ...]) -> str:
    return written(Baseline(NAME, bytes(32), merged(sum(parts, ())))).decode()


@pytest.mark.parametrize(("there", "new", "least"), [(0, 1, 37), (4, 2, 36), (300, 5, 28)])
def test_most_additions_meet_no_other(tmp_path: Path, there: int, new: int, least: int) -> None:
    git(tmp_path, "init", "-q")
    rng = Random(there)
    clean = 0
    for _ in range(40):
        base, ours, theirs = drawn(rng, there), drawn(rng, new), drawn(rng, new)
        if merge(tmp_path, text(base), text(base, ours), text(base, theirs)):
            clean += 1
            assert (tmp_path / "ours").read_text(encoding="utf-8") == text(base, ours, theirs)
    assert clean >= least


def test_with_the_line_for_gitattributes_all_merge(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / ".gitattributes").write_text(f"/{NAME} merge=union\n", encoding="utf-8")
    rng = Random(7)
    file = tmp_path / NAME
    base = drawn(rng, 20)
    for turn in range(4):
        ours, theirs = drawn(rng, 60), drawn(rng, 60)
        # Beside what is new, each side judges an entry that the other one leaves alone.
        judged = base[turn]._replace(verdict="rotated", until="", owner="o", reason="r")
        for branch, mine in (("main", ours), ("side", theirs)):
            if branch == "main":
                file.write_bytes(text(base).encode())
                git(tmp_path, "add", ".")
                git(tmp_path, "commit", "-qm", "base", "--allow-empty")
                git(tmp_path, "branch", "-f", "side")
            else:
                git(tmp_path, "checkout", "-q", branch)
            own = (judged, *(e for e in base if e != base[turn])) if branch == "side" else base
            file.write_bytes(text(own, mine).encode())
            git(tmp_path, "commit", "-qam", branch)
        git(tmp_path, "checkout", "-q", "main")
        git(tmp_path, "merge", "-q", "-m", "both", "side")
        found = read_baseline(file.read_bytes(), NAME).entries
        assert {e.identity for e in found} == {e.identity for e in (*base, *ours, *theirs)}
