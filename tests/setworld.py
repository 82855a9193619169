"""The three-repository story on an embedded GitHub: pull requests, the bot's App, its commands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from interlock.cli.main import main
from interlock.cli.sandbox_demo import PERMISSIONS, PIPELINES, SERVING, TRAINING
from interlock.github.pulls import CONTEXT
from interlock.sandbox import Sandbox
from interlock.sandbox.process import Clock
from interlock.sandbox.records import Issue

TOP = Path(__file__).resolve().parent.parent
#: A Saturday, 14:02 UTC.
START = 1_795_269_720.0
NAMES = {"pipelines": PIPELINES, "training": TRAINING, "serving": SERVING}
MARKER = "<!-- interlock:change-set -->"
Edits = Mapping[str, str | bytes | None]


def _demo() -> Any:
    spec = spec_from_file_location("demo", TOP / "examples/demo/demo.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DEMO = _demo()
PLAN: str = DEMO.PLAN
CONFIG: str = DEMO.TRAINING
VALUES: str = DEMO.VALUES
POLICY: str = DEMO.POLICY
NEW_VALUES = VALUES + (
    "  ranker-v3:\n    variants:\n      control: {weight: 50}\n      treatment: {weight: 50}\n"
)
#: What each repository has to change for a new experiment, ranker-v3.
NEW: dict[str, Edits] = {
    "pipelines": {"experiments/ranker-v3.yaml": PLAN},
    "training": {"conf/experiment/ranker-v3.toml": CONFIG},
    "serving": {"charts/ranker/values.yaml": NEW_VALUES},
}


class Story:
    """The sandbox, its people, the bot, and what a person can do there."""

    def __init__(
        self,
        patch: pytest.MonkeyPatch,
        folder: Path,
        *,
        private: tuple[str, ...] = (),
        policy: str = "",
        files: Mapping[str, Mapping[str, str]] | None = None,
        installed: tuple[str, ...] | None = None,
    ) -> None:
        self.sandbox = Sandbox(clock=Clock(START))
        self.patch = patch
        sandbox = self.sandbox
        sandbox.org("acme", admins=("ada",), members=("ben", "cleo"))
        for alias, name in NAMES.items():
            found = dict(DEMO.REPOS[name.partition("/")[2]])
            found.update((files or {}).get(alias, {}))
            if alias == "pipelines":
                found["interlock.yaml"] = policy or POLICY
            sandbox.repo(name, found, private=alias in private)
            for person in ("ben", "cleo"):
                sandbox.collaborator(name, person)
        self.app, self.key = sandbox.app("interlock", PERMISSIONS, owner="acme")
        self.installation = sandbox.install(self.app, "acme", installed)
        self.environment = {
            **sandbox.environment(),
            "INTERLOCK_APP_ID": str(self.app.id),
            "INTERLOCK_APP_KEY": self.key,
            "INTERLOCK_CACHE": str(folder / "cache"),
        }
        self.use(self.environment)

    def use(self, environment: Mapping[str, str]) -> None:
        """Let the command run with these variables of GitHub and of ours, and the story's clock."""
        for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_ACTIONS", "INTERLOCK_TOKEN", "CI"):
            self.patch.delenv(name, raising=False)
        for name in ("INTERLOCK_APP_ID", "INTERLOCK_APP_KEY"):
            self.patch.delenv(name, raising=False)
        for name, value in environment.items():
            self.patch.setenv(name, value)
        self.patch.setattr("time.time", self.sandbox.clock.now)

    def open(
        self,
        alias: str,
        edits: Edits | None = None,
        *,
        branch: str = "interlock/ranker-v3",
        login: str = "ada",
        **more: Any,
    ) -> Issue:
        """A pull request of a new branch."""
        name = NAMES[alias]
        files = NEW[alias] if edits is None else edits
        self.sandbox.commit(name, branch, files, login=login, start="main")
        self.sandbox.clock.advance(60)
        return self.sandbox.pull(name, branch, login=login, **more)

    def run(self, *arguments: str) -> int:
        """An action of ``interlock set``, with the policy of the story."""
        return main(["set", *arguments, "--policy", PIPELINES])

    def refresh(self, alias: str, pull: Issue | int) -> int:
        """What a workflow runs after an event."""
        number = pull if isinstance(pull, int) else pull.number
        return self.run("refresh", "--pull", f"{NAMES[alias]}#{number}")

    def sweep(self) -> int:
        """What a workflow runs by the clock."""
        return self.run("sweep")

    def comments(self, alias: str, pull: Issue) -> list[str]:
        """The bodies of the bot's comments."""
        issue = self.sandbox.find(NAMES[alias]).issues[pull.number]
        return [one.body for one in issue.comments if one.user.login.startswith("interlock")]

    def comment(self, alias: str, pull: Issue) -> str:
        """The bot's one comment."""
        (found,) = self.comments(alias, pull)
        assert found.startswith(f"{MARKER}\n")
        return found

    def status(self, alias: str, pull: Issue) -> tuple[str, str]:
        """(state, description) of the gate on the head of a pull request."""
        repo = self.sandbox.find(NAMES[alias])
        head = repo.issues[pull.number].pull
        assert head is not None
        return self.status_of(alias, head.head_sha)

    def status_of(self, alias: str, sha: str) -> tuple[str, str]:
        """(state, description) of the gate on a commit; the newest counts."""
        held = self.sandbox.find(NAMES[alias]).statuses.get(sha, [])
        ours = [one for one in held if one.context == CONTEXT]
        return (ours[-1].state, ours[-1].description or "") if ours else ("", "")

    def approve(self, alias: str, pull: Issue, login: str = "ben") -> None:
        """A review that approves."""
        self.sandbox.review(NAMES[alias], pull.number, login)

    def green(self, alias: str, pull: Issue, state: str = "success") -> None:
        """The repository's own check on the head."""
        head = self.sandbox.find(NAMES[alias]).issues[pull.number].pull
        assert head is not None
        self.sandbox.status(NAMES[alias], head.head_sha, "tests", state, login="ada")

    def merge(self, alias: str, pull: Issue, **more: Any) -> str:
        """Land it."""
        self.sandbox.clock.advance(60)
        return self.sandbox.merge(NAMES[alias], pull.number, login="ada", **more)

    def writes(self) -> list[str]:
        """The requests that change something, since the log was cleared."""
        asked = (one for one in self.sandbox.requests if one.kind == "rest")
        return [
            f"{one.method} {one.path}"
            for one in asked
            if one.method != "GET" and "/access_tokens" not in one.path
        ]

    def close(self) -> None:
        """End the sandbox."""
        self.sandbox.close()


def shown(comment: str) -> str:
    """A comment without its tags and code marks, for a look at its words."""
    return re.sub(r"<[^>]+>", " ", comment).replace("`", "")
