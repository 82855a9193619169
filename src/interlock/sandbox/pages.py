"""Pages for people, at every path that is neither the API's nor git's."""

from __future__ import annotations

from interlock.sandbox.actors import User
from interlock.sandbox.api import Api
from interlock.sandbox.wire import Refused, Reply, Request


def answer(api: Api, request: Request, viewer: User | None = None) -> Reply:
    """The page at an address, as ``viewer`` sees it; raises Refused 501 where a library is missing.

    Without a viewer only what is public is shown, and nothing can be sent.
    """
    try:
        from interlock.sandbox.web import routes
        from interlock.sandbox.web.visit import Visit
    except ModuleNotFoundError as missing:
        raise Refused(501, f"Pages need {missing.name}: install interlock[sandbox]") from None
    with api.world.lock:
        return routes.answer(Visit(api.world, request, viewer))
