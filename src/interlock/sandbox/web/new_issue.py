"""The page on which a person opens an issue.

https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/creating-an-issue#creating-an-issue-from-a-url-query
"""

from __future__ import annotations

from interlock.sandbox import making
from interlock.sandbox.records import Repo
from interlock.sandbox.web.forms import Draft, complete, draft, form, reason, sent, written, wrong
from interlock.sandbox.web.layout import page
from interlock.sandbox.web.markup import Safe, badge, join, plain, tag
from interlock.sandbox.web.visit import Visit, address
from interlock.sandbox.wire import Refused, Reply


def show(visit: Visit, repo: Repo) -> Reply:
    """``/issues/new``, with title, body and labels from the address; a POST opens the issue."""
    query = visit.request.query
    labels = query.get("labels", "")
    if visit.request.method != "POST":
        return _page(visit, repo, Draft(query.get("title", ""), query.get("body", "")), labels)
    fields = sent(visit, _bound(repo))
    given, labels = draft(fields), fields.get("labels", "")
    try:
        return _create(visit, repo, given, labels)
    except Refused as refused:
        return _page(visit, repo, given, labels, refused)


def _bound(repo: Repo) -> tuple[object, ...]:
    return (repo.id, "issues/new")


def _create(visit: Visit, repo: Repo, given: Draft, labels: str) -> Reply:
    token = visit.token
    assert token is not None
    if repo.archived:
        raise Refused(403, f"{repo.full_name} is archived, so it is read-only.")
    complete(given)
    # Labels are for those who may triage; anybody else's are left out, as on GitHub.
    names = _names(labels) if visit.may_push(repo) else ()
    made = making.issue(visit.world, repo, given.title, given.body or None, token, names)
    return Reply(303, "", {"location": address(repo, "issues", made.number)})


def _names(labels: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in labels.split(",") if name.strip()))


def _page(
    visit: Visit, repo: Repo, given: Draft, labels: str, refused: Refused | None = None
) -> Reply:
    content = join(
        (
            tag("h1", "Open an issue"),
            wrong(reason(refused) if refused else ""),
            _form(visit, repo, given, labels),
        )
    )
    title = f"New issue · {repo.full_name}"
    return page(visit, title, content, repo=repo, status=refused.status if refused else 200)


def _form(visit: Visit, repo: Repo, given: Draft, labels: str) -> Safe:
    if visit.viewer is None:
        words = "Nobody is signed in to these pages, so nothing can be opened from here."
        return tag("p", words, class_="notice")
    shown = join((badge(name, "label") for name in _names(labels)), " ")
    kept = tag("input", type="hidden", name="labels", value=plain(labels))
    more = (tag("p", "Labels: ", shown), kept) if shown else ()
    to = address(repo, "issues", "new")
    inner = form(visit.viewer, to, _bound(repo), "Create issue", *written(given), *more)
    return tag("div", inner, class_="boxed")
