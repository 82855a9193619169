"""The two sides of ``BASE...HEAD``, and what can be done with them."""

from __future__ import annotations

from interlock.sandbox import pulling
from interlock.sandbox.gitdiff import between, merge_base
from interlock.sandbox.process import GitFailed
from interlock.sandbox.pulling import Proposal
from interlock.sandbox.records import Issue, Repo
from interlock.sandbox.web.visit import Visit
from interlock.sandbox.wire import Refused
from interlock.values import NamedTuple


class Sides(NamedTuple):
    """What a compare page is about. A hash is "" where there is no such branch.

    ``head_repo`` is None where nobody's branch of this name is there; ``start`` is where the two
    parted, "" where they never were one.
    """

    repo: Repo
    base: str
    head: str
    base_sha: str
    head_sha: str
    head_repo: Repo | None
    start: str


def sides(visit: Visit, repo: Repo, basehead: str) -> Sides:
    """Both sides of ``BASE...HEAD`` or ``HEAD``, which may be ``owner:branch``.

    Raises Refused 404 where a side has no name.
    """
    base, dots, head = basehead.partition("...")
    if not dots:
        base, head = repo.default_branch, basehead
    if not head or not base:
        raise Refused(404, "Two branches are compared as BASE...HEAD.")
    owner, colon, name = base.partition(":")
    base = name if colon and owner.lower() == repo.owner.login.lower() else base
    git = visit.git(repo)
    base_sha = git.resolve(base)
    found = _head(visit, repo, head)
    head_sha = visit.git(found[0]).branch(found[1]) if found else git.resolve(head)
    if found and found[0] is not repo:
        git.fetch(found[0].path, head_sha)
    start = merge_base(git, base_sha, head_sha) if base_sha and head_sha else ""
    return Sides(repo, base, head, base_sha, head_sha, found[0] if found else None, start)


def _head(visit: Visit, repo: Repo, head: str) -> tuple[Repo, str] | None:
    try:
        found = pulling.head_of(visit.world, repo, Proposal("", head, ""))
    except Refused:
        return None
    return found if visit.sees(found[0]) else None


def ahead(visit: Visit, of: Sides) -> tuple[str, ...]:
    """The commits that HEAD has and BASE has not, oldest first."""
    try:
        return between(visit.git(of.repo).path, of.base_sha, of.head_sha)
    except GitFailed:
        return ()


def opened(of: Sides) -> Issue | None:
    """The open pull request of these two branches."""
    branch = of.head.rpartition(":")[2]
    for issue in of.repo.pulls():
        pull = issue.pull
        if pull is None or issue.state != "open" or pull.base_ref != of.base:
            continue
        if of.head_repo is not None and (pull.head_repo, pull.head_ref) == (
            of.head_repo.id,
            branch,
        ):
            return issue
    return None
