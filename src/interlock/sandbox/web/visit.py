"""One request of a person: who is signed in, and what they may see and do."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote

from interlock.sandbox import access
from interlock.sandbox.actors import Token, User
from interlock.sandbox.gitrepo import GitRepo
from interlock.sandbox.records import Issue, Repo
from interlock.sandbox.wire import Refused, Request
from interlock.sandbox.world import ROLES, World
from interlock.values import NamedTuple

#: More than a form with the longest description, however it is quoted.
MAX_FORM = 1_000_000


class Visit(NamedTuple):
    """A request, the world it is about, and who is signed in (None for nobody)."""

    world: World
    request: Request
    viewer: User | None

    @property
    def token(self) -> Token | None:
        """The viewer as the rest of the sandbox knows callers."""
        return Token("", "user", self.viewer) if self.viewer else None

    @property
    def now(self) -> float:
        """The sandbox's time."""
        return self.world.now()

    def sees(self, repo: Repo) -> bool:
        """Whether the viewer may know of a repository."""
        return access.reaches(self.world, self.token, repo.id)

    def may_push(self, repo: Repo) -> bool:
        """Whether the viewer may push to a repository."""
        if self.viewer is None or repo.archived:
            return False
        return ROLES.index(self.world.role(self.viewer, repo)) >= ROLES.index("write")

    def repo(self, owner: str, name: str) -> Repo:
        """A repository by its name or an old one; raises Refused 404."""
        full = f"{owner}/{name}"
        found = self.world.repo(full) or self.world.repos.get(self.world.moved.get(full.lower(), 0))
        if found is None or not self.sees(found):
            raise Refused(404, "There is no such repository, or you may not see it.")
        return found

    def git(self, repo: Repo) -> GitRepo:
        """The bare repository."""
        return self.world.git(repo)

    def form(self) -> dict[str, str]:
        """The fields of a posted form; raises Refused 413 or 415."""
        kind = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            raise Refused(415, "Only the form on this page can be sent here.")
        if len(self.request.body) > MAX_FORM:
            raise Refused(413, "The form is too large.")
        sent = self.request.body.decode("utf-8", "replace")
        return dict(parse_qsl(sent, keep_blank_values=True))


def number(word: str) -> int:
    """The number of an issue in a path; raises Refused 404."""
    if not (word.isascii() and word.isdecimal()) or len(word) > 9:
        raise Refused(404, "Issues and pull requests have numbers.")
    return int(word)


def issue(repo: Repo, word: str) -> Issue:
    """An issue or pull request by its number in a path; raises Refused 404."""
    found = repo.issues.get(number(word))
    if found is None:
        raise Refused(404, f"{repo.full_name} has no issue or pull request #{number(word)}.")
    return found


def address(repo: Repo, *parts: str | int) -> str:
    """The path of a repository's page; each part is quoted, its slashes kept."""
    rest = "".join(f"/{quote(str(part), safe='/:@', errors='surrogateescape')}" for part in parts)
    return f"/{quote(repo.owner.login)}/{quote(repo.name)}{rest}"
