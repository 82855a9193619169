"""Two branches side by side: the page on which a person opens a pull request.

https://docs.github.com/pull-requests/collaborating-with-pull-requests/proposing-changes-to-your-work-with-pull-requests/using-query-parameters-to-create-a-pull-request
"""

from __future__ import annotations

from interlock.sandbox.gitdiff import patched
from interlock.sandbox.records import Repo
from interlock.sandbox.web import commits, diff, proposing
from interlock.sandbox.web.forms import Draft, draft, form, reason, sent, written, wrong
from interlock.sandbox.web.layout import page, section
from interlock.sandbox.web.markup import Safe, join, link, tag
from interlock.sandbox.web.people import branch
from interlock.sandbox.web.sides import Sides, ahead, opened, sides
from interlock.sandbox.web.visit import Visit, address
from interlock.sandbox.wire import Refused, Reply

#: More commits than this are counted, not listed.
_MOST = 250


def show(visit: Visit, owner: str, name: str, rest: list[str]) -> Reply:
    """``/compare/BASE...HEAD``; a POST opens the pull request and leads to it."""
    repo = visit.repo(owner, name)
    of = sides(visit, repo, "/".join(rest))
    if visit.request.method != "POST":
        query = visit.request.query
        return _page(visit, of, Draft(query.get("title", ""), query.get("body", "")))
    given = draft(sent(visit, _bound(of)))
    try:
        made = proposing.create(visit, of, given)
    except Refused as refused:
        return _page(visit, of, given, refused)
    return Reply(303, "", {"location": address(repo, "pull", made.number)})


def _bound(of: Sides) -> tuple[object, ...]:
    return (of.repo.id, of.base, of.head)


def _page(visit: Visit, of: Sides, given: Draft, refused: Refused | None = None) -> Reply:
    top = join(
        (
            tag("h1", "Open a pull request"),
            tag("p", branch(of.base), " ← ", branch(of.head), class_="meta"),
            wrong(reason(refused) if refused else ""),
        )
    )
    obstacle = _obstacle(visit, of)
    content = join((top, obstacle or _form(visit, of, given), _changes(visit, of)))
    if not of.head_sha:
        content = join((content, _kept(given)))
    title = f"Comparing {of.base}...{of.head} · {of.repo.full_name}"
    status = refused.status if refused else 200
    return page(visit, title, content, repo=of.repo, status=status)


def _obstacle(visit: Visit, of: Sides) -> Safe | None:
    """Why no pull request can be opened here yet, None where one can."""
    if not of.base_sha:
        where = f" does not exist in {of.repo.full_name}."
        return tag("p", "The branch ", branch(of.base), where, class_="notice")
    if not of.head_sha:
        return _missing(of.repo, of.head)
    if already := opened(of):
        place = link(address(of.repo, "pull", already.number), f"#{already.number} {already.title}")
        return tag(
            "p", "A pull request for these branches is open already: ", place, class_="notice"
        )
    if not visit.git(of.repo).branch(of.base) or of.head_repo is None:
        return tag(
            "p", "Only branches can become a pull request; one side is none.", class_="notice"
        )
    if not of.start:
        words = "The two branches have no commit in common, so they cannot be merged."
        return tag("p", words, class_="notice")
    if not ahead(visit, of):
        words = f"There is nothing to propose: {of.base} has every commit of {of.head}."
        return tag("p", words, class_="notice")
    return _stranger(visit, of)


def _stranger(visit: Visit, of: Sides) -> Safe | None:
    if visit.viewer is None:
        words = "Nobody is signed in to these pages, so nothing can be opened from here."
        return tag("p", words, class_="notice")
    if of.head_repo is not None and not visit.may_push(of.head_repo):
        who = visit.viewer.login
        words = (
            f"{who} may not push to {of.head_repo.full_name}, so {who} cannot propose its branch."
        )
        return tag("p", words, class_="notice")
    return None


def _missing(repo: Repo, head: str) -> Safe:
    owner, colon, short = head.rpartition(":")
    where = f"{owner}'s copy of {repo.full_name}" if colon else repo.full_name
    first = tag("strong", "The branch ", branch(short), " does not exist yet")
    then = "Push it, then load this page again: its address keeps title and description."
    command = tag("pre", tag("code", f"git push origin HEAD:{short}"), class_="command", tabindex=0)
    return tag("div", tag("p", first, f" in {where}. {then}"), command, class_="notice")


def _kept(given: Draft) -> Safe:
    """What the pull request would say, where it cannot be opened yet."""
    if not (given.title or given.body):
        return Safe("")
    body = tag("pre", given.body, class_="message")
    return section("What it would say", tag("p", tag("strong", given.title)), body, name="draft")


def _form(visit: Visit, of: Sides, given: Draft) -> Safe:
    assert visit.viewer is not None
    checked = "draft" in given.chosen
    choice = tag(
        "p",
        tag("input", type="checkbox", id="draft", name="draft", value="1", checked=checked),
        tag("label", "Not ready for review: open it as a draft", for_="draft"),
        class_="choice",
    )
    to = address(of.repo, "compare", f"{of.base}...{of.head}")
    fields = (*written(given), choice)
    return tag(
        "div", form(visit.viewer, to, _bound(of), "Create pull request", *fields), class_="boxed"
    )


def _changes(visit: Visit, of: Sides) -> Safe:
    if not of.start:
        return Safe("")
    shas = ahead(visit, of)
    files = patched(visit.git(of.repo).path, of.start, of.head_sha)
    listed = commits.listed(visit, of.repo, shas[-_MOST:])
    return join(
        (
            section(f"Commits ({len(shas)})", listed, name="commits"),
            section("Changes", diff.changed(of.repo, of.head_sha, files), name="files"),
        )
    )
