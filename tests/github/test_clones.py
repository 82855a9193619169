"""Commits of pull requests in cached clones: what each changed, and how often git is connected."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("graphql", reason="the sandbox's GraphQL needs graphql-core")
from gitrepos import contents, hide, run_git
from worldrun import policy_of

from interlock.github.clones import Clones, Opened
from interlock.github.hub import Hub
from interlock.github.overview import look
from interlock.github.pulls import RepoNow
from interlock.sandbox import Fault, Sandbox
from interlock.sandbox.process import Clock
from interlock.trees import cache as cache_module
from interlock.trees.access import Access
from interlock.trees.cache import Cache
from interlock.trees.fetching import absent
from interlock.trees.locks import Lock
from interlock.trees.merged import changed_paths

START = 1_767_225_600.0
NAME = "acme/a"
POLICY = policy_of("sources: {all: {repo: a, files: '*.txt', pattern: '(?P<key>[a-z]+)'}}")
FILES = {f"{one}.txt": f"{one}\n" for one in "uvwxyz"}


class Host:
    """A sandbox with one repository, and runs that look at it with one cache."""

    def __init__(self, folder: Path) -> None:
        self.sandbox = Sandbox(clock=Clock(START))
        self.sandbox.org("acme", admins=("alice",))
        self.sandbox.repo(NAME, dict(FILES))
        self.folder = folder
        self._branches = 0

    def commits(self, *changes: dict[str, str | bytes | None]) -> tuple[str, str]:
        """A new branch of these commits; its name and its last commit."""
        self._branches += 1
        branch, head = f"b{self._branches}", ""
        for at, files in enumerate(changes):
            self.sandbox.clock.advance(7)
            head = self.sandbox.commit(
                NAME, branch, files, message=f"part {at} of {branch}", start="" if at else "main"
            )
        return branch, head

    def pull(self, *changes: dict[str, str | bytes | None]) -> int:
        return self.sandbox.pull(NAME, self.commits(*changes)[0], login="alice").number

    def merge(self, number: int, method: str) -> str:
        self.sandbox.clock.advance(60)
        return self.sandbox.merge(NAME, number, method=method, login="alice")

    def hub(self) -> Hub:
        return Hub(self.sandbox.environment(self.sandbox.token("alice")), lambda _: None)

    def now(self) -> RepoNow:
        return look(self.hub(), [NAME]).repos[NAME]

    def opened(self, clones: Clones) -> Opened:
        repo = self.now()
        found = clones.open(POLICY, "a", repo, repo.pulls)
        assert found.problem == ""
        return found

    def access(self) -> Access:
        return Access(str(self.folder / "cache"), network=True)

    def clones(self) -> Clones:
        return Clones(self.access(), self.hub())

    def cache(self) -> Cache:
        access = self.access()._replace(max_age=10**9, host="127.0.0.1")
        return Cache(access, f"{self.sandbox.url}/owner/name.git")

    def connections(self) -> int:
        """How often git read from the host since the last call."""
        asked = [one for one in self.sandbox.requests if one.kind == "git"]
        self.sandbox.requests.clear()
        return sum("info/refs" in one.path for one in asked)


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    hide(monkeypatch)
    made = Host(tmp_path)
    yield made
    made.sandbox.close()


TWICE: list[dict[str, str | bytes | None]] = [{"x.txt": "1\n"}, {"x.txt": "2\n"}]
CHANGES: dict[str, list[dict[str, str | bytes | None]]] = {
    "one commit": [{"x.txt": "new\n", "n.txt": "n\n"}],
    "several": [{"x.txt": "new\n"}, {"n.txt": "n\n"}, {"y.txt": None}],
    "one file twice": TWICE,
    "all in the last": [{"x.txt": "1\n"}, {"x.txt": "2\n", "y.txt": "2\n"}],
    "there and back": [{"x.txt": "1\n", "y.txt": "1\n"}, {"x.txt": "x\n"}],
}


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_what_landed_is_exactly_what_the_pull_request_changed(method: str, host: Host) -> None:
    others = [("u.txt", "squash"), ("v.txt", "rebase"), ("w.txt", "merge")]
    pulls = {}
    for at, (name, changes) in enumerate(CHANGES.items()):
        path, how = others[at % 3]
        host.merge(host.pull({path: f"other {at}\n"}), how)
        before = host.now().tip
        number = host.pull(*changes)
        # What others land in the meantime is none of its change.
        host.merge(host.pull({"z.txt": f"{at}\n"}, {"z.txt": f"{at}{at}\n"}), others[at % 3][1])
        after = host.merge(number, method)
        pulls[name] = (number, before, after)
        reset = {path: text for path, text in FILES.items() if path in ("x.txt", "y.txt")}
        host.sandbox.commit(NAME, "main", {**reset, "n.txt": None})
    with host.clones() as clones:
        opened = host.opened(clones)
        for name, (number, before, after) in pulls.items():
            base, head = opened.sides[number]
            assert head.commit == after, name
            wanted: dict[str, str | None] = dict(FILES)
            for files in CHANGES[name]:
                wanted |= {path: str(text) if text else None for path, text in files.items()}
            changed = {path: text for path, text in wanted.items() if text != FILES.get(path)}
            assert set(changed_paths(base, head)) == set(changed), name
            held = contents(head)
            assert {path: held.get(path) for path in changed} == {
                path: text.encode() if text else None for path, text in changed.items()
            }
            assert before != base.commit


def test_a_rebase_that_took_the_default_branch_in_is_its_own_commits(host: Host) -> None:
    branch, _ = host.commits({"x.txt": "1\n"})
    host.merge(host.pull({"z.txt": "other\n"}), "squash")
    folder = Path(host.sandbox.git_dir(NAME))
    tree = run_git(folder, "merge-tree", "--write-tree", branch, "main").split()[0]
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    merged = run_git(
        folder, *who, "commit-tree", tree, "-p", branch, "-p", "main", "-m", "take it in"
    )
    run_git(folder, "update-ref", f"refs/heads/{branch}", merged)
    host.sandbox.refresh(NAME)
    host.sandbox.clock.advance(7)
    host.sandbox.commit(NAME, branch, {"y.txt": "2\n"}, message="after")
    number = host.sandbox.pull(NAME, branch, login="alice").number
    host.merge(number, "rebase")
    with host.clones() as clones:
        base, head = host.opened(clones).sides[number]
        assert changed_paths(base, head) == ["x.txt", "y.txt"]


def test_a_merge_that_was_taken_off_the_branch_has_no_content(host: Host) -> None:
    before = host.now().tip
    number = host.pull({"x.txt": "1\n"})
    host.merge(number, "merge")
    host.sandbox.branch(NAME, "main", before)
    with host.clones() as clones:
        assert number not in host.opened(clones).sides


def test_connections_cold_warm_and_where_nothing_is_new(host: Host) -> None:
    numbers = [host.pull({"x.txt": f"{at}\n", "n.txt": f"{at}\n"}) for at in range(3)]
    host.connections()
    for wanted in (range(1, 4), (0,)):
        with host.clones() as clones:
            sides = host.opened(clones).sides
            assert {at: contents(sides[at].head)["n.txt"] for at in numbers} == {
                at: f"{count}\n".encode() for count, at in enumerate(numbers)
            }
        # A clone, its missing commits, and its missing files; then nothing.
        assert host.connections() in wanted
    numbers += [host.pull({"x.txt": "later\n"}), host.pull({"y.txt": "later\n"})]
    host.sandbox.commit(NAME, "main", {"z.txt": "later\n"})
    with host.clones() as clones:
        assert set(host.opened(clones).sides) == set(numbers)
    assert host.connections() == 1


def test_a_branch_pushed_by_force_is_read_as_it_is_now(host: Host) -> None:
    branch, first = host.commits({"x.txt": "1\n"})
    number = host.sandbox.pull(NAME, branch, login="alice").number
    with host.clones() as clones:
        assert host.opened(clones).sides[number].head.commit == first
    _, second = host.commits({"x.txt": "other\n"})
    host.sandbox.branch(NAME, branch, second)
    with host.clones() as clones:
        sides = host.opened(clones).sides[number]
        assert sides.head.commit == second
        assert contents(sides.head)["x.txt"] == b"other\n"
    # The commit that GitHub named is not there any more where its ref moved meanwhile.
    cached, problem = host.cache().bring(NAME, {"1" * 40: f"refs/pull/{number}/head"})
    assert (cached is not None, problem) == (True, "")


def test_a_ref_that_is_gone_keeps_the_others_from_nothing(host: Host) -> None:
    host.cache().bring(NAME, {})
    numbers = [host.pull({"x.txt": "1\n"}), host.pull({"y.txt": "1\n"})]
    repo = host.now()
    heads = {one.number: one.head for one in repo.pulls}
    gone = {heads[numbers[0]]: f"refs/pull/{numbers[0]}/head"}
    run_git(Path(host.sandbox.git_dir(NAME)), "update-ref", "-d", f"refs/pull/{numbers[0]}/head")
    host.sandbox.refresh(NAME)
    wanted = gone | {heads[numbers[1]]: f"refs/pull/{numbers[1]}/head"}
    cached, problem = host.cache().bring(NAME, wanted)
    assert cached is not None
    assert problem == ""
    assert absent(cached.folder, list(wanted)) == list(gone)


def test_a_fetch_that_fails_is_a_reason_and_what_is_here_can_be_read(host: Host) -> None:
    with host.clones() as clones:
        host.opened(clones)
    number = host.pull({"x.txt": "1\n"})
    repo = host.now()
    host.sandbox.faults.add(Fault("GIT upload-pack", times=-1, status=500))
    cached, problem = host.cache().bring(NAME, {repo.pulls[0].head: f"refs/pull/{number}/head"})
    assert cached is not None
    assert "500" in problem
    with host.clones() as clones:
        found = clones.open(POLICY, "a", repo, repo.pulls)
        assert found.tip is not None
        assert (dict(found.sides), "500" in found.problem) == ({}, True)
    host.sandbox.faults.rules.clear()
    with host.clones() as clones:
        assert set(host.opened(clones).sides) == {number}


def test_two_runs_at_once_clone_and_fetch_once(host: Host) -> None:
    number = host.pull({"x.txt": "1\n"})
    repo = host.now()
    host.connections()
    told: list[tuple[Any, str]] = []
    wanted = {repo.pulls[0].head: f"refs/pull/{number}/head", repo.tip: "refs/heads/main"}

    def run() -> None:
        told.append(host.cache().bring(NAME, wanted))

    for _ in range(2):
        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        host.sandbox.commit(NAME, "main", {"z.txt": "new\n"})
        wanted = {host.now().tip: "refs/heads/main"}
    assert [problem for _, problem in told] == [""] * 6
    # One clone, and one fetch of what came after it.
    assert host.connections() == 2
    folders = {cached.folder for cached, _ in told}
    assert len(folders) == 1


def test_a_clone_that_another_run_holds_is_a_reason(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached, _ = host.cache().bring(NAME, {})
    assert cached is not None
    monkeypatch.setattr(cache_module, "_CLONE_SECONDS", 0.1)
    with Lock(f"{cached.folder}.lock", 0) as lock:
        assert lock.held
        found = host.cache().bring(NAME, {"1" * 40: "refs/heads/main"})
        assert found == (cached, "another run is fetching it")
        # Where nothing is missing, nobody is waited for.
        tip = host.now().tip
        assert host.cache().bring(NAME, {tip: "refs/heads/main"}) == (cached, "")
