"""Clone, fetch and push with the real git."""

from __future__ import annotations

from pathlib import Path

import pytest
from sandboxes import checks, clone, committed, git, ruleset

from interlock.sandbox import Sandbox


def test_a_push_is_an_event_with_its_commits(sandbox: Sandbox, alice: str, tmp_path: Path) -> None:
    work = clone(sandbox, "acme/a", alice, tmp_path)
    before = git(work, "rev-parse", "HEAD").strip()
    sha = committed(work, "Second", x_txt="2\n", new_txt="n")
    git(work, "push", "-q", "origin", "main")
    event = sandbox.events[-1]
    assert (event.name, event.actor, event.starts_workflows) == ("push", "alice", True)
    body = event.payload
    assert (body["ref"], body["before"], body["after"]) == ("refs/heads/main", before, sha)
    assert [c["id"] for c in body["commits"]] == [sha]
    assert (body["commits"][0]["added"], body["commits"][0]["modified"]) == (["new.txt"], ["x.txt"])
    assert body["forced"] is False


def test_what_rest_wrote_can_be_fetched(sandbox: Sandbox, alice: str, tmp_path: Path) -> None:
    work = clone(sandbox, "acme/a", alice, tmp_path)
    sha = sandbox.commit("acme/a", "main", {"x.txt": "9\n"})
    git(work, "pull", "-q", "--ff-only")
    assert git(work, "rev-parse", "HEAD").strip() == sha
    assert (work / "x.txt").read_text(encoding="utf-8") == "9\n"


def test_pull_heads_can_be_fetched_but_not_pushed(
    sandbox: Sandbox, alice: str, tmp_path: Path
) -> None:
    sha = sandbox.commit("acme/a", "f", {"x.txt": "2\n"})
    sandbox.pull("acme/a", "f")
    work = clone(sandbox, "acme/a", alice, tmp_path)
    git(work, "fetch", "-q", "origin", "refs/pull/1/head")
    assert git(work, "rev-parse", "FETCH_HEAD").strip() == sha
    assert "hidden ref" in git(work, "push", "origin", "main:refs/pull/1/head", ok=False)
    assert sandbox.world.git(sandbox.find("acme/a")).refs()["refs/pull/1/head"] == sha


@pytest.mark.parametrize(
    ("who", "private", "cloned", "pushed"),
    [("alice", True, True, True), ("eve", True, False, False), ("eve", False, True, False)],
)
def test_only_who_may_reads_and_writes(
    sandbox: Sandbox, tmp_path: Path, who: str, private: bool, cloned: bool, pushed: bool
) -> None:
    sandbox.repo("acme/p", {"x": "1"}, private=private)
    url = sandbox.git_url("acme/p", sandbox.token(who))
    git(tmp_path, "clone", "-q", url, "p", ok=cloned)
    if cloned:
        committed(tmp_path / "p", "More", x="2")
        said = git(tmp_path / "p", "push", "origin", "main", ok=pushed)
        assert pushed or "403" in said


def test_a_shallow_and_a_partial_clone_work(sandbox: Sandbox, alice: str, tmp_path: Path) -> None:
    sandbox.commit("acme/a", "main", {"x.txt": "2\n"})
    url = sandbox.git_url("acme/a", alice)
    git(tmp_path, "clone", "-q", "--depth=1", url, "shallow")
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", url, "partial")
    assert git(tmp_path / "shallow", "rev-list", "--count", "HEAD").strip() == "1"
    assert git(tmp_path / "partial", "rev-list", "--count", "HEAD").strip() == "2"


def test_a_large_push_arrives_whole(sandbox: Sandbox, alice: str, tmp_path: Path) -> None:
    """Git sends packs over a megabyte in chunks, which the server has to join."""
    work = clone(sandbox, "acme/a", alice, tmp_path)
    text = "".join(f"{i * 7919 % 1000003}-{i * i % 999983}\n" for i in range(300_000))
    sha = committed(work, "Large", big_txt=text)
    git(work, "push", "-q", "origin", "main")
    repo = sandbox.world.git(sandbox.find("acme/a"))
    entry = repo.entry(sha, "big.txt")
    assert entry is not None
    assert repo.blob(entry.sha).decode() == text


def test_rules_hold_against_pushes(sandbox: Sandbox, bob: str, tmp_path: Path) -> None:
    sandbox.commit("acme/a", "main", {"x.txt": "2\n"})
    sandbox.ruleset("acme/a", ruleset({"type": "non_fast_forward"}, checks({"context": "ci"})))
    work = clone(sandbox, "acme/a", bob, tmp_path)
    sha = committed(work, "More", x_txt="3\n")
    assert 'Required status check "ci" is expected' in git(work, "push", "origin", "main", ok=False)
    sandbox.status("acme/a", sandbox.commit("acme/a", "other", {"x.txt": "8"}), "ci", "success")
    git(work, "push", "-q", "origin", "main:refs/heads/side")
    sandbox.status("acme/a", sha, "ci", "success")
    git(work, "push", "-q", "origin", "main")
    git(work, "reset", "-q", "--hard", "HEAD~2")
    back = git(work, "rev-parse", "HEAD").strip()
    sandbox.status("acme/a", back, "ci", "success")
    assert "Cannot force-push" in git(work, "push", "-f", "origin", "main", ok=False)
    assert sandbox.world.git(sandbox.find("acme/a")).branch("main") == sha


def test_a_renamed_repository_is_still_cloned_by_its_old_name(
    sandbox: Sandbox, alice: str, tmp_path: Path
) -> None:
    sandbox.world.rename(sandbox.find("acme/a"), "b")
    git(tmp_path, "clone", "-q", sandbox.git_url("acme/a", alice), "w")
    assert (tmp_path / "w" / "x.txt").exists()


def test_a_force_push_and_a_deletion_are_told(sandbox: Sandbox, alice: str, tmp_path: Path) -> None:
    work = clone(sandbox, "acme/a", alice, tmp_path)
    git(work, "checkout", "-qb", "f")
    committed(work, "One", x_txt="2\n")
    git(work, "push", "-q", "origin", "f")
    git(work, "commit", "-q", "--amend", "-m", "Other")
    git(work, "push", "-qf", "origin", "f")
    assert sandbox.events[-1].payload["forced"] is True
    git(work, "push", "-q", "origin", ":f")
    assert sandbox.events[-1].name == "delete"
    kinds = [each.kind for each in sandbox.find("acme/a").activity]
    assert kinds == ["branch_creation", "force_push", "branch_deletion"]
