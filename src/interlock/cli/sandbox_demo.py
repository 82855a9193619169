"""``interlock sandbox --demo``: three repositories of one experiment, and a bot that watches them.

The story is that of ``examples/demo``, told by pull requests: a new experiment is planned and its
training configured, and serving has been forgotten.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from importlib import import_module

from interlock.errors import UsageError
from interlock.values import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from interlock.sandbox import Sandbox
    from interlock.sandbox.world import Event

PIPELINES, TRAINING, SERVING = (
    "acme/feature-pipelines",
    "acme/model-training",
    "acme/model-serving",
)
BRANCH = "interlock/ranker-v3"
#: What ``interlock set refresh`` needs. docs/change-sets.md
_PERMISSIONS = {
    "metadata": "read",
    "contents": "read",
    "pull_requests": "write",
    "issues": "write",
    "statuses": "write",
    "checks": "read",
}
_CONTEXT = "interlock/change-set"
_WEIGHTS = (
    "  ranker-v3:\n    variants:\n      control: {weight: 50}\n      treatment: {weight: 50}\n"
)
#: Seconds after which a look at a change set is given up.
_LIMIT = 120


def play(sandbox: Sandbox, login: str = "alice") -> list[str]:
    """Set the scene and play the story so far; the addresses of the pages to look at.

    From then on the bot answers each event by ``interlock set refresh``, as a workflow would.
    """
    files = import_module("interlock.examples.demo")
    _organisation(sandbox, files.REPOS, login)
    bot = _Bot(sandbox, _variables(sandbox))
    plan = _propose(sandbox, PIPELINES, {"experiments/ranker-v3.yaml": files.PLAN}, "Plan")
    config = {"conf/experiment/ranker-v3.toml": files.TRAINING}
    training = _propose(sandbox, TRAINING, config, "Train")
    values = files.VALUES + _WEIGHTS
    sandbox.commit(
        SERVING,
        BRANCH,
        {"charts/ranker/values.yaml": values},
        message="Serve ranker-v3",
        login="ben",
        start="main",
    )
    bot.look(_Pull(PIPELINES, plan))
    sandbox.on_event(bot.hear)
    filled = "quick_pull=1&title=Serve+ranker-v3&body=Interlock-Set:+ranker-v3"
    return [
        f"{sandbox.url}/{PIPELINES}/pull/{plan}",
        f"{sandbox.url}/{TRAINING}/pull/{training}",
        f"{sandbox.url}/{SERVING}/compare/main...{BRANCH}?{filled}",
    ]


def _organisation(sandbox: Sandbox, repos: Mapping[str, Mapping[str, str]], login: str) -> None:
    """People, and repositories on whose main branch only what the bot lets pass may land."""
    sandbox.org("acme", admins=(login,), members=("ada", "ben"))
    sandbox.org("acme").default_permission = "write"
    for name, files in repos.items():
        sandbox.repo(f"acme/{name}", files)


def _variables(sandbox: Sandbox) -> dict[str, str]:
    """The App of the bot, installed, and required by every repository's ruleset."""
    app, key = sandbox.app("interlock", _PERMISSIONS, owner="acme")
    sandbox.install(app, "acme")
    gate = {"context": _CONTEXT, "integration_id": app.id}
    parameters = {"required_status_checks": [gate], "strict_required_status_checks_policy": False}
    rule: dict[str, Any] = {"type": "required_status_checks", "parameters": parameters}
    for name in (PIPELINES, TRAINING, SERVING):
        body = {
            "name": "main",
            "target": "branch",
            "enforcement": "active",
            "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
            "rules": [rule],
        }
        sandbox.ruleset(name, body)
    return {
        **sandbox.environment(),
        "INTERLOCK_APP_ID": str(app.id),
        "INTERLOCK_APP_KEY": key,
        "INTERLOCK_CACHE": os.path.join(sandbox.world.folder, "cache"),
    }


def _propose(sandbox: Sandbox, repo: str, files: Mapping[str, str], verb: str) -> int:
    """A pull request of ada's; its number."""
    title = f"{verb} the experiment ranker-v3"
    sandbox.commit(repo, BRANCH, files, message=title, login="ada", start="main")
    body = f"{title}, a successor of `ranker-v2`."
    return sandbox.pull(repo, BRANCH, title=title, body=body, login="ada").number


class _Pull(NamedTuple):
    repo: str
    number: int


class _Bot:
    """Runs ``interlock set refresh`` for what happens, one run at a time."""

    def __init__(self, sandbox: Sandbox, variables: Mapping[str, str]) -> None:
        self._sandbox = sandbox
        kept = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "HOME", "PYTHONPATH")
        inherited = {name: os.environ[name] for name in kept if name in os.environ}
        self._environment = {**inherited, **variables}
        self._one = threading.Lock()

    def hear(self, event: Event) -> None:
        """Look at the pull request that an event is about, unless the bot caused it."""
        if event.actor.endswith("[bot]") or not event.name.startswith("pull_request"):
            return
        self.look(_Pull(event.repo, int(event.payload["pull_request"]["number"])))

    def look(self, pull: _Pull) -> None:
        """Refresh the change sets of a pull request; what goes wrong is printed."""
        which = f"{pull.repo}#{pull.number}"
        command = (sys.executable, "-m", "interlock", "set", "refresh")
        arguments = ("--policy", PIPELINES, "--pull", which)
        with self._one:
            try:
                done = subprocess.run(
                    [*command, *arguments],
                    env=self._environment,
                    cwd=self._sandbox.world.folder,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=_LIMIT,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                print(f"interlock set refresh took too long for {which}", flush=True)
                return
        if done.returncode:
            said = (done.stdout + done.stderr).decode("utf-8", "replace").strip()
            print(f"interlock set refresh for {which} ended with {done.returncode}:\n{said}")


def needed() -> None:
    """Raise UsageError where a library of the extra ``sandbox`` is missing."""
    for name in ("graphql", "markdown_it", "nh3"):
        try:
            import_module(name)
        except ModuleNotFoundError:
            raise UsageError(
                f"the demo needs {name}, which is not installed; install interlock[sandbox]"
            ) from None
