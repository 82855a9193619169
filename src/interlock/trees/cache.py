"""Partial clones of repositories that lie nowhere on this machine, kept and refreshed by age."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Mapping

from interlock.errors import TreeError
from interlock.trees.access import Access
from interlock.trees.fetching import Network, absent
from interlock.trees.locks import Lock
from interlock.trees.process import git
from interlock.trees.remotes import beside, host_of, without_credentials
from interlock.values import NamedTuple

#: What GitHub allows in the name of an owner or a repository.
_PART = re.compile(r"[A-Za-z0-9._-]{1,100}\Z")
#: A clone is kept without git's mark for partial clones, so that reading never opens a connection.
_PARTIAL = (
    "-c",
    "remote.origin.promisor=true",
    "-c",
    "remote.origin.partialCloneFilter=blob:none",
)
_MARKS = ("promisor", "partialclonefilter", "partialclone")
_STAMP = "interlock-fetched"
#: Where the remote's HEAD is kept: the name of the default branch may change after the clone.
DEFAULT = "refs/interlock/default"
#: Seconds that a first clone may take, and that another run waits for it.
_CLONE_SECONDS = 600
#: Seconds that a run waits for another that refreshes a clone which can be read meanwhile.
_PATIENCE = 5.0
#: Where a token needs no encryption: it does not leave this machine.
_OURSELVES = ("127.0.0.1", "localhost", "[::1]")
#: Each fetch leaves a pack; reading slows down with their number.
_MAX_PACKS = 30


class Cached(NamedTuple):
    """A cached clone: its folder, its age in seconds, and its default branch.

    ``refs`` are where that branch is kept, the newest first.
    """

    folder: str
    age: int
    default: str
    refs: tuple[str, ...]


class Cache:
    """The clones of one run, each refreshed at most once."""

    def __init__(self, access: Access, url: str) -> None:
        """``url`` is the address of our own repository: siblings are looked for beside it."""
        self._access = access
        self._url = url

    def find(self, name: str) -> tuple[Cached | None, str]:
        """The clone of owner/name, and why it could not be refreshed or is not there.

        Where nobody looked for it on the network, there is no reason either.
        """
        access = self._access
        parts = name.split("/")
        if len(parts) != 2 or not all(_PART.match(p) and p not in (".", "..") for p in parts):
            return None, f"{name} is no name of a repository"
        url = beside(self._url, name)
        folder = self._folder(url, name)
        stamp = _stamp(folder)
        problem = ""
        if access.network and not access.fresh(stamp):
            try:
                problem = self._refresh(folder, url)
            except TreeError as error:
                problem = str(error)
            stamp = _stamp(folder)
        if stamp is None:
            return None, f"{url} could not be cloned: {problem}" if problem else ""
        default = _text(os.path.join(folder, "HEAD")).removeprefix("ref: refs/heads/")
        refs = (DEFAULT, f"refs/heads/{default}")
        return Cached(folder, max(0, access.now - stamp), default, refs), problem

    def bring(self, name: str, wanted: Mapping[str, str]) -> tuple[Cached | None, str]:
        """The clone with the commits of ``wanted`` (commit -> ref that holds it now).

        They are fetched in one connection, with the files that changed; none is opened where all
        are here. A commit that its ref has left meanwhile stays missing. Gives the reason where
        there is no clone, or where fetching failed.
        """
        cached, problem = self.find(name)
        if cached is None or problem:
            return cached, problem
        folder = cached.folder
        if not absent(folder, list(wanted)):
            return cached, ""
        with Lock(f"{folder}.lock", _CLONE_SECONDS) as lock:
            if not lock.held:
                return cached, "another run is fetching it"
            # The one that held it may have brought them.
            refs = dict.fromkeys(wanted[commit] for commit in absent(folder, list(wanted)))
            try:
                self._bring_all(folder, beside(self._url, name), list(refs))
            except TreeError as error:
                return cached, str(error)
        return cached, ""

    def _bring_all(self, folder: str, url: str, refs: list[str]) -> None:
        """Fetch those of ``refs`` that are there: git fetches nothing where it misses one."""
        try:
            if refs:
                self._bring(folder, url, refs)
        except TreeError as error:
            if "find remote ref" not in str(error):
                raise
            listed = git(
                folder, "ls-remote", "--refs", "origin", network=True, settings=self._settings(url)
            )
            there = {line.partition(b"\t")[2] for line in listed.splitlines()}
            left = [ref for ref in refs if ref.encode() in there]
            if left:
                self._bring(folder, url, left)

    def _bring(self, folder: str, url: str, refs: list[str]) -> None:
        git(
            folder,
            *_PARTIAL,
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-auto-maintenance",
            # New commits come with their files: configuration is small, and one fetch is enough.
            "--filter=blob:limit=256k",
            "--stdin",
            "origin",
            network=True,
            settings=self._settings(url),
            given="".join(f"+{ref}:{ref}\n" for ref in refs).encode(),
        )

    def network(self, name: str) -> Network | None:
        """How to fetch what the clone of owner/name lacks."""
        if not self._access.network:
            return None
        return Network("origin", _PARTIAL, self._settings(beside(self._url, name)))

    def _folder(self, url: str, name: str) -> str:
        """One folder for a host's owner/name in any case, and one for a path on this machine."""
        host = host_of(url)
        place = (
            re.sub(r"[^a-z0-9.-]", "-", host) if host else f"local-{zlib.crc32(url.encode()):08x}"
        )
        owner, _, repo = name.lower().partition("/")
        return os.path.join(self._access.folder, place.strip(".") or "host", owner, f"{repo}.git")

    def _refresh(self, folder: str, url: str) -> str:
        """Clone or fetch; gives the reason where another run does it for longer than we wait."""
        try:
            os.makedirs(os.path.dirname(folder), mode=0o700, exist_ok=True)
        except OSError as error:
            return f"{os.path.dirname(folder)} cannot be made: {error.strerror}"
        # A clone that is there can be used meanwhile; else there is nothing but waiting.
        patience = _PATIENCE if _stamp(folder) is not None else _CLONE_SECONDS
        with Lock(f"{folder}.lock", patience) as lock:
            if not lock.held:
                return "another run is fetching it"
            stamp = _stamp(folder)
            if self._access.fresh(stamp):
                return ""
            if stamp is None:
                self._clone(folder, url)
            else:
                self._fetch(folder, url)
            _write(os.path.join(folder, _STAMP), f"{self._access.now}\n")
        return ""

    def _clone(self, folder: str, url: str) -> None:
        fresh = f"{folder}.new"
        for old in (fresh, folder):
            _remove(old)
        git(
            os.path.dirname(folder),
            "clone",
            "--quiet",
            "--bare",
            "--no-local",
            "--filter=blob:none",
            "--no-tags",
            "--template=",
            "--",
            url,
            fresh,
            network=True,
            settings=self._settings(url),
            seconds=_CLONE_SECONDS,
        )
        _unmark(os.path.join(fresh, "config"))
        os.rename(fresh, folder)

    def _fetch(self, folder: str, url: str) -> None:
        settings = self._settings(url)
        git(
            folder,
            *_PARTIAL,
            "fetch",
            "--quiet",
            "--prune",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-auto-maintenance",
            "--filter=blob:none",
            "origin",
            "+refs/heads/*:refs/heads/*",
            f"+HEAD:{DEFAULT}",
            network=True,
            settings=settings,
        )
        packs = os.listdir(os.path.join(folder, "objects", "pack"))
        if sum(name.endswith(".pack") for name in packs) > _MAX_PACKS:
            git(folder, *_PARTIAL, "repack", "-a", "-d", "-q")

    def _settings(self, url: str) -> dict[str, str]:
        """The credentials for ``url`` as git's settings: our own address's login, or the token."""
        if not url.lower().startswith(("https://", "http://")):
            return {}
        host = host_of(url)
        login = without_credentials(self._url)[1] if host == host_of(self._url) else ""
        safe = url.lower().startswith("https") or host in _OURSELVES
        if self._access.token and host == self._access.host and safe:
            login = f"x-access-token:{self._access.token}"
        if ":" not in login:
            return {}
        from base64 import b64encode
        from urllib.parse import unquote

        secret = b64encode(unquote(login).encode()).decode()
        start = "/".join(url.split("/")[:3])
        return {f"http.{start}/.extraHeader": f"Authorization: Basic {secret}"}


def _stamp(folder: str) -> int | None:
    """When the clone was fetched last; None where there is no whole one."""
    text = _text(os.path.join(folder, _STAMP))
    return int(text) if text.isdecimal() else None


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(4096).strip()
    except OSError:
        return ""


def _unmark(config: str) -> None:
    with open(config, encoding="utf-8") as file:
        lines = file.readlines()
    kept = [line for line in lines if line.partition("=")[0].strip().lower() not in _MARKS]
    _write(config, "".join(kept))


def _write(path: str, text: str) -> None:
    with open(f"{path}.new", "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    os.replace(f"{path}.new", path)


def _remove(folder: str) -> None:
    if os.path.lexists(folder):
        import shutil

        shutil.rmtree(folder, ignore_errors=True)
