"""Primary and secondary rate limits, by GitHub's published numbers.

https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from interlock.sandbox.actors import Token
from interlock.sandbox.wire import Refused
from interlock.sandbox.world import World

HOUR = 3600
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)


@dataclass(slots=True)
class Numbers:
    """What is allowed; tests lower or raise them. ``secondary`` False turns those limits off."""

    anonymous: int = 60
    user: int = 5000
    actions: int = 1000
    installation: int = 5000
    installation_most: int = 12500
    rest_points_a_minute: int = 900
    graphql_points_a_minute: int = 2000
    content_a_minute: int = 80
    content_an_hour: int = 500
    secondary: bool = True


@dataclass(slots=True)
class Bucket:
    """One hour's window of one caller and resource."""

    limit: int
    reset: float
    used: int = 0


@dataclass(slots=True)
class Spent:
    """What one caller did lately: (time, points) a kind, and when it created content."""

    points: dict[str, deque[tuple[float, int]]] = field(default_factory=dict)
    content: deque[float] = field(default_factory=deque)


class Limits:
    """Counts what each caller uses."""

    def __init__(self, world: World) -> None:
        """Begin with GitHub's numbers."""
        self.world = world
        self.numbers = Numbers()
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._spent: dict[str, Spent] = {}

    def caller(self, token: Token | None) -> str:
        """Whose limit a token draws on: the user's, the installation's, the repository's."""
        if token is None:
            return "anonymous"
        if token.kind == "installation" and token.installation:
            return f"installation ID {token.installation.id}"
        if token.kind == "actions":
            return f"repository ID {min(token.repositories or {0})}"
        return f"user ID {token.user.id}"

    def allowance(self, token: Token | None) -> int:
        """Requests or points an hour."""
        numbers = self.numbers
        if token is None:
            return numbers.anonymous
        if token.kind == "actions":
            return numbers.actions
        if token.kind == "installation" and token.installation:
            owner = token.installation.account
            repos = sum(repo.owner is owner for repo in self.world.repos.values())
            more = 50 * (max(0, repos - 20) + max(0, len(owner.members) - 20))
            return max(
                numbers.installation, min(numbers.installation + more, numbers.installation_most)
            )
        return numbers.user

    def bucket(self, token: Token | None, resource: str) -> Bucket:
        """The running window."""
        key = (self.caller(token), resource)
        now = self.world.now()
        found = self._buckets.get(key)
        if found is None or found.reset <= now:
            found = self._buckets[key] = Bucket(self.allowance(token), now + HOUR)
        return found

    def charge(self, token: Token | None, resource: str, points: int) -> None:
        """Use the primary limit."""
        self.bucket(token, resource).used += points

    def exhausted(self, token: Token | None, resource: str) -> bool:
        """Whether nothing is left of the primary limit."""
        bucket = self.bucket(token, resource)
        return bucket.used >= bucket.limit

    def exceeded(self, token: Token | None) -> str:
        """The words of the primary limit's refusal."""
        return f"API rate limit exceeded for {self.caller(token)}."

    def headers(self, token: Token | None, resource: str) -> dict[str, str]:
        """The ``x-ratelimit`` headers of an answer."""
        bucket = self.bucket(token, resource)
        return {
            "x-ratelimit-limit": str(bucket.limit),
            "x-ratelimit-remaining": str(max(0, bucket.limit - bucket.used)),
            "x-ratelimit-used": str(bucket.used),
            "x-ratelimit-reset": str(int(bucket.reset)),
            "x-ratelimit-resource": resource,
        }

    def pace(self, token: Token | None, kind: str, points: int, *, content: bool) -> None:
        """Count towards the secondary limits; raises Refused 403 with Retry-After."""
        if not self.numbers.secondary:
            return
        now = self.world.now()
        spent = self._spent.setdefault(self.caller(token), Spent())
        recent = spent.points.setdefault(kind, deque())
        while recent and recent[0][0] <= now - 60:
            recent.popleft()
        while spent.content and spent.content[0] <= now - HOUR:
            spent.content.popleft()
        most = self.numbers.rest_points_a_minute
        if kind == "graphql":
            most = self.numbers.graphql_points_a_minute
        if sum(p for _, p in recent) + points > most:
            raise _slow_down(recent[0][0] + 60 - now if recent else 60)
        if content:
            minute = [at for at in spent.content if at > now - 60]
            if len(minute) >= self.numbers.content_a_minute:
                raise _slow_down(minute[0] + 60 - now)
            if len(spent.content) >= self.numbers.content_an_hour:
                raise _slow_down(spent.content[0] + HOUR - now)
            spent.content.append(now)
        recent.append((now, points))


def _slow_down(seconds: float) -> Refused:
    return Refused(403, SECONDARY, headers={"retry-after": str(max(1, int(seconds) + 1))})
