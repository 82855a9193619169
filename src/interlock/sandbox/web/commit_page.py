"""One commit: its message, what was reported on it, and its changes."""

from __future__ import annotations

from interlock.sandbox.gitdiff import patched
from interlock.sandbox.payloads.commits import EMPTY_TREE
from interlock.sandbox.web import checks, commits, diff
from interlock.sandbox.web.layout import page, section
from interlock.sandbox.web.markup import join, tag
from interlock.sandbox.web.visit import Visit
from interlock.sandbox.wire import Refused, Reply


def show(visit: Visit, owner: str, name: str, rest: list[str]) -> Reply:
    """A commit by its hash, or by the name of a branch or tag."""
    repo = visit.repo(owner, name)
    git = visit.git(repo)
    sha = git.resolve("/".join(rest))
    if not sha:
        raise Refused(404, "There is no such commit.")
    found = git.commit(sha)
    subject, _, more = found.message.strip().partition("\n")
    files = patched(git.path, found.parents[0] if found.parents else EMPTY_TREE, sha)
    content = join(
        (
            tag("h1", subject or "(no message)"),
            commits.byline(visit, git, sha),
            tag("pre", more.strip(), class_="message") if more.strip() else "",
            tag("p", "Commit ", tag("code", sha), class_="quiet"),
            section("Checks", checks.reported(visit, repo, sha), name="checks"),
            section("Changes", diff.changed(repo, sha, files), name="files"),
        )
    )
    return page(visit, f"{subject} · {repo.full_name}", content, repo=repo)
