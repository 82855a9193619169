"""Forms: each carries the token of its page, and is answered only to who is signed in."""

from __future__ import annotations

from interlock.sandbox.actors import User
from interlock.sandbox.call import MAX_BODY
from interlock.sandbox.web import csrf
from interlock.sandbox.web.markup import Safe, join, plain, tag
from interlock.sandbox.web.visit import Visit
from interlock.sandbox.wire import Refused
from interlock.values import NamedTuple

MAX_TITLE = 256


class Draft(NamedTuple):
    """What a person wrote so far; ``chosen`` holds the other fields that were sent."""

    title: str = ""
    body: str = ""
    chosen: tuple[str, ...] = ()


def form(who: User, action: str, page: tuple[object, ...], button: str, *fields: Safe) -> Safe:
    """A form; ``page`` is what its token is bound to."""
    secret = tag("input", type="hidden", name="csrf", value=csrf.token(who, *page))
    send = tag("button", f"{button} as {who.login}", type="submit")
    return tag("form", secret, *fields, send, method="post", action=action)


def sent(visit: Visit, page: tuple[object, ...]) -> dict[str, str]:
    """The fields; raises Refused 403 where they do not come from this very page by its reader."""
    fields = visit.form()
    if visit.viewer is None:
        raise Refused(403, "Nobody is signed in to these pages.")
    if not csrf.holds(fields.get("csrf", ""), visit.viewer, *page):
        raise Refused(403, "The form is out of date. Load the page again and send it from there.")
    return fields


def draft(fields: dict[str, str]) -> Draft:
    """Title and body of what was sent."""
    chosen = tuple(name for name in fields if name not in ("csrf", "title", "body"))
    return Draft(fields.get("title", "").strip(), fields.get("body", ""), chosen)


def complete(given: Draft) -> None:
    """Raise Refused 422 where GitHub would not take a title or body."""
    if not given.title:
        raise Refused(422, "The title is missing.")
    if len(given.title) > MAX_TITLE:
        raise Refused(422, f"The title is too long: at most {MAX_TITLE} characters.")
    if len(given.body) > MAX_BODY:
        raise Refused(422, f"The description is too long: at most {MAX_BODY:,} characters.")


def written(given: Draft) -> tuple[Safe, Safe]:
    """The fields for title and body, filled in."""
    title = tag(
        "input",
        type="text",
        id="title",
        name="title",
        value=plain(given.title),
        maxlength=MAX_TITLE,
        required=True,
    )
    # A parser drops the first line break of a textarea.
    body = join(("\n", given.body.replace("\r", "")))
    return (
        join((tag("label", "Title", for_="title"), title)),
        join(
            (
                tag("label", "Description (Markdown)", for_="body"),
                tag("textarea", body, id="body", name="body", rows=14),
            )
        ),
    )


def reason(refused: Refused) -> str:
    """Why something did not work, from whichever part of the answer says it."""
    for error in refused.errors or ():
        if isinstance(error, dict) and error.get("message"):
            return str(error["message"])
    return str(refused)


def wrong(words: str) -> Safe:
    """What did not work, at the top of the page."""
    return tag("p", words, class_="notice bad", role="alert") if words else Safe("")
