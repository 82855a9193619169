"""What repositories hold: issues, pull requests, comments, reviews, statuses, check runs."""

from __future__ import annotations

from dataclasses import dataclass, field

from interlock.sandbox.actors import App, User
from interlock.values import Any


@dataclass(slots=True, eq=False)
class Label:
    """A label of one repository."""

    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(slots=True, eq=False)
class Comment:
    """A comment on an issue or pull request; ``app`` is the App that wrote it."""

    id: int
    user: User
    body: str
    created_at: float
    updated_at: float
    app: App | None = None
    #: Why it is hidden, as GraphQL's classifiers say it; "" where it is not.
    minimized: str = ""


@dataclass(slots=True, eq=False)
class Review:
    """A submitted or pending review. ``state`` as REST says it: APPROVED, DISMISSED and so on."""

    id: int
    user: User
    state: str
    body: str
    commit_id: str
    submitted_at: float | None


@dataclass(slots=True, eq=False)
class Pull:
    """What a pull request has beyond its issue. ``head_repo`` is a repository id, 0 when deleted.

    ``mergeable`` is None while GitHub has not computed it; ``asked`` counts how often it was read.
    """

    id: int
    base_ref: str
    base_sha: str
    head_repo: int
    head_ref: str
    head_sha: str
    head_label: str
    draft: bool = False
    mergeable: bool | None = None
    asked: int = 0
    merge_commit_sha: str | None = None
    merged_at: float | None = None
    merged_by: User | None = None
    reviews: list[Review] = field(default_factory=list)
    requested_reviewers: list[User] = field(default_factory=list)
    auto_merge: tuple[User, str] | None = None
    maintainer_can_modify: bool = False
    #: The last asynchronous merge request.
    merging: MergeRequest | None = None


@dataclass(slots=True, eq=False)
class MergeRequest:
    """An asynchronous merge. ``status`` is pending, merged, enqueued or failed."""

    uuid: str
    method: str
    action: str
    expected: str
    title: str
    message: str
    actor: User
    requested_at: float
    updated_at: float
    status: str = "pending"
    text: str = "Merge request is in progress."
    sha: str = ""
    polls: int = 0


@dataclass(slots=True, eq=False)
class Issue:
    """An issue; a pull request where ``pull`` is there. ``repo`` is the repository's id."""

    id: int
    repo: int
    number: int
    title: str
    body: str | None
    user: User
    created_at: float
    updated_at: float
    state: str = "open"
    state_reason: str | None = None
    closed_at: float | None = None
    closed_by: User | None = None
    labels: list[Label] = field(default_factory=list)
    assignees: list[User] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    locked: bool = False
    app: App | None = None
    pull: Pull | None = None


@dataclass(slots=True, eq=False)
class Status:
    """One commit status; the newest of a context counts."""

    id: int
    sha: str
    context: str
    state: str
    description: str | None
    target_url: str | None
    creator: User
    created_at: float
    app: App | None = None


@dataclass(slots=True, eq=False)
class CheckSuite:
    """The check runs of one App on one commit."""

    id: int
    sha: str
    app: App
    created_at: float
    updated_at: float
    head_branch: str | None = None


@dataclass(slots=True, eq=False)
class CheckRun:
    """One check run; ``output`` is what was sent, with all annotations appended."""

    id: int
    sha: str
    name: str
    suite: CheckSuite
    status: str
    conclusion: str | None
    started_at: float | None
    completed_at: float | None
    external_id: str = ""
    details_url: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Ruleset:
    """A ruleset of a repository or an organisation; rules as GitHub's REST bodies write them."""

    id: int
    name: str
    source_type: str
    source: str
    target: str
    enforcement: str
    bypass_actors: list[dict[str, Any]]
    conditions: dict[str, Any] | None
    rules: list[dict[str, Any]]
    created_at: float
    updated_at: float
    #: Every saved state, oldest first: version id, actor, time, body.
    history: list[tuple[int, User, float, dict[str, Any]]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class RuleSuite:
    """How one push or merge was judged. ``evaluations`` as the detail call answers them."""

    id: int
    actor: User
    before: str
    after: str
    ref: str
    repo: int
    pushed_at: float
    result: str
    evaluations: list[dict[str, Any]]


@dataclass(slots=True, eq=False)
class Activity:
    """One change of one ref: push, force_push, branch_creation, pr_merge and so on."""

    id: int
    actor: User
    before: str
    after: str
    ref: str
    timestamp: float
    kind: str


@dataclass(slots=True, eq=False)
class Repo:
    """A repository. ``path`` is its bare git directory; ``collaborators`` maps login to role.

    ``classic`` maps a branch to the contexts that classic protection asks for, which is shown to
    those who are no admins; only rulesets are enforced here.
    """

    id: int
    owner: User
    name: str
    path: str
    created_at: float
    updated_at: float
    pushed_at: float
    description: str | None = None
    visibility: str = "public"
    default_branch: str = "main"
    archived: bool = False
    parent: int = 0
    collaborators: dict[str, str] = field(default_factory=dict)
    topics: list[str] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    statuses: dict[str, list[Status]] = field(default_factory=dict)
    suites: dict[int, CheckSuite] = field(default_factory=dict)
    checks: dict[int, CheckRun] = field(default_factory=dict)
    rulesets: dict[int, Ruleset] = field(default_factory=dict)
    classic: dict[str, list[str]] = field(default_factory=dict)
    rule_suites: list[RuleSuite] = field(default_factory=list)
    activity: list[Activity] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        """``owner/name``."""
        return f"{self.owner.login}/{self.name}"

    def pulls(self) -> list[Issue]:
        """The pull requests, by number."""
        return [issue for issue in self.issues.values() if issue.pull]
