"""What a run has cost: requests by kind, GraphQL points, seconds waited."""

from __future__ import annotations

from interlock.values import Literal

#: rest: a GET that was answered. free: one answered "not modified". write: a request that may
#: change something. graphql: a query or a mutation.
Kind = Literal["rest", "free", "write", "graphql"]


class Budget:
    """Counts as the run goes on."""

    def __init__(self) -> None:
        """Nothing was spent yet."""
        self.requests: dict[Kind, int] = {"rest": 0, "free": 0, "write": 0, "graphql": 0}
        self.points = 0
        self.waited = 0.0

    def count(self, kind: Kind) -> None:
        """One more request."""
        self.requests[kind] += 1

    def line(self) -> str:
        """The line that ends every run."""
        spent = self.requests
        told = (
            f"GitHub: {spent['rest']} reads, {spent['free']} unchanged, {spent['write']} writes, "
            f"{spent['graphql']} GraphQL requests for {self.points} points"
        )
        return f"{told}, {self.waited:.0f} s waited" if self.waited >= 1 else told
