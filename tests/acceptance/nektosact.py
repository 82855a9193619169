"""nektos/act, which runs workflows on this machine: built by Go where it is on PATH.

The steps run in host mode, as processes of this machine, in an environment of their own. Actions
come from folders, so that nothing is fetched but Interlock's own dependencies.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from actionexamples import COMMIT
from compositeaction import ROOT

VERSION = "v0.2.82"
#: What a build may take, with everything to be downloaded.
_BUILD_SECONDS = 500
_KEPT = ("PATH", "LANG", "PIP_INDEX_URL", "PIP_CACHE_DIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
#: actions/setup-python and others that would fetch; here Python is on PATH.
_STUB = """\
name: stub
description: Does nothing.
runs:
  using: composite
  steps:
    - {run: "true", shell: bash}
"""


class Acted(NamedTuple):
    """How a workflow went: act's exit code and its whole log."""

    code: int
    log: str


def program() -> str:
    """act's path; skips the test where it cannot be had, and says why."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(cache) / "interlock-act" / VERSION
    if (folder / "bin/act").is_file():
        return str(folder / "bin/act")
    go = shutil.which("go")
    if go is None:
        pytest.skip("nektos/act cannot be built: there is no go on PATH")
    work = folder.with_name(f"{VERSION}-{os.getpid()}")
    environment = {**os.environ, "GOBIN": str(work / "bin"), "GOPATH": str(work / "go"),
                   "GOFLAGS": "-modcacherw", "GOCACHE": str(work / "build")}  # fmt: skip
    command = (go, "install", f"github.com/nektos/act@{VERSION}")
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, check=False, timeout=_BUILD_SECONDS
        )
        if done.returncode:
            pytest.skip(f"nektos/act cannot be built: {done.stderr.decode()[-300:]}")
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        os.replace(work / "bin/act", folder / "bin/act")
    except subprocess.TimeoutExpired:
        pytest.skip(f"nektos/act was not built within {_BUILD_SECONDS} seconds")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return str(folder / "bin/act")


def git(folder: Path, *arguments: str) -> None:
    """git as an invented author, without the user's settings."""
    env = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "HOME": str(folder)}
    env |= {f"GIT_{who}_{what}": "ada@example.org" for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")}  # fmt: skip
    subprocess.run(("git", *arguments), cwd=folder, env=env, check=True, capture_output=True)


def repository(folder: Path, files: Mapping[str, str]) -> Path:
    """A git repository with one commit."""
    folder.mkdir(parents=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Begin")
    return folder


def ourselves(folder: Path) -> Path:
    """This project as a caller's runner gets it: the files that git knows, in a repository."""
    listed = subprocess.run(
        ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    folder.mkdir(parents=True)
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if name and not name.startswith("tests/") and path.is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, folder / name)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Release")
    return folder


def _pip_cache() -> str:
    """Where pip keeps what it downloaded, which a home of its own would hide."""
    command = (sys.executable, "-m", "pip", "cache", "dir")
    return subprocess.run(command, capture_output=True, check=False).stdout.decode().strip()


def act(
    workspace: Path,
    workflow: str,
    event: str,
    payload: Mapping[str, Any],
    *,
    folder: Path,
    settings: Mapping[str, str],
    secrets: Mapping[str, str],
    variables: Mapping[str, str],
    server: str,
) -> Acted:
    """Run ``workflow`` of ``workspace`` for an event. ``settings`` are a run's GITHUB_ variables.

    Addresses of github.com lead to ``server``. ``folder`` is for what belongs to the run alone.
    """
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    (home / ".gitconfig").write_text(
        f'[url "{server}/"]\n\tinsteadOf = https://github.com/\n', encoding="utf-8"
    )
    (folder / "event.json").write_text(json.dumps(payload), encoding="utf-8")
    (folder / "temp").mkdir(exist_ok=True)
    stub = folder / "stub"
    if not stub.exists():
        repository(stub, {"action.yml": _STUB})
    if not (folder / "ourselves").exists():
        ourselves(folder / "ourselves")
    local = {f"interlock/interlock@{COMMIT}": folder / "ourselves"}
    texts = [path.read_text(encoding="utf-8") for path in (workspace / workflow).parent.iterdir()]
    for line in "\n".join(texts).splitlines():
        used = line.partition("uses: actions/")[2].partition(" ")[0]
        if used:
            local[f"actions/{used}"] = stub
    command = [program(), event, "--workflows", workflow, "--eventpath", str(folder / "event.json")]
    command += ["--platform", "ubuntu-latest=-self-hosted", "--no-cache-server", "--pull=false"]
    for name, path in local.items():
        command += ["--local-repository", f"{name}={path}"]
    for option, values in (("--env", settings), ("--var", variables)):
        for name, value in values.items():
            command += [option, f"{name}={value}"]
    for name in secrets:
        command += ["--secret", name]
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    done = subprocess.run(
        command,
        cwd=workspace,
        env={
            "PIP_CACHE_DIR": _pip_cache(),
            **kept,
            **secrets,
            "HOME": str(home),
            "TMPDIR": str(folder / "temp"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=400,
    )
    return Acted(done.returncode, done.stdout.decode())
