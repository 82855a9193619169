"""One comment of ours on an issue or pull request: found by author and marker, never by one alone.

Anyone can write a marker, and our account may comment for other reasons.
"""

from __future__ import annotations

from collections.abc import Iterable

from interlock.github.connection import Connection
from interlock.github.pulls import Comment, comment_of
from interlock.github.queries import comments
from interlock.values import Any, Literal

#: GitHub's own bound on a comment's characters.
MAX_BODY = 65_536
Done = Literal["created", "updated", "unchanged", "removed", "would be written", "would be removed"]


def upsert(
    connection: Connection,
    repo: str,
    number: int,
    marker: str,
    body: str,
    known: Iterable[Comment] | None = None,
    *,
    dry: bool = False,
) -> Done:
    """Write ``body`` as our one comment; the oldest of ours is kept and later ones removed.

    ``marker`` is a hidden HTML comment that begins the body. ``known`` are all comments there,
    where they were read already. ``dry`` only says what would be done. Raises ValueError where
    GitHub would not take so much.
    """
    text = f"{marker}\n{body}".rstrip()
    if len(text) > MAX_BODY:
        raise ValueError(f"a comment holds at most {MAX_BODY:,} characters")
    base = f"/repos/{repo}/issues"
    ours = mine(listed(connection, repo, number) if known is None else known, marker)

    def written() -> Any:
        found = mine(listed(connection, repo, number), marker)
        return next(({"id": one.id} for one in found if one.body == text), None)

    done: Done = "unchanged"
    if dry:
        return done if [one.body for one in ours] == [text] else "would be written"
    if not ours:
        connection.write("POST", f"{base}/{number}/comments", {"body": text}, written)
        return "created"
    if ours[0].body != text:
        connection.write("PATCH", f"{base}/comments/{ours[0].id}", {"body": text}, written)
        done = "updated"
    for extra in ours[1:]:
        _remove(connection, repo, number, extra)
    return done


def remove(
    connection: Connection,
    repo: str,
    number: int,
    marker: str,
    known: Iterable[Comment],
    *,
    dry: bool = False,
) -> Done:
    """Remove our comments with ``marker``; ``dry`` only says whether there are any."""
    ours = mine(known, marker)
    if dry:
        return "would be removed" if ours else "unchanged"
    for one in ours:
        _remove(connection, repo, number, one)
    return "removed" if ours else "unchanged"


def mine(found: Iterable[Comment], marker: str) -> list[Comment]:
    """Those that we wrote with ``marker``, the oldest first."""
    ours = (c for c in found if c.ours and (c.body == marker or c.body.startswith(f"{marker}\n")))
    return sorted(ours, key=lambda one: one.id)


def listed(connection: Connection, repo: str, number: int) -> list[Comment]:
    """All comments of an issue or pull request."""
    owner, _, name = repo.partition("/")
    found: list[Comment] = []
    after: str | None = None
    while True:
        answer = connection.graphql(comments(), owner=owner, name=name, number=number, after=after)
        page = ((answer.data.get("repository") or {}).get("issueOrPullRequest") or {}).get(
            "comments"
        ) or {"nodes": [], "pageInfo": {"hasNextPage": False}}
        found += [comment_of(node) for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def _remove(connection: Connection, repo: str, number: int, extra: Comment) -> None:
    def gone() -> bool | None:
        there = any(one.id == extra.id for one in listed(connection, repo, number))
        return None if there else True

    connection.write("DELETE", f"/repos/{repo}/issues/comments/{extra.id}", {}, gone)
