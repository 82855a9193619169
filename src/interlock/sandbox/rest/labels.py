"""https://docs.github.com/rest/issues/labels."""

from __future__ import annotations

import re

from interlock.sandbox import events
from interlock.sandbox.bodies import LABELS
from interlock.sandbox.call import Call, words
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.issues import label
from interlock.sandbox.records import Label
from interlock.sandbox.router import Routes
from interlock.sandbox.shapes import check
from interlock.sandbox.wire import Refused, Reply, invalid
from interlock.values import Any

ROUTES = Routes()


def named(call: Call, name: str) -> Label:
    """The repository's label of this name, made where it is not there."""
    for held in call.repo.labels.values():
        if held.name.lower() == name.lower():
            return held
    made = Label(call.world.new_id(), name)
    call.repo.labels[name] = made
    return made


def _found(call: Call) -> Label:
    name = call.params["name"].lower()
    for held in call.repo.labels.values():
        if held.name.lower() == name:
            return held
    raise Refused(404, "Not Found")


def many(call: Call) -> Reply:
    """All labels of the repository."""
    return page(
        call, list(call.repo.labels.values()), lambda each: label(call.world, call.repo, each)
    )


def create(call: Call) -> Reply:
    """A new label; its name is unique in any case."""
    body = call.body()
    name = words(body, "name", "Label", needed=True) or ""
    if any(held.name.lower() == name.lower() for held in call.repo.labels.values()):
        raise invalid("Label", "name", "already_exists")
    colour = words(body, "color", "Label") or "ededed"
    if not re.fullmatch(r"[0-9a-fA-F]{6}", colour):
        raise invalid("Label", "color")
    made = Label(call.world.new_id(), name, colour, words(body, "description", "Label"))
    call.repo.labels[name] = made
    shown = label(call.world, call.repo, made)
    return Reply(201, shown, {"location": shown["url"]})


def get(call: Call) -> Reply:
    """One label."""
    return Reply(200, label(call.world, call.repo, _found(call)))


def update(call: Call) -> Reply:
    """Rename or recolour a label."""
    held, body = _found(call), call.body()
    held.name = words(body, "new_name", "Label") or held.name
    held.color = words(body, "color", "Label") or held.color
    held.description = words(body, "description", "Label") or held.description
    return Reply(200, label(call.world, call.repo, held))


def delete(call: Call) -> Reply:
    """Delete a label everywhere."""
    held = _found(call)
    call.repo.labels = {k: v for k, v in call.repo.labels.items() if v is not held}
    for issue in call.repo.issues.values():
        issue.labels = [each for each in issue.labels if each is not held]
    return Reply(204)


def of_issue(call: Call) -> Reply:
    """The labels of an issue or pull request."""
    return page(call, call.issue().labels, lambda each: label(call.world, call.repo, each))


def _given(call: Call) -> list[Label]:
    found: Any = call.request.json()
    if isinstance(found, list):
        check(LABELS, found)
    else:
        found = call.body().get("labels") or ()
    return [named(call, each["name"] if isinstance(each, dict) else each) for each in found]


def add(call: Call) -> Reply:
    """Put labels on; those that are not there yet are made."""
    which = call.issue()
    for each in _given(call):
        if each not in which.labels:
            which.labels.append(each)
            _told(call, "labeled", each)
    return Reply(200, [label(call.world, call.repo, each) for each in which.labels])


def exchange(call: Call, wanted: list[Label]) -> None:
    """Put exactly these labels on the issue, and tell of each that came or went."""
    which = call.issue()
    before, which.labels = which.labels, list(dict.fromkeys(wanted))
    for action, these, others in (
        ("unlabeled", before, which.labels),
        ("labeled", which.labels, before),
    ):
        for each in these:
            if each not in others:
                _told(call, action, each)


def replace(call: Call) -> Reply:
    """Put exactly these labels on."""
    exchange(call, _given(call))
    return Reply(200, [label(call.world, call.repo, each) for each in call.issue().labels])


def clear(call: Call) -> Reply:
    """Take all labels off."""
    exchange(call, [])
    return Reply(204)


def take(call: Call) -> Reply:
    """Take one label off."""
    which, held = call.issue(), _found(call)
    if held not in which.labels:
        raise Refused(404, "Label does not exist")
    which.labels.remove(held)
    _told(call, "unlabeled", held)
    return Reply(200, [label(call.world, call.repo, each) for each in which.labels])


def _told(call: Call, action: str, which: Label) -> None:
    assert call.token is not None
    more = {"label": label(call.world, call.repo, which)}
    events.issue(call.world, call.repo, call.issue(), action, call.token, more)


_ALL, _OF = "/repos/{owner}/{repo}/labels", "/repos/{owner}/{repo}/issues/{issue_number}/labels"
_READ, _WRITE = "issues:read|pull_requests:read", "issues:write|pull_requests:write"
ROUTES.add("GET", _ALL, many, needs=_READ)
ROUTES.add("POST", _ALL, create, needs=_WRITE, role="write")
ROUTES.add("GET", f"{_ALL}/{{name}}", get, needs=_READ)
ROUTES.add("PATCH", f"{_ALL}/{{name}}", update, needs=_WRITE, role="write")
ROUTES.add("DELETE", f"{_ALL}/{{name}}", delete, needs=_WRITE, role="write")
ROUTES.add("GET", _OF, of_issue, needs=_READ)
ROUTES.add("POST", _OF, add, needs=_WRITE, role="triage")
ROUTES.add("PUT", _OF, replace, needs=_WRITE, role="triage")
ROUTES.add("DELETE", _OF, clear, needs=_WRITE, role="triage")
ROUTES.add("DELETE", f"{_OF}/{{name}}", take, needs=_WRITE, role="triage")
