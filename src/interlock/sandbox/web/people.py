"""Accounts, labels and states as they stand on several pages."""

from __future__ import annotations

from urllib.parse import quote

from interlock.sandbox.actors import App, User
from interlock.sandbox.records import Issue, Label
from interlock.sandbox.web.markup import Safe, badge, join, link, tag


def person(who: User, app: App | None = None) -> Safe:
    """An account's name, with a mark where a program acts."""
    name = link(f"/{quote(who.login)}", who.login, class_="person")
    if who.kind == "Bot" or app is not None:
        return join((name, " ", badge("bot", "plain")))
    return name


def state(issue: Issue) -> Safe:
    """The coloured word at the top of an issue or pull request."""
    pull = issue.pull
    if pull is not None and pull.merged_at is not None:
        return badge("Merged", "merged")
    if issue.state == "open":
        return badge("Draft", "draft") if pull and pull.draft else badge("Open", "open")
    if pull is None and issue.state_reason != "not_planned":
        return badge("Closed", "merged")
    return badge("Closed", "closed" if pull else "draft")


def labels(found: list[Label]) -> Safe:
    """Labels in a row; their colours are left out, since any text must stay readable."""
    return join((badge(each.name, "label") for each in found), " ")


def branch(name: str) -> Safe:
    """A branch's name, ``owner:branch`` where it is somebody else's."""
    return tag("code", name, class_="branch")
