"""``interlock sandbox`` as a process of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from sandboxes import committed, git

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent by a signal")


def test_it_serves_local_repositories_until_ctrl_c(tmp_path: Path) -> None:
    work = tmp_path / "local"
    work.mkdir()
    git(work, "init", "-q", "-b", "trunk")
    sha = committed(work, "One", x_txt="1\n")
    command = [sys.executable, "-m", "interlock", "sandbox", f"acme/one={work}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        told = {}
        clone = ""
        for line in served.stdout:
            if found := re.match(r"export (\w+)=(\S+)", line):
                told[found[1]] = found[2]
            if line.startswith("  git clone"):
                clone = line.split()[-1]
                break
        headers = {"authorization": f"Bearer {told['GITHUB_TOKEN']}"}
        answer = requests.get(
            f"{told['GITHUB_API_URL']}/repos/acme/one", headers=headers, timeout=30
        )
        assert answer.json()["default_branch"] == "trunk"
        git(tmp_path, "clone", "-q", clone, "copy")
        assert git(tmp_path / "copy", "rev-parse", "HEAD").strip() == sha
        query = {"query": "{viewer{login}}"}
        found_ = requests.post(told["GITHUB_GRAPHQL_URL"], json=query, headers=headers, timeout=30)
        assert found_.json() == {"data": {"viewer": {"login": "alice"}}}
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=30) == 0


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("x", "write OWNER/NAME=PATH"),
        ("a/b=/nowhere/at/all", "there is no such folder"),
        ("--port=70000", "a port is a number"),
    ],
)
def test_wrong_arguments_get_one_line(argument: str, said: str) -> None:
    command = [sys.executable, "-m", "interlock", "sandbox", argument]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
