"""Commit statuses, written only where they say something new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from interlock.github.connection import Connection

State = Literal["success", "pending", "failure", "error"]
#: GitHub's own bound on a description's characters.
MAX_DESCRIPTION = 140


def shortened(description: str) -> str:
    """What GitHub takes of a description."""
    if len(description) <= MAX_DESCRIPTION:
        return description
    return f"{description[: MAX_DESCRIPTION - 1]}…"


def report(
    connection: Connection,
    repo: str,
    sha: str,
    context: str,
    state: State,
    description: str,
    address: str = "",
    *,
    look: bool = True,
) -> bool:
    """Set the status ``context`` of a commit; False where it says all that already.

    Without ``look`` it is known that it does not, and nothing is asked.

    GitHub keeps at most 1,000 statuses for a commit and context, so the same is not said twice.
    https://docs.github.com/rest/commits/statuses#create-a-commit-status
    """
    body = {"state": state, "context": context, "description": shortened(description)}
    if address:
        body["target_url"] = address
    if look and _found(connection, repo, sha, body) is not None:
        return False
    path = f"/repos/{repo}/statuses/{sha}"
    connection.write("POST", path, body, lambda: _found(connection, repo, sha, body))
    return True


def _found(
    connection: Connection, repo: str, sha: str, body: Mapping[str, str]
) -> Mapping[str, Any] | None:
    latest = connection.get(f"/repos/{repo}/commits/{sha}/status", per_page=100).data
    one = next((one for one in latest["statuses"] if one["context"] == body["context"]), None)
    same = one is not None and all((one.get(word) or "") == text for word, text in body.items())
    return one if same else None
