"""What GitHub's description is wrong about: few, each with its reason."""

from __future__ import annotations

import re
from typing import NamedTuple


class Wrong(NamedTuple):
    """Problems of an operation that match ``problem`` are none, and why; both are patterns."""

    operation: str
    problem: str
    why: str


WRONG = (
    Wrong(
        "",
        r"^invented key /status$",
        "Every error of GitHub's repeats its status as text; basic-error says so, "
        "validation-error and the errors of merging do not.",
    ),
    Wrong(
        r"/pulls/\{pull_number\}$",
        r"^/head/repo: null is not",
        "The head's repository is null once a fork was deleted, as in pull-request-simple.",
    ),
    Wrong(
        r"^(POST|PUT) .*/issues/\{issue_number\}/labels$",
        r"^/: \[.*\] is not valid under any",
        "The prose of the body says that an array of labels may be given directly.",
    ),
)


def allowed(operation: str, problem: str) -> bool:
    """Whether the description is known to be wrong here."""
    return any(
        re.search(each.operation, operation) and re.search(each.problem, problem) for each in WRONG
    )
