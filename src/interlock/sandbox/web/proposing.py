"""Opening the pull request that a form asks for."""

from __future__ import annotations

from interlock.sandbox import pulling
from interlock.sandbox.call import MAX_BODY
from interlock.sandbox.pulling import Proposal
from interlock.sandbox.records import Issue
from interlock.sandbox.web import csrf
from interlock.sandbox.web.sides import Sides
from interlock.sandbox.web.visit import Visit
from interlock.sandbox.wire import Refused
from interlock.values import NamedTuple

MAX_TITLE = 256


class Draft(NamedTuple):
    """What a person wrote so far."""

    title: str
    body: str
    draft: bool


def read(visit: Visit, of: Sides) -> Draft:
    """The form; raises Refused 403 where it was not sent from this very page by its reader."""
    form = visit.form()
    if visit.viewer is None:
        raise Refused(403, "Nobody is signed in to these pages.")
    if not csrf.holds(form.get("csrf", ""), visit.viewer, of.repo.id, of.base, of.head):
        raise Refused(403, "The form is out of date. Load the page again and send it from there.")
    return Draft(form.get("title", "").strip(), form.get("body", ""), "draft" in form)


def create(visit: Visit, of: Sides, given: Draft) -> Issue:
    """The new pull request; raises Refused 403 or 422 in words for the page."""
    token = visit.token
    if of.repo.archived:
        raise Refused(403, f"{of.repo.full_name} is archived, so it is read-only.")
    if token is None or of.head_repo is None or not visit.may_push(of.head_repo):
        raise Refused(403, "Opening a pull request needs the right to push its branch.")
    if not given.title:
        raise Refused(422, "The title is missing.")
    if len(given.title) > MAX_TITLE:
        raise Refused(422, f"The title is too long: at most {MAX_TITLE} characters.")
    if len(given.body) > MAX_BODY:
        raise Refused(422, f"The description is too long: at most {MAX_BODY:,} characters.")
    asked = Proposal(given.title, of.head, of.base, given.body or None, given.draft)
    return pulling.propose(visit.world, of.repo, asked, token)


def reason(refused: Refused) -> str:
    """Why it did not work, from whichever part of the answer says it."""
    for error in refused.errors or ():
        if isinstance(error, dict) and error.get("message"):
            return str(error["message"])
    return str(refused)
