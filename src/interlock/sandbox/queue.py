"""The merge queue's groups: a temporary branch with the base and the pull request merged.

https://docs.github.com/webhooks/webhook-events-and-payloads#merge_group
"""

from __future__ import annotations

from interlock.sandbox import events, gitmerge, judging, pulling
from interlock.sandbox.actors import Token
from interlock.sandbox.gitrepo import Person
from interlock.sandbox.payloads.commits import commit
from interlock.sandbox.records import Issue, Repo
from interlock.sandbox.refs import Change, follow, move
from interlock.sandbox.wire import Refused
from interlock.sandbox.world import World
from interlock.values import Any


def branch_of(issue: Issue, base: str) -> str:
    """The group's branch, as GitHub names it."""
    assert issue.pull is not None
    return f"gh-readonly-queue/{issue.pull.base_ref}/pr-{issue.number}-{base}"


def group(world: World, repo: Repo, issue: Issue, token: Token) -> str:
    """Make the group's commit and ask for its checks; raises Refused 405 on a conflict."""
    pull = issue.pull
    assert pull is not None
    git = world.git(repo)
    base = git.branch(pull.base_ref)
    person = Person("GitHub", "noreply@github.com", f"{int(world.now())} +0000")
    text = f"Merge pull request #{issue.number} from {pull.head_label}"
    try:
        sha = gitmerge.merge(git, base, pull.head_sha, text, (person, person))
    except gitmerge.Conflict:
        raise Refused(405, "Merge conflict") from None
    name = f"refs/heads/{branch_of(issue, base)}"
    git.set_ref(name, sha)
    follow(world, repo, Change(name, "", sha), token)
    events.merge_group(
        world, repo, token, "checks_requested", _shown(world, repo, issue, base, sha)
    )
    return sha


def land(world: World, repo: Repo, issue: Issue, token: Token) -> str:
    """Merge a group whose checks passed; else take it out of the queue and raise Refused 405."""
    pull = issue.pull
    assert pull is not None
    git = world.git(repo)
    base = git.branch(pull.base_ref)
    name = f"refs/heads/{branch_of(issue, base)}"
    sha = git.refs().get(name, "")
    if not sha:
        raise Refused(405, "The pull request is in no merge group on this base.")
    why = judging.checks_on(world, repo, sha, f"refs/heads/{pull.base_ref}")
    shown = _shown(world, repo, issue, base, sha)
    reason = {"reason": "invalidated" if why else "merged"}
    events.merge_group(world, repo, token, "destroyed", shown, reason)
    if not why:
        change = Change(f"refs/heads/{pull.base_ref}", base, sha)
        pulling.landed(world, repo, issue, sha, token)
        git.set_ref(change.ref, sha)
        follow(world, repo, change, token, "merge_queue_merge")
    move(world, repo, Change(name, sha, ""), token)
    if why:
        raise Refused(405, why)
    return sha


def _shown(world: World, repo: Repo, issue: Issue, base: str, sha: str) -> dict[str, Any]:
    assert issue.pull is not None
    made = commit(world, repo, sha)["commit"]
    return {
        "head_sha": sha,
        "head_ref": f"refs/heads/{branch_of(issue, base)}",
        "base_sha": base,
        "base_ref": f"refs/heads/{issue.pull.base_ref}",
        "head_commit": {
            "id": sha,
            "tree_id": made["tree"]["sha"],
            "message": made["message"],
            "timestamp": made["committer"]["date"],
            "author": {k: made["author"][k] for k in ("name", "email")},
            "committer": {k: made["committer"][k] for k in ("name", "email")},
        },
    }
