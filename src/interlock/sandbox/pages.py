"""Pages for people; so far a plain answer at each address that payloads name."""

from __future__ import annotations

from interlock.sandbox.api import Api
from interlock.sandbox.wire import Refused, Reply, Request


def answer(api: Api, request: Request) -> Reply:
    """The page at an address; raises Refused 404."""
    if request.path == "/" and request.method in ("GET", "HEAD"):
        names = sorted(r.full_name for r in api.world.repos.values() if r.visibility == "public")
        text = "".join(f"{api.world.url}/{name}\n" for name in names)
        return Reply(200, text, {"content-type": "text/plain; charset=utf-8"})
    raise Refused(404, "Not Found")
