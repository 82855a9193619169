"""What a run could not check: told once for each repository, with the rules concerned."""

from __future__ import annotations

from typing import Literal

from interlock.model import Report
from interlock.report.order import with_status
from interlock.values import NamedTuple

#: The finding that stands for a repository; its message or its values name the rules.
UNREAD = "experiment/unread-repository"


class Gap(NamedTuple):
    """Repositories that leave rules open, why, and what to do; ``rules`` that ``text`` lacks."""

    status: Literal["unknown", "deferred"]
    repos: tuple[str, ...]
    text: str
    hint: str
    rules: tuple[str, ...]


def gaps(report: Report) -> list[Gap]:
    """Unknown before deferred, each repository and reason once."""
    grouped: dict[tuple[str, tuple[str, ...], str, str], dict[str, None]] = {}
    for finding in with_status(report, "unknown", "deferred"):
        named = finding.values if finding.rule == UNREAD else (finding.rule,)
        known = grouped.setdefault(
            (finding.status, finding.repos, finding.message, finding.hint), {}
        )
        known.update(dict.fromkeys(rule for rule in named if rule not in finding.message))
    return [
        Gap("unknown" if status == "unknown" else "deferred", repos, text, hint, tuple(rules))
        for (status, repos, text, hint), rules in grouped.items()
    ]
