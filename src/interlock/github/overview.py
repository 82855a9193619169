"""What all repositories of a policy propose, in as few requests as GitHub allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from interlock.errors import GitHubError
from interlock.github.connection import Connection, Graph
from interlock.github.pulls import CONTEXT, Detail, Pull, RepoNow, detail_of, pull_of, repo_of
from interlock.github.queries import (
    DETAILS_AT_ONCE,
    PAGE,
    REPOS_AT_ONCE,
    details,
    more_open,
    overview,
)
from interlock.values import Any, NamedTuple

#: What the App (or token) has to be allowed, for messages.
NEEDED = "`contents: read`, `pull_requests: write`, `statuses: write`"


class Event(NamedTuple):
    """The pull request that a run is about: its repository (owner/name) and number."""

    name: str
    number: int


class Overview(NamedTuple):
    """Repositories by owner/name in lower case, who we are, and the event's pull request."""

    repos: Mapping[str, RepoNow]
    login: str
    event: Pull | None = None
    detail: Detail | None = None


def look(
    connection: Connection,
    names: Sequence[str],
    event: Event | None = None,
    *,
    ended: int = PAGE,
    statuses: bool = False,
) -> Overview:
    """``ended`` is how many merged and closed pull requests count, ``statuses`` asks for ours.

    A repository that cannot be read has a ``problem``. Raises GitHubError where nothing can be.
    """
    repos: dict[str, RepoNow] = {}
    login, found, detail = "", None, None
    for at in range(0, len(names), REPOS_AT_ONCE):
        some = list(names[at : at + REPOS_AT_ONCE])
        where = None
        if event is not None and event.name.lower() in [name.lower() for name in some]:
            where = [name.lower() for name in some].index(event.name.lower())
        asked: dict[str, Any] = {"context": CONTEXT} if statuses else {}
        variables = {**asked, "ended": ended}
        if event is not None and where is not None:
            variables["number"] = event.number
        query = overview(len(some), where, statuses=statuses)
        graph = connection.graphql(query, **variables, **_places(some))
        login = login or str((graph.data.get("viewer") or {}).get("login") or "")
        for number, name in enumerate(some):
            repo = _repo(graph, f"r{number}", name)
            repos[name.lower()] = _with_all(connection, repo, asked)
        node = (graph.data.get("event") or {}).get("pullRequest")
        if where is not None and node:
            found, detail = pull_of(some[where], node), detail_of(node)
    return Overview(repos, login, found, detail)


def look_closer(connection: Connection, pulls: Sequence[Pull]) -> dict[tuple[str, int], Detail]:
    """Details by (owner/name in lower case, number); one that cannot be read is left out."""
    found = {}
    for at in range(0, len(pulls), DETAILS_AT_ONCE):
        some = pulls[at : at + DETAILS_AT_ONCE]
        numbers = {f"p{number}": one.number for number, one in enumerate(some)}
        places = _places([one.name for one in some])
        graph = connection.graphql(details(range(len(some))), **places, **numbers)
        for number, one in enumerate(some):
            node = (graph.data.get(f"d{number}") or {}).get("pullRequest")
            if node:
                found[one.name.lower(), one.number] = detail_of(node)
    return found


def _places(names: Sequence[str]) -> dict[str, Any]:
    parts = [name.partition("/") for name in names]
    owners = {f"o{at}": owner for at, (owner, _, _) in enumerate(parts)}
    return owners | {f"n{at}": name for at, (_, _, name) in enumerate(parts)}


def _repo(graph: Graph, part: str, name: str) -> RepoNow:
    node = graph.data.get(part)
    if node:
        return repo_of(name, node)
    words = " ".join(_messages(graph, part)) or "GitHub gave no reason"
    if "rate limit" in words.lower():
        raise GitHubError(f"{name}: {words}", 429)
    return RepoNow(
        name,
        problem=(
            f"this token or App needs {NEEDED} on {name}, if that is its name ({words})"
        ),
    )


def _messages(graph: Graph, part: str) -> Iterator[str]:
    for error in graph.errors:
        if (error.get("path") or [""])[0] == part:
            yield "".join(c if c.isprintable() else " " for c in str(error.get("message", "")))[:200]


def _with_all(connection: Connection, repo: RepoNow, asked: Mapping[str, Any]) -> RepoNow:
    """``repo`` with the open pull requests that the first look left out."""
    pulls = {one.number: one for one in repo.pulls}
    cursor, unseen = repo.cursor, repo.unseen
    while unseen and cursor:
        owner, _, name = repo.name.partition("/")
        query = more_open(statuses=bool(asked))
        answer = connection.graphql(query, owner=owner, name=name, after=cursor, **asked)
        page = (answer.data.get("repository") or {}).get("pullRequests")
        if not page:
            problem = f"{repo.name}: its open pull requests could not be listed; run it again"
            return repo._replace(problem=problem)
        before = len(pulls)
        for node in page["nodes"]:
            pulls.setdefault(int(node["number"]), pull_of(repo.name, node))
        unseen -= len(pulls) - before
        cursor = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else ""
    return repo._replace(pulls=tuple(pulls[number] for number in sorted(pulls)), unseen=0)
