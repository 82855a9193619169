"""Pages of lists, linked as GitHub links them.

https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from interlock.sandbox.call import Call
from interlock.sandbox.wire import Reply
from interlock.values import Any

Item = TypeVar("Item")
MOST = 100


def _number(call: Call, name: str, default: int) -> int:
    text = call.query.get(name, "")
    return int(text) if text.isdecimal() and int(text) > 0 else default


def page(
    call: Call,
    items: Sequence[Item],
    show: Callable[[Item], Any],
    *,
    wrap: Callable[[list[Any]], Any] | None = None,
    default: int = 30,
) -> Reply:
    """One page of a list; more than 100 a page are never given."""
    size = min(_number(call, "per_page", default), MOST)
    at = _number(call, "page", 1)
    shown = [show(item) for item in items[(at - 1) * size : at * size]]
    last = max(1, -(-len(items) // size))
    links = {}
    if at > 1:
        links["prev"], links["first"] = min(at - 1, last), 1
    if at < last:
        links["next"], links["last"] = at + 1, last
    headers = {}
    if links:
        headers["link"] = ", ".join(
            f'<{_address(call, {"page": str(number)})}>; rel="{name}"'
            for name, number in links.items()
        )
    return Reply(200, wrap(shown) if wrap else shown, headers)


def cursor_page(call: Call, items: Sequence[Item], show: Callable[[Item], Any]) -> Reply:
    """One page of a list that is walked by cursors (``before`` and ``after``)."""
    size = min(_number(call, "per_page", 30), MOST)
    start = 0
    if call.query.get("after", "").isdecimal():
        start = int(call.query["after"])
    elif call.query.get("before", "").isdecimal():
        start = max(0, int(call.query["before"]) - size)
    shown = [show(item) for item in items[start : start + size]]
    links = []
    if start + size < len(items):
        links.append(f'<{_address(call, {"after": str(start + size)})}>; rel="next"')
    if start:
        links.append(f'<{_address(call, {"before": str(start)})}>; rel="prev"')
    return Reply(200, shown, {"link": ", ".join(links)} if links else {})


def _address(call: Call, changed: dict[str, str]) -> str:
    query = {k: v for k, v in call.query.items() if k not in ("after", "before")} | changed
    return f"{call.api}{call.request.path}?{urlencode(query)}"
