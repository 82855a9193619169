"""Whose file a place is in, and its address on the web."""

from __future__ import annotations

import re
from urllib.parse import quote

from interlock.model import Place, Report

#: What may be put into Markdown and SARIF as an address without any further escaping.
_PLAIN_ADDRESS = re.compile(r"https?://[\w.~:/?#@!$&+,;=%-]+", re.ASCII)

#: A repository's page on GitHub, and what is put after it for its files at a revision.
_ROOT = re.compile(r"(https?://[^/]+/[^/]+/[^/]+)(?:/blob/.+/)?")
#: Characters of a path that is linked; no file system that people use has longer ones.
_MAX_PATH = 1_000


def is_own(report: Report, place: Place) -> bool:
    """True where the place lies in the repository that the run stands in."""
    if not report.own or place.repo != report.own:
        return False
    names = {name.lower() for name in (report.own_name, place.name) if name}
    return len(names) <= 1


def own_place(report: Report, places: tuple[Place, ...]) -> Place | None:
    """The first own place that stands in a file, else the first own file, else None."""
    own = [place for place in places if place.path and is_own(report, place)]
    return next((place for place in own if place.line), own[0] if own else None)


def path_address(path: str) -> str:
    """``path`` percent-encoded, byte for byte; what is not UTF-8 in it too."""
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = path.encode("utf-8", "replace")
    return quote(data, safe="/")


def root_address(report: Report, place: Place) -> str:
    """The web address under which the place's path can be appended, or ""."""
    links = dict(report.links)
    root = links.get(place.name, "") or links.get(place.repo, "")
    return root if is_plain_address(root) else ""


def web_address(report: Report, place: Place) -> str:
    """The web address of the place's lines, or "" where none is known.

    Without a path it is the page of the repository.
    """
    root = root_address(report, place)
    if not place.path:
        return page_of(root)
    if not root.endswith("/") or len(place.path) > _MAX_PATH:
        return ""
    lines = f"#L{place.line}" if place.line else ""
    if place.line and place.end_line > place.line:
        lines += f"-L{place.end_line}"
    return f"{root}{path_address(place.path)}{lines}"


def page_of(root: str) -> str:
    """The page of a repository whose files are below ``root`` on GitHub; "" for other addresses.

    A page stays what it is.
    """
    found = _ROOT.fullmatch(root)
    return found[1] if found is not None else ""


def is_plain_address(text: str) -> bool:
    """True for an http(s) address that holds no character with a meaning elsewhere."""
    return _PLAIN_ADDRESS.fullmatch(text) is not None
