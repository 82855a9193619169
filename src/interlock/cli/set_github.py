"""What the commands that work on GitHub share: who we are, the policy, and the run's last line."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping
from contextlib import contextmanager

from interlock.cli.options import access
from interlock.errors import UsageError
from interlock.values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interlock.github.picture import Looking


def add_github(parser: argparse.ArgumentParser) -> None:
    """--policy and --dry-run."""
    parser.add_argument(
        "--policy",
        required=True,
        metavar="OWNER/NAME[//PATH][@REV]",
        help="the repository of the policy (PATH: interlock.yaml, REV: its default branch)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be written, and write nothing"
    )


@contextmanager
def looking_with(arguments: argparse.Namespace) -> Iterator[Looking]:
    """The hub, the policy and the clock; ends with the line that says what the run has cost."""
    from interlock.cli.found import POLICY_FILE
    from interlock.github.hub import Hub
    from interlock.github.picture import Looking
    from interlock.github.policies import held, named
    from interlock.rules.table import RULES
    from interlock.secrets.pages import ids

    now = int(time.time())
    hub = Hub(os.environ, _say)
    try:
        found = held(hub, named(arguments.policy, POLICY_FILE), [*(r.id for r in RULES), *ids()])
        today = time.strftime("%Y-%m-%d", time.gmtime(now))
        log = os.environ.get("GITHUB_REPOSITORY", "")
        yield Looking(hub, found, access(network=True), now, today, log)
    finally:
        _say(hub.budget.line())


def pull_of(text: str, environment: Mapping[str, str]) -> tuple[str, int]:
    """``OWNER/NAME#12``; "" is the pull request of the event that started this run of Actions."""
    if not text:
        return _of_event(environment)
    name, _, number = text.partition("#")
    if name.count("/") != 1 or not number.isdecimal() or not all(name.split("/")):
        raise UsageError(f"`{text}` is no pull request: write OWNER/NAME#NUMBER")
    return name, int(number)


def _of_event(environment: Mapping[str, str]) -> tuple[str, int]:
    import json

    path = environment.get("GITHUB_EVENT_PATH", "")
    try:
        with open(path, encoding="utf-8") as file:
            event = json.load(file)
        pull = event.get("pull_request") or event.get("issue") or {}
        return str(event["repository"]["full_name"]), int(pull["number"])
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(
            "which pull request? Pass --pull OWNER/NAME#NUMBER; the event of this run names none"
        ) from None


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
