"""Commits, in the shape of lists and of git data, and changed files."""

from __future__ import annotations

from urllib.parse import quote

from interlock.sandbox.actors import User
from interlock.sandbox.gitdiff import Changed, patched
from interlock.sandbox.gitrepo import Commit, Person
from interlock.sandbox.payloads.repos import api_url, page_url
from interlock.sandbox.payloads.times import from_git, node
from interlock.sandbox.payloads.users import user_or_none
from interlock.sandbox.records import Repo
from interlock.sandbox.world import World
from interlock.values import Any

#: Git's own hash of the empty tree, against which a first commit is compared.
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_UNSIGNED = {
    "verified": False,
    "reason": "unsigned",
    "signature": None,
    "payload": None,
    "verified_at": None,
}


def account(world: World, person: Person) -> User | None:
    """The account whose address stands in a commit."""
    for user in world.users.values():
        if user.email and user.email.lower() == person.email.lower():
            return user
    return None


def person(who: Person) -> dict[str, str]:
    """A git author."""
    return {"name": who.name, "email": who.email, "date": from_git(who.date)}


def commit(world: World, repo: Repo, sha: str) -> dict[str, Any]:
    """The ``commit`` of GitHub's description, without its files."""
    found = world.git(repo).commit(sha)
    url, page = api_url(world, repo), page_url(world, repo)
    return {
        "sha": sha,
        "node_id": f"C_{repo.id}_{sha}",
        "commit": {
            "author": person(found.author),
            "committer": person(found.committer),
            "message": found.message.rstrip("\n"),
            "tree": {"sha": found.tree, "url": f"{url}/git/trees/{found.tree}"},
            "url": f"{url}/git/commits/{sha}",
            "comment_count": 0,
            "verification": dict(_UNSIGNED),
        },
        "url": f"{url}/commits/{sha}",
        "html_url": f"{page}/commit/{sha}",
        "comments_url": f"{url}/commits/{sha}/comments",
        "author": user_or_none(world, account(world, found.author)),
        "committer": user_or_none(world, account(world, found.committer)),
        "parents": [
            {"sha": p, "url": f"{url}/commits/{p}", "html_url": f"{page}/commit/{p}"}
            for p in found.parents
        ],
    }


def with_files(world: World, repo: Repo, sha: str) -> dict[str, Any]:
    """A commit with what it changed against its first parent."""
    found = world.git(repo).commit(sha)
    changed = patched(repo.path, found.parents[0] if found.parents else EMPTY_TREE, sha)
    added = sum(each.additions for each in changed)
    removed = sum(each.deletions for each in changed)
    return commit(world, repo, sha) | {
        "stats": {"additions": added, "deletions": removed, "total": added + removed},
        # https://docs.github.com/rest/commits/commits#get-a-commit: pages of 300 files.
        "files": [changed_file(world, repo, each, sha) for each in changed[:300]],
    }


def git_commit(world: World, repo: Repo, found: Commit) -> dict[str, Any]:
    """The ``git-commit`` of GitHub's description."""
    url, page = api_url(world, repo), page_url(world, repo)
    return {
        "sha": found.sha,
        "node_id": f"C_{repo.id}_{found.sha}",
        "url": f"{url}/git/commits/{found.sha}",
        "html_url": f"{page}/commit/{found.sha}",
        "author": person(found.author),
        "committer": person(found.committer),
        "message": found.message.rstrip("\n"),
        "tree": {"sha": found.tree, "url": f"{url}/git/trees/{found.tree}"},
        "parents": [
            {"sha": p, "url": f"{url}/git/commits/{p}", "html_url": f"{page}/commit/{p}"}
            for p in found.parents
        ],
        "verification": dict(_UNSIGNED),
    }


def changed_file(world: World, repo: Repo, which: Changed, head: str) -> dict[str, Any]:
    """The ``diff-entry`` of GitHub's description."""
    name = quote(which.path)
    page = page_url(world, repo)
    shown: dict[str, Any] = {
        "sha": which.sha,
        "filename": which.path,
        "status": which.status,
        "additions": which.additions,
        "deletions": which.deletions,
        "changes": which.additions + which.deletions,
        "blob_url": f"{page}/blob/{head}/{name}",
        "raw_url": f"{page}/raw/{head}/{name}",
        "contents_url": f"{api_url(world, repo)}/contents/{name}?ref={head}",
    }
    if which.patch is not None:
        shown["patch"] = which.patch
    if which.before:
        shown["previous_filename"] = which.before
    return shown


def commit_node(repo: Repo, sha: str) -> str:
    """A commit's node id."""
    return node("C", repo.id) + f"_{sha}"
