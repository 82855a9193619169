"""What GitHub's description is wrong about: few, each with its reason.

``test_operations.py`` fails for one that nothing meets any more.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple


class Wrong(NamedTuple):
    """Problems of an operation that match ``problem`` are none, and why; both are patterns."""

    operation: str
    problem: str
    why: str

    def excuses(self, operation: str, problem: str) -> bool:
        """Whether this is about a problem of an operation."""
        return bool(re.search(self.operation, operation) and re.search(self.problem, problem))


WRONG = (
    Wrong(
        "",
        r"^invented key /status$",
        "Every error of GitHub's repeats its status as text; basic-error says so, "
        "validation-error and the errors of merging do not.",
    ),
    Wrong(
        r"^GET .*/pulls(/\{pull_number\})?$",
        r"^(/\d+)?/head/repo: null is not",
        "The head's repository is null once the fork was deleted: GitHub's page calls it unknown, "
        "and its description of webhooks has it nullable.",
    ),
    Wrong(
        r"^(POST|PUT) .*/issues/\{issue_number\}/labels$",
        r"^/: (\[.*\]|\{(\"labels\":\[\])?\}) is (not valid under any|valid under more)",
        "The prose of the body says that an array of labels may be given directly, and an empty "
        "one to take all labels off; labels by name and by object overlap where there are none.",
    ),
    Wrong(
        r"/(git/blobs|contents/\{path\})$",
        r'^/: \{"documentation_url".* is valid under more than one of',
        "One of its refusals is any error, the other an error with more optional keys, so that "
        "every plain one is both.",
    ),
    Wrong(
        "^GET /app/installations$",
        r"^/\d+/account: |^invented key /\d+/(client_id|account/user_view_type)$",
        "The list holds an older copy of the schema of one installation, in which an account is "
        "a user and an enterprise at once.",
    ),
)
#: Tells of an operation's problem whether the description is known to be wrong there.
Excuse = Callable[[str, str], bool]


def allowed(operation: str, problem: str) -> bool:
    """Whether the description is known to be wrong here."""
    return any(each.excuses(operation, problem) for each in WRONG)
