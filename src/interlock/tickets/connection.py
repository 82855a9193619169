"""Every request to Jira goes through here: waits where it is told to, and repeats no write blindly.

https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
https://confluence.atlassian.com/adminjiraserver/adjusting-your-code-for-rate-limiting-987143384.html
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from interlock.errors import TicketError
from interlock.tickets.credentials import Credentials
from interlock.tickets.refusals import refused

if TYPE_CHECKING:
    import requests

#: How often a request that Jira failed to answer is tried in all, and the seconds between.
TRIES, PAUSE = 4, 2.0
#: Seconds that one run waits in all, and at first where a limit names no time.
MOST, FIRST = 300.0, 5.0
_PER_PAGE, _TIMEOUT = 100, 30


class Connection:
    """One account at one Jira."""

    def __init__(
        self,
        url: str,
        who: Credentials,
        say: Callable[[str], None],
        *,
        sleep: Callable[[float], None] = time.sleep,
        most: float = MOST,
    ) -> None:
        """``url`` has no slash at its end; ``say`` gets a sentence for each wait."""
        import requests

        self.cloud = who.cloud
        self.requests = 0
        self._api = f"{url}/rest/api/{3 if who.cloud else 2}"
        self._say, self._sleep, self._most = say, sleep, most
        self._waited, self._next = 0.0, FIRST
        self._session = requests.Session()
        # A function, so that no .netrc takes the header's place.
        self._session.auth = lambda request: _signed(request, who)
        self._session.headers["Accept"] = "application/json"

    def get(self, path: str, what: str, needs: str = "", **parameters: Any) -> Any:
        """Read; ``what`` names the request in messages, ``needs`` the permission that it takes."""
        for last in range(TRIES - 1, -1, -1):
            status, after, data, text = self._paced("GET", path, parameters, None, what)
            if 200 <= status < 300:
                return data
            if 0 < status < 500 or not last:
                raise refused(status, text, what, needs)
            self._wait(after or PAUSE, f"Jira, {what}: no answer")
        raise AssertionError  # the loop returns or raises

    def pages(
        self, path: str, member: str, what: str, needs: str = "", **parameters: Any
    ) -> list[Any]:
        """All items of a list, page by page; Jira may give fewer at a time than it is asked for."""
        found: list[Any] = []
        while True:
            asked = {**parameters, "startAt": len(found), "maxResults": _PER_PAGE}
            page = self.get(path, what, needs, **asked)
            items = page.get(member) or []
            found += items
            if not items or len(found) >= int(page.get("total") or 0):
                return found

    def write(
        self,
        verb: str,
        path: str,
        body: Mapping[str, Any] | None,
        find: Callable[[], bool],
        what: str,
        needs: str,
    ) -> None:
        """POST, PUT or DELETE. After a failure ``find`` says whether it happened all the same."""
        for last in range(TRIES - 1, -1, -1):
            status, after, _, text = self._paced(verb, path, {}, body, what)
            if 200 <= status < 300:
                return
            if 0 < status < 500:
                raise refused(status, text, what, needs)
            if find():
                return
            if last:
                self._wait(after or PAUSE, f"Jira, {what}: no answer")
        raise refused(status, text, what, needs)

    def _paced(
        self, verb: str, path: str, parameters: Any, body: Any, what: str
    ) -> tuple[int, float, Any, str]:
        """One request, again while Jira says that it is one too many; (0, …) for no answer.

        Gives status, the seconds that it asks to wait (0 for none), the JSON, and the text.
        """
        import requests

        while True:
            self.requests += 1
            try:
                answer = self._session.request(
                    verb,
                    f"{self._api}{path}",
                    params=parameters,
                    json=body,
                    timeout=_TIMEOUT,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                return 0, 0.0, None, type(error).__name__
            given = answer.headers.get("Retry-After", "")
            after = float(given) if given.isdecimal() else 0.0
            if answer.status_code != 429:
                return answer.status_code, after, _json(answer, what), answer.text
            self._wait(after or self._longer(), f"Jira, {what}: too many requests")

    def _longer(self) -> float:
        self._next *= 2
        return self._next / 2

    def _wait(self, seconds: float, why: str) -> None:
        if self._waited + seconds > self._most:
            raise TicketError(
                f"{why}: it asks to wait {seconds:.0f} s, and this run waits at most "
                f"{self._most:.0f} s; run it again later",
                429,
            )
        self._say(f"{why}: waiting {seconds:.0f} s")
        self._waited += seconds
        self._sleep(seconds)


def _signed(request: requests.PreparedRequest, who: Credentials) -> requests.PreparedRequest:
    request.headers["Authorization"] = who.header
    return request


def _json(answer: requests.Response, what: str) -> Any:
    """What the answer holds; None for one without JSON that is no success."""
    if not answer.content:
        return None
    try:
        return answer.json()
    except ValueError:
        if answer.ok:
            raise TicketError(
                f"Jira, {what}: the answer is no JSON: is `checklist.jira.url` in the policy right?"
            ) from None
        return None
