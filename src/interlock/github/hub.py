"""One connection an owner: an App has an installation, and so a token, at each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from interlock.github.budget import Budget
from interlock.github.connection import API, Connection
from interlock.github.credentials import APP_ID, APP_KEY, credentials
from interlock.github.patience import Patience

SERVER = "https://github.com"


class Hub:
    """The connections of one run; they share its budget, its patience and what is kept of answers.

    ``etags`` are those of an earlier run. ``app`` is the App's id, "" for a plain token.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        say: Callable[[str], None],
        *,
        etags: dict[str, tuple[str, Any]] | None = None,
        patience: Callable[[Budget], Patience] | None = None,
    ) -> None:
        """``environment`` names the server and who we are; ``say`` gets a sentence for each wait.

        Nothing is asked before the first connection is needed.
        """
        self.api = environment.get("GITHUB_API_URL") or API
        self.server = (environment.get("GITHUB_SERVER_URL") or SERVER).rstrip("/")
        self.app = environment.get(APP_ID, "") if environment.get(APP_KEY) else ""
        self.budget = Budget()
        self.etags = {} if etags is None else etags
        self._patience = patience(self.budget) if patience else Patience(self.budget, say)
        self._environment = environment
        self._connections: dict[str, Connection] = {}

    def to(self, name: str) -> Connection:
        """The connection for owner/name; raises UsageError or GitHubError where there is none."""
        owner = name.partition("/")[0].lower() if self.app else ""
        if owner not in self._connections:
            auth = credentials(self._environment, name.partition("/")[0])
            self._connections[owner] = Connection(
                auth, self._patience, self.budget, api=self.api, etags=self.etags
            )
        return self._connections[owner]
