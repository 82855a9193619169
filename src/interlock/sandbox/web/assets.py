"""The style and the icon, which are files beside this module."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from interlock.sandbox.web.layout import HEADERS
from interlock.sandbox.wire import Refused, Reply

_KINDS = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


def asset(name: str) -> Reply:
    """One of the files; raises Refused 404."""
    if name not in _KINDS:
        raise Refused(404, "There is no such file.")
    return Reply(200, _read(name), {"content-type": _KINDS[name], **HEADERS})


@cache
def _read(name: str) -> str:
    return files("interlock.sandbox.web").joinpath(name).read_text(encoding="utf-8")
