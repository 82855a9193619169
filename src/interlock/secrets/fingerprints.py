"""The key under which fingerprints are made: without it a weak password could be guessed back."""

from __future__ import annotations

import os

_BYTES = 32


def repository_key(folder: str) -> bytes:
    """The random key in git's folder of the repository around ``folder``; else one for this run.

    All work trees of a repository share it. A repository that cannot be written to has none.
    """
    place = git_folder(folder)
    if not place:
        return os.urandom(_BYTES)
    path = os.path.join(place, "interlock", "fingerprint-key")
    return _read(path) or _made(path)


def _read(path: str) -> bytes:
    """The key that is kept; nothing where there is none, or not a whole one."""
    try:
        with open(path, "rb") as stream:
            key = stream.read(_BYTES + 1)
    except OSError:
        return b""
    return key if len(key) == _BYTES else b""


def _made(path: str) -> bytes:
    """A new key. Of several processes that make one at once all get the first one's."""
    key = os.urandom(_BYTES)
    aside = f"{path}.{os.getpid()}-{os.urandom(4).hex()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        number = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        return key
    try:
        with open(number, "wb") as stream:
            stream.write(key)
        _place(aside, path)
    except OSError:
        pass
    if os.path.exists(aside):
        os.unlink(aside)
    return _read(path) or key


def _place(aside: str, path: str) -> None:
    """Give the whole file its name, if nobody else did; a broken one is replaced."""
    try:
        os.link(aside, path)
    except FileExistsError:
        if not _read(path):
            os.replace(aside, path)
    except OSError:  # no file system of this kind has hard links
        if not os.path.exists(path):
            os.replace(aside, path)


def top_of(where: str) -> str:
    """The top of the checkout around the folder ``where``; "" where there is none."""
    here = os.path.realpath(where)
    while not os.path.lexists(os.path.join(here, ".git")):
        above = os.path.dirname(here)
        if above == here:
            return ""
        here = above
    return here


def git_folder(folder: str) -> str:
    """Git's common folder of the repository around ``folder``, without asking git; "" for none."""
    from interlock.trees.checkouts import common_dir_of, git_dir_at
    from interlock.trees.process import redirected

    told = redirected("GIT_DIR")
    here = os.path.realpath(folder)
    found = told if told and os.path.isfile(os.path.join(told, "HEAD")) else ""
    while not found:
        found = git_dir_at(here) or (here if is_bare(here) else "")
        above = os.path.dirname(here)
        if above == here:
            break
        here = above
    place = common_dir_of(found) if found else ""
    return place if os.path.isdir(place) else ""


def is_bare(folder: str) -> bool:
    """True for a repository without a work tree."""
    inside = [os.path.join(folder, name) for name in ("objects", "refs", "HEAD")]
    return all(map(os.path.exists, inside)) and os.path.isfile(inside[-1])
