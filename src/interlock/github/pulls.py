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
_RENAMED = frozenset({"RENAMED"})
#: https://docs.github.com/graphql/reference/enums#commentauthorassociation
INSIDERS = ("OWNER", "MEMBER", "COLLABORATOR")


#: A pull request: its repository's owner/name in lower case, and its number.
Where = tuple[str, int]


class Said(NamedTuple):
    """A status of our name as it stands on a commit; ``creator`` wrote it, ``bot`` if an App."""

    state: str
    description: str
    creator: str
    bot: bool
    address: str = ""


class Pull(NamedTuple):
    """A pull request of the repository ``name`` (owner/name). Times are seconds since 1970, or 0.

    ``paths`` are all that it changes, None where GitHub told only a part: of a renamed file it
    tells the new name alone. ``said`` is our status on its head, None where there is none or nobody
    asked. A ``stranger``'s comes from a fork, and its author may not push here.
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
    stranger: bool = False

    @property
    def where(self) -> Where:
        """What names it on GitHub, which ignores case."""
        return self.name.lower(), self.number


class Check(NamedTuple):
    """A check or status of a commit; ``state`` is in the words of ``changes.gate.checks_of``.

    ``app`` is the id of the App that it comes from: 0 for a person's, None where GitHub does not
    tell which App it was.
    """

    name: str
    state: str
    app: int | None = 0


class RepoNow(NamedTuple):
    """A repository as it is now. ``name`` is as the policy has it, ``full_name`` as GitHub has.

    ``required`` are the checks that its default branch asks for, None where that is unknown;
    ``pinned`` are the Apps that they have to come from, where the rule names one. ``source`` is the
    App (integration id) that our status has to come from, 0 for anybody, None where it is not
    required. ``groups`` maps a pull request's number to the commits of its merge
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
    pinned: Mapping[str, int] = {}
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

    def counted(self, checks: Iterable[Check]) -> list[tuple[str, str]]:
        """(name, state) of those that count: none of a name that another App has to give."""
        return [
            (one.name, one.state)
            for one in checks
            if one.app is None or self.pinned.get(one.name, one.app) == one.app
        ]


class Comment(NamedTuple):
    """A comment; ``ours`` where this run's own account wrote it. ``created`` is in seconds."""

    id: int
    ours: bool
    body: str
    created: int


class Detail(NamedTuple):
    """What the gate and the comment need of one pull request.

    ``contexts`` are its checks, ``said`` our status. ``whole`` is False where GitHub told only a
    part of the checks, ``listed`` where it listed only a part of the comments. ``endorsed`` says
    that somebody who may push there has approved it.
    """

    number: int
    head: str
    approved: bool
    contexts: tuple[Check, ...]
    said: Said | None
    comments: tuple[Comment, ...]
    whole: bool = True
    listed: bool = True
    endorsed: bool = False


def seconds(text: str | None) -> int:
    """A time of GitHub's (2026-11-21T14:02:00Z) in seconds since 1970; 0 for none."""
    return int(datetime.fromisoformat(text).timestamp()) if text else 0


def pull_of(name: str, node: Mapping[str, Any]) -> Pull:
    """A pull request from the fragment ``pull``."""
    state: State = node["state"].lower()
    files = _nodes(node.get("files"))
    whole = len(files) == node["changedFiles"] and _RENAMED.isdisjoint(
        one["changeType"] for one in files
    )
    last = next(iter(_nodes(node.get("commits"))), {}).get("commit") or {}
    return Pull(
        name=name,
        number=int(node["number"]),
        state="draft" if state == "open" and node["isDraft"] else state,
        base_ref=node["baseRefName"],
        head_ref=node["headRefName"],
        head=node["headRefOid"],
        from_fork=bool(node["isCrossRepository"]),
        paths=frozenset(one["path"] for one in files) if whole else None,
        body=node["body"] or "",
        created=seconds(node["createdAt"]),
        merged=seconds(node["mergedAt"]),
        closed=seconds(node["closedAt"]),
        merge_commit=(node.get("mergeCommit") or {}).get("oid") or "",
        said=_said((last.get("status") or {}).get("context")),
        stranger=node["isCrossRepository"] and node["authorAssociation"] not in INSIDERS,
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
    required, pinned, source = _required(branch)
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
        pinned=pinned,
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
    rollup = commit.get("statusCheckRollup")
    listed = (rollup or {}).get("contexts") or {}
    contexts = _nodes(listed)
    # What this token may not see is null.
    whole = (not rollup or "nodes" in listed) and len(contexts) == len(listed.get("nodes") or ())
    comments = node.get("comments") or {}
    ours = (one for one in contexts if one.get("context") == CONTEXT)
    return Detail(
        number=int(node["number"]),
        head=node["headRefOid"],
        approved=_approved(node),
        contexts=tuple(_newest(contexts)),
        said=_said(next(ours, None)),
        comments=tuple(comment_of(one) for one in _nodes(comments)),
        whole=whole and not (listed.get("pageInfo") or {}).get("hasNextPage"),
        listed=not (comments.get("pageInfo") or {}).get("hasNextPage"),
        endorsed=node.get("reviewDecision") == "APPROVED" or "APPROVED" in _opinions(node),
    )


def comment_of(node: Mapping[str, Any]) -> Comment:
    """A comment; GitHub itself says whether this run's account wrote it."""
    ours = bool(node["viewerDidAuthor"])
    # Whether GitHub keeps the last line's end, or writes ends as browsers do, is no difference.
    body = node["body"].replace("\r\n", "\n").rstrip()
    return Comment(int(node["fullDatabaseId"]), ours, body, seconds(node["createdAt"]))


def _approved(node: Mapping[str, Any]) -> bool:
    """GitHub's own decision; where the branch asks for no review, that nobody objects."""
    decision = node.get("reviewDecision")
    if decision is not None:
        return bool(decision == "APPROVED")
    return "CHANGES_REQUESTED" not in _opinions(node)


def _opinions(node: Mapping[str, Any]) -> list[str]:
    """What those say now who may push there."""
    return [one["state"] for one in _nodes(node.get("latestOpinionatedReviews"))]


def _newest(contexts: Iterable[Mapping[str, Any]]) -> Iterable[Check]:
    """All statuses, and of each App's check runs of one name the last that was started.

    Where a check and a status have the name that a rule asks for, GitHub asks for both.
    https://docs.github.com/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
    """
    found: dict[tuple[str, str, int | None], tuple[int, Check]] = {}
    for one in contexts:
        check, number = _check_of(one), int(one.get("databaseId") or 0)
        where = (one["__typename"], check.name, check.app)
        if where not in found or found[where][0] <= number:
            found[where] = number, check
    return [check for _, check in found.values()]


def _check_of(one: Mapping[str, Any]) -> Check:
    if one["__typename"] == "StatusContext":
        name, state = one["context"], one["state"]
        app = None if (one.get("creator") or {}).get("__typename") == "Bot" else 0
    else:
        name = one["name"]
        state = one["conclusion"] if one["status"] == "COMPLETED" else "PENDING"
        app = ((one.get("checkSuite") or {}).get("app") or {}).get("databaseId")
    if state in _GOOD:
        return Check(name, state.lower(), app)
    return Check(name, "pending" if state in _WAITING else "failure", app)


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


def _required(
    branch: Mapping[str, Any],
) -> tuple[tuple[str, ...] | None, dict[str, int], int | None]:
    """The checks that rulesets and classic protection ask for, and from which Apps."""
    rules = branch.get("rules")
    if rules is None:
        return None, {}, None
    asked: list[tuple[str, int]] = [
        (check["context"], int(check["integrationId"] or 0))
        for rule in _nodes(rules)
        for check in ((rule or {}).get("parameters") or {}).get("requiredStatusChecks") or ()
    ]
    classic = (branch.get("refUpdateRule") or {}).get("requiredStatusCheckContexts") or ()
    asked += [(name, 0) for name in classic if name]
    source = next((app for name, app in asked if name == CONTEXT), None)
    pinned = {name: app for name, app in asked if app}
    return tuple(dict.fromkeys(name for name, _ in asked)), pinned, source


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
