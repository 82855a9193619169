"""Addresses of GitHub's pages that a checklist leads to."""

from __future__ import annotations

import re
from collections.abc import Mapping

from interlock.values import NamedTuple

_NUMBER = re.compile(r"#([0-9]+)\Z")


class Pages(NamedTuple):
    """The pages of repositories, and those that open a missing pull request; by owner/name.

    Names are in lower case; what is not known has no page.
    """

    repos: Mapping[str, str]
    creating: Mapping[str, str] = {}

    def repo(self, name: str) -> str:
        """The repository's page, or ""."""
        return self.repos.get(name.lower(), "")

    def change(self, name: str, label: str) -> str:
        """The page of the pull request that is called ``label`` ("serving#12"), "" for a branch."""
        number, page = _NUMBER.search(label), self.repo(name)
        return f"{page}/pull/{number[1]}" if number is not None and page else ""

    def create(self, name: str) -> str:
        """Where the pull request that is missing is opened, or ""."""
        return self.creating.get(name.lower(), "")
