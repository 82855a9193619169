"""Commit statuses, written only where they say something new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from interlock.github.connection import Connection

State = Literal["success", "pending", "failure", "error"]
#: GitHub's own bound on a description's characters.
MAX_DESCRIPTION = 140


def report(
    connection: Connection,
    repo: str,
    sha: str,
    context: str,
    state: State,
    description: str,
    address: str = "",
) -> bool:
    """Set the status ``context`` of a commit; False where it says all that already.

    GitHub keeps at most 1,000 statuses for a commit and context, so the same is not said twice.
    https://docs.github.com/rest/commits/statuses#create-a-commit-status
    """
    cut = description
    if len(cut) > MAX_DESCRIPTION:
        cut = f"{description[: MAX_DESCRIPTION - 1]}…"
    body = {"state": state, "context": context, "description": cut}
    if address:
        body["target_url"] = address

    def said() -> Mapping[str, Any] | None:
        latest = connection.get(f"/repos/{repo}/commits/{sha}/status", per_page=100).data
        found = (one for one in latest["statuses"] if one["context"] == context)
        one = next(found, None)
        same = one is not None and all((one.get(word) or "") == text for word, text in body.items())
        return one if same else None

    if said() is not None:
        return False
    connection.write("POST", f"/repos/{repo}/statuses/{sha}", body, said)
    return True
