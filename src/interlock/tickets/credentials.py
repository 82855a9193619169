"""Who a run is at Jira. The token is never printed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from interlock.errors import UsageError

USER, TOKEN = "INTERLOCK_JIRA_USER", "INTERLOCK_JIRA_TOKEN"


class Credentials:
    """An account of Jira Cloud (its address and API token), or a Data Center's access token.

    https://developer.atlassian.com/cloud/jira/platform/basic-auth-for-rest-apis/
    https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html
    """

    def __init__(self, user: str, token: str) -> None:
        """``user`` is "" where the token says who it is."""
        self._user, self._token = user, token

    @property
    def cloud(self) -> bool:
        """True for Jira Cloud, which speaks REST v3; Data Center speaks v2."""
        return bool(self._user)

    @property
    def header(self) -> str:
        """The Authorization header."""
        if not self._user:
            return f"Bearer {self._token}"
        return f"Basic {b64encode(f'{self._user}:{self._token}'.encode()).decode()}"

    def __repr__(self) -> str:
        """Without the secret."""
        return f"Credentials({self._user!r}, '…')"


def credentials(environment: Mapping[str, str]) -> Credentials:
    """Raises UsageError where the environment names nobody."""
    user, token = environment.get(USER, "").strip(), environment.get(TOKEN, "").strip()
    if not token:
        raise UsageError(
            f"set {TOKEN}: with {USER} (an e-mail address) for Jira Cloud, alone for Data Center"
        )
    if not (f"{user}{token}".isascii() and f"{user}{token}".isprintable()) or ":" in user:
        raise UsageError(f"{USER} or {TOKEN} holds characters that neither can have")
    return Credentials(user, token)
