"""A ticket of Jira: its labels, and the experiment that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from interlock.changes.ticket import Named, experiment_of, named
from interlock.tickets.connection import Connection
from interlock.tickets.documents import text_of
from interlock.values import NamedTuple

#: All fields but those that grow.
_FIELDS = "*all,-comment,-worklog,-attachment,-issuelinks,-subtasks"


class Ticket(NamedTuple):
    """``key`` is the ticket's own, another than was asked for where it was moved."""

    key: str
    labels: tuple[str, ...]
    experiment: Named

    def asks(self, label: str) -> bool:
        """True where it gets a checklist: by the label, or by the field that names it."""
        return self.experiment.form or label.casefold() in (one.casefold() for one in self.labels)


def read(jira: Connection, key: str, field: str) -> Ticket:
    """The ticket ``key``; ``field`` is the name of the field that names the experiment.

    Without such a field its description may have one, or a line `Interlock-Set: <key>`.
    Raises TicketError.
    """
    path = f"/issue/{quote(key, safe='')}"
    data = jira.get(path, f"read {key}", "Browse Projects", fields=_FIELDS, expand="names")
    fields: Mapping[str, Any] = data.get("fields") or {}
    values = [text for text in _given(fields, data.get("names") or {}, field) if text.strip()]
    if values:
        experiment = named(values, f"the field `{field}`")._replace(form=True)
    else:
        experiment = experiment_of(text_of(fields.get("description") or ""), field)
    labels = tuple(str(label) for label in fields.get("labels") or ())
    return Ticket(str(data.get("key") or key), labels, experiment)


def labelled(jira: Connection, project: str, label: str) -> list[str]:
    """The keys of the project's tickets with the label that are not done.

    https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/
    """
    quoted = label.replace("\\", "\\\\").replace('"', '\\"')
    query = f'project = "{project}" AND labels = "{quoted}" AND statusCategory != Done ORDER BY key'
    what = f"search for the tickets of {project}"
    if not jira.cloud:
        found = jira.pages("/search", "issues", what, "Browse Projects", jql=query, fields="key")
        return [str(one["key"]) for one in found]
    keys: list[str] = []
    asked: dict[str, Any] = {"jql": query, "fields": "key", "maxResults": 100}
    while True:
        page = jira.get("/search/jql", what, "Browse Projects", **asked)
        keys += [str(one["key"]) for one in page.get("issues") or ()]
        asked["nextPageToken"] = page.get("nextPageToken")
        if not asked["nextPageToken"]:
            return keys


def _given(fields: Mapping[str, Any], names: Mapping[str, Any], field: str) -> Iterator[str]:
    """What every field of that name holds; administrators may make several."""
    wanted = field.strip().casefold()
    for number, name in names.items():
        if str(name).strip().casefold() == wanted:
            yield from _texts(fields.get(number))


def _texts(value: Any) -> Iterator[str]:
    """The text of a field: typed in, a document, or one or several options."""
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        yield text_of(value) if value.get("type") == "doc" else str(value.get("value") or "")
    elif isinstance(value, str):
        yield value
