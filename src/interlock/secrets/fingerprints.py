"""The key under which fingerprints are made: without it a weak password could be guessed back."""

from __future__ import annotations

import os

_BYTES = 32


def repository_key(folder: str) -> bytes:
    """The random key in .git/interlock of the checkout around ``folder``; else one for this run."""
    place = _git_folder(folder)
    if not place:
        return os.urandom(_BYTES)
    path = os.path.join(place, "interlock", "fingerprint-key")
    try:
        with open(path, "rb") as stream:
            key = stream.read(_BYTES + 1)
        if len(key) == _BYTES:
            return key
    except OSError:
        pass
    return _made(path)


def _made(path: str) -> bytes:
    """A new key; the one that another process wrote first wins."""
    key = os.urandom(_BYTES)
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        aside = f"{path}.{os.getpid()}"
        number = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(number, "wb") as stream:
            stream.write(key)
        os.replace(aside, path)
    except OSError:
        return key
    return key


def _git_folder(folder: str) -> str:
    """Git's common folder for the checkout around ``folder``, without asking git; "" for none."""
    here = os.path.realpath(folder)
    while True:
        dot = os.path.join(here, ".git")
        if os.path.isdir(dot):
            return dot
        if os.path.isfile(dot):
            return _linked(dot)
        above = os.path.dirname(here)
        if above == here:
            return ""
        here = above


def _linked(dot: str) -> str:
    """A work tree's .git is a file that names its folder, and that one the common folder."""
    try:
        with open(dot, encoding="utf-8") as stream:
            named = stream.read(4096).strip().removeprefix("gitdir: ")
        place = os.path.join(os.path.dirname(dot), named)
        common = os.path.join(place, "commondir")
        if os.path.isfile(common):
            with open(common, encoding="utf-8") as stream:
                place = os.path.join(place, stream.read(4096).strip())
    except (OSError, UnicodeDecodeError):
        return ""
    return place if os.path.isdir(place) else ""
