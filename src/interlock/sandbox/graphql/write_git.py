"""Mutations of refs, and commits without a clone."""

from __future__ import annotations

import base64
import binascii

from interlock.sandbox.call import Call
from interlock.sandbox.gitrepo import Person
from interlock.sandbox.graphql.places import Asking, CommitAt, Failed, RefAt
from interlock.sandbox.graphql.write_comments import done, given, subject
from interlock.sandbox.making import person
from interlock.sandbox.records import Repo
from interlock.sandbox.refs import Change, move
from interlock.sandbox.rest.refs import judged
from interlock.sandbox.wire import parsed
from interlock.values import Any

Asked = dict[str, Any]


def _allowed(asking: Asking, repo: Repo, change: Change) -> None:
    """Permission and rules for moving a ref."""
    asking.writable(repo)
    asking.may(repo, "contents", "write", "write")
    call = Call(asking.world, parsed("POST", "/graphql", {}, b""), asking.api.limits)
    call.token, call.repository = asking.token, repo
    judged(call, change)


def commit(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#createcommitonbranch."""
    wanted = given(asked)
    repo, name = _branch(asking, wanted["branch"])
    git = asking.world.git(repo)
    tip = git.branch(name)
    expected = wanted["expectedHeadOid"]
    if not tip:
        raise Failed("NOT_FOUND", f"The branch {name} does not exist.")
    if tip != expected:
        raise Failed(
            "STALE_DATA",
            f'Expected branch to point to "{expected}" but it did not. Pull and try again.',
        )
    changes = _changes(asking, repo, wanted.get("fileChanges") or {})
    tree = git.write_tree(git.commit(tip).tree, changes)
    text = wanted["message"]["headline"]
    if wanted["message"].get("body"):
        text += f"\n\n{wanted['message']['body']}"
    author = person(asking.world, asking.user)
    web = Person("GitHub", "noreply@github.com", author.date)
    sha = git.write_commit(tree, (tip,), text + "\n", author, web)
    change = Change(f"refs/heads/{name}", tip, sha)
    _allowed(asking, repo, change)
    move(asking.world, repo, change, asking.token)
    return done(asked, commit=CommitAt(repo, sha), ref=RefAt(repo, change.ref))


def _branch(asking: Asking, wanted: Asked) -> tuple[Repo, str]:
    if wanted.get("id"):
        at: RefAt = subject(asking, wanted["id"], RefAt, "a Ref")
        return at.repo, at.name.removeprefix("refs/heads/")
    name = wanted.get("repositoryNameWithOwner") or ""
    repo = asking.world.repo(name)
    if repo is None or not asking.sees(repo):
        raise Failed("NOT_FOUND", f"Could not resolve to a Repository with the name '{name}'.")
    return repo, wanted.get("branchName") or ""


def _changes(asking: Asking, repo: Repo, wanted: Asked) -> list[tuple[str, str, str]]:
    git = asking.world.git(repo)
    found = [(each["path"], "100644", "") for each in wanted.get("deletions") or ()]
    for each in wanted.get("additions") or ():
        try:
            data = base64.b64decode(each["contents"], validate=True)
        except binascii.Error:
            raise Failed("UNPROCESSABLE", f"{each['path']} is not valid Base64") from None
        found.append((each["path"], "100644", git.write_blob(data)))
    return found


def create_ref(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#createref."""
    wanted = given(asked)
    repo: Repo = subject(asking, wanted["repositoryId"], Repo, "a Repository")
    git, name = asking.world.git(repo), wanted["name"]
    if name in git.refs():
        raise Failed("UNPROCESSABLE", f'A ref named "{name}" already exists in the repository.')
    if not name.startswith("refs/") or not git.kind(wanted["oid"]):
        raise Failed("UNPROCESSABLE", f"{name} is not a valid ref name or its object is not there.")
    change = Change(name, "", wanted["oid"])
    _allowed(asking, repo, change)
    move(asking.world, repo, change, asking.token)
    return done(asked, ref=RefAt(repo, name))


def update_ref(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#updateref."""
    wanted = given(asked)
    at: RefAt = subject(asking, wanted["refId"], RefAt, "a Ref")
    git = asking.world.git(at.repo)
    change = Change(at.name, git.refs()[at.name], wanted["oid"])
    if not wanted.get("force") and not git.ancestor(change.old, change.new):
        raise Failed("UNPROCESSABLE", "Update is not a fast forward")
    _allowed(asking, at.repo, change)
    move(asking.world, at.repo, change, asking.token)
    return done(asked, ref=at)


def delete_ref(_: Any, asking: Asking, asked: Asked) -> Any:
    """https://docs.github.com/graphql/reference/mutations#deleteref."""
    at: RefAt = subject(asking, given(asked)["refId"], RefAt, "a Ref")
    change = Change(at.name, asking.world.git(at.repo).refs()[at.name], "")
    _allowed(asking, at.repo, change)
    move(asking.world, at.repo, change, asking.token)
    return done(asked)


MUTATIONS: dict[str, Any] = {
    "createCommitOnBranch": commit,
    "createRef": create_ref,
    "updateRef": update_ref,
    "deleteRef": delete_ref,
}
