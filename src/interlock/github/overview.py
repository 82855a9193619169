"""What all repositories of a policy propose, in as few requests as GitHub allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from interlock.errors import GitHubError
from interlock.github.connection import Connection, Graph
from interlock.github.hub import Hub
from interlock.github.pulls import (
    CONTEXT,
    Detail,
    Pull,
    RepoNow,
    Where,
    detail_of,
    pull_of,
    repo_of,
)
from interlock.github.queries import (
    DETAILS_AT_ONCE,
    PAGE,
    REPOS_AT_ONCE,
    details,
    more_checks,
    more_open,
    overview,
)
from interlock.values import Any, NamedTuple, TypeVar

T = TypeVar("T")

#: What the App (or token) has to be allowed, for messages.
NEEDED = "`contents: read`, `pull_requests: write`, `checks: read`, `statuses: write`"
#: Parts of a repository's answer without which it is known all the same.
_APART = ("rules", "refUpdateRule", "groups", "files", "commits")


class Event(NamedTuple):
    """The pull request that a run is about: its repository (owner/name) and number."""

    name: str
    number: int

    @property
    def where(self) -> Where:
        """As of a Pull."""
        return self.name.lower(), self.number


class Overview(NamedTuple):
    """Repositories by owner/name in lower case, who we are, and the event's pull request."""

    repos: Mapping[str, RepoNow]
    login: str
    event: Pull | None = None
    detail: Detail | None = None


def look(
    hub: Hub,
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
    asked: dict[str, Any] = {"context": CONTEXT} if statuses else {}
    unreached = dict(_unreached(hub, names))
    repos.update((name.lower(), RepoNow(name, problem=why)) for name, why in unreached.items())
    reached = [name for name in names if name not in unreached]
    for connection, some in _batches(hub, reached, str, REPOS_AT_ONCE):
        lower = [name.lower() for name in some]
        where, variables = None, {**asked, "ended": ended}
        if event is not None and event.name.lower() in lower:
            where, variables["number"] = lower.index(event.name.lower()), event.number
        query = overview(len(some), where, statuses=statuses)
        graph = connection.graphql(query, **variables, **_places(some))
        login = login or str((graph.data.get("viewer") or {}).get("login") or "")
        for number, name in enumerate(some):
            repo = _repo(graph, f"r{number}", name)
            repos[name.lower()] = _with_all(connection, repo, asked)
        node = (graph.data.get("event") or {}).get("pullRequest")
        if where is not None and node:
            found = pull_of(some[where], node)
            detail = _detail(connection, found.name, graph, node)
    return Overview(repos, login, found, detail)


def _unreached(hub: Hub, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(owner/name, why) where the App is not installed; the others can be read all the same."""
    for name in names:
        try:
            hub.to(name)
        except GitHubError as error:
            if error.status != 404:
                raise
            yield name, f"{name}: {error}; install it there with {NEEDED}"


def _batches(
    hub: Hub, items: Sequence[T], name_of: Callable[[T], str], size: int
) -> Iterator[tuple[Connection, list[T]]]:
    """Items in groups whose repositories share a connection, of at most ``size``."""
    by_connection: dict[int, tuple[Connection, list[T]]] = {}
    for item in items:
        connection = hub.to(name_of(item))
        by_connection.setdefault(id(connection), (connection, []))[1].append(item)
    for connection, some in by_connection.values():
        for at in range(0, len(some), size):
            yield connection, some[at : at + size]


def look_closer(
    hub: Hub, pulls: Iterable[Pull], known: Mapping[Where, Detail] = MappingProxyType({})
) -> dict[Where, Detail]:
    """``known`` and the details of ``pulls``, each asked for once; what is unreadable lacks."""
    found = dict(known)
    missing = list({one.where: one for one in pulls if one.where not in known}.values())
    for connection, some in _batches(hub, missing, lambda one: one.name, DETAILS_AT_ONCE):
        asked = {f"p{at}": one.number for at, one in enumerate(some)}
        places = _places([one.name for one in some])
        graph = connection.graphql(details(range(len(some))), **places, **asked)
        for at, one in enumerate(some):
            node = (graph.data.get(f"d{at}") or {}).get("pullRequest")
            if node:
                found[one.where] = _detail(connection, one.name, graph, node, f"d{at}")
    return found


def _detail(
    connection: Connection, name: str, graph: Graph, node: Mapping[str, Any], part: str = "event"
) -> Detail:
    """Its details with all of its checks; not whole where GitHub could not tell some of them."""
    commits = (node.get("commits") or {}).get("nodes") or [{}]
    commit = (commits[0] or {}).get("commit") or {}
    listed = (commit.get("statusCheckRollup") or {}).get("contexts") or {}
    refused = any((error.get("path") or [""])[0] == part for error in graph.errors)
    owner, _, repo = name.partition("/")
    while (listed.get("pageInfo") or {}).get("hasNextPage"):
        after = listed["pageInfo"]["endCursor"]
        answer = connection.graphql(
            more_checks(), owner=owner, name=repo, commit=commit["oid"], after=after
        )
        rollup = ((answer.data.get("repository") or {}).get("object") or {}).get(
            "statusCheckRollup"
        )
        page = (rollup or {}).get("contexts")
        if not page:
            refused = True
            break
        refused = refused or bool(answer.errors)
        listed["nodes"] += page["nodes"]
        listed["pageInfo"] = page["pageInfo"]
    found = detail_of(node)
    return found._replace(whole=False) if refused else found


def _places(names: Sequence[str]) -> dict[str, Any]:
    parts = [name.partition("/") for name in names]
    owners = {f"o{at}": owner for at, (owner, _, _) in enumerate(parts)}
    return owners | {f"n{at}": name for at, (_, _, name) in enumerate(parts)}


def _repo(graph: Graph, part: str, name: str) -> RepoNow:
    node = graph.data.get(part)
    lost = [one for one in graph.errors if (one.get("path") or [""])[0] == part]
    unruled = any("rules" in one["path"] or "refUpdateRule" in one["path"] for one in lost)
    if node and node.get("defaultBranchRef") and unruled:
        node["defaultBranchRef"]["rules"] = None
    lost = [one for one in lost if not _is_apart(one)]
    if node and not lost and (node.get("defaultBranchRef") or not unruled):
        return repo_of(name, node)
    words = " ".join(_messages(graph, part)) or "GitHub gave no reason"
    if "rate limit" in words.lower():
        raise GitHubError(f"{name}: {words}", 429)
    if node:
        return RepoNow(name, problem=f"{name} was not told whole ({words}): run it again")
    return RepoNow(
        name,
        problem=(f"this token or App needs {NEEDED} on {name}, if that is its name ({words})"),
    )


def _is_apart(error: Mapping[str, Any]) -> bool:
    """True for an error about something without which a repository is known all the same."""
    return any(word in (error.get("path") or ()) for word in _APART)


def _messages(graph: Graph, part: str) -> Iterator[str]:
    for error in graph.errors:
        if (error.get("path") or [""])[0] == part:
            text = str(error.get("message", ""))[:200]
            yield "".join(c if c.isprintable() else " " for c in text)


def _with_all(connection: Connection, repo: RepoNow, asked: Mapping[str, Any]) -> RepoNow:
    """``repo`` with the open pull requests that the first look left out."""
    pulls = {one.number: one for one in repo.pulls}
    cursor, unseen = repo.cursor, repo.unseen
    while unseen and cursor:
        owner, _, name = repo.name.partition("/")
        query = more_open(statuses=bool(asked))
        answer = connection.graphql(query, owner=owner, name=name, after=cursor, **asked)
        page = (answer.data.get("repository") or {}).get("pullRequests")
        lost = (one for one in answer.errors if not _is_apart(one))
        if not page or any(lost) or None in page["nodes"]:
            problem = f"{repo.name}: its open pull requests could not be listed; run it again"
            return repo._replace(problem=problem)
        before = len(pulls)
        for node in page["nodes"]:
            pulls.setdefault(int(node["number"]), pull_of(repo.name, node))
        unseen -= len(pulls) - before
        cursor = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else ""
    return repo._replace(pulls=tuple(pulls[number] for number in sorted(pulls)), unseen=0)
