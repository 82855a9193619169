"""What people and programs said on an issue or pull request, oldest first."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.sandbox.actors import App, User
from interlock.sandbox.records import Comment, Issue, Repo, Review
from interlock.sandbox.web.markdown import render
from interlock.sandbox.web.markup import Safe, join, tag
from interlock.sandbox.web.people import person
from interlock.sandbox.web.places import place
from interlock.sandbox.web.times import ago
from interlock.sandbox.web.visit import Visit

#: State of a review: its sign, its colour, what its author did.
_REVIEWS = {
    "APPROVED": ("✓", "good", "approved these changes"),
    "CHANGES_REQUESTED": ("✗", "bad", "requested changes"),
    "DISMISSED": ("", "quiet", "had a review that was dismissed"),
}


def talk(visit: Visit, repo: Repo, issue: Issue) -> Safe:
    """The description, then comments and reviews by their time."""
    said: list[tuple[float, Safe]] = [
        (each.created_at, _comment(visit, repo, each)) for each in issue.comments
    ]
    said += [
        (review.submitted_at, _review(visit, repo, review))
        for review in (issue.pull.reviews if issue.pull else ())
        if review.submitted_at is not None
    ]
    said.sort(key=lambda each: each[0])
    return join((_description(visit, repo, issue), *(shown for _, shown in said)))


def _description(visit: Visit, repo: Repo, issue: Issue) -> Safe:
    body = _body(visit, repo, issue.body, "No description was given.")
    head = _head(visit, issue.user, issue.app, "wrote", issue.created_at)
    return tag("article", head, body, class_="said", id=f"issue-{issue.id}")


def _comment(visit: Visit, repo: Repo, comment: Comment) -> Safe:
    edited = " · edited" if comment.updated_at != comment.created_at else ""
    head = _head(visit, comment.user, comment.app, "commented", comment.created_at, edited)
    body = _body(visit, repo, comment.body, "")
    if comment.minimized:
        why = f"This comment was hidden as {comment.minimized.lower().replace('_', ' ')}."
        body = tag("details", tag("summary", why), body)
    return tag("article", head, body, class_="said", id=f"issuecomment-{comment.id}")


def _review(visit: Visit, repo: Repo, review: Review) -> Safe:
    sign, colour, words = _REVIEWS.get(review.state, ("", "quiet", "reviewed"))
    mark = tag("span", sign, class_=f"state {colour}", aria_hidden="true") if sign else ""
    head = _head(visit, review.user, None, words, review.submitted_at or 0.0, mark)
    body = _body(visit, repo, review.body, "") if review.body else ""
    return tag("article", head, body, class_="said", id=f"pullrequestreview-{review.id}")


def _head(
    visit: Visit, who: User, app: App | None, did: str, when: float, more: object = ""
) -> Safe:
    return tag("header", tag("h3", person(who, app), f" {did} ", ago(when, visit.now)), more)


def _body(visit: Visit, repo: Repo, source: str | None, nothing: str) -> Safe:
    if not (source or "").strip():
        return tag("p", nothing, class_="quiet")
    return tag("div", render(source, place(visit, repo)), class_="markdown", dir="auto")


def counted(issue: Issue) -> Iterator[str]:
    """How much was said, in words for a summary line."""
    count = len(issue.comments)
    if count:
        yield f"{count} comment{'' if count == 1 else 's'}"
