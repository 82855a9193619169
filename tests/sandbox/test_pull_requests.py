"""Pull requests through their lives, driven by PyGithub."""

from __future__ import annotations

import pytest
from github import GithubException
from sandboxes import ask, client, graphql

from interlock.sandbox import Sandbox


@pytest.fixture
def opened(sandbox: Sandbox) -> str:
    sandbox.commit("acme/a", "f", {"x.txt": "2\n"}, login="bob")
    sandbox.pull("acme/a", "f", login="bob", title="T")
    return sandbox.find("acme/a").issues[1].pull.head_sha  # type: ignore[union-attr]


def actions(sandbox: Sandbox) -> list[str]:
    return [e.action for e in sandbox.events if e.name == "pull_request"]


def test_opening_one_says_everything_about_it(sandbox: Sandbox, bob: str) -> None:
    sha = sandbox.commit("acme/a", "f", {"x.txt": "2\n", "d/y.txt": None})
    repo = client(sandbox, bob).get_repo("acme/a")
    pull = repo.create_pull(base="main", head="f", title="T", body="B", draft=True)
    assert (pull.number, pull.head.sha, pull.head.ref, pull.base.ref) == (1, sha, "f", "main")
    assert (pull.user.login, pull.draft, pull.state, pull.merged) == ("bob", True, "open", False)
    assert (pull.commits, pull.additions, pull.deletions, pull.changed_files) == (1, 1, 2, 2)
    assert {f.filename: f.status for f in pull.get_files()} == {
        "x.txt": "modified",
        "d/y.txt": "removed",
    }
    assert sandbox.events[-1].payload["pull_request"]["head"]["sha"] == sha
    assert actions(sandbox) == ["opened"]


def test_two_for_the_same_branches_are_refused(sandbox: Sandbox, bob: str, opened: str) -> None:
    repo = client(sandbox, bob).get_repo("acme/a")
    with pytest.raises(GithubException) as refused:
        repo.create_pull(base="main", head="f", title="again")
    assert refused.value.status == 422
    assert "A pull request already exists for acme:f" in str(refused.value.data)
    assert opened


def test_a_branch_without_new_commits_is_refused(sandbox: Sandbox, bob: str) -> None:
    sandbox.branch("acme/a", "same", sandbox.world.git(sandbox.find("acme/a")).branch("main"))
    answer = ask(
        sandbox, "POST", "/repos/acme/a/pulls", bob, {"title": "t", "head": "same", "base": "main"}
    )
    assert answer.status_code == 422
    assert "No commits between acme:main and acme:same" in answer.text
    assert sandbox.find("acme/a").issues == {}


def test_mergeability_is_null_until_it_is_computed(sandbox: Sandbox, bob: str, opened: str) -> None:
    repo = client(sandbox, bob).get_repo("acme/a")
    assert repo.get_pull(1).mergeable is None
    assert repo.get_pull(1).mergeable is True
    sandbox.commit("acme/a", "main", {"x.txt": "other\n"})
    assert repo.get_pull(1).mergeable is None
    assert (repo.get_pull(1).mergeable, repo.get_pull(1).mergeable_state) == (False, "dirty")
    assert opened


def test_a_push_moves_the_head(sandbox: Sandbox, bob: str, opened: str) -> None:
    sha = sandbox.commit("acme/a", "f", {"x.txt": "3\n"})
    assert client(sandbox, bob).get_repo("acme/a").get_pull(1).head.sha == sha
    body = sandbox.events[-1].payload
    assert (body["action"], body["before"], body["after"]) == ("synchronize", opened, sha)


def test_closed_and_merged_are_told_apart(sandbox: Sandbox, alice: str, opened: str) -> None:
    repo = client(sandbox, alice).get_repo("acme/a")
    repo.get_pull(1).edit(state="closed")
    pull = repo.get_pull(1)
    assert (pull.state, pull.merged, pull.merged_at, pull.is_merged()) == (
        "closed",
        False,
        None,
        False,
    )
    pull.edit(state="open")
    merged = pull.merge(sha=opened)
    pull = repo.get_pull(1)
    assert (pull.state, pull.merged, pull.merge_commit_sha) == ("closed", True, merged.sha)
    assert pull.merged_by.login == "alice"
    assert actions(sandbox) == ["opened", "closed", "reopened", "closed"]
    assert sandbox.events[-2].payload["pull_request"]["merged"] is True


@pytest.mark.parametrize(
    ("method", "parents", "headline"),
    [
        ("merge", 2, "Merge pull request #1 from acme/f"),
        ("squash", 1, "T (#1)"),
        ("rebase", 1, "Change"),
    ],
)
def test_each_merge_method_writes_its_commit(
    sandbox: Sandbox, alice: str, opened: str, method: str, parents: int, headline: str
) -> None:
    repo = client(sandbox, alice).get_repo("acme/a")
    sandbox.commit("acme/a", "main", {"z.txt": "z"})
    sha = repo.get_pull(1).merge(merge_method=method).sha
    commit = repo.get_commit(sha)
    assert (len(commit.parents), commit.commit.message.split("\n")[0]) == (parents, headline)
    assert repo.get_branch("main").commit.sha == sha
    assert repo.get_contents("x.txt").decoded_content == b"2\n"  # type: ignore[union-attr]
    assert repo.get_contents("z.txt").decoded_content == b"z"  # type: ignore[union-attr]
    assert opened != sha


def test_a_stale_sha_is_refused(sandbox: Sandbox, alice: str, opened: str) -> None:
    sandbox.commit("acme/a", "f", {"x.txt": "3\n"})
    answer = ask(sandbox, "PUT", "/repos/acme/a/pulls/1/merge", alice, {"sha": opened})
    assert (answer.status_code, "Head branch was modified" in answer.text) == (409, True)


def test_a_conflict_and_a_draft_are_refused(sandbox: Sandbox, alice: str, opened: str) -> None:
    sandbox.draft("acme/a", 1)
    answer = ask(sandbox, "PUT", "/repos/acme/a/pulls/1/merge", alice, {"sha": opened})
    assert (answer.status_code, "draft" in answer.text) == (405, True)
    sandbox.draft("acme/a", 1, draft=False)
    sandbox.commit("acme/a", "main", {"x.txt": "other\n"})
    answer = ask(sandbox, "PUT", "/repos/acme/a/pulls/1/merge", alice)
    assert (answer.status_code, "Merge conflict" in answer.text) == (405, True)
    assert actions(sandbox) == ["opened", "converted_to_draft", "ready_for_review"]


def test_a_deleted_base_closes_for_good(sandbox: Sandbox, bob: str) -> None:
    sandbox.commit("acme/a", "base", {"b": "1"})
    sandbox.commit("acme/a", "f", {"x.txt": "2\n"}, start="base")
    sandbox.pull("acme/a", "f", base="base")
    sandbox.branch("acme/a", "base")
    pull = client(sandbox, bob).get_repo("acme/a").get_pull(1)
    assert (pull.state, pull.merged) == ("closed", False)
    answer = ask(sandbox, "PATCH", "/repos/acme/a/pulls/1", bob, {"state": "open"})
    assert answer.status_code == 422


def test_a_retargeted_one_says_from_where(sandbox: Sandbox, bob: str, opened: str) -> None:
    sandbox.commit("acme/a", "release", {"r": "1"})
    client(sandbox, bob).get_repo("acme/a").get_pull(1).edit(base="release")
    body = sandbox.events[-1].payload
    assert (body["action"], body["changes"]["base"]["ref"]["from"]) == ("edited", "main")
    assert body["pull_request"]["base"]["ref"] == "release"
    assert opened


def test_a_mixed_patch_is_half_applied(sandbox: Sandbox, bob: str, opened: str) -> None:
    answer = ask(
        sandbox, "PATCH", "/repos/acme/a/pulls/1", bob, {"title": "New", "base": "nowhere"}
    )
    assert answer.status_code == 422
    assert ask(sandbox, "GET", "/repos/acme/a/pulls/1", bob).json()["title"] == "New"
    assert opened


def test_a_fork_with_the_same_branch_name_is_another_head(sandbox: Sandbox, opened: str) -> None:
    sandbox.fork("acme/a", "eve")
    sandbox.commit("eve/a", "f", {"x.txt": "evil\n"}, login="eve", start="main")
    eve = client(sandbox, sandbox.token("eve"))
    pull = eve.get_repo("acme/a").create_pull(base="main", head="eve:f", title="mine")
    assert (pull.head.repo.full_name, pull.head.label, pull.head.ref) == ("eve/a", "eve:f", "f")
    repo = eve.get_repo("acme/a")
    assert [p.number for p in repo.get_pulls(head="acme:f")] == [1]
    assert [p.number for p in repo.get_pulls(head="eve:f")] == [2]
    found = graphql(
        sandbox,
        sandbox.token("bob"),
        'query {repository(owner:"acme",name:"a"){pullRequests(first:9,headRefName:"f"){nodes{'
        "number isCrossRepository headRepositoryOwner{login}}}}}",
    )["data"]["repository"]["pullRequests"]["nodes"]
    assert [(n["number"], n["isCrossRepository"]) for n in found] == [(1, False), (2, True)]
    assert opened


def test_a_deleted_fork_leaves_its_pull_request(sandbox: Sandbox, bob: str) -> None:
    sandbox.fork("acme/a", "eve")
    sandbox.commit("eve/a", "f", {"x.txt": "evil\n"}, login="eve", start="main")
    sandbox.pull("acme/a", "eve:f", login="eve")
    assert ask(sandbox, "DELETE", "/repos/eve/a", sandbox.token("eve")).status_code == 204
    assert ask(sandbox, "GET", "/repos/acme/a/pulls/1", bob).json()["head"]["repo"] is None


def test_a_direct_push_merges_indirectly(sandbox: Sandbox, bob: str, opened: str) -> None:
    sandbox.branch("acme/a", "main", opened)
    pull = client(sandbox, bob).get_repo("acme/a").get_pull(1)
    assert (pull.merged, pull.state) == (True, "closed")
    kinds = [each.kind for each in sandbox.find("acme/a").activity if each.ref.endswith("main")]
    assert kinds == ["push"]


def test_files_are_paged_and_end_at_3000(sandbox: Sandbox, bob: str) -> None:
    sandbox.commit("acme/a", "f", {f"n/{i}": str(i) for i in range(3005)})
    sandbox.pull("acme/a", "f")
    first = ask(sandbox, "GET", "/repos/acme/a/pulls/1/files?per_page=100", bob)
    assert len(first.json()) == 100
    assert 'page=30>; rel="last"' in first.headers["link"]
    assert ask(sandbox, "GET", "/repos/acme/a/pulls/1", bob).json()["changed_files"] == 3005


def test_a_merged_branch_that_goes_hands_its_pull_requests_on(sandbox: Sandbox, bob: str) -> None:
    sandbox.find("acme/a").settings["delete_branch_on_merge"] = True
    sandbox.commit("acme/a", "one", {"one": "1"})
    sandbox.commit("acme/a", "two", {"two": "2"}, start="one")
    sandbox.pull("acme/a", "one")
    sandbox.pull("acme/a", "two", base="one")
    sandbox.merge("acme/a", 1)
    repo = client(sandbox, bob).get_repo("acme/a")
    assert (repo.get_pull(2).base.ref, repo.get_pull(2).state) == ("main", "open")
    assert "one" not in [branch.name for branch in repo.get_branches()]


def test_a_deleted_head_closes_its_pull_request(sandbox: Sandbox, bob: str, opened: str) -> None:
    sandbox.branch("acme/a", "f")
    pull = client(sandbox, bob).get_repo("acme/a").get_pull(1)
    assert (pull.state, pull.merged, pull.head.sha) == ("closed", False, opened)
    sandbox.branch("acme/a", "f", opened)
    pull.edit(state="open")
    assert (pull.state, pull.head.sha) == ("open", opened)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [2, 1]),
        ("?sort=created", [2, 1]),
        ("?sort=updated", [2, 1]),
        ("?sort=updated&direction=desc", [1, 2]),
        ("?direction=asc", [1, 2]),
    ],
)
def test_lists_are_ordered_as_documented(
    sandbox: Sandbox, bob: str, query: str, numbers: list[int]
) -> None:
    for name in ("one", "two"):
        sandbox.commit("acme/a", name, {name: "1"})
        sandbox.pull("acme/a", name)
        sandbox.clock.advance(10)
    sandbox.comment("acme/a", 1, "bob", "later")
    found = ask(sandbox, "GET", f"/repos/acme/a/pulls{query}", bob).json()
    assert [p["number"] for p in found] == numbers
