"""A connection to an embedded GitHub that waits without sleeping, and says what it did."""

from __future__ import annotations

from typing import Any

from github import Auth

from interlock.github.budget import Budget
from interlock.github.connection import Connection
from interlock.github.patience import Patience
from interlock.sandbox import Sandbox


class Line:
    """A connection, what it said and how long it waited."""

    def __init__(self, sandbox: Sandbox, token: str, **more: Any) -> None:
        self.said: list[str] = []
        self.slept: list[float] = []
        self.budget = Budget()
        self.clock = sandbox.clock
        patience = Patience(
            self.budget,
            self.said.append,
            sleep=self._sleep,
            now=self.clock.now,
            most=more.pop("most", 900.0),
        )
        self.to = Connection(Auth.Token(token), patience, self.budget, api=sandbox.api_url, **more)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(seconds)
