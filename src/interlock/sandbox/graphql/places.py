"""What resolvers stand on: things with the repository they belong to, and who asks."""

from __future__ import annotations

from interlock.sandbox import access
from interlock.sandbox.actors import Token, User
from interlock.sandbox.api import Api
from interlock.sandbox.gitrepo import Entry
from interlock.sandbox.records import (
    CheckRun,
    CheckSuite,
    Comment,
    Issue,
    Label,
    Repo,
    Review,
    Ruleset,
    Status,
)
from interlock.sandbox.world import ROLES, World
from interlock.values import Any, NamedTuple


class CommitAt(NamedTuple):
    """A commit of a repository."""

    repo: Repo
    sha: str


class ObjectAt(NamedTuple):
    """A tree or blob of a repository."""

    repo: Repo
    sha: str
    kind: str


class EntryAt(NamedTuple):
    """An entry of a tree."""

    repo: Repo
    entry: Entry


class RefAt(NamedTuple):
    """A ref by its full name."""

    repo: Repo
    name: str


class CommentAt(NamedTuple):
    """A comment on its issue or pull request."""

    issue: Issue
    comment: Comment


class ReviewAt(NamedTuple):
    """A review of its pull request."""

    issue: Issue
    review: Review


class LabelAt(NamedTuple):
    """A label of its repository."""

    repo: Repo
    label: Label


class StatusAt(NamedTuple):
    """One context of a commit's status."""

    repo: Repo
    status: Status


class StatusOf(NamedTuple):
    """All statuses of a commit."""

    repo: Repo
    sha: str


class RollupAt(NamedTuple):
    """All statuses and check runs of a commit."""

    repo: Repo
    sha: str


class SuiteAt(NamedTuple):
    """A check suite."""

    repo: Repo
    suite: CheckSuite


class RunAt(NamedTuple):
    """A check run."""

    repo: Repo
    run: CheckRun


class RulesetAt(NamedTuple):
    """A ruleset and the repository through which it was reached."""

    repo: Repo
    ruleset: Ruleset


class Failed(Exception):
    """An error with its type, as GitHub's GraphQL answers name it."""

    def __init__(self, kind: str, message: str) -> None:
        """Keep the type."""
        super().__init__(message)
        self.kind = kind


class Asking:
    """Who asks, and what of: handed to every resolver."""

    def __init__(self, api: Api, token: Token) -> None:
        """One request's caller."""
        self.api = api
        self.token = token
        #: What the whole request costs, filled in before it runs.
        self.cost = 1
        self.nodes = 0

    @property
    def world(self) -> World:
        """The sandbox's state."""
        return self.api.world

    @property
    def user(self) -> User:
        """The account that acts."""
        return self.token.user

    def sees(self, repo: Repo) -> bool:
        """Whether the caller can see a repository."""
        return access.reaches(self.world, self.token, repo.id)

    def may(self, repo: Repo, permission: str, level: str = "read", role: str = "read") -> None:
        """Raise Failed FORBIDDEN where the caller lacks a permission or role here."""
        token = self.token
        if token.kind == "user":
            if ROLES.index(self.world.role(token.user, repo)) < ROLES.index(role):
                text = f"{token.user.login} does not have the correct permissions to execute this."
                raise Failed("FORBIDDEN", text)
            return
        covered = access.inside(self.world, token, repo.id)
        if level == "read" and repo.visibility == "public":
            return
        held = token.permissions.get(permission, "")
        if not covered or held not in ("write", level):
            raise Failed("FORBIDDEN", "Resource not accessible by integration")

    def writable(self, repo: Repo) -> None:
        """Raise Failed where the repository is archived."""
        if repo.archived:
            raise Failed("UNPROCESSABLE", "Repository was archived so is read-only.")


def type_name(thing: Any, *_: Any) -> str:
    """The GraphQL type of what a resolver gave."""
    if isinstance(thing, Issue):
        return "PullRequest" if thing.pull else "Issue"
    if isinstance(thing, User):
        return thing.kind
    if isinstance(thing, ObjectAt):
        return {"tree": "Tree", "blob": "Blob", "tag": "Tag"}[thing.kind]
    if isinstance(thing, dict):
        return str(thing["__typename"])
    return _NAMES[type(thing).__name__]


_NAMES = {
    "Repo": "Repository",
    "CommitAt": "Commit",
    "RefAt": "Ref",
    "CommentAt": "IssueComment",
    "ReviewAt": "PullRequestReview",
    "LabelAt": "Label",
    "StatusAt": "StatusContext",
    "StatusOf": "Status",
    "RollupAt": "StatusCheckRollup",
    "SuiteAt": "CheckSuite",
    "RunAt": "CheckRun",
    "RulesetAt": "RepositoryRuleset",
    "App": "App",
}
