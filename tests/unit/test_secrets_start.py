"""What a scan of staged lines imports: it runs at every commit, and start-up is most of it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from gitrepos import Repository, clean_environment
from secretmaking import Maker

#: Modules that cost milliseconds each, by who might come to import them.
HEAVY = (
    "argparse",
    "dataclasses",
    "detect_secrets",
    "importlib.metadata",
    "inspect",
    "json",
    "logging",
    "pathlib",
    "requests",
    "shutil",
    "subprocess",
    "tempfile",
    "threading",
    "typing",
    "urllib.parse",
    "yaml",
)
#: What only a finding may need besides.
FOR_FINDINGS = (
    "hashlib",
    "hmac",
    "interlock.secrets.baseline_text",
    "interlock.secrets.context",
    "interlock.secrets.notebooks",
    "interlock.trees.checkouts",
    "re",
)
LOOK = "from interlock.cli.secrets_run import Asked, look; look(Asked(staged=True, key=b'k'))"
HOOK = "from interlock.hooks.no_credentials import main; assert main([]) == 0"


def imported(repo: Repository, program: str) -> set[str]:
    told = f"import sys; before = set(sys.modules); {program}; print(*set(sys.modules) - before)"
    done = subprocess.run(
        (sys.executable, "-c", told),
        cwd=repo.folder,
        env=clean_environment(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return set(done.stdout.decode().split())


@pytest.fixture
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repo = Repository(tmp_path_factory.mktemp("start") / "repo")
    repo.commit({"a.py": "x = 1\n"})
    return repo


@pytest.mark.parametrize("program", [LOOK, HOOK], ids=["look", "hook"])
@pytest.mark.parametrize("words", ["x = 2\n", "y = 'https://example.org/a'\n"])
def test_without_a_candidate(repo: Repository, program: str, words: str) -> None:
    repo.write({"a.py": "x = 1\n" + words, "b.md": "words\n"})
    repo.git("add", "-A")
    found = imported(repo, program)
    assert "interlock.secrets.changes" in found
    assert found.isdisjoint({*HEAVY, *FOR_FINDINGS})


def test_with_a_candidate_that_is_none(repo: Repository) -> None:
    repo.write({"a.py": "token = get_token(1)\n"})
    repo.git("add", "-A")
    found = imported(repo, HOOK)
    assert "interlock.secrets.context" in found
    assert found.isdisjoint({*HEAVY, *FOR_FINDINGS} - {"interlock.secrets.context"})


def test_with_a_finding(repo: Repository) -> None:
    repo.write({"a.py": f"f('{Maker(1).github_classic()}')\n"})
    repo.git("add", "-A")
    found = imported(repo, LOOK + "; assert look(Asked(staged=True, key=b'k')).hits")
    assert "hmac" in found
    assert found.isdisjoint(HEAVY)


def test_one_process_of_git(repo: Repository) -> None:
    """Each costs as much as importing the rules."""
    repo.write({"a.py": "x = 2\n", "b.py": f"f('{Maker(1).github_classic()}')\n"})
    repo.write({"new.ipynb": '{"cells": [{"cell_type": "code", "source": "x"}]}'})
    repo.git("add", "-A")
    count = (
        "import os; real = os.posix_spawnp; ran = []\n"
        "os.posix_spawnp = lambda *words, **more: ran.append(words) or real(*words, **more)\n"
        f"{LOOK}\nassert len(ran) == 1, ran\n"
        "import sys; before = set(sys.modules)"
    )
    if sys.platform != "win32":
        imported(repo, f"exec({count!r})")
