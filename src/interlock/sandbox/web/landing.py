"""Merging a pull request by the button on its page."""

from __future__ import annotations

from interlock.sandbox import pulling
from interlock.sandbox.records import Issue, Repo
from interlock.sandbox.web.forms import form
from interlock.sandbox.web.markup import Safe, tag
from interlock.sandbox.web.visit import Visit, address
from interlock.sandbox.wire import Refused

_WORDS = {"merge": "Merge", "squash": "Squash and merge", "rebase": "Rebase and merge"}


def button(visit: Visit, repo: Repo, issue: Issue, method: str, page: tuple[object, ...]) -> Safe:
    """The button, for who may press it, where the rules let it be pressed."""
    if not method or visit.viewer is None or not visit.may_push(repo) or issue.pull is None:
        return Safe("")
    # The head that the person saw is the one that is merged.
    fields = (
        tag("input", type="hidden", name="method", value=method),
        tag("input", type="hidden", name="head", value=issue.pull.head_sha),
    )
    to = address(repo, "pull", issue.number, "merge")
    return form(visit.viewer, to, page, _WORDS[method], *fields)


def merge(visit: Visit, repo: Repo, issue: Issue, fields: dict[str, str]) -> None:
    """Merge what the form asks for; raises Refused 403, 405 or 409."""
    token, method = visit.token, fields.get("method", "")
    if token is None or not visit.may_push(repo):
        raise Refused(403, "Merging needs the right to push to the repository.")
    if method not in _WORDS or not fields.get("head"):
        raise Refused(405, "The form does not say what is to be merged.")
    asked = pulling.Merge(method, fields["head"])
    pulling.merge(visit.world, repo, issue, asked, token)
