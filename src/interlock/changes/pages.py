"""Addresses of GitHub's pages: a repository, a pull request, the one that is still missing."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from interlock.changes.naming import TRAILER, set_branch, set_id
from interlock.values import NamedTuple

_NUMBER = re.compile(r"#([0-9]+)\Z")


class Pages(NamedTuple):
    """GitHub as people see it: GITHUB_SERVER_URL, GitHub Enterprise has its own."""

    server: str = "https://github.com"

    def repo(self, name: str) -> str:
        """The repository's page."""
        return f"{self.server.rstrip('/')}/{quote(name)}"

    def change(self, name: str, label: str) -> str:
        """The page of the pull request that is called ``label`` ("serving#12"), "" for a branch."""
        number = _NUMBER.search(label)
        return f"{self.repo(name)}/pull/{number[1]}" if number is not None else ""

    def create(self, name: str, key: str) -> str:
        """Where the pull request of an experiment's branch is opened, title and text filled in.

        https://docs.github.com/pull-requests/collaborating-with-pull-requests/proposing-changes-to-your-work-with-pull-requests/using-query-parameters-to-create-a-pull-request
        """
        words = {"expand": "1", "title": f"Experiment {key}", "body": f"{TRAILER}: {set_id(key)}"}
        return f"{self.repo(name)}/compare/{quote(set_branch(key))}?{urlencode(words)}"
