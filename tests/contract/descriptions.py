"""GitHub's own descriptions of its API, from npm: fetched once, kept outside the repository.

Versions are pinned in ``package.json``, and npm checks each package against the hash in
``package-lock.json``. Nothing of the packages is committed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
#: Set where the tests may not go without the descriptions, as in continuous integration.
REQUIRED = "INTERLOCK_REQUIRE_NPM"
REST, WEBHOOKS, GRAPHQL = "rest.json", "webhooks.json", "schema.graphql"
#: What is kept of the 430 MB that the packages unpack to.
KEPT = {
    REST: "@octokit/openapi/generated/api.github.com.json",
    WEBHOOKS: "@octokit/openapi-webhooks/generated/api.github.com.json",
    GRAPHQL: "@octokit/graphql-schema/schema.graphql",
}
#: Seconds for npm to fetch, and for another process that does so to end.
PATIENCE = 300
#: Seconds after which a fetch that failed is tried again.
FORGET = 300


class Unavailable(Exception):
    """The descriptions cannot be had here; the text says why."""


def folder() -> Path:
    """The folder that holds the files of KEPT; fetches them once. Raises Unavailable."""
    names = ("package.json", "package-lock.json")
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in names))
    kept = _cache() / digest.hexdigest()[:16]
    if not kept.is_dir():
        kept.parent.mkdir(parents=True, exist_ok=True)
        _fetched_once(kept)
    return kept


def missing() -> str:
    """Why the descriptions cannot be had here; empty where they can."""
    return _missing()


@cache
def _missing() -> str:
    try:
        folder()
    except Unavailable as why:
        return str(why)
    return ""


def _cache() -> Path:
    """The user's folder for what can be fetched again."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    else:
        base = os.environ.get("XDG_CACHE_HOME")
    return Path(base or Path.home() / ".cache") / "interlock-contract"


def _fetched_once(kept: Path) -> None:
    """Fetch, unless another process has done so meanwhile: SQLite's lock ends with its holder."""
    with closing(sqlite3.connect(kept.parent / "lock.sqlite", timeout=PATIENCE)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise Unavailable(f"another process has been fetching for too long ({error})") from None
        if kept.is_dir():
            return
        failed = kept.with_suffix(".failed")
        if why := _recent(failed):
            raise Unavailable(why)
        try:
            _fetch(kept)
        except Unavailable as error:
            failed.write_text(str(error), encoding="utf-8")
            raise


def _recent(failed: Path) -> str:
    """Why fetching failed a moment ago, so that workers do not all wait for npm to give up."""
    try:
        if time.time() - failed.stat().st_mtime < FORGET and os.environ.get(REQUIRED) != "1":
            return failed.read_text(encoding="utf-8")
    except FileNotFoundError:
        pass
    return ""


def _fetch(kept: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable("npm is not on PATH")
    with tempfile.TemporaryDirectory(dir=kept.parent, ignore_cleanup_errors=True) as made:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, made)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        try:
            done = subprocess.run(
                command, cwd=made, capture_output=True, text=True, check=False, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired:
            raise Unavailable(f"npm did not answer within {PATIENCE} s") from None
        if done.returncode:
            words = " ".join(done.stderr.split())[:300]
            raise Unavailable(f"npm could not fetch the descriptions: {words}")
        chosen = Path(made) / "chosen"
        chosen.mkdir()
        for name, source in KEPT.items():
            shutil.copy(Path(made) / "node_modules" / source, chosen / name)
        chosen.rename(kept)


def loaded(name: str) -> Any:
    """One of the JSON files, parsed."""
    return json.loads((folder() / name).read_text(encoding="utf-8"))
