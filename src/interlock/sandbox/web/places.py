"""Where a rendered text stands."""

from __future__ import annotations

from interlock.sandbox.records import Repo
from interlock.sandbox.web.live import Place
from interlock.sandbox.web.visit import Visit, address


def place(visit: Visit, repo: Repo) -> Place:
    """A text of this repository: ``#12`` and hashes mean its own."""
    return Place(address(repo), visit.git(repo).resolve, visit.world.url)
