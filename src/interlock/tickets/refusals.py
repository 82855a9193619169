"""What Jira's refusals mean, in one line each."""

from __future__ import annotations

import json

from interlock.errors import TicketError

#: Characters of Jira's own words that are shown.
_SHOWN = 200
_TOKEN = "INTERLOCK_JIRA_USER and INTERLOCK_JIRA_TOKEN"  # noqa: S105  names of variables


def refused(status: int, text: str, what: str, needs: str = "") -> TicketError:
    """The error for an answer that is no success.

    ``what`` is the request in words ("read ML-1"), ``needs`` the project permission that it takes.
    Jira answers 404 for what an account may not see, and often 400 for what it may not do.
    https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#status-codes
    """
    said = message_of(text)
    wants = f"; the account needs the project permission `{needs}`" if needs else ""
    if status == 401:
        told = f"the token is wrong or has expired, or is not for this Jira: set {_TOKEN}"
        return TicketError(f"Jira, {what}: {told} (Data Center takes the token alone)", status)
    if status == 404:
        told = f"there is no such thing{wants or ', or the account may not see it'}"
    elif not status:
        told = f"it cannot be reached ({said}): is `checklist.jira.url` in the policy right?"
    elif status in (301, 302, 303, 307, 308):
        told = "it answers with another address: mend `checklist.jira.url` in the policy"
    elif status >= 500:
        told = f"Jira fails ({status}): run it again later"
    else:
        told = f"Jira refused it ({status}: {said}){wants}"
    return TicketError(f"Jira, {what}: {told}", status)


def message_of(text: str) -> str:
    """Jira's messages in an answer, on one line and cut."""
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    told = [text]
    if isinstance(data, dict):
        listed, fields = data.get("errorMessages"), data.get("errors")
        told = [str(one) for one in listed] if isinstance(listed, list) else []
        if isinstance(fields, dict):
            told += [f"{name}: {why}" for name, why in fields.items()]
        told = told or [str(data.get("message", ""))]
    plain = "".join(c if c.isprintable() else " " for c in "; ".join(told))
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
