"""Contents, git data and refs."""

from __future__ import annotations

import base64

import pytest
from github import GithubException, InputGitTreeElement
from sandboxes import ask, client, git, graphql

from interlock.sandbox import Sandbox


def test_a_file_changes_only_from_the_blob_that_was_read(sandbox: Sandbox, bob: str) -> None:
    repo = client(sandbox, bob).get_repo("acme/a")
    old = repo.get_contents("x.txt")
    assert not isinstance(old, list)
    made = repo.update_file("x.txt", "Change", "2\n", old.sha, branch="main")
    assert made["commit"].sha == repo.get_branch("main").commit.sha
    with pytest.raises(GithubException) as refused:
        repo.update_file("x.txt", "Change", "3\n", old.sha, branch="main")
    assert refused.value.status == 409
    with pytest.raises(GithubException) as refused:
        repo.create_file("x.txt", "Create", "3\n", branch="main")
    assert refused.value.status == 422
    assert sandbox.events[-1].payload["after"] == made["commit"].sha


def test_names_with_slashes_and_spaces_are_found(sandbox: Sandbox, bob: str) -> None:
    sandbox.commit("acme/a", "feature/one", {"a b/ü #?.txt": "u", "x.txt": None})
    repo = client(sandbox, bob).get_repo("acme/a")
    found = repo.get_contents("a b/ü #?.txt", ref="feature/one")
    assert not isinstance(found, list)
    assert (found.decoded_content, found.path) == (b"u", "a b/ü #?.txt")
    assert (
        repo.get_git_ref("heads/feature/one").object.sha
        == repo.get_branch("feature/one").commit.sha
    )
    assert repo.compare("main", "feature/one").ahead_by == 1
    assert (
        ask(sandbox, "GET", "/repos/acme/a/contents/x.txt?ref=feature/one", bob).status_code == 404
    )


def test_a_folder_is_listed(sandbox: Sandbox, bob: str) -> None:
    repo = client(sandbox, bob).get_repo("acme/a")
    found = repo.get_contents("")
    assert isinstance(found, list)
    assert [(f.name, f.type) for f in found] == [("d", "dir"), ("x.txt", "file")]
    raw = ask(
        sandbox, "GET", "/repos/acme/a/contents/x.txt", bob, accept="application/vnd.github.raw"
    )
    assert raw.content == b"1\n"


@pytest.mark.parametrize(("size", "encoding"), [(1_000_000, "base64"), (1_000_001, "none")])
def test_a_large_file_comes_without_its_content(
    sandbox: Sandbox, bob: str, size: int, encoding: str
) -> None:
    sandbox.commit("acme/a", "main", {"big": b"x" * size})
    found = ask(sandbox, "GET", "/repos/acme/a/contents/big", bob).json()
    assert (found["encoding"], found["size"]) == (encoding, size)
    assert len(base64.b64decode(found["content"])) == (size if encoding == "base64" else 0)


def test_a_commit_is_built_from_git_data(sandbox: Sandbox, bob: str) -> None:
    repo = client(sandbox, bob).get_repo("acme/a")
    head = repo.get_branch("main").commit
    blob = repo.create_git_blob(base64.b64encode(b"\0bin").decode(), "base64")
    entries = [
        InputGitTreeElement("n/bin", "100755", "blob", sha=blob.sha),
        InputGitTreeElement("text", "100644", "blob", content="t"),
        InputGitTreeElement("x.txt", "100644", "blob", sha=None),
    ]
    tree = repo.create_git_tree(entries, repo.get_git_tree(head.sha))
    commit = repo.create_git_commit("Built", tree, [head.commit])
    repo.create_git_ref("refs/heads/built", commit.sha)
    bare = sandbox.git_dir("acme/a")
    listed = git(bare, "ls-tree", "-r", "built").splitlines()
    assert [line.split("\t")[1] for line in listed] == ["d/y.txt", "n/bin", "text"]
    assert listed[1].startswith("100755")
    assert git(bare, "show", "built:n/bin") == "\0bin"


@pytest.mark.parametrize("bad", ["heads/f", "refs/f", "refs/heads/a..b", "refs/heads/main"])
def test_a_wrong_ref_name_is_refused(sandbox: Sandbox, bob: str, bad: str) -> None:
    sha = sandbox.world.git(sandbox.find("acme/a")).branch("main")
    body = {"ref": bad, "sha": sha}
    assert ask(sandbox, "POST", "/repos/acme/a/git/refs", bob, body).status_code == 422


def test_a_ref_moves_only_forward_without_force(sandbox: Sandbox, bob: str) -> None:
    old = sandbox.world.git(sandbox.find("acme/a")).branch("main")
    new = sandbox.commit("acme/a", "main", {"x.txt": "2"})
    path = "/repos/acme/a/git/refs/heads/main"
    assert ask(sandbox, "PATCH", path, bob, {"sha": old}).status_code == 422
    assert ask(sandbox, "PATCH", path, bob, {"sha": old, "force": True}).status_code == 200
    assert ask(sandbox, "PATCH", path, bob, {"sha": new}).status_code == 200
    kinds = [each.kind for each in sandbox.find("acme/a").activity]
    assert kinds == ["push", "force_push", "push"]


def test_rules_hold_against_rest_too(sandbox: Sandbox, bob: str) -> None:
    rules = [{"type": "deletion"}, {"type": "non_fast_forward"}, {"type": "creation"}]
    sandbox.ruleset("acme/a", {
        "name": "r", "target": "branch", "enforcement": "active", "rules": rules,
        "conditions": {"ref_name": {"include": ["refs/heads/release/**"], "exclude": []}},
    })  # fmt: skip
    sandbox.commit("acme/a", "release/1", {"x.txt": "2"})
    old = sandbox.world.git(sandbox.find("acme/a")).branch("main")
    path = "/repos/acme/a/git/refs/heads/release/1"
    assert ask(sandbox, "PATCH", path, bob, {"sha": old, "force": True}).status_code == 409
    assert ask(sandbox, "DELETE", path, bob).status_code == 409
    made = {"ref": "refs/heads/release/2", "sha": old}
    assert ask(sandbox, "POST", "/repos/acme/a/git/refs", bob, made).status_code == 409
    made["ref"] = "refs/heads/free"
    assert ask(sandbox, "POST", "/repos/acme/a/git/refs", bob, made).status_code == 201
    suites = ask(
        sandbox, "GET", "/repos/acme/a/rulesets/rule-suites", sandbox.token("alice")
    ).json()
    assert {s["result"] for s in suites} == {"fail"}


def test_a_comparison_says_how_branches_lie(sandbox: Sandbox, bob: str) -> None:
    sandbox.commit("acme/a", "f", {"x.txt": "2\n"})
    sandbox.commit("acme/a", "main", {"d/y.txt": "3\n"})
    repo = client(sandbox, bob).get_repo("acme/a")
    found = repo.compare("main", "f")
    assert (found.status, found.ahead_by, found.behind_by) == ("diverged", 1, 1)
    assert [(f.filename, f.patch) for f in found.files] == [("x.txt", "@@ -1 +1 @@\n-1\n+2")]


def test_a_renamed_and_a_binary_file_are_told(sandbox: Sandbox, bob: str) -> None:
    text = "".join(f"{n}\n" for n in range(50))
    sandbox.commit("acme/a", "main", {"old.txt": text, "b.bin": b"\0\1"})
    sandbox.commit(
        "acme/a", "f", {"old.txt": None, "new.txt": text, "b.bin": b"\0\2"}, start="main"
    )
    found = {
        f.filename: f for f in client(sandbox, bob).get_repo("acme/a").compare("main", "f").files
    }
    assert found["new.txt"].status == "renamed"
    assert found["new.txt"].previous_filename == "old.txt"
    assert found["b.bin"].patch is None


def test_an_annotated_tag_leads_to_its_commit(sandbox: Sandbox, bob: str) -> None:
    bare = sandbox.git_dir("acme/a")
    git(bare, "tag", "-a", "v1", "-m", "First", "main")
    sandbox.refresh("acme/a")
    query = (
        '{repository(owner:"acme",name:"a"){ref(qualifiedName:"refs/tags/v1"){target{'
        "oid ... on Tag{message target{oid}}}}}}"
    )
    target = graphql(sandbox, bob, query)["data"]["repository"]["ref"]["target"]
    head = git(bare, "rev-parse", "main").strip()
    assert (target["message"], target["target"]["oid"]) == ("First", head)
    assert target["oid"] != head


def test_a_large_tree_is_truncated(
    sandbox: Sandbox, bob: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interlock.sandbox.rest.gitdata.MAX_ENTRIES", 2)
    found = ask(sandbox, "GET", "/repos/acme/a/git/trees/main?recursive=1", bob).json()
    assert ([t["path"] for t in found["tree"]], found["truncated"]) == (["d", "d/y.txt"], True)


def test_an_empty_repository_says_so(sandbox: Sandbox, alice: str) -> None:
    sandbox.repo("acme/empty")
    assert "empty" in ask(sandbox, "GET", "/repos/acme/empty/contents/x", alice).json()["message"]
    assert ask(sandbox, "GET", "/repos/acme/empty/commits", alice).status_code == 409
    assert ask(sandbox, "GET", "/repos/acme/empty/branches", alice).json() == []
