"""One comment of ours on an issue or pull request: found by author and marker, never by one alone.

Anyone can write a marker, and our account may comment for other reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from interlock.github.connection import Connection

#: GitHub's own bound on a comment's characters.
MAX_BODY = 65_536
Done = Literal["created", "updated", "unchanged"]


def upsert(
    connection: Connection, repo: str, number: int, login: str, marker: str, body: str
) -> Done:
    """Write ``body`` as our one comment; the oldest of ours is kept and later ones removed.

    ``marker`` is a hidden HTML comment that begins the body. ``login`` is our account.
    """
    text = f"{marker}\n{body}"
    if len(text) > MAX_BODY:
        raise ValueError(f"a comment holds at most {MAX_BODY:,} characters")
    base = f"/repos/{repo}/issues"

    def ours() -> list[Mapping[str, Any]]:
        found = connection.pages(f"{base}/{number}/comments")
        mine = [c for c in found if _is_ours(c, login, marker)]
        return sorted(mine, key=lambda comment: int(comment["id"]))

    def written() -> Mapping[str, Any] | None:
        return next((one for one in ours() if one["body"] == text), None)

    known = ours()
    done: Done = "unchanged"
    if not known:
        connection.write("POST", f"{base}/{number}/comments", {"body": text}, written)
        # Another run may have written at the same time: the oldest stays.
        known, done = ours(), "created"
    if known and known[0]["body"] != text:
        connection.write("PATCH", f"{base}/comments/{known[0]['id']}", {"body": text}, written)
        done = "updated"
    for extra in known[1:]:
        _remove(connection, f"{base}/comments/{extra['id']}", ours, extra)
    return done


def _is_ours(comment: Mapping[str, Any], login: str, marker: str) -> bool:
    author = (comment.get("user") or {}).get("login")
    body = comment.get("body") or ""
    return bool(author == login and (body == marker or body.startswith(f"{marker}\n")))


def _remove(connection: Connection, path: str, ours: Any, extra: Mapping[str, Any]) -> None:
    def gone() -> bool | None:
        return None if any(one["id"] == extra["id"] for one in ours()) else True

    connection.write("DELETE", path, {}, gone)
