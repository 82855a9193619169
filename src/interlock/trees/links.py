"""Where a symbolic link leads, without ever leaving the repository."""

from __future__ import annotations

#: Links that lead to links; git and POSIX systems give up at 40, configuration never comes near.
MAX_HOPS = 8
OUTSIDE = "is a symbolic link out of the repository"


def inside(path: str, target: str) -> str | None:
    """The path that a link at ``path`` leads to, or None where it leaves the tree."""
    if target.startswith("/") or "\\" in target or "\0" in target or target[1:2] == ":":
        return None
    parts = path.split("/")[:-1]
    for step in target.split("/"):
        if step in ("", "."):
            continue
        if step == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(step)
    return "/".join(parts) or None
