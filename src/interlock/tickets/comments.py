"""Our comment on a ticket: found by its author and by a property, never by one alone.

Jira's texts have no hidden comments, and people may edit what stands in them. A comment's property
is unseen, stays when the text is edited, and is written together with it.
https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comment-properties/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import quote

from interlock.errors import TicketError
from interlock.tickets.connection import Connection
from interlock.tickets.documents import seen

Done = Literal["created", "updated", "unchanged"]
PROPERTY = "interlock"
_VALUE = {"kind": "checklist"}
#: Tickets of a service desk: agents alone see the comment, its customers do not.
_INTERNAL = {"key": "sd.public.comment", "value": {"internal": True}}
_ADD, _EDIT, _DELETE = "Add Comments", "Edit Own Comments", "Delete Own Comments"


def upsert(jira: Connection, ticket: str, body: Any) -> Done:
    """Write ``body`` as our one comment; the oldest of ours is kept and later ones removed.

    ``body`` is a document for Cloud, wiki markup for Data Center. Raises TicketError.
    """
    mine = _Ours(jira, ticket)
    known = mine.now()
    done: Done = "unchanged"
    wanted = seen(body)

    def written() -> bool:
        return any(seen(one["body"]) == wanted for one in mine.now())

    if not known:
        new = {"body": body, "properties": [{"key": PROPERTY, "value": _VALUE}, _INTERNAL]}
        jira.write("POST", mine.path, new, written, f"comment on {ticket}", _ADD)
        # Another run may have written at the same time: the oldest stays.
        known, done = mine.now(), "created"
        if not known:
            mine.take_back(wanted)
    if seen(known[0]["body"]) != wanted:
        path = f"{mine.path}/{known[0]['id']}"
        what = f"change the comment on {ticket}"
        jira.write("PUT", path, {"body": body}, written, what, _EDIT)
        done = "updated"
    for extra in known[1:]:
        mine.remove(extra)
    return done


class _Ours:
    """The comments that are ours; the property of each is asked for once."""

    def __init__(self, jira: Connection, ticket: str) -> None:
        self.path = f"/issue/{quote(ticket, safe='')}/comment"
        self._jira, self._ticket = jira, ticket
        self._me = _identity(jira.get("/myself", "who are we"))
        self._marked: dict[str, bool] = {}

    def now(self) -> list[Mapping[str, Any]]:
        """Oldest first."""
        return [one for one in self._of_us() if self._is_marked(str(one["id"]))]

    def remove(self, comment: Mapping[str, Any]) -> None:
        def gone() -> bool:
            return all(one["id"] != comment["id"] for one in self._of_us())

        what = f"remove our second comment on {self._ticket}"
        self._jira.write("DELETE", f"{self.path}/{comment['id']}", None, gone, what, _DELETE)

    def take_back(self, wanted: object) -> None:
        """What was written has no property: it would never be found again."""
        for one in self._of_us():
            if seen(one["body"]) == wanted:
                self.remove(one)
        raise TicketError(
            f"Jira, comment on {self._ticket}: this Jira keeps no properties of comments, so that "
            "ours could not be found again; it was taken back"
        )

    def _of_us(self) -> list[Mapping[str, Any]]:
        what = f"read the comments of {self._ticket}"
        every = self._jira.pages(self.path, "comments", what, "Browse Projects")
        mine = (one for one in every if _identity(one.get("author") or {}) == self._me)
        return sorted(mine, key=lambda one: int(one["id"]))

    def _is_marked(self, number: str) -> bool:
        if number not in self._marked:
            self._marked[number] = self._value(number) == _VALUE
        return self._marked[number]

    def _value(self, number: str) -> Any:
        path = f"/comment/{quote(number, safe='')}/properties/{PROPERTY}"
        try:
            return self._jira.get(path, f"read our comments of {self._ticket}").get("value")
        except TicketError as error:
            if error.status != 404:
                raise
            return None


def _identity(person: Mapping[str, Any]) -> str:
    """Cloud knows people by accountId, Data Center by key."""
    found = person.get("accountId") or person.get("key") or person.get("name")
    return str(found or "")
