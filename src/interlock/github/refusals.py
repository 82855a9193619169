"""What GitHub's refusals mean, in one line each."""

from __future__ import annotations

import json
from collections.abc import Mapping

from interlock.errors import GitHubError

#: Characters of GitHub's own words that are shown.
_SHOWN = 200


def refused(status: int, headers: Mapping[str, str], text: str, what: str) -> GitHubError:
    """The error for an answer that is no success; ``what`` is the request: "GET /repos/a/b"."""
    said = message_of(text)
    if status == 401:
        told = "the token is wrong or has expired: give the run another"
    elif status == 403:
        needs = headers.get("x-accepted-github-permissions", "")
        wanted = f"the permission {needs.replace(';', ' or ')}" if needs else "a permission"
        told = f"the token lacks {wanted} ({said})"
        if "archived" in said.lower():
            told = f"the repository is archived and cannot be changed ({said})"
    elif status == 404:
        told = "there is no such thing, or the token may not see it"
    elif status in (301, 307, 308):
        told = f"it has moved to {headers.get('location', 'another address')}: name it as it is now"
    elif status >= 500:
        told = f"GitHub fails ({status}): run it again later"
    else:
        told = f"GitHub refused it ({status}: {said})"
    return GitHubError(f"{what}: {told}", status)


def message_of(text: str) -> str:
    """GitHub's message in an answer, on one line and cut."""
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    said = data.get("message", "") if isinstance(data, dict) else text
    details = data.get("errors") if isinstance(data, dict) else None
    if isinstance(details, list) and details:
        said = f"{said}: {details[0]}"
    plain = "".join(c if c.isprintable() else " " for c in str(said))
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
