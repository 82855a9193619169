"""What follows when a ref changes: activity, events, and pull requests that move or close."""

from __future__ import annotations

from interlock.sandbox import events
from interlock.sandbox.actors import Token
from interlock.sandbox.gitdiff import between
from interlock.sandbox.gitrepo import ZERO
from interlock.sandbox.judging import rules
from interlock.sandbox.process import GitFailed
from interlock.sandbox.records import Activity, Issue, Repo
from interlock.sandbox.wire import Refused
from interlock.sandbox.world import World
from interlock.values import NamedTuple


class Change(NamedTuple):
    """One ref's move; "" stands for a ref that is not there."""

    ref: str
    old: str
    new: str


def move(world: World, repo: Repo, change: Change, token: Token, kind: str = "") -> None:
    """Move a ref and let everything follow; ``kind`` is the activity, found where ""."""
    world.git(repo).set_ref(change.ref, change.new)
    follow(world, repo, change, token, kind)


def follow(world: World, repo: Repo, change: Change, token: Token, kind: str = "") -> None:
    """Let everything follow from a ref that has moved."""
    git = world.git(repo)
    if not kind:
        if not change.old:
            kind = "branch_creation"
        elif not change.new:
            kind = "branch_deletion"
        else:
            kind = "push" if git.ancestor(change.old, change.new) else "force_push"
    now = world.now()
    before, after = change.old or ZERO, change.new or ZERO
    repo.activity.append(Activity(world.new_id(), token.user, before, after, change.ref, now, kind))
    repo.pushed_at = now
    if not change.ref.startswith(("refs/heads/", "refs/tags/")):
        return
    # The first push of an empty repository chooses its default branch.
    name = change.ref.removeprefix("refs/heads/")
    heads = [ref for ref in git.refs() if ref.startswith("refs/heads/")]
    if heads == [change.ref] and change.new and not change.old:
        _choose_default(world, repo, name)
    events.push(world, repo, change.ref, before, after, token)
    if change.ref.startswith("refs/heads/"):
        _pulls_from(world, repo, name, change, token)
        _pulls_onto(world, repo, name, change, token)


def _choose_default(world: World, repo: Repo, name: str) -> None:
    repo.default_branch = name
    world.git(repo).run("symbolic-ref", "HEAD", f"refs/heads/{name}")


def _pulls_from(world: World, repo: Repo, name: str, change: Change, token: Token) -> None:
    """Open pull requests whose head is this branch, in whatever repository they are."""
    for base in tuple(world.repos.values()):
        for issue in base.pulls():
            pull = issue.pull
            if pull is None or issue.state != "open":
                continue
            if pull.head_repo != repo.id or pull.head_ref != name:
                continue
            if not change.new:
                # https://docs.github.com/pull-requests/collaborating-with-pull-requests/proposing-changes-to-your-work-with-pull-requests/creating-and-deleting-branches-within-your-repository
                close(world, base, issue, token)
            else:
                synchronize(world, base, issue, change.new, token)


def synchronize(world: World, base: Repo, issue: Issue, sha: str, token: Token) -> None:
    """A pull request's head moved: new head SHA, stale approvals where a rule says so."""
    pull = issue.pull
    assert pull is not None
    before = pull.head_sha
    keep_head(world, base, issue, sha)
    pull.head_sha = sha
    pull.base_sha = world.git(base).branch(pull.base_ref) or pull.base_sha
    pull.mergeable, pull.asked = None, 0
    issue.updated_at = world.now()
    # https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets#require-a-pull-request-before-merging
    for _, rule in rules(world, base, f"refs/heads/{pull.base_ref}"):
        if (rule.get("parameters") or {}).get("dismiss_stale_reviews_on_push"):
            for review in pull.reviews:
                if review.state == "APPROVED":
                    review.state = "DISMISSED"
    events.pull(world, base, issue, "synchronize", token, {"before": before, "after": sha})


def keep_head(world: World, base: Repo, issue: Issue, sha: str) -> None:
    """Hold a pull request's head as ``refs/pull/N/head`` in its base repository."""
    pull = issue.pull
    assert pull is not None
    git = world.git(base)
    head = world.repos.get(pull.head_repo)
    if head is not None and head is not base:
        git.fetch(head.path, f"+{sha}:refs/pull/{issue.number}/head")
    else:
        git.set_ref(f"refs/pull/{issue.number}/head", sha)


def _pulls_onto(world: World, repo: Repo, name: str, change: Change, token: Token) -> None:
    """Open pull requests onto this branch: closed with it, merged by a push, or computed again."""
    opened = [
        issue
        for issue in repo.pulls()
        if issue.pull and issue.state == "open" and issue.pull.base_ref == name
    ]
    if not opened:
        return
    if not change.new:
        _base_gone(world, repo, name, opened, token)
        return
    landed = _landed(repo, change)
    for issue in opened:
        pull = issue.pull
        assert pull is not None
        pull.mergeable, pull.asked = None, 0
        if pull.head_sha in landed:
            # Indirect merge: the head became reachable by a push.
            # https://docs.github.com/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges#indirect-merges
            pull.merged_at, pull.merged_by = world.now(), token.user
            pull.merge_commit_sha = change.new
            close(world, repo, issue, token)


def _landed(repo: Repo, change: Change) -> frozenset[str]:
    try:
        return frozenset(between(repo.path, change.old, change.new)) if change.old else frozenset()
    except GitFailed:
        return frozenset()


def _base_gone(world: World, repo: Repo, name: str, opened: list[Issue], token: Token) -> None:
    """Pull requests onto a deleted branch close, or follow a merged one's base.

    https://docs.github.com/pull-requests/collaborating-with-pull-requests/proposing-changes-to-your-work-with-pull-requests/about-branches#working-with-branches
    """
    merged = [
        issue.pull
        for issue in repo.pulls()
        if issue.pull
        and issue.pull.merged_at is not None
        and issue.pull.head_ref == name
        and issue.pull.head_repo == repo.id
    ]
    for issue in opened:
        if merged:
            retarget(world, repo, issue, merged[-1].base_ref, token)
        else:
            close(world, repo, issue, token)


def retarget(world: World, repo: Repo, issue: Issue, base: str, token: Token) -> None:
    """Give a pull request another base; raises Refused 422 where it is not there."""
    pull = issue.pull
    assert pull is not None
    sha = world.git(repo).branch(base)
    if not sha:
        error = {"resource": "PullRequest", "code": "invalid", "field": "base"}
        raise Refused(422, "Validation Failed", [error])
    changes = {"base": {"ref": {"from": pull.base_ref}, "sha": {"from": pull.base_sha}}}
    pull.base_ref, pull.base_sha = base, sha
    pull.mergeable, pull.asked = None, 0
    issue.updated_at = world.now()
    events.pull(world, repo, issue, "edited", token, {"changes": changes})


def close(world: World, repo: Repo, issue: Issue, token: Token) -> None:
    """Close a pull request, merged or not."""
    issue.state = "closed"
    issue.closed_at = issue.updated_at = world.now()
    issue.closed_by = token.user
    if issue.pull is not None:
        issue.pull.auto_merge = None
    events.pull(world, repo, issue, "closed", token)
