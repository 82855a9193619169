"""Writes at the pace that GitHub asks for: 80 a minute and 500 an hour, a second between many.

https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
"""

from __future__ import annotations

from collections import deque

#: (seconds, writes in them).
BOUNDS = ((60.0, 80), (3_600.0, 500))
#: So many in a minute are few: GitHub asks for a second between "a large number" of them.
FEW = 10


class Pace:
    """The times of this run's writes."""

    def __init__(self) -> None:
        """None yet."""
        self._times: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds to wait before the next write."""
        while self._times and now - self._times[0] >= BOUNDS[-1][0]:
            self._times.popleft()
        waits = [0.0]
        for seconds, most in BOUNDS:
            if len(self._times) >= most:
                waits.append(self._times[-most] + seconds - now)
        recent = sum(1 for at in self._times if now - at < BOUNDS[0][0])
        if recent >= FEW:
            waits.append(self._times[-1] + 1.0 - now)
        return max(waits)

    def wrote(self, now: float) -> None:
        """One more."""
        self._times.append(now)
