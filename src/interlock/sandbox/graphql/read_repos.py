"""Repositories, refs and labels."""

from __future__ import annotations

from interlock.sandbox.graphql.connections import connection, ordered
from interlock.sandbox.graphql.places import (
    Asking,
    CommitAt,
    Failed,
    LabelAt,
    ObjectAt,
    RefAt,
    RulesetAt,
)
from interlock.sandbox.payloads.repos import api_url, page_url
from interlock.sandbox.payloads.times import iso, node
from interlock.sandbox.records import Issue, Repo
from interlock.values import Any

Asked = dict[str, Any]


def object_at(asking: Asking, repo: Repo, sha: str) -> Any:
    """A git object by its hash."""
    kind = asking.world.git(repo).kind(sha)
    if kind == "commit":
        return CommitAt(repo, sha)
    return ObjectAt(repo, sha, kind) if kind else None


def _object(repo: Repo, asking: Asking, asked: Asked) -> Any:
    """``branch``, ``branch:path``, ``sha:path`` or a hash."""
    asking.may(repo, "contents")
    git = asking.world.git(repo)
    if asked.get("oid"):
        return object_at(asking, repo, asked["oid"])
    name, colon, path = (asked.get("expression") or "").partition(":")
    sha = git.resolve(repo.default_branch if name == "HEAD" else name)
    if not sha:
        return object_at(asking, repo, name) if len(name) == 40 and not colon else None
    if not colon:
        return CommitAt(repo, sha)
    entry = git.entry(sha, path)
    if entry is None or entry.kind == "commit":
        return None
    return ObjectAt(repo, entry.sha, entry.kind)


def _ref(repo: Repo, asking: Asking, asked: Asked) -> Any:
    asking.may(repo, "contents")
    name = asked["qualifiedName"]
    refs = asking.world.git(repo).refs()
    for full in (name, f"refs/heads/{name}", f"refs/tags/{name}", f"refs/{name}"):
        if full in refs and full.startswith("refs/"):
            return RefAt(repo, full)
    return None


def _refs(repo: Repo, asking: Asking, asked: Asked) -> Any:
    asking.may(repo, "contents")
    prefix = asked["refPrefix"]
    prefix = prefix if prefix.endswith("/") else f"{prefix}/"
    wanted = (asked.get("query") or "").lower()
    found = sorted(
        name
        for name in asking.world.git(repo).refs()
        if name.startswith(prefix) and wanted in name.removeprefix(prefix).lower()
    )
    return connection(found, asked, lambda name: RefAt(repo, name))


def _default(repo: Repo, asking: Asking, _: Asked) -> Any:
    name = f"refs/heads/{repo.default_branch}"
    return RefAt(repo, name) if name in asking.world.git(repo).refs() else None


def _one(repo: Repo, asking: Asking, asked: Asked, kind: str) -> Issue:
    if kind != "Issue":
        asking.may(repo, "pull_requests")
    else:
        asking.may(repo, "issues")
    found = repo.issues.get(asked["number"])
    if found is None or (
        (kind == "PullRequest") != bool(found.pull) and kind != "issue or pull request"
    ):
        article = "an" if kind[0] in "Ii" else "a"
        number = asked["number"]
        text = f"Could not resolve to {article} {kind} with the number of {number}."
        raise Failed("NOT_FOUND", text)
    return found


def pull_state(issue: Issue) -> str:
    """OPEN, CLOSED or MERGED."""
    return "MERGED" if issue.pull and issue.pull.merged_at is not None else issue.state.upper()


_ORDER = {
    "CREATED_AT": lambda i: (i.created_at, i.number),
    "UPDATED_AT": lambda i: (i.updated_at, i.number),
    "COMMENTS": lambda i: len(i.comments),
}


def pulls(repo: Repo, asking: Asking, asked: Asked) -> Any:
    """Pull requests by state, head, base and labels; by number without an order."""
    asking.may(repo, "pull_requests")
    states, labels = asked.get("states"), asked.get("labels")
    found = [
        i
        for i in repo.pulls()
        if i.pull
        and (not states or pull_state(i) in states)
        and asked.get("headRefName") in (None, i.pull.head_ref)
        and asked.get("baseRefName") in (None, i.pull.base_ref)
        and (not labels or any(each.name in labels for each in i.labels))
    ]
    return connection(ordered(found, asked.get("orderBy"), _ORDER), asked)


def _issues(repo: Repo, asking: Asking, asked: Asked) -> Any:
    asking.may(repo, "issues")
    states, labels = asked.get("states"), asked.get("labels")
    found = [
        i
        for i in repo.issues.values()
        if i.pull is None
        and (not states or i.state.upper() in states)
        and (not labels or any(each.name in labels for each in i.labels))
    ]
    return connection(ordered(found, asked.get("orderBy"), _ORDER), asked)


def _label(repo: Repo, _: Asking, asked: Asked) -> Any:
    held = repo.labels.get(asked["name"])
    return LabelAt(repo, held) if held else None


def _rulesets(repo: Repo, asking: Asking, asked: Asked) -> Any:
    found = list(repo.rulesets.values())
    if asked.get("includeParents", True):
        found += asking.world.org_rulesets.get(repo.owner.login.lower(), {}).values()
    return connection(found, asked, lambda r: RulesetAt(repo, r))


def _ruleset(repo: Repo, asking: Asking, asked: Asked) -> Any:
    parents = asking.world.org_rulesets.get(repo.owner.login.lower(), {})
    held = repo.rulesets.get(asked["databaseId"]) or parents.get(asked["databaseId"])
    return RulesetAt(repo, held) if held else None


def _permission(repo: Repo, asking: Asking, _: Asked) -> str | None:
    if asking.token.kind != "user":
        return "WRITE" if asking.token.permissions.get("contents") == "write" else "READ"
    role = asking.world.role(asking.user, repo)
    return None if role == "none" else role.upper()


def _set(name: str, default: bool) -> Any:
    return lambda repo, _, __: bool(repo.settings.get(name, default))


TYPES: dict[str, dict[str, Any]] = {
    "Repository": {
        "id": lambda r, _, __: node("R", r.id),
        "databaseId": lambda r, _, __: r.id,
        "nameWithOwner": lambda r, _, __: r.full_name,
        "isPrivate": lambda r, _, __: r.visibility != "public",
        "isArchived": lambda r, _, __: r.archived,
        "isFork": lambda r, _, __: bool(r.parent),
        "isDisabled": lambda *_: False,
        "isEmpty": lambda r, a, _: not a.world.git(r).refs(),
        "visibility": lambda r, _, __: r.visibility.upper(),
        "url": lambda r, a, _: page_url(a.world, r),
        "createdAt": lambda r, _, __: iso(r.created_at),
        "updatedAt": lambda r, _, __: iso(r.updated_at),
        "pushedAt": lambda r, _, __: iso(r.pushed_at),
        "defaultBranchRef": _default,
        "ref": _ref,
        "refs": _refs,
        "object": _object,
        "pullRequest": lambda r, a, x: _one(r, a, x, "PullRequest"),
        "pullRequests": pulls,
        "issue": lambda r, a, x: _one(r, a, x, "Issue"),
        "issues": _issues,
        "issueOrPullRequest": lambda r, a, x: _one(r, a, x, "issue or pull request"),
        "label": _label,
        "labels": lambda r, _, x: connection(
            list(r.labels.values()), x, lambda each: LabelAt(r, each)
        ),
        "rulesets": _rulesets,
        "ruleset": _ruleset,
        "parent": lambda r, a, _: a.world.repos.get(r.parent),
        "viewerPermission": _permission,
        "mergeCommitAllowed": _set("allow_merge_commit", True),
        "squashMergeAllowed": _set("allow_squash_merge", True),
        "rebaseMergeAllowed": _set("allow_rebase_merge", True),
        "autoMergeAllowed": _set("allow_auto_merge", False),
        "deleteBranchOnMerge": _set("delete_branch_on_merge", False),
        "forks": lambda r, a, x: connection(
            [o for o in a.world.repos.values() if o.parent == r.id and a.sees(o)], x
        ),
    },
    "Label": {
        "id": lambda at, _, __: node("LA", at.label.id),
        "name": lambda at, _, __: at.label.name,
        "color": lambda at, _, __: at.label.color,
        "description": lambda at, _, __: at.label.description,
        "url": lambda at, a, _: f"{api_url(a.world, at.repo)}/labels/{at.label.name}",
    },
}
