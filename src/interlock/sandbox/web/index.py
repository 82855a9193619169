"""The first page, and an account's: lists of repositories."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.sandbox.records import Repo
from interlock.sandbox.web.layout import page, rows
from interlock.sandbox.web.markup import Safe, badge, join, link, tag
from interlock.sandbox.web.times import ago
from interlock.sandbox.web.visit import Visit, address
from interlock.sandbox.wire import Refused, Reply


def everything(visit: Visit) -> Reply:
    """Every repository that the viewer may see."""
    seen = [repo for repo in visit.world.repos.values() if visit.sees(repo)]
    lead = "Repositories in this sandbox. Clone them, push to them, and open pull requests."
    content = join((tag("h1", "Repositories"), tag("p", lead, class_="lead"), _listed(visit, seen)))
    return page(visit, "Repositories", content)


def owner(visit: Visit, login: str) -> Reply:
    """An account's repositories; raises Refused 404."""
    who = visit.world.user(login)
    if who is None:
        raise Refused(404, "There is no such account.")
    seen = [r for r in visit.world.repos.values() if r.owner is who and visit.sees(r)]
    kind = {"Organization": "Organisation", "Bot": "Bot of an App"}.get(who.kind, "Account")
    content = join((tag("h1", who.login), tag("p", kind, class_="lead"), _listed(visit, seen)))
    return page(visit, who.login, content)


def _listed(visit: Visit, repos: Iterable[Repo]) -> Safe:
    ordered = sorted(repos, key=lambda repo: repo.full_name.lower())
    return rows((_row(visit, repo) for repo in ordered), "None that you may see.")


def _row(visit: Visit, repo: Repo) -> Safe:
    opened = sum(issue.state == "open" for issue in repo.pulls())
    marks = [badge(repo.visibility, "plain")] if repo.visibility != "public" else []
    if repo.archived:
        marks.append(badge("archived", "plain"))
    counted = f"{opened} open pull request{'' if opened == 1 else 's'}"
    return join(
        (
            tag("strong", link(address(repo), repo.full_name)),
            " ",
            join(marks, " "),
            tag("div", repo.description, class_="quiet") if repo.description else "",
            tag("div", counted, " · changed ", ago(repo.pushed_at, visit.now), class_="quiet"),
        )
    )
