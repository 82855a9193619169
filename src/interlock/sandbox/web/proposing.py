"""Opening the pull request that a form asks for."""

from __future__ import annotations

from interlock.sandbox import pulling
from interlock.sandbox.pulling import Proposal
from interlock.sandbox.records import Issue
from interlock.sandbox.web.forms import Draft, complete
from interlock.sandbox.web.sides import Sides
from interlock.sandbox.web.visit import Visit
from interlock.sandbox.wire import Refused


def create(visit: Visit, of: Sides, given: Draft) -> Issue:
    """The new pull request; raises Refused 403 or 422 in words for the page."""
    token = visit.token
    if of.repo.archived:
        raise Refused(403, f"{of.repo.full_name} is archived, so it is read-only.")
    if token is None or of.head_repo is None or not visit.may_push(of.head_repo):
        raise Refused(403, "Opening a pull request needs the right to push its branch.")
    complete(given)
    is_draft = "draft" in given.chosen
    asked = Proposal(given.title, of.head, of.base, given.body or None, is_draft)
    return pulling.propose(visit.world, of.repo, asked, token)
