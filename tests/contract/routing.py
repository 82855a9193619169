"""Which operation of GitHub's description a path belongs to.

A parameter of GitHub's may hold slashes, whatever OpenAPI says of parameters: references
(``git/ref/heads/main``), paths (``contents/a/b.yml``) and pairs (``compare/a...b/c``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote

#: Paths that GitHub answers without describing them, and the operation that each is.
#: https://docs.github.com/rest/commits/statuses#list-commit-statuses-for-a-reference
#: https://docs.github.com/rest/repos/contents#get-repository-content
LEGACY = {
    "GET /repos/{owner}/{repo}/statuses/{ref}": "GET /repos/{owner}/{repo}/commits/{ref}/statuses",
    "GET /repos/{owner}/{repo}/contents": "GET /repos/{owner}/{repo}/contents/{path}",
}
#: Parameters that take slashes.
DEEP = frozenset({"path", "ref", "basehead", "branch", "tree_sha", "commit_sha"})


class Route(NamedTuple):
    """An operation, its pattern, and how exact it is: earlier fixed words weigh more."""

    name: str
    method: str
    pattern: re.Pattern[str]
    weight: tuple[int, ...]


class Router:
    """Routes of some operations, named "GET /repos/{owner}/{repo}"."""

    def __init__(self, names: Iterable[str]) -> None:
        """Know these operations."""
        known = [*names]
        known += [name for name, meant in LEGACY.items() if meant in known]
        self.routes = sorted((_route(name) for name in known), key=lambda r: r.weight, reverse=True)

    def find(self, method: str, path: str) -> tuple[str, dict[str, str]] | None:
        """The most exact operation for a quoted path, and its parameters unquoted."""
        asked = "GET" if method == "HEAD" else method
        for route in self.routes:
            if route.method == asked and (match := route.pattern.fullmatch(path)):
                names = (f"{{{name}}}" for name in match.groupdict())
                found = zip(names, match.groupdict().values(), strict=True)
                meant = LEGACY.get(route.name, route.name)
                return meant, {name[1:-1]: unquote(value) for name, value in found}
        return None


def _route(name: str) -> Route:
    method, _, template = name.partition(" ")
    pattern, weight = "", []
    pieces = template.split("/")[1:]
    for piece in pieces:
        pattern += "/"
        for part in re.split(r"(\{[^}]*\})", piece):
            if part.startswith("{"):
                word = part[1:-1].replace("-", "_")
                last = piece is pieces[-1] and part[1:-1] == "path"
                many = ".*" if last else ".+" if part[1:-1] in DEEP else "[^/]+"
                pattern += f"(?P<{word}>{many})"
            else:
                pattern += re.escape(part)
        weight.append(0 if piece.startswith("{") else 1)
    # A fixed word at the end tells `/commits/{ref}/status` from `/commits/{ref}`.
    return Route(name, method, re.compile(pattern, re.DOTALL), (sum(weight), *weight))
