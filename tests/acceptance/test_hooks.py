"""The hooks by the real pre-commit program, from a clone of this project; and what they import."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from secretmaking import Maker
from topologies import ROOT

sys.path.insert(0, str(ROOT / "examples" / "demo"))
import demo
from interlock.hooks.table import HOOKS

HEAVY = ("github", "detect_secrets", "jsonschema", "rich", "requests", "argparse", "dataclasses")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project as pre-commit would clone it: what git tracks, as it is now, committed."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout of the project, so pre-commit cannot clone it")
    target = tmp_path_factory.mktemp("project")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        source = ROOT / name
        if name and source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(source.read_bytes())
    demo.git(target, "init", "-q", "-b", "main")
    demo.git(target, "add", "-A")
    demo.git(target, "commit", "-q", "-m", "Copy")
    return target


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps its clone of the project, installed once."""
    return tmp_path_factory.mktemp("home")


def configured(where: Path, project: Path, *ids: str) -> None:
    """A configuration of ``where`` with hooks of the project."""
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=project, capture_output=True, check=True
    )
    hooks = "".join(f"      - id: {one}\n" for one in ids)
    (where / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {project.as_posix()}\n    rev: {head.stdout.decode().strip()}\n"
        f"    hooks:\n{hooks}"
    )


def pre_commit(where: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "PRE_COMMIT_HOME": str(home), "CI": ""}
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=where,
        env=env,
        capture_output=True,
        check=False,
    )


def test_pre_commit_runs_the_hooks_on_what_is_staged(
    project: Path, home: Path, tmp_path: Path
) -> None:
    demo.build(tmp_path)
    training = tmp_path / "model-training"
    configured(training, project, *(hook.id for hook in HOOKS))
    demo.git(training, "add", "-A")
    clean = pre_commit(training, home, "run")
    assert clean.returncode == 0, clean.stdout.decode() + clean.stderr.decode()
    config = training / "conf/experiment/ranker-v2.toml"
    config.write_bytes(config.read_bytes().replace(b"0.4", b"0.5"))
    demo.git(training, "add", "-A")
    found = pre_commit(training, home, "run")
    assert found.returncode == 1
    output = found.stdout.decode()
    assert output.count("experiment/same-params") >= 2  # by `interlock` and by its family
    assert "is 0.4 in plan" in output
    demo.git(training, "rm", "-q", "--cached", "conf/experiment/ranker-v2.toml")
    deleted = pre_commit(training, home, "run", "interlock")
    assert deleted.returncode == 1
    assert "experiment/in-every-repo" in deleted.stdout.decode()


def test_pre_commit_stops_a_credential(project: Path, home: Path, tmp_path: Path) -> None:
    secret = Maker(3).github_classic()
    where = tmp_path / "app"
    where.mkdir()
    demo.git(where, "init", "-q", "-b", "main")
    configured(where, project, "no-credentials")
    (where / "old.py").write_text(f"token = '{secret}'\n", encoding="utf-8")
    (where / "new.py").write_text("import os\n", encoding="utf-8")
    demo.git(where, "add", "-A")
    first = pre_commit(where, home, "run")
    output = first.stdout.decode()
    assert first.returncode == 1, output
    assert "old.py:1:10  (staged)" in output
    assert "take it out of the commit" in output
    assert secret not in output
    demo.git(where, "commit", "-qm", "It is there")
    # What was there before is nobody's fault now; a file that is clean in the folder may be none
    # in the index.
    (where / "new.py").write_text(f"import os\nos.getenv('T', '{secret}')\n", encoding="utf-8")
    demo.git(where, "add", "new.py")
    (where / "new.py").write_text("import os\n", encoding="utf-8")
    staged = pre_commit(where, home, "run")
    assert staged.returncode == 1, staged.stdout.decode()
    assert "new.py:2:" in staged.stdout.decode()
    assert "old.py" not in staged.stdout.decode()
    demo.git(where, "checkout", "-q", "HEAD", "--", "new.py")
    (where / "new.py").write_text("import sys\n", encoding="utf-8")
    demo.git(where, "add", "new.py")
    clean = pre_commit(where, home, "run")
    assert (clean.returncode, "Passed" in clean.stdout.decode()) == (0, True), clean.stdout.decode()
    every = pre_commit(where, home, "run", "--all-files")
    assert (every.returncode, "old.py:1:10" in every.stdout.decode()) == (1, True)


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.id)
def test_a_hook_imports_nothing_heavy(hook: object, tmp_path: Path) -> None:
    demo.build(tmp_path)
    training = tmp_path / "model-training"
    config = training / "conf/experiment/ranker-v2.toml"
    config.write_bytes(config.read_bytes().replace(b"depth = 6", b"depth = 6 # six"))
    demo.git(training, "add", "-A")
    module = {
        "interlock": "interlock_hook",
        "experiment-consistency": "experiment_consistency",
        "no-credentials": "no_credentials",
        "policy-valid": "policy_valid",
    }[hook.id]  # type: ignore[attr-defined]
    program = (
        f"import sys; from interlock.hooks.{module} import main; code = main([]); "
        f"print(code, [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=training,
        capture_output=True,
        check=False,
        env={**os.environ, "CI": ""},
    )
    assert done.stdout.decode().strip() == "0 []", done.stderr.decode()
