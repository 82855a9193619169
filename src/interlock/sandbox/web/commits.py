"""Commits in a list."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.sandbox.gitrepo import GitRepo
from interlock.sandbox.payloads.commits import account
from interlock.sandbox.records import Repo
from interlock.sandbox.web.layout import rows
from interlock.sandbox.web.markup import Safe, join, link, tag
from interlock.sandbox.web.people import person
from interlock.sandbox.web.times import ago, of_git
from interlock.sandbox.web.visit import Visit, address


def listed(visit: Visit, repo: Repo, shas: Iterable[str]) -> Safe:
    """One row for each commit, in this order."""
    git = visit.git(repo)
    return rows((_row(visit, repo, git, sha) for sha in shas), "No commits.")


def _row(visit: Visit, repo: Repo, git: GitRepo, sha: str) -> Safe:
    subject, _, _ = git.commit(sha).message.partition("\n")
    return join(
        (
            tag("strong", link(address(repo, "commit", sha), subject or "(no message)")),
            " ",
            tag("code", sha[:7], class_="aside"),
            byline(visit, git, sha),
        )
    )


def byline(visit: Visit, git: GitRepo, sha: str) -> Safe:
    """Who wrote a commit, and when."""
    author = git.commit(sha).author
    who = account(visit.world, author)
    shown = person(who) if who else author.name
    return tag("div", shown, " · ", ago(of_git(author.date), visit.now), class_="quiet")
