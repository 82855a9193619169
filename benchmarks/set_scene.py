"""Three large repositories with many open pull requests on the sandbox, and runs told to look."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from interlock.cli.sandbox_demo import PERMISSIONS
from interlock.sandbox import Exchange, Logged, Sandbox
from interlock.sandbox.records import Issue

ALIASES = ("pipelines", "training", "serving")
NAMES = {
    "pipelines": "acme/feature-pipelines",
    "training": "acme/model-training",
    "serving": "acme/model-serving",
}
FOLDERS = {"pipelines": "experiments", "training": "conf", "serving": "live"}
POLICY = """\
version: 1
repos:
  pipelines: acme/feature-pipelines
  training: acme/model-training
  serving: acme/model-serving
sources:
  plan: {repo: pipelines, files: "experiments/{key}.yaml", fields: {rate: $.rate}}
  training: {repo: training, files: "conf/{key}.yaml", fields: {rate: $.rate}}
  serving: {repo: serving, files: "live/{key}.yaml", fields: {rate: $.rate}}
consistency:
  - {id: everywhere, each: plan, exists-in: [training, serving]}
  - {id: same-rate, each: plan.rate, equal: [training.rate, serving.rate], authority: plan}
"""


class Run(NamedTuple):
    """One process: seconds from its start to its last write (0 for none) and to its end, CPU
    seconds with git's processes, what it said, and what it asked."""

    told: float
    wall: float
    cpu: float
    code: int
    said: str
    requests: tuple[Logged, ...]


class Scene:
    """The sandbox by the real clock, an App, and the set of three among many other proposals."""

    def __init__(self, folder: Path, files: int, pulls: int) -> None:
        """``files`` in each repository, ``pulls`` open in each beside the set's."""
        self._folder = folder
        self.sandbox = Sandbox()
        self.files = files
        self._written = 0.0
        self.sandbox.on_exchange(self._heard)
        self.sandbox.org("acme", admins=("ada",), members=("ben",))
        for alias, name in NAMES.items():
            source = folder / f"{alias}.git"
            import_repository(source, dict(_files(alias, files)), _branches(alias, pulls))
            self.sandbox.repo(name, source=str(source))
            for at in range(pulls):
                self.sandbox.pull(name, f"change-{at}", login="ada")
        app, key = self.sandbox.app("interlock", PERMISSIONS, owner="acme")
        self.sandbox.install(app, "acme")
        self._ours = {"INTERLOCK_APP_ID": str(app.id), "INTERLOCK_APP_KEY": key}

    def _heard(self, exchange: Exchange) -> None:
        if _writes(exchange.kind, exchange.method, exchange.path):
            self._written = time.monotonic()

    def open(self, alias: str, rate: str = "1", branch: str = "interlock/new") -> Issue:
        """A pull request of the set."""
        self.push(alias, rate, branch)
        return self.sandbox.pull(NAMES[alias], branch, login="ada")

    def push(self, alias: str, rate: str, branch: str = "interlock/new") -> None:
        """Another commit on its branch."""
        files = {f"{FOLDERS[alias]}/new.yaml": f"rate: {rate}\nowner: ada\n"}
        self.sandbox.commit(NAMES[alias], branch, files, login="ada", start="main")

    def refresh(self, alias: str, pull: Issue, *, cache: str = "cache") -> Run:
        """What a workflow runs after an event, as a process of its own."""
        event = f"{NAMES[alias]}#{pull.number}"
        return self.run("refresh", "--pull", event, cache=cache)

    def run(self, *arguments: str, cache: str = "cache") -> Run:
        """``interlock set`` with the policy's repository."""
        command = [sys.executable, "-m", "interlock", "set", *arguments]
        command += ["--policy", NAMES["pipelines"]]
        names = ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_ACTIONS", "INTERLOCK_TOKEN", "CI")
        env = {name: value for name, value in os.environ.items() if name not in names}
        env |= {**self.sandbox.environment(), **self._ours}
        env["INTERLOCK_CACHE"] = str(self._folder / cache)
        before, self._written = len(self.sandbox.requests), 0.0
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            began = time.monotonic()
            process = subprocess.Popen(command, env=env, stdout=output, stderr=output)
            # Of this one and what it waited for: the sandbox's own git is this process's child.
            _, status, used = os.wait4(process.pid, 0)
            wall = time.monotonic() - began
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            said = output.read()
        told = self._written - began if self._written else 0.0
        requests = tuple(self.sandbox.requests[before:])
        spent = used.ru_utime + used.ru_stime
        return Run(told, wall, spent, process.returncode, said, requests)

    def close(self) -> None:
        """End the sandbox."""
        self.sandbox.close()


def _files(alias: str, count: int) -> Iterator[tuple[str, str]]:
    if alias == "pipelines":
        yield "interlock.yaml", POLICY
    for at in range(count):
        yield f"{FOLDERS[alias]}/experiment-{at:05}.yaml", f"rate: {at}\nowner: ada\n"


def _branches(alias: str, count: int) -> Mapping[str, dict[str, str]]:
    """Half of them change a rate that the three repositories share, half nothing that matters."""
    found = {}
    for at in range(count):
        text = f"rate: {at}.5\nowner: ada\n" if at % 2 else f"rate: {at}\nowner: {alias}\n"
        found[f"change-{at}"] = {f"{FOLDERS[alias]}/experiment-{at:05}.yaml": text}
    return found


def import_repository(
    place: Path, files: Mapping[str, str], branches: Mapping[str, Mapping[str, str]]
) -> None:
    """A bare repository of one commit and branches from it, by git's own fast importer."""
    lines = [*_commit("main", files, 1_795_000_000, "")]
    for at, (name, edits) in enumerate(branches.items()):
        lines += _commit(name, edits, 1_795_000_001 + at, "refs/heads/main")
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(place)], check=True)
    subprocess.run(
        ["git", "-C", str(place), "fast-import", "--quiet"],
        input="".join(lines).encode(),
        check=True,
    )


def _commit(branch: str, files: Mapping[str, str], when: int, start: str) -> Iterator[str]:
    yield f"commit refs/heads/{branch}\ncommitter Ada <ada@example.org> {when} +0000\n"
    yield "data 6\nChange\n"
    if start:
        yield f"from {start}\n"
    for path, text in files.items():
        yield f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n"


def _writes(kind: str, method: str, path: str) -> bool:
    return kind == "rest" and method != "GET" and not path.endswith("/access_tokens")


def counted(requests: tuple[Logged, ...]) -> Counter[str]:
    """Requests by what they cost: see the columns of the table."""
    found: Counter[str] = Counter()
    for one in requests:
        if one.kind == "git":
            # Each process of git begins with this one, however many follow.
            found["fetch"] += one.method == "GET"
        elif one.kind == "graphql":
            found["graphql"] += 1
            found["points"] += one.points
        elif one.path.endswith(("/installation", "/access_tokens")):
            found["token"] += 1
        elif _writes(one.kind, one.method, one.path):
            found["write"] += 1
        else:
            found["free" if one.status == 304 else "rest"] += 1
    return found


def repeated(requests: tuple[Logged, ...]) -> int:
    """How many writes go to a comment or status that the same run wrote before."""
    paths = [one.path for one in requests if _writes(one.kind, one.method, one.path)]
    return len(paths) - len(set(paths))
