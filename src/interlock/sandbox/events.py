"""Webhook payloads, which are also what Actions gives a workflow as its event.

https://docs.github.com/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

from interlock.sandbox.actors import Token, User
from interlock.sandbox.gitdiff import between, files
from interlock.sandbox.gitrepo import ZERO
from interlock.sandbox.payloads import issues, pulls, repos, statuses, users
from interlock.sandbox.payloads.commits import account, commit
from interlock.sandbox.payloads.times import from_git, iso
from interlock.sandbox.process import GitFailed
from interlock.sandbox.records import CheckRun, Comment, Issue, Repo, Status
from interlock.sandbox.world import Event, World
from interlock.values import Any

#: What only the API says of a check suite, and what no push says of its repository.
_OF_SUITES = (
    "check_runs_url",
    "head_commit",
    "latest_check_runs_count",
    "rerequestable",
    "runs_rerequestable",
)
_OF_MERGES = (
    "merge_commit_message",
    "merge_commit_title",
    "squash_merge_commit_message",
    "squash_merge_commit_title",
    "use_squash_pr_title_as_default",
)
#: A push event lists at most this many commits.
MAX_COMMITS = 2048


def send(
    world: World, repo: Repo, name: str, token: Token, payload: dict[str, Any], action: str = ""
) -> None:
    """Deliver one event with what every payload carries."""
    whole = repos.repository(world, repo, token.user)
    body = payload | {
        "repository": _without(whole, _OF_MERGES) if name == "push" else whole,
        "sender": users.user(world, token.user),
    }
    if action:
        body["action"] = action
    if repo.owner.kind == "Organization":
        body["organization"] = users.organization(world, repo.owner)
    if token.installation:
        body["installation"] = {
            "id": token.installation.id,
            "node_id": f"IN_{token.installation.id}",
        }
    # https://docs.github.com/actions/security-guides/automatic-token-authentication
    starts = token.kind != "actions"
    world.emit(Event(name, action, body, repo.full_name, token.user.login, starts))


def pull(
    world: World,
    repo: Repo,
    issue: Issue,
    action: str,
    token: Token,
    more: dict[str, Any] | None = None,
) -> None:
    """opened, synchronize, reopened, closed, edited, converted_to_draft, ready_for_review …"""
    body = {"number": issue.number, "pull_request": pulls.full(world, repo, issue, token.user)}
    send(world, repo, "pull_request", token, body | (more or {}), action)


def review(
    world: World, repo: Repo, issue: Issue, token: Token, shown: dict[str, Any], action: str
) -> None:
    """submitted, dismissed, edited."""
    body = {
        "review": shown | {"state": shown["state"].lower()},
        "pull_request": pulls.simple(world, repo, issue, token.user),
    }
    send(world, repo, "pull_request_review", token, body, action)


def issue(
    world: World,
    repo: Repo,
    which: Issue,
    action: str,
    token: Token,
    more: dict[str, Any] | None = None,
) -> None:
    """opened, closed, reopened, edited, labeled, unlabeled, assigned."""
    if which.pull is not None:
        pull(world, repo, which, action, token, more)
        return
    send(world, repo, "issues", token, {"issue": _issue(world, repo, which)} | (more or {}), action)


def _issue(world: World, repo: Repo, which: Issue) -> dict[str, Any]:
    """An issue as events hold it: without who closed it, and an App without its other id."""
    shown = _without(issues.issue(world, repo, which), ("closed_by",))
    if shown.get("performed_via_github_app"):
        app = _without(shown["performed_via_github_app"], ("client_id",))
        shown["performed_via_github_app"] = app
    shown["assignees"] = [_without(each, ("user_view_type",)) for each in shown["assignees"]]
    return shown


def _without(shown: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if name not in names}


def comment(
    world: World, repo: Repo, which: Issue, said: Comment, action: str, token: Token
) -> None:
    """created, edited, deleted."""
    body = {
        "issue": _issue(world, repo, which),
        "comment": issues.comment(world, repo, which, said),
    }
    if action == "edited":
        body["changes"] = {}
    send(world, repo, "issue_comment", token, body, action)


def status(world: World, repo: Repo, which: Status, token: Token) -> None:
    """A commit status was set."""
    body = statuses.status(world, repo, which)
    holding = [b for b, s in _heads(world, repo) if s == which.sha]
    shown = {
        "id": which.id,
        "sha": which.sha,
        "name": repo.full_name,
        "avatar_url": body["avatar_url"],
        "target_url": which.target_url,
        "context": which.context,
        "description": which.description,
        "state": which.state,
        "commit": _commit(world, repo, which.sha),
        "branches": [
            {
                "name": name,
                "commit": {
                    "sha": which.sha,
                    "url": f"{repos.api_url(world, repo)}/commits/{which.sha}",
                },
                "protected": False,
            }
            for name in holding[:10]
        ],
        "created_at": body["created_at"],
        "updated_at": body["updated_at"],
    }
    send(world, repo, "status", token, shown)


def _commit(world: World, repo: Repo, sha: str) -> dict[str, Any]:
    shown = commit(world, repo, sha)
    for role in ("author", "committer"):
        if shown[role]:
            shown[role] = _without(shown[role], ("user_view_type",))
    return shown


def _heads(world: World, repo: Repo) -> list[tuple[str, str]]:
    refs = world.git(repo).refs()
    return [
        (r.removeprefix("refs/heads/"), s) for r, s in refs.items() if r.startswith("refs/heads/")
    ]


def check_run(world: World, repo: Repo, which: CheckRun, action: str, token: Token) -> None:
    """created, completed."""
    body = statuses.check_run(world, repo, which)
    body["check_suite"] = _without(statuses.check_suite(world, repo, which.suite), _OF_SUITES)
    send(world, repo, "check_run", token, {"check_run": body}, action)


def merge_group(
    world: World,
    repo: Repo,
    token: Token,
    action: str,
    group: dict[str, Any],
    more: dict[str, Any] | None = None,
) -> None:
    """checks_requested, destroyed (with its reason)."""
    send(world, repo, "merge_group", token, {"merge_group": group} | (more or {}), action)


def push(world: World, repo: Repo, ref: str, before: str, after: str, token: Token) -> None:
    """A branch or tag moved; also ``create`` and ``delete`` where it came or went."""
    git = world.git(repo)
    default = git.branch(repo.default_branch)
    start = before if before != ZERO else (default if after != default else "")
    listed: tuple[str, ...] = ()
    if after != ZERO and start:
        try:
            listed = between(repo.path, start, after)[-MAX_COMMITS:]
        except GitFailed:
            listed = ()
    head = git.resolve(after) if after != ZERO else ""
    forced = ZERO not in (before, after) and not git.ancestor(before, after)
    page = repos.page_url(world, repo)
    body = {
        "ref": ref,
        "before": before,
        "after": after,
        "base_ref": None,
        "created": before == ZERO,
        "deleted": after == ZERO,
        "forced": forced,
        "compare": f"{page}/compare/{before[:12]}...{after[:12]}",
        "commits": [_pushed(world, repo, sha) for sha in listed[-20:]],
        "head_commit": _pushed(world, repo, head) if head else None,
        "pusher": _pusher(token.user),
    }
    send(world, repo, "push", token, body)
    if ZERO in (before, after):
        kind, _, name = ref.removeprefix("refs/").partition("/")
        short = {
            "ref": name,
            "ref_type": "branch" if kind == "heads" else "tag",
            "pusher_type": "user",
        }
        if before == ZERO:
            short |= {"master_branch": repo.default_branch, "description": repo.description or ""}
        send(world, repo, "create" if before == ZERO else "delete", token, short)


def _pusher(who: User) -> dict[str, str]:
    return {"name": who.login, "email": who.email}


def _pushed(world: World, repo: Repo, sha: str) -> dict[str, Any]:
    found = world.git(repo).commit(sha)
    people = {}
    for role, person in (("author", found.author), ("committer", found.committer)):
        people[role] = {"name": person.name, "email": person.email, "date": from_git(person.date)}
        known = account(world, person)
        if known:
            people[role]["username"] = known.login
    changed = files(repo.path, found.parents[0], sha) if found.parents else ()
    return {
        "id": sha,
        "tree_id": found.tree,
        "distinct": True,
        "message": found.message.rstrip("\n"),
        "timestamp": from_git(found.author.date),
        "url": f"{repos.page_url(world, repo)}/commit/{sha}",
        "added": [f.path for f in changed if f.status == "added"],
        "removed": [f.path for f in changed if f.status == "removed"],
        "modified": [f.path for f in changed if f.status not in ("added", "removed")],
    } | people


def stamp(world: World) -> str:
    """Now, as payloads write it."""
    return iso(world.now())
