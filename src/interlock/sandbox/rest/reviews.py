"""https://docs.github.com/rest/pulls/reviews and review-requests."""

from __future__ import annotations

from interlock.sandbox import events, making
from interlock.sandbox.actors import User
from interlock.sandbox.call import MAX_BODY, Call, words
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.pulls import review, simple
from interlock.sandbox.payloads.users import user
from interlock.sandbox.records import Review
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply

ROUTES = Routes()
_EVENTS = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


def many(call: Call) -> Reply:
    """All reviews, oldest first."""
    issue, pull = call.pull()
    return page(call, pull.reviews, lambda each: review(call.world, call.repo, issue, each))


def create(call: Call) -> Reply:
    """A review; without an event it stays pending."""
    issue, pull = call.pull()
    body = call.body()
    event = words(body, "event", "PullRequestReview")
    text = words(body, "body", "PullRequestReview") or ""
    if len(text) > MAX_BODY:
        text = f"Body is too long (maximum is {MAX_BODY} characters)"
        raise Refused(422, "Unprocessable Entity", [text])
    if event is None:
        made = Review(call.world.new_id(), call.user, "PENDING", text, pull.head_sha, None)
        pull.reviews.append(made)
        return Reply(200, review(call.world, call.repo, issue, made))
    if event != "APPROVE" and not text:
        raise Refused(422, "Unprocessable Entity", ["Body can not be blank"])
    assert call.token is not None
    made = making.review(call.world, call.repo, issue.number, call.token, _EVENTS[event], text)
    commit = words(body, "commit_id", "PullRequestReview")
    if commit:
        made.commit_id = call.commit(commit)
    return Reply(200, review(call.world, call.repo, issue, made))


def _found(call: Call) -> Review:
    number = call.number("review_id")
    for each in call.pull()[1].reviews:
        if each.id == number:
            return each
    raise Refused(404, "Not Found")


def get(call: Call) -> Reply:
    """One review."""
    return Reply(200, review(call.world, call.repo, call.pull()[0], _found(call)))


def dismiss(call: Call) -> Reply:
    """Take the effect from a review."""
    issue, each = call.pull()[0], _found(call)
    call.body()
    if each.state not in ("APPROVED", "CHANGES_REQUESTED"):
        raise Refused(
            422, "Unprocessable Entity", ["Can not dismiss a commented pull request review"]
        )
    each.state = "DISMISSED"
    shown = review(call.world, call.repo, issue, each)
    assert call.token is not None
    events.review(call.world, call.repo, issue, call.token, shown, "dismissed")
    return Reply(200, shown)


def _reviewers(call: Call) -> list[User]:
    found = [call.world.user(str(login)) for login in call.body().get("reviewers", ())]
    if None in found:
        raise Refused(422, "Reviews may only be requested from collaborators.")
    return [who for who in found if who is not None]


def _told(call: Call, action: str, whom: list[User]) -> None:
    assert call.token is not None
    for who in whom:
        more = {"requested_reviewer": user(call.world, who)}
        events.pull(call.world, call.repo, call.pull()[0], action, call.token, more)


def request(call: Call) -> Reply:
    """Ask people for a review; the author cannot be asked."""
    issue, pull = call.pull()
    asked = _reviewers(call)
    if issue.user in asked:
        raise Refused(422, "Review cannot be requested from pull request author.")
    added = [who for who in asked if who not in pull.requested_reviewers]
    pull.requested_reviewers += added
    _told(call, "review_requested", added)
    return Reply(201, simple(call.world, call.repo, issue, call.user))


def withdraw(call: Call) -> Reply:
    """Ask no more."""
    issue, pull = call.pull()
    asked = _reviewers(call)
    gone = [who for who in pull.requested_reviewers if who in asked]
    pull.requested_reviewers = [who for who in pull.requested_reviewers if who not in gone]
    _told(call, "review_request_removed", gone)
    return Reply(200, simple(call.world, call.repo, issue, call.user))


_ONE = "/repos/{owner}/{repo}/pulls/{pull_number}"
_READ, _WRITE = "pull_requests:read", "pull_requests:write"
ROUTES.add("GET", f"{_ONE}/reviews", many, needs=_READ)
ROUTES.add("POST", f"{_ONE}/reviews", create, needs=_WRITE, auth="user")
ROUTES.add("GET", f"{_ONE}/reviews/{{review_id}}", get, needs=_READ)
ROUTES.add("PUT", f"{_ONE}/reviews/{{review_id}}/dismissals", dismiss, needs=_WRITE, role="write")
ROUTES.add("POST", f"{_ONE}/requested_reviewers", request, needs=_WRITE, role="write")
ROUTES.add("DELETE", f"{_ONE}/requested_reviewers", withdraw, needs=_WRITE, role="write")
