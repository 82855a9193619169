"""Answers that did not change: 304, which costs nothing of the primary limit.

https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
"""

from __future__ import annotations

import hashlib

from interlock.sandbox.wire import Reply, Request, encoded


def tagged(reply: Reply) -> Reply:
    """The answer with its ETag."""
    digest = hashlib.sha256(encoded(reply)).hexdigest()
    return reply._replace(headers={**reply.headers, "etag": f'W/"{digest}"'})


def unchanged(request: Request, reply: Reply) -> bool:
    """Whether the caller has this answer already."""
    given = request.headers.get("if-none-match", "")
    tag = reply.headers["etag"].removeprefix("W/")
    return any(each.strip().removeprefix("W/") in (tag, "*") for each in given.split(",") if each)
