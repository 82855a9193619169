"""When an answer means to wait, and for how long.

https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from interlock.errors import GitHubError
from interlock.github.budget import Budget
from interlock.github.pace import Pace

#: Seconds that one run waits in all, and at a time where GitHub names no time: "at least one
#: minute", doubled each time.
MOST, FIRST = 900.0, 60.0
#: Seconds of waiting that nobody needs to be told of.
_UNTOLD = 2.0
_SECONDARY = ("secondary rate limit", "abuse detection")


class Patience:
    """Waits, says so, and gives up when it was asked to wait too long."""

    def __init__(
        self,
        budget: Budget,
        say: Callable[[str], None],
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
        most: float = MOST,
    ) -> None:
        """``say`` gets a sentence for each wait; ``most`` is in seconds, over the whole run."""
        self._budget = budget
        self._say = say
        self._sleep = sleep
        self._now = now
        self._most = most
        self._next = FIRST
        self._pace = Pace()

    def before_write(self) -> None:
        """Keep GitHub's pace; raises GitHubError where that would be longer than a run may wait."""
        seconds = self._pace.wait(self._now())
        if seconds > _UNTOLD:
            self.wait(seconds, "so many writes are allowed at a time")
        elif seconds > 0:
            self._sleep(seconds)
        self._pace.wrote(self._now())

    def wait(self, seconds: float, why: str) -> None:
        """Sleep; raises GitHubError where that is longer than this run may wait."""
        if self._budget.waited + seconds > self._most:
            raise GitHubError(
                f"{why}: GitHub asks to wait {seconds:.0f} s, and this run waits at most "
                f"{self._most:.0f} s; run it again later",
                429,
            )
        self._say(f"{why}: waiting {seconds:.0f} s")
        self._budget.waited += seconds
        self._sleep(seconds)

    def limited(self, status: int, headers: Mapping[str, str], text: str) -> float | None:
        """Seconds to wait where the answer is a rate limit; None for anything else.

        A bare 403 is a missing permission, not a limit.
        """
        if status not in (403, 429):
            return None
        after = headers.get("retry-after", "")
        if after.isdecimal():
            return float(after)
        if headers.get("x-ratelimit-remaining") == "0":
            return self._until(headers.get("x-ratelimit-reset", ""))
        if status == 429 or any(word in text.lower() for word in _SECONDARY):
            return self.longer()
        return None

    def longer(self) -> float:
        """The next wait where GitHub names none."""
        self._next *= 2
        return self._next / 2

    def _until(self, reset: str) -> float:
        return max(float(reset) - self._now(), 0.0) + 1 if reset.isdecimal() else self.longer()
