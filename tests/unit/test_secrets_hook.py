"""What the hooks do about credentials: staged lines, pushed commits, named files, the policy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from gitrepos import Repository
from interlock.hooks import interlock_hook, no_credentials
from secretmaking import Maker

from interlock.cli import kept

OLD, NEW = Maker(5).github_classic(), Maker(6).github_classic()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with a credential that was committed long ago; we stand in it."""
    for name in ("FROM_REF", "TO_REF", "REMOTE_NAME", "LOCAL_BRANCH"):
        monkeypatch.delenv(f"PRE_COMMIT_{name}", raising=False)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    made = Repository(tmp_path / "app")
    made.commit({"old.py": f"token = '{OLD}'\n", "sub/a.py": "import os\n"})
    monkeypatch.chdir(made.folder)
    return made


def told(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr()
    text = said.out + said.err
    assert OLD not in text
    assert NEW not in text
    return text


def test_only_what_is_staged_counts(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert no_credentials.main([]) == 0
    repository.write({"sub/a.py": f"import os\nos.getenv('T', '{NEW}')\n"})
    assert no_credentials.main([]) == 0
    assert told(capsys) == ""
    repository.git("add", "-A")
    repository.write({"sub/a.py": "import os\n"})
    assert no_credentials.main(["sub/a.py"]) == 1
    text = told(capsys)
    assert "sub/a.py:2:17  (staged)" in text
    assert "old.py" not in text
    assert "scanned 1 line of 1 file (staged) for credentials: 1 error" in text


def test_it_stands_in_a_folder_below_the_top(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write({"new.py": f"token = '{NEW}'\n"})
    repository.git("add", "-A")
    monkeypatch.chdir(repository.folder / "sub")
    assert no_credentials.main([]) == 1
    assert "new.py:1:10" in told(capsys)


def test_named_files_that_are_not_staged_are_read_whole(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write({"sub/a.py": "import sys\n"})
    repository.git("add", "-A")
    assert no_credentials.main(["sub/a.py"]) == 0
    assert no_credentials.main(["old.py", "sub/a.py"]) == 1
    assert "old.py:1:10" in told(capsys)


def test_a_push_answers_for_each_of_its_commits(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = repository.git("rev-parse", "HEAD").strip()
    repository.commit({"new.py": f"token = '{NEW}'\n"})
    head = repository.commit({"new.py": "token = None\n"})
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", base)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", head)
    # `pre-commit run --from-ref A --to-ref B` is about what is left of them.
    assert no_credentials.main(["new.py"]) == 0
    monkeypatch.setenv("PRE_COMMIT_REMOTE_NAME", "origin")
    assert no_credentials.main(["new.py"]) == 1
    text = told(capsys)
    assert "new.py:1:10" in text
    assert "old.py" not in text
    # The first push of all brings the first commit too: pre-commit names no range then.
    monkeypatch.delenv("PRE_COMMIT_FROM_REF")
    monkeypatch.delenv("PRE_COMMIT_TO_REF")
    monkeypatch.setenv("PRE_COMMIT_LOCAL_BRANCH", "refs/heads/main")
    assert no_credentials.main([]) == 1
    text = told(capsys)
    assert "new.py:1:10" in text
    assert "old.py:1:10" in text


POLICY = """\
version: 1
secrets:
  exclude: "vendor/**"
  rules:
    - {id: acme-token, pattern: "(acme_[a-z]{12})", keywords: [acme_], rotate: ask the acme team}
rules: {secret/github-token: warning}
"""


def test_the_policy_s_words_hold_the_first_time_and_the_second(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"interlock.yaml": POLICY})
    repository.write({"vendor/x.py": f"token = '{NEW}'\n"})
    repository.git("add", "-A")
    for _ in range(2):
        assert no_credentials.main([]) == 0
        assert told(capsys) == ""
    repository.write({"new.py": f"token = '{NEW}'\nt = 'acme_qwfpluyarstd'\n"})
    repository.git("add", "-A")
    for _ in range(2):
        assert no_credentials.main([]) == 1
        text = told(capsys)
        assert "warning secret/github-token" in text
        assert "error secret/acme-token" in text
        assert "ask the acme team" in text
        assert "acme_qwf" not in text


@pytest.mark.parametrize("words", ["", "secrets: {}\n"])
def test_the_hook_of_all_families_looks_where_the_policy_says_so(
    repository: Repository, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    repository.commit({"interlock.yaml": f"version: 1\n{words}"})
    assert interlock_hook.main([]) == 0
    told(capsys)
    for name in ("new.py", "other.py"):  # the second time nothing is loaded that need not be
        assert kept.load(str(repository.folder / ".git"), "touch") is not None
        repository.write({name: f"token = '{NEW}'\n"})
        repository.git("add", "-A")
        assert interlock_hook.main([]) == (1 if words else 0)
        assert (f"{name}:1:10" in told(capsys)) is bool(words)


def test_the_hook_of_all_families_looks_at_what_is_pushed(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    base = repository.commit({"interlock.yaml": "version: 1\nsecrets: {}\n"})
    head = repository.commit({"new.py": f"token = '{NEW}'\n"})
    for name, value in {"FROM_REF": base, "TO_REF": head, "REMOTE_NAME": "origin"}.items():
        monkeypatch.setenv(f"PRE_COMMIT_{name}", value)
    assert interlock_hook.main([]) == 1
    assert "new.py:1:10" in told(capsys)


def test_without_a_hit_nothing_heavy_is_imported(repository: Repository) -> None:
    repository.write({"new.py": "def main() -> int:\n    return 0\n"})
    repository.git("add", "-A")
    program = (
        "import sys; from interlock.hooks.no_credentials import main; code = main(['new.py']); "
        "names = ('argparse', 'json', 'yaml', 'detect_secrets', 'logging', 'subprocess', "
        "'dataclasses', 'interlock.policy.load', 'interlock.engine', 'interlock.report.text'); "
        "print(code, [name for name in names if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=repository.folder, capture_output=True, check=False
    )
    assert done.stdout.decode().strip() == "0 []", done.stderr.decode()


def test_a_rule_that_does_not_compile_is_told_with_its_place(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = POLICY.replace("{12})", "{12}")
    repository.commit({"interlock.yaml": broken})
    repository.write({"new.py": "x = 1\n"})
    repository.git("add", "-A")
    assert no_credentials.main(["new.py"]) == 2
    text = told(capsys)
    assert "interlock.yaml:5:33" in text
    assert "missing )" in text
    assert "RE2" in text


def test_outside_of_a_checkout_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for names in ([], ["x.py"]):
        assert no_credentials.main(names) == 2
        assert "is not in a git repository: run this inside a checkout" in told(capsys)


def test_before_the_first_commit_all_that_is_staged_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Repository(tmp_path / "new")
    made.write({"new.py": f"token = '{NEW}'\n"})
    monkeypatch.chdir(made.folder)
    assert no_credentials.main([]) == 0
    made.git("add", "-A")
    assert no_credentials.main(["new.py"]) == 1
    assert "new.py:1:10" in told(capsys)
