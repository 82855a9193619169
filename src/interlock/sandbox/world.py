"""Everything the sandbox knows, with what only grows: ids, events, the log of requests."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable

from interlock.sandbox.actors import App, Installation, Token, User
from interlock.sandbox.exchange import Exchange, Logged
from interlock.sandbox.gitrepo import GitRepo, create
from interlock.sandbox.process import Clock
from interlock.sandbox.records import Repo, Ruleset, RuleSuite
from interlock.values import Any, NamedTuple

#: Roles in a repository, weakest first.
ROLES = ("none", "read", "triage", "write", "maintain", "admin")
#: Labels that GitHub gives each new repository, with the description and colour of each.
FIRST_LABELS = (
    ("bug", "d73a4a", "Something isn't working"),
    ("documentation", "0075ca", "Improvements or additions to documentation"),
    ("duplicate", "cfd3d7", "This issue or pull request already exists"),
    ("enhancement", "a2eeef", "New feature or request"),
)


class Event(NamedTuple):
    """One delivered webhook: its name, the body, and who caused it.

    ``starts_workflows`` is False for what GITHUB_TOKEN did.
    https://docs.github.com/actions/using-workflows/triggering-a-workflow
    """

    name: str
    action: str
    payload: dict[str, Any]
    repo: str
    actor: str
    starts_workflows: bool


class Guard:
    """A lock that does something each time its outermost holder lets go of it."""

    def __init__(self, after: Callable[[], None]) -> None:
        """``after`` runs in the thread that held the lock, without it."""
        self._lock = threading.RLock()
        self._depth = 0
        self._after = after

    def __enter__(self) -> None:
        """Take the lock; the same thread may take it again."""
        self._lock.acquire()
        self._depth += 1

    def __exit__(self, *_: object) -> None:
        """Let go of it."""
        self._depth -= 1
        last = self._depth == 0
        self._lock.release()
        if last:
            self._after()


class World:
    """The state of one embedded GitHub; ``lock`` is held while a request is answered.

    Listeners hear of events after the lock is free again, so that they may ask the API.
    """

    def __init__(self, folder: str, clock: Clock) -> None:
        """Keep repositories below ``folder``."""
        self.folder = folder
        self.clock = clock
        self.lock = Guard(self._deliver)
        self._pending: deque[Event] = deque()
        #: The server's own address, without a trailing slash.
        self.url = ""
        self.users: dict[str, User] = {}
        self.apps: dict[int, App] = {}
        self.installations: dict[int, Installation] = {}
        self.tokens: dict[str, Token] = {}
        self.repos: dict[int, Repo] = {}
        self.names: dict[str, int] = {}
        #: Old full names of renamed and transferred repositories.
        self.moved: dict[str, int] = {}
        self.org_rulesets: dict[str, dict[int, Ruleset]] = {}
        self.org_rule_suites: dict[str, list[RuleSuite]] = {}
        self.events: list[Event] = []
        self.listeners: list[Callable[[Event], None]] = []
        #: Events that are dropped: returns True for one that gets lost.
        self.loses: Callable[[Event], bool] = lambda _: False
        self.requests: list[Logged] = []
        self.observers: list[Callable[[Exchange], None]] = []
        self._last_id = 1000
        self._gits: dict[int, GitRepo] = {}

    def now(self) -> float:
        """The sandbox's time."""
        return self.clock.now()

    def new_id(self) -> int:
        """The next id; ids grow over all kinds of things, so the oldest is the lowest."""
        self._last_id += 1
        return self._last_id

    def user(self, login: str) -> User | None:
        """An account by its login, in any case."""
        return self.users.get(login.lower())

    def add_user(self, login: str, kind: str = "User") -> User:
        """A new account."""
        user = User(self.new_id(), login, kind, self.now(), name=login)
        user.email = f"{login}@users.noreply.github.com"
        self.users[login.lower()] = user
        return user

    def repo(self, full_name: str) -> Repo | None:
        """A repository by its current name, in any case."""
        found = self.names.get(full_name.lower())
        return self.repos.get(found) if found else None

    def git(self, repo: Repo) -> GitRepo:
        """The bare repository of one repository."""
        return self._gits[repo.id]

    def add_repo(self, owner: User, name: str, *, private: bool, branch: str = "main") -> Repo:
        """A new, empty repository."""
        number = self.new_id()
        path = os.path.join(self.folder, f"{number}.git")
        now = self.now()
        repo = Repo(number, owner, name, path, now, now, now)
        repo.visibility = "private" if private else "public"
        repo.default_branch = branch
        self._gits[number] = create(path, branch)
        self.repos[number] = repo
        self.names[repo.full_name.lower()] = number
        if owner.kind == "User":
            repo.collaborators[owner.login] = "admin"
        from interlock.sandbox.records import Label

        for label, colour, text in FIRST_LABELS:
            repo.labels[label] = Label(self.new_id(), label, colour, text)
        return repo

    def rename(self, repo: Repo, name: str, owner: User | None = None) -> None:
        """Give a repository another name or owner; the old name redirects."""
        old = repo.full_name.lower()
        self.names.pop(old, None)
        self.moved[old] = repo.id
        repo.name = name
        repo.owner = owner or repo.owner
        self.names[repo.full_name.lower()] = repo.id
        self.moved.pop(repo.full_name.lower(), None)

    def role(self, user: User, repo: Repo) -> str:
        """What a user may do in a repository, by itself, its organisation or as a collaborator."""
        role = "none" if repo.visibility != "public" else "read"
        given = [role, repo.collaborators.get(user.login, "none")]
        member = repo.owner.members.get(user.login)
        if member:
            given.append("admin" if member == "admin" else repo.owner.default_permission)
        return max(given, key=ROLES.index)

    def next_number(self, repo: Repo) -> int:
        """The number of the next issue or pull request: they share one sequence."""
        return max(repo.issues, default=0) + 1

    def emit(self, event: Event) -> None:
        """Keep an event for the listeners, unless it gets lost on the way."""
        if not self.loses(event):
            self.events.append(event)
            self._pending.append(event)

    def observed(self, exchange: Exchange) -> None:
        """Show one exchange to all who want to see them."""
        for observer in tuple(self.observers):
            observer(exchange)

    def _deliver(self) -> None:
        while self._pending:
            event = self._pending.popleft()
            for listener in tuple(self.listeners):
                listener(event)
