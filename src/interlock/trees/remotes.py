"""Addresses of repositories: which owner/name they mean, and where its siblings would be."""

from __future__ import annotations

import re

#: https://host/path, ssh://user@host:22/path, user@host:path, host:path, or a path.
_ADDRESS = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:(?P<login>[^/@]*)@)?(?P<host>[^/]*)(?P<path>/.*)?"
    r"|(?P<scp>(?:[^/:@]+@)?(?:\[[^\]/]+\]|[^/:]{2,})):(?P<rest>.*)"
    r"|(?P<local>.*))\Z",
    re.DOTALL,
)
GITHUB = "https://github.com"


def owner_name(url: str) -> str:
    """``owner/name`` of a remote's URL (https, ssh, scp-like or a path), or ""."""
    parts = _split(url)[1].split("/")
    parts = [part for part in parts if part]
    if parts and parts[-1] == ".git":
        parts.pop()
    if len(parts) < 2:
        return ""
    return f"{parts[-2]}/{parts[-1].removesuffix('.git')}"


def same_repo(one: str, other: str) -> bool:
    """True where two owner/name mean the same repository: GitHub ignores case."""
    return one.lower() == other.lower()


def host_of(url: str) -> str:
    """The host in lower case, without login and port; "" for a path."""
    found = _ADDRESS.match(url)
    host = (found["host"] or found["scp"] or "") if found else ""
    return re.sub(r":\d*$", "", host.rpartition("@")[2]).lower()


def beside(url: str, name: str) -> str:
    """The address of owner/name on the host of ``url``, without credentials.

    GitHub's where ``url`` is empty, means no repository, or depends on the folder it is used in.
    """
    if not owner_name(url):
        return f"{GITHUB}/{name}.git"
    start, path = _split(without_credentials(url)[0])
    path = path.rstrip("/").removesuffix("/.git")
    rooted = path.startswith("/") or (path[1:2] == ":" and path[:1].isalpha())
    if not start and not rooted:
        return f"{GITHUB}/{name}.git"
    ending = ".git" if path.endswith(".git") else ""
    above = path.split("/")[:-2]
    return start + "/".join([*above, name]) + ending


def without_credentials(url: str) -> tuple[str, str]:
    """A URL without the login of http(s), and that login ("" for none).

    ssh's login is no secret: it stays.
    """
    found = _ADDRESS.match(url)
    if found is None or not found["login"] or found["scheme"].lower() not in ("http", "https"):
        return url, ""
    return f"{found['scheme']}://{found['host']}{found['path'] or ''}", found["login"]


def _split(url: str) -> tuple[str, str]:
    """What comes before the path, and the path with forward slashes."""
    url = url.strip()
    found = _ADDRESS.match(url)
    if found is None:
        return "", ""
    if found["scheme"]:
        path = found["path"] or ""
        return url[: len(url) - len(path)], path.replace("\\", "/")
    if found["scp"]:
        return f"{found['scp']}:", found["rest"].replace("\\", "/")
    return "", (found["local"] or "").replace("\\", "/")
