"""Pull requests and repositories as GitHub's GraphQL answers describe them, as frozen values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from interlock.changes.members import State
from interlock.values import Literal, NamedTuple

#: The status that gates a change set.
CONTEXT = "interlock/change-set"
Visibility = Literal["public", "internal", "private"]
#: A merge queue's branch: gh-readonly-queue/main/pr-12-<commit>.
_GROUP = re.compile(r"gh-readonly-queue/(?P<base>.+)/pr-(?P<number>\d+)-[0-9a-f]+\Z")
_GOOD = ("SUCCESS", "NEUTRAL", "SKIPPED")
_WAITING = ("PENDING", "EXPECTED")


class Said(NamedTuple):
    """A status of our name as it stands on a commit; ``creator`` wrote it, ``bot`` if an App."""

    state: str
    description: str
    creator: str
    bot: bool
    address: str = ""


class Pull(NamedTuple):
    """A pull request of the repository ``name`` (owner/name). Times are seconds since 1970, or 0.

    ``paths`` are all that it changes, None where GitHub listed only a part. ``said`` is our status
    on its head, None where there is none or nobody asked.
    """

    name: str
    number: int
    state: State
    base_ref: str
    head_ref: str
    head: str
    from_fork: bool
    paths: frozenset[str] | None
    body: str
    created: int = 0
    merged: int = 0
    closed: int = 0
    merge_commit: str = ""
    said: Said | None = None


class RepoNow(NamedTuple):
    """A repository as it is now. ``name`` is as the policy has it, ``full_name`` as GitHub has.

    ``required`` are the checks that its default branch asks for, None where that is unknown;
    ``source`` is the App (integration id) that our status has to come from, 0 for anybody, None
    where it is not required. ``groups`` maps a pull request's number to the commits of its merge
    groups. ``unseen`` is how many open pull requests were not listed; ``cursor`` is where they go
    on. ``problem`` says why nothing is known of it, and what to do.
    """

    name: str
    full_name: str = ""
    visibility: Visibility = "private"
    archived: bool = False
    url: str = ""
    default: str = ""
    tip: str = ""
    required: tuple[str, ...] | None = None
    source: int | None = None
    groups: Mapping[int, tuple[str, ...]] = {}
    pulls: tuple[Pull, ...] = ()
    unseen: int = 0
    cursor: str = ""
    problem: str = ""

    @property
    def moved(self) -> bool:
        """True where GitHub knows it by another name now: it was renamed or transferred."""
        return bool(self.full_name) and self.full_name.lower() != self.name.lower()


class Comment(NamedTuple):
    """A comment; ``ours`` where this run's own account wrote it. ``created`` is in seconds."""

    id: int
    ours: bool
    body: str
    created: int


class Detail(NamedTuple):
    """What the gate and the comment need of one pull request.

    ``contexts`` are (name, state) as ``changes.gate.checks_of`` takes them, ``said`` our status.
    ``whole`` is False where GitHub listed only a part of the checks, ``listed`` where it listed
    only a part of the comments.
    """

    number: int
    head: str
    approved: bool
    contexts: tuple[tuple[str, str], ...]
    said: Said | None
    comments: tuple[Comment, ...]
    whole: bool = True
    listed: bool = True


def seconds(text: str | None) -> int:
    """A time of GitHub's (2026-11-21T14:02:00Z) in seconds since 1970; 0 for none."""
    return int(datetime.fromisoformat(text).timestamp()) if text else 0


def pull_of(name: str, node: Mapping[str, Any]) -> Pull:
    """A pull request from the fragment ``pull``."""
    state: State = node["state"].lower()
    files = [one["path"] for one in _nodes(node.get("files"))]
    last = next(iter(_nodes(node.get("commits"))), {}).get("commit") or {}
    return Pull(
        name=name,
        number=int(node["number"]),
        state="draft" if state == "open" and node["isDraft"] else state,
        base_ref=node["baseRefName"],
        head_ref=node["headRefName"],
        head=node["headRefOid"],
        from_fork=bool(node["isCrossRepository"]),
        paths=frozenset(files) if len(files) == node["changedFiles"] else None,
        body=node["body"] or "",
        created=seconds(node["createdAt"]),
        merged=seconds(node["mergedAt"]),
        closed=seconds(node["closedAt"]),
        merge_commit=(node.get("mergeCommit") or {}).get("oid") or "",
        said=_said((last.get("status") or {}).get("context")),
    )


def repo_of(name: str, node: Mapping[str, Any]) -> RepoNow:
    """A repository from the overview's part about it."""
    branch = node.get("defaultBranchRef") or {}
    known: dict[int, Pull] = {}
    for part in ("oldest", "newest", "ended"):
        for one in _nodes(node.get(part)):
            known.setdefault(int(one["number"]), pull_of(name, one))
    pulls = tuple(known[number] for number in sorted(known))
    open_ones = sum(1 for one in pulls if one.state in ("open", "draft"))
    required, source = _required(branch.get("rules"))
    oldest = node.get("oldest") or {}
    return RepoNow(
        name=name,
        full_name=node["nameWithOwner"],
        visibility=node["visibility"].lower(),
        archived=bool(node["isArchived"]),
        url=node["url"],
        default=branch.get("name") or "",
        tip=(branch.get("target") or {}).get("oid") or "",
        required=required,
        source=source,
        groups=_groups(_nodes(node.get("groups"))),
        pulls=pulls,
        unseen=max(0, int(oldest.get("totalCount") or 0) - open_ones),
        cursor=(oldest.get("pageInfo") or {}).get("endCursor") or "",
        problem="" if branch else f"{name} has no branch yet: push one",
    )


def detail_of(node: Mapping[str, Any]) -> Detail:
    """From the fragment ``detail``."""
    commit = next(iter(_nodes(node.get("commits"))), {}).get("commit") or {}
    listed = (commit.get("statusCheckRollup") or {}).get("contexts") or {}
    contexts = [one for one in _nodes(listed) if one]
    comments = node.get("comments") or {}
    ours = (one for one in contexts if one.get("context") == CONTEXT)
    return Detail(
        number=int(node["number"]),
        head=node["headRefOid"],
        approved=_approved(node),
        contexts=tuple(_state_of(one) for one in contexts),
        said=_said(next(ours, None)),
        comments=tuple(comment_of(one) for one in _nodes(comments)),
        whole=not (listed.get("pageInfo") or {}).get("hasNextPage"),
        listed=not (comments.get("pageInfo") or {}).get("hasNextPage"),
    )


def comment_of(node: Mapping[str, Any]) -> Comment:
    """A comment; GitHub itself says whether this run's account wrote it."""
    ours = bool(node["viewerDidAuthor"])
    return Comment(int(node["fullDatabaseId"]), ours, node["body"], seconds(node["createdAt"]))


def _approved(node: Mapping[str, Any]) -> bool:
    """GitHub's own decision; where the branch asks for no review, that nobody objects."""
    decision = node.get("reviewDecision")
    if decision is not None:
        return bool(decision == "APPROVED")
    opinions = [one["state"] for one in _nodes(node.get("latestOpinionatedReviews"))]
    return "CHANGES_REQUESTED" not in opinions


def _state_of(one: Mapping[str, Any]) -> tuple[str, str]:
    """(name, state) of a status or check run, in the words of ``changes.gate.checks_of``."""
    if one["__typename"] == "StatusContext":
        name, state = one["context"], one["state"]
    else:
        name = one["name"]
        state = one["conclusion"] if one["status"] == "COMPLETED" else "PENDING"
    if state in _GOOD:
        return name, state.lower()
    return name, "pending" if state in _WAITING else "failure"


def _said(node: Mapping[str, Any] | None) -> Said | None:
    if not node:
        return None
    creator = node.get("creator") or {}
    return Said(
        node["state"].lower(),
        node["description"] or "",
        creator.get("login") or "",
        creator.get("__typename") == "Bot",
        node.get("targetUrl") or "",
    )


def _required(rules: Any) -> tuple[tuple[str, ...] | None, int | None]:
    if rules is None:
        return None, None
    asked = [
        check
        for rule in _nodes(rules)
        for check in ((rule or {}).get("parameters") or {}).get("requiredStatusChecks") or ()
    ]
    source = next((one["integrationId"] or 0 for one in asked if one["context"] == CONTEXT), None)
    return tuple(dict.fromkeys(one["context"] for one in asked)), source


def _groups(nodes: Iterable[Mapping[str, Any]]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for one in nodes:
        match = _GROUP.search(f"gh-readonly-queue/{one['name'].split('gh-readonly-queue/')[-1]}")
        if match is not None:
            number = int(match["number"])
            found[number] = (*found.get(number, ()), one["target"]["oid"])
    return found


def _nodes(part: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    return [one for one in (part or {}).get("nodes") or () if one]
