"""Finds a checkout, its branch and its remotes by reading git's own files, without running git."""

from __future__ import annotations

import os
import re

from interlock.errors import UsageError
from interlock.values import NamedTuple

_SECTION = re.compile(r'\[(\w+)(?:\s+"((?:[^"\\]|\\.)*)")?\]')
_REMOTE_PATH = re.compile(r"(?:[a-z+]+://[^/]*/|[^/:@]+@?[^/:]*:)?/*(.*?)(?:\.git)?/*\Z")


class Checkout(NamedTuple):
    """A repository on this machine. ``names`` are its remotes as owner/name, origin's first."""

    top: str
    git_dir: str
    common_dir: str
    branch: str
    names: tuple[str, ...]


def find_checkout(start: str) -> Checkout:
    """The checkout that holds the folder ``start``; raises UsageError where there is none."""
    folder = os.path.realpath(start)
    while True:
        found = checkout_at(folder)
        if found is not None:
            return found
        above = os.path.dirname(folder)
        if above == folder:
            raise UsageError(f"{start} is not in a git repository: run this inside a checkout")
        folder = above


def checkout_at(folder: str) -> Checkout | None:
    """The checkout whose top is ``folder``, or None."""
    dot = os.path.join(folder, ".git")
    if os.path.isfile(dot):
        text = _text(dot)
        if not text.startswith("gitdir:"):
            return None
        git_dir = os.path.normpath(os.path.join(folder, text[7:].strip()))
    elif os.path.isfile(os.path.join(dot, "HEAD")):
        git_dir = dot
    else:
        return None
    common = _text(os.path.join(git_dir, "commondir")).strip()
    common_dir = os.path.normpath(os.path.join(git_dir, common)) if common else git_dir
    head = _text(os.path.join(git_dir, "HEAD")).strip()
    branch = head.removeprefix("ref: refs/heads/") if head.startswith("ref: refs/heads/") else ""
    return Checkout(folder, git_dir, common_dir, branch, _names(common_dir))


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(1 << 20)
    except OSError:
        return ""


def _names(common_dir: str) -> tuple[str, ...]:
    urls: dict[str, str] = {}
    rewrites: dict[str, str] = {}
    section, name = "", ""
    for line in _text(os.path.join(common_dir, "config")).splitlines():
        stripped = line.strip()
        heading = _SECTION.match(stripped)
        if heading:
            section, name = heading.group(1).lower(), heading.group(2) or ""
            continue
        key, _, value = stripped.partition("=")
        if section == "remote" and key.strip().lower() == "url":
            urls.setdefault(name, value.strip().strip('"'))
        elif section == "url" and key.strip().lower() == "insteadof":
            rewrites[value.strip().strip('"')] = name
    ordered = sorted(urls, key=lambda remote: remote != "origin")
    found = (owner_name(_rewritten(urls[remote], rewrites)) for remote in ordered)
    return tuple(dict.fromkeys(name for name in found if name))


def _rewritten(url: str, rewrites: dict[str, str]) -> str:
    for prefix in sorted(rewrites, key=len, reverse=True):
        if url.startswith(prefix):
            return rewrites[prefix] + url[len(prefix) :]
    return url


def owner_name(url: str) -> str:
    """``owner/name`` of a remote's URL (https, ssh, scp-like or a path), or ""."""
    found = _REMOTE_PATH.match(url.replace("\\", "/"))
    parts = [part for part in (found.group(1) if found else "").split("/") if part]
    return "/".join(parts[-2:]) if len(parts) >= 2 else ""


def same_repo(one: str, other: str) -> bool:
    """True where two owner/name mean the same repository: GitHub ignores case."""
    return one.lower() == other.lower()
