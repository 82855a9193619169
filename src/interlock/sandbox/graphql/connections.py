"""Lists by cursor.

https://docs.github.com/graphql/guides/using-pagination-in-the-graphql-api
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence

from interlock.sandbox.graphql.places import Failed
from interlock.values import Any


def cursor(at: int) -> str:
    """The opaque cursor of the item at an index."""
    return base64.b64encode(f"cursor:v2:{at}".encode()).decode()


def _index(text: str) -> int:
    try:
        return int(base64.b64decode(text).decode().rpartition(":")[2])
    except ValueError:
        raise Failed(
            "INVALID_CURSOR_ARGUMENTS", f"`{text}` does not appear to be a valid cursor."
        ) from None


def connection(
    items: Sequence[Any], asked: dict[str, Any], show: Callable[[Any], Any] = lambda item: item
) -> dict[str, Any]:
    """One page: nodes, edges, page info and the total."""
    start, end = 0, len(items)
    if asked.get("after"):
        start = _index(asked["after"]) + 1
    if asked.get("before"):
        end = min(end, _index(asked["before"]))
    if asked.get("first") is not None:
        end = min(end, start + asked["first"])
    elif asked.get("last") is not None:
        start = max(start, end - asked["last"])
    nodes = [show(item) for item in items[start:end]]
    edges = [{"cursor": cursor(start + i), "node": node} for i, node in enumerate(nodes)]
    info = {
        "startCursor": edges[0]["cursor"] if edges else None,
        "endCursor": edges[-1]["cursor"] if edges else None,
        "hasNextPage": end < len(items),
        "hasPreviousPage": start > 0,
    }
    return {"nodes": nodes, "edges": edges, "pageInfo": info, "totalCount": len(items)}


def ordered(
    items: list[Any], order: dict[str, Any] | None, keys: dict[str, Callable[[Any], Any]]
) -> list[Any]:
    """Sorted as ``orderBy`` says; as they are without it."""
    if not order:
        return items
    key = keys.get(order["field"], lambda item: item.id)
    return sorted(items, key=key, reverse=order["direction"] == "DESC")
