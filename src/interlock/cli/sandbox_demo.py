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
from interlock.github.pulls import CONTEXT
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
PERMISSIONS = {
    "metadata": "read",
    "contents": "read",
    "pull_requests": "write",
    "issues": "write",
    "statuses": "write",
    "checks": "read",
}
_WEIGHTS = (
    "  ranker-v3:\n    variants:\n      control: {weight: 50}\n      treatment: {weight: 50}\n"
)
#: Seconds after which a look at a change set is given up.
_LIMIT = 120
_VERBS = {PIPELINES: "Plan", TRAINING: "Train", SERVING: "Serve"}


def play(sandbox: Sandbox, login: str = "alice") -> list[str]:
    """Set the scene and play the story so far; the addresses of the pages to look at.

    From then on the bot answers each event by ``interlock set refresh``, as a workflow would.
    """
    bot = stage(sandbox, login)
    plan, training = propose(sandbox, PIPELINES), propose(sandbox, TRAINING)
    push(sandbox, SERVING, "Serve ranker-v3", "ben")
    bot.look(plan)
    sandbox.on_event(bot.hear)
    filled = "quick_pull=1&title=Serve+ranker-v3&body=Interlock-Set:+ranker-v3"
    return [
        f"{sandbox.url}/{PIPELINES}/pull/{plan.number}",
        f"{sandbox.url}/{TRAINING}/pull/{training.number}",
        f"{sandbox.url}/{SERVING}/compare/main...{BRANCH}?{filled}",
    ]


def stage(sandbox: Sandbox, login: str = "alice") -> Bot:
    """The repositories, their people, branch rules and the bot; nothing is proposed yet."""
    _organisation(sandbox, import_module("interlock.examples.demo").REPOS, login)
    return Bot(sandbox, _variables(sandbox))


def push(sandbox: Sandbox, repo: str, message: str, login: str) -> None:
    """The repository's part of the new experiment, on its branch."""
    files = import_module("interlock.examples.demo")
    parts = {
        PIPELINES: {"experiments/ranker-v3.yaml": files.PLAN},
        TRAINING: {"conf/experiment/ranker-v3.toml": files.TRAINING},
        SERVING: {"charts/ranker/values.yaml": files.VALUES + _WEIGHTS},
    }
    sandbox.commit(repo, BRANCH, parts[repo], message=message, login=login, start="main")


def _organisation(sandbox: Sandbox, repos: Mapping[str, Mapping[str, str]], login: str) -> None:
    """People, and repositories on whose main branch only what the bot lets pass may land."""
    sandbox.org("acme", admins=(login,), members=("ada", "ben"))
    sandbox.org("acme").default_permission = "write"
    for name, files in repos.items():
        sandbox.repo(f"acme/{name}", files)


def _variables(sandbox: Sandbox) -> dict[str, str]:
    """The App of the bot, installed, and required by every repository's ruleset."""
    app, key = sandbox.app("interlock", PERMISSIONS, owner="acme")
    sandbox.install(app, "acme")
    gate = {"context": CONTEXT, "integration_id": app.id}
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


def propose(sandbox: Sandbox, repo: str) -> Pull:
    """A pull request of ada's with the repository's part of the new experiment."""
    title = f"{_VERBS[repo]} the experiment ranker-v3"
    push(sandbox, repo, title, "ada")
    body = f"{title}, a successor of `ranker-v2`."
    return Pull(repo, sandbox.pull(repo, BRANCH, title=title, body=body, login="ada").number)


class Pull(NamedTuple):
    """A pull request of a repository (owner/name)."""

    repo: str
    number: int


class Bot:
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
        self.look(Pull(event.repo, int(event.payload["pull_request"]["number"])))

    def look(self, pull: Pull) -> None:
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
