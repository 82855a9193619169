"""The sandbox as tests and demos hold it: make an organisation, repositories and pull requests in
process, then let real clients speak to it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from interlock.sandbox import making, pulling, queue, refs
from interlock.sandbox.actors import App, Installation, Token, User
from interlock.sandbox.api import Api
from interlock.sandbox.exchange import Exchange, Logged
from interlock.sandbox.faults import Faults
from interlock.sandbox.limits import Numbers
from interlock.sandbox.process import Clock
from interlock.sandbox.records import Issue, Repo
from interlock.sandbox.server import Server
from interlock.sandbox.wire import Reply, parsed
from interlock.sandbox.world import Event, World
from interlock.values import Any


class Sandbox:
    """An embedded GitHub. Use it as a context manager, or call ``close``.

    ``clock`` lets time pass at will; ``port`` 0 takes a free one. Repositories live in a
    temporary folder that goes with the sandbox.
    """

    def __init__(self, *, clock: Clock | None = None, port: int = 0) -> None:
        """Start serving at once."""
        self._folder = tempfile.TemporaryDirectory(prefix="sandbox-", ignore_cleanup_errors=True)
        self.clock = clock or Clock()
        self.world = World(self._folder.name, self.clock)
        self.api = Api(self.world)
        self._server = Server(self.api, port)
        self.url = self.world.url = self._server.url
        self.api_url = f"{self.url}/api/v3"
        self.graphql_url = f"{self.url}/api/graphql"
        self.admin = self.user("site-admin")
        self._server.start()

    def __enter__(self) -> Self:
        """The sandbox itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving and remove everything."""
        self.close()

    def close(self) -> None:
        """Stop serving and remove everything."""
        self._server.stop()
        self._folder.cleanup()

    @property
    def requests(self) -> list[Logged]:
        """Every request so far; clear it to count from here."""
        return self.world.requests

    @property
    def events(self) -> list[Event]:
        """Every event that was not lost."""
        return self.world.events

    @property
    def faults(self) -> Faults:
        """What the sandbox is told to do wrong."""
        return self.api.faults

    @property
    def limits(self) -> Numbers:
        """The rate limits' numbers, to be lowered or raised."""
        return self.api.limits.numbers

    def on_exchange(self, callback: Callable[[Exchange], None]) -> None:
        """Call back with each REST and GraphQL exchange, before its answer is sent."""
        self.world.observers.append(callback)

    def on_event(self, callback: Callable[[Event], None]) -> None:
        """Call back for each event, as a webhook would, once what caused it is all done.

        The callback may use the API; the request that caused the event is answered after it.
        """
        self.world.listeners.append(callback)

    def lose_events(self, which: Callable[[Event], bool] | None) -> None:
        """Drop the events for which ``which`` says True; None loses no more."""
        self.world.loses = which or (lambda _: False)

    def environment(self, token: str = "") -> dict[str, str]:
        """The variables by which Actions tells a workflow where GitHub is."""
        found = {
            "GITHUB_SERVER_URL": self.url,
            "GITHUB_API_URL": self.api_url,
            "GITHUB_GRAPHQL_URL": self.graphql_url,
        }
        return found | ({"GITHUB_TOKEN": token} if token else {})

    def request(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Reply:
        """One REST request in process, without the network; raises ConnectionError when cut."""
        reply = self.api.answer(parsed(method, f"/api/v3{path}", headers or {}, body))
        if reply is None:
            raise ConnectionError("the sandbox cut the connection")
        return reply

    def user(self, login: str) -> User:
        """An account, made where it is not there."""
        with self.world.lock:
            return self.world.user(login) or self.world.add_user(login)

    def browse_as(self, login: str) -> None:
        """Let the web pages show and do what this account may; before, only what is public."""
        self._server.sign_in(self.user(login))

    def org(
        self, login: str, *, admins: tuple[str, ...] = (), members: tuple[str, ...] = ()
    ) -> User:
        """An organisation, made where it is not there, with these people in it."""
        with self.world.lock:
            org = self.world.user(login) or self.world.add_user(login, "Organization")
            for role, logins in (("admin", admins), ("member", members)):
                for each in logins:
                    org.members[self.user(each).login] = role
            return org

    def repo(
        self,
        full_name: str,
        files: Mapping[str, str | bytes] | None = None,
        *,
        private: bool = False,
        source: str = "",
        branch: str = "main",
    ) -> Repo:
        """A repository with a first commit of ``files``, or with all of ``source``'s branches."""
        with self.world.lock:
            return making.repo(
                self.world, full_name, files, private=private, source=source, branch=branch
            )

    def fork(self, parent: str, owner: str, name: str = "") -> Repo:
        """A user's fork."""
        with self.world.lock:
            return making.fork(self.world, self.find(parent), self.user(owner), name)

    def find(self, full_name: str) -> Repo:
        """A repository by its name; raises KeyError."""
        found = self.world.repo(full_name)
        if found is None:
            raise KeyError(full_name)
        return found

    def collaborator(self, repo: str, login: str, role: str = "write") -> User:
        """Somebody with a role: read, triage, write, maintain or admin."""
        who = self.user(login)
        self.find(repo).collaborators[who.login] = role
        return who

    def token(self, login: str, scopes: tuple[str, ...] = ("repo", "workflow")) -> str:
        """A personal access token."""
        with self.world.lock:
            return making.user_token(self.world, self.user(login), scopes).value

    def actions_token(self, repo: str, permissions: Mapping[str, str] | None = None) -> str:
        """A workflow's GITHUB_TOKEN for one repository; read-only contents where none are said."""
        with self.world.lock:
            return making.actions_token(self.world, self.find(repo), permissions).value

    def app(self, slug: str, permissions: Mapping[str, str], *, owner: str = "") -> tuple[App, str]:
        """A GitHub App and its private key (PEM)."""
        with self.world.lock:
            whose = self.world.user(owner) if owner else self.admin
            return making.app(self.world, slug, permissions, whose or self.admin)

    def install(self, app: App, account: str, repos: tuple[str, ...] | None = None) -> Installation:
        """Install an App on an account, for all of its repositories or for some."""
        with self.world.lock:
            chosen = None if repos is None else {self.find(each).id for each in repos}
            return making.install(self.world, app, self.user(account), chosen)

    def installation_token(self, installation: Installation) -> str:
        """An installation's access token, without asking the API for it."""
        with self.world.lock:
            return making.installation_token(self.world, installation).value

    def git_url(self, repo: str, token: str = "") -> str:
        """The address to clone from, with the token in it where one is given."""
        if not token:
            return f"{self.url}/{repo}.git"
        scheme, _, host = self.url.partition("://")
        return f"{scheme}://x-access-token:{token}@{host}/{repo}.git"

    def git_dir(self, repo: str) -> str:
        """The bare repository on disk; call ``refresh`` after changing it by hand."""
        return self.find(repo).path

    def refresh(self, repo: str) -> None:
        """Read a repository's refs again."""
        self.world.git(self.find(repo)).forget()

    def commit(
        self,
        repo: str,
        branch: str,
        files: Mapping[str, str | bytes | None],
        *,
        message: str = "Change",
        login: str = "",
        start: str = "",
    ) -> str:
        """Commit files (None removes one) to a branch, made from ``start`` where it is new."""
        with self.world.lock:
            who = self._acting(login)
            return making.commit(self.world, self.find(repo), branch, files, message, who, start)

    def branch(self, repo: str, name: str, sha: str = "") -> None:
        """Make, move (force) or, without ``sha``, delete a branch."""
        with self.world.lock:
            making.branch(self.world, self.find(repo), name, sha, self._acting(""))

    def pull(
        self,
        repo: str,
        head: str,
        *,
        base: str = "",
        title: str = "",
        body: str | None = None,
        login: str = "",
        draft: bool = False,
    ) -> Issue:
        """Open a pull request from a pushed branch, ``owner:branch`` from a fork."""
        with self.world.lock:
            found = self.find(repo)
            proposal = pulling.Proposal(
                title or head, head, base or found.default_branch, body, draft
            )
            return pulling.propose(self.world, found, proposal, self._acting(login))

    def review(
        self, repo: str, number: int, login: str, state: str = "APPROVED", body: str = ""
    ) -> None:
        """Submit a review: APPROVED, CHANGES_REQUESTED or COMMENTED."""
        with self.world.lock:
            making.review(self.world, self.find(repo), number, self._acting(login), state, body)

    def comment(self, repo: str, number: int, login: str, body: str) -> int:
        """Comment on an issue or pull request; the comment's id."""
        with self.world.lock:
            return making.comment(self.world, self.find(repo), number, self._acting(login), body)

    def status(
        self,
        repo: str,
        sha: str,
        context: str,
        state: str,
        *,
        description: str = "",
        login: str = "",
    ) -> None:
        """Set a commit status as a user."""
        with self.world.lock:
            found = self.find(repo)
            making.status(self.world, found, sha, context, state, description, self._acting(login))

    def issue(
        self,
        repo: str,
        title: str,
        body: str = "",
        *,
        login: str = "",
        labels: tuple[str, ...] = (),
    ) -> Issue:
        """Open an issue."""
        with self.world.lock:
            return making.issue(
                self.world, self.find(repo), title, body, self._acting(login), labels
            )

    def merge(self, repo: str, number: int, *, method: str = "merge", login: str = "") -> str:
        """Merge a pull request by the rules; the new commit. Raises wire.Refused."""
        with self.world.lock:
            found = self.find(repo)
            asked = pulling.Merge(method)
            return pulling.merge(
                self.world, found, found.issues[number], asked, self._acting(login)
            )

    def draft(self, repo: str, number: int, *, draft: bool = True, login: str = "") -> None:
        """Make a pull request a draft, or ready for review."""
        with self.world.lock:
            found = self.find(repo)
            pulling.set_draft(
                self.world, found, found.issues[number], self._acting(login), draft=draft
            )

    def close_pull(self, repo: str, number: int, *, login: str = "") -> None:
        """Close a pull request without merging it."""
        with self.world.lock:
            found = self.find(repo)
            refs.close(self.world, found, found.issues[number], self._acting(login))

    def merge_group(self, repo: str, number: int, *, login: str = "") -> str:
        """Put a pull request into a merge group of its own; the group's commit.

        Its checks are asked for by an event. https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
        """
        with self.world.lock:
            found = self.find(repo)
            return queue.group(self.world, found, found.issues[number], self._acting(login))

    def land_group(self, repo: str, number: int, *, login: str = "") -> str:
        """Merge a group whose required checks passed on its commit; raises wire.Refused."""
        with self.world.lock:
            found = self.find(repo)
            return queue.land(self.world, found, found.issues[number], self._acting(login))

    def ruleset(self, where: str, body: Mapping[str, Any]) -> int:
        """A ruleset of a repository (``owner/name``) or organisation, as REST writes it; its id."""
        kind = "repos" if "/" in where else "orgs"
        data = json.dumps(dict(body)).encode()
        with self.world.lock:
            token = making.user_token(self.world, self.admin, ("repo", "admin:org"))
            self._administer(where)
            before = len(self.requests)
            headers = {"authorization": f"Bearer {token.value}"}
            reply = self.request("POST", f"/{kind}/{where}/rulesets", data, headers)
            # Making the scene is no request that a test wants to count.
            del self.requests[before:], self.world.tokens[token.value]
        if reply.status != 201:
            raise ValueError(str(reply.body))
        return int(reply.body["id"])

    def _administer(self, where: str) -> None:
        owner = self.world.user(where.partition("/")[0])
        if owner is not None and owner.kind == "Organization":
            owner.members.setdefault(self.admin.login, "admin")
        elif "/" in where:
            self.find(where).collaborators[self.admin.login] = "admin"

    def _acting(self, login: str) -> Token:
        return Token("", "user", self.user(login) if login else self.admin)
