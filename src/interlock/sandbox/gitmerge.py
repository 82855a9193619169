"""Merging in a bare repository: what a pull request's three merge methods write."""

from __future__ import annotations

from interlock.sandbox.gitrepo import GitRepo, Person
from interlock.sandbox.process import GitFailed


class Conflict(Exception):
    """The two sides cannot be merged without a person."""


def merged_tree(repo: GitRepo, ours: str, theirs: str) -> str:
    """The tree of both sides merged; raises Conflict."""
    try:
        printed = repo.run("merge-tree", "--write-tree", "--no-messages", ours, theirs)
    except GitFailed as failed:
        raise Conflict from failed
    return printed.decode().split("\n", 1)[0]


def merge(repo: GitRepo, base: str, head: str, message: str, people: tuple[Person, Person]) -> str:
    """A merge commit of head into base; its hash. Raises Conflict."""
    tree = merged_tree(repo, base, head)
    return repo.write_commit(tree, (base, head), message, *people)


def squash(repo: GitRepo, base: str, head: str, message: str, people: tuple[Person, Person]) -> str:
    """One commit on base with all of head's changes; its hash. Raises Conflict."""
    tree = merged_tree(repo, base, head)
    return repo.write_commit(tree, (base,), message, *people)


def rebase(repo: GitRepo, base: str, head: str, committer: Person) -> str:
    """Head's commits one by one on base, as GitHub writes them: always new hashes.

    Raises Conflict. https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/about-merge-methods-on-github
    """
    listed = repo.run("rev-list", "--reverse", "--no-merges", head, f"^{base}").decode().split()
    onto = base
    for sha in listed:
        commit = repo.commit(sha)
        tree = _picked(repo, onto, sha, commit.parents[0] if commit.parents else "")
        onto = repo.write_commit(tree, (onto,), commit.message, commit.author, committer)
    return onto


def _picked(repo: GitRepo, onto: str, sha: str, parent: str) -> str:
    """The tree of one commit's change on ``onto``.

    A commit with onto's tree and the picked commit's parent makes that parent the merge base.
    """
    if not parent:
        return merged_tree(repo, onto, sha)
    commit = repo.commit(sha)
    tree = repo.commit(onto).tree
    standing = repo.write_commit(tree, (parent,), "onto", commit.author, commit.committer)
    return merged_tree(repo, standing, sha)
