"""What a straightforward bot asks of GitHub to answer the same event: really asked, and counted.

It knows no records and keeps nothing: it lists the open pull requests of each repository and the
files of each, reads what the set's own change on both sides and what the siblings have of it, and
looks at comments, statuses and reviews before it writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from set_scene import FOLDERS, NAMES, Scene, counted


class Naive:
    """One run with one token, 100 items a page."""

    def __init__(self, scene: Scene) -> None:
        """With a person's token: what our own runs spent of their limits is not its concern."""
        self._api = scene.sandbox.api_url
        self._session = requests.Session()
        token = scene.sandbox.token("ada")
        self._session.headers["authorization"] = f"Bearer {token}"

    def look(self, key: str) -> int:
        """All that has to do with one experiment; how many pull requests that are."""
        mine = []
        for alias, name in NAMES.items():
            path = f"{FOLDERS[alias]}/{key}.yaml"
            for pull in self._all(f"/repos/{name}/pulls"):
                files = self._all(f"/repos/{name}/pulls/{pull['number']}/files")
                if any(one["filename"] == path for one in files):
                    mine.append((name, path, pull))
            self._one(f"/repos/{name}/contents/{path}", missing=True)
        for name, path, pull in mine:
            head = pull["head"]["sha"]
            self._one(f"/repos/{name}/contents/{path}", ref=head)
            self._one(f"/repos/{name}/commits/{head}/status")
            self._all(f"/repos/{name}/commits/{head}/check-runs")
            self._all(f"/repos/{name}/issues/{pull['number']}/comments")
            self._all(f"/repos/{name}/pulls/{pull['number']}/reviews")
        return len(mine)

    def _one(self, path: str, *, missing: bool = False, **query: str) -> Any:
        answer = self._session.get(f"{self._api}{path}", params=query, timeout=60)
        if missing and answer.status_code == 404:
            return None
        answer.raise_for_status()
        return answer.json()

    def _all(self, path: str) -> list[Any]:
        found: list[Any] = []
        url, query = f"{self._api}{path}", {"per_page": 100}
        while url:
            answer = self._session.get(url, params=query, timeout=60)
            answer.raise_for_status()
            page = answer.json()
            found += page["check_runs"] if isinstance(page, dict) else page
            url, query = answer.links.get("next", {}).get("url", ""), {}
        return found


def naive(scene: Scene, key: str) -> Mapping[str, int]:
    """The requests of one run; raises where it does not find the set of three."""
    before = len(scene.sandbox.requests)
    found = Naive(scene).look(key)
    if found != len(NAMES):
        raise AssertionError(f"the naive client found {found} pull requests of the set")
    return counted(tuple(scene.sandbox.requests[before:]))
