"""What all repositories propose: many pull requests, several owners, and answers with holes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("graphql", reason="the sandbox's GraphQL needs graphql-core")
from gitrepos import run_git

from interlock.errors import GitHubError
from interlock.github.connection import Connection, Graph
from interlock.github.hub import Hub
from interlock.github.overview import Overview, look, look_closer
from interlock.github.patience import Patience
from interlock.sandbox import Fault, Sandbox
from interlock.sandbox.faults import secondary
from interlock.sandbox.process import Clock

START = 1_767_225_600.0
MANY = "acme/many"


class Office:
    """A sandbox where one repository has as many open pull requests as a test asks for."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(clock=Clock(START))
        self.sandbox.org("acme", admins=("alice",))
        self.sandbox.org("other", admins=("alice",))
        for name in (MANY, "acme/few", "other/one"):
            self.sandbox.repo(name, {"x.txt": "1\n"})
        self.head = self.sandbox.commit(MANY, "change", {"x.txt": "2\n"}, start="main")
        self.open = 0

    def fill(self, count: int) -> None:
        """Open pull requests until there are ``count``, several of them at one moment."""
        wanted = range(self.open + 1, count + 1)
        lines = "".join(f"create refs/heads/b{at} {self.head}\n" for at in wanted)
        folder = self.sandbox.git_dir(MANY)
        run_git(Path(folder), "update-ref", "--stdin", given=lines.encode())
        self.sandbox.refresh(MANY)
        for at in wanted:
            self.sandbox.pull(MANY, f"b{at}", login="alice")
            self.sandbox.clock.advance(60 if at % 3 else 0)
        self.open = max(self.open, count)

    def hub(self, *, most: float = 900.0) -> Hub:
        clock = self.sandbox.clock
        return Hub(
            self.sandbox.environment(self.sandbox.token("alice")),
            lambda _: None,
            patience=lambda budget: Patience(
                budget, lambda _: None, sleep=clock.advance, now=clock.now, most=most
            ),
        )

    def graphql(self) -> int:
        """How many GraphQL requests there were since the last call."""
        count = sum(one.kind == "graphql" for one in self.sandbox.requests)
        self.sandbox.requests.clear()
        return count


@pytest.fixture(scope="module")
def made() -> Iterator[Office]:
    office = Office()
    yield office
    office.sandbox.close()


@pytest.fixture
def office(made: Office) -> Iterator[Office]:
    made.graphql()
    yield made
    made.sandbox.faults.rules.clear()


def numbers(found: Overview, name: str = MANY) -> list[int]:
    return [one.number for one in found.repos[name].pulls]


@pytest.mark.parametrize(("count", "requests"), [(3, 1), (201, 2), (350, 3)])
def test_every_open_pull_request_is_seen_once(office: Office, count: int, requests: int) -> None:
    office.fill(count)
    office.graphql()
    found = look(office.hub(), [MANY], statuses=count == 201)
    assert numbers(found) == list(range(1, office.open + 1))
    assert (found.repos[MANY].unseen, found.repos[MANY].problem) == (0, "")
    assert office.graphql() == requests
    heads = Counter(one.head_ref for one in found.repos[MANY].pulls)
    assert heads == Counter(f"b{at}" for at in range(1, office.open + 1))


class Holes:
    """GitHub's answers with a value that became null beside an error, as for what is forbidden."""

    def __init__(self, patch: pytest.MonkeyPatch, *, skip: int) -> None:
        self.path: list[Any] = []
        self._skip, self._asked = skip, 0
        answered = Connection.graphql

        def graphql(to: Connection, query: str, **variables: Any) -> Graph:
            graph = answered(to, query, **variables)
            self._asked += 1
            return self._with_hole(graph) if self._asked == self._skip + 1 else graph

        patch.setattr(Connection, "graphql", graphql)

    def at(self, path: list[Any]) -> None:
        self.path, self._asked = path, 0

    def _with_hole(self, graph: Graph) -> Graph:
        here: Any = graph.data
        for step in self.path[:-1]:
            here = here[step]
        here[self.path[-1]] = None
        return graph._replace(errors=({"path": self.path, "message": "not for you"},))


def test_a_page_that_cannot_be_read_leaves_no_pull_request_out_unseen(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.fill(350)
    holes, hub = Holes(monkeypatch, skip=1), office.hub()
    listed = ["repository", "pullRequests"]
    for path in (["repository"], listed, [*listed, "nodes", 3]):
        holes.at(path)
        found = look(hub, [MANY])
        assert "could not be listed; run it again" in found.repos[MANY].problem, path
    # What is not told of its files is looked at by git.
    holes.at([*listed, "nodes", 3, "files"])
    found = look(hub, [MANY])
    assert (found.repos[MANY].problem, len(numbers(found))) == ("", 350)
    assert [one.number for one in found.repos[MANY].pulls if one.paths is None] == [104]


def test_a_hole_in_the_first_answer_is_a_problem_of_its_repository_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.fill(201)
    names = ["acme/few", MANY, "other/one"]
    holes, hub = Holes(monkeypatch, skip=0), office.hub()
    for path in (["r1"], ["r1", "oldest", "nodes", 7], ["r1", "newest"], ["r1", "ended"]):
        holes.at(path)
        found = look(hub, names)
        told = [bool(found.repos[name].problem) for name in names]
        assert told == [False, True, False], path


def test_what_nobody_may_see_is_a_problem_and_the_others_are_read(office: Office) -> None:
    names = ["other/one", "acme/none", MANY, "acme/few"]
    found = look(office.hub(), names)
    assert set(found.repos) == set(names)
    assert "acme/none" in found.repos["acme/none"].problem
    assert [found.repos[name].problem for name in names if name != "acme/none"] == [""] * 3
    assert found.login == "alice"


def test_an_app_asks_each_owner_with_its_own_installation(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = office.sandbox
    monkeypatch.setattr("time.time", sandbox.clock.now)
    rights = {"metadata": "read", "contents": "read", "pull_requests": "read", "checks": "read"}
    app, key = sandbox.app("overview", {**rights, "statuses": "write"}, owner="acme")
    sandbox.install(app, "acme")
    environment = {
        **sandbox.environment(),
        "INTERLOCK_APP_ID": str(app.id),
        "INTERLOCK_APP_KEY": key,
    }
    clock = sandbox.clock

    def hub() -> Hub:
        return Hub(
            environment,
            lambda _: None,
            patience=lambda b: Patience(b, lambda _: None, sleep=clock.advance, now=clock.now),
        )

    names = ["acme/few", "other/one", MANY]
    found = look(hub(), names)
    assert [bool(found.repos[name].problem) for name in names] == [False, True, False]
    assert "other/one" in found.repos["other/one"].problem
    sandbox.install(app, "other")
    found = look(hub(), names)
    assert [found.repos[name].problem for name in names] == ["", "", ""]
    assert numbers(found) == list(range(1, office.open + 1))


def test_limits_are_waited_for_and_then_nothing_is_missing(office: Office) -> None:
    office.fill(201)
    limited = ({"type": "RATE_LIMITED", "message": "API rate limit exceeded"},)
    for fault in (
        secondary("POST /graphql", retry_after=30),
        Fault("POST /graphql", skip=1, status=502),
        Fault("POST /graphql", skip=1, errors=limited),
    ):
        office.sandbox.faults.add(fault)
        found = look(office.hub(most=10_000), [MANY])
        assert numbers(found) == list(range(1, office.open + 1))
        office.sandbox.faults.rules.clear()
    office.sandbox.faults.add(secondary("POST /graphql", retry_after=90, times=-1))
    with pytest.raises(GitHubError, match="at most 60 s"):
        look(office.hub(most=60), [MANY])


def test_details_come_for_each_of_many_pull_requests(office: Office) -> None:
    office.fill(50)
    pulls = look(office.hub(), [MANY]).repos[MANY].pulls[:50]
    office.graphql()
    found = look_closer(office.hub(), pulls)
    assert office.graphql() == 3
    assert {key: detail.number for key, detail in found.items()} == {
        (MANY, at): at for at in range(1, 51)
    }
