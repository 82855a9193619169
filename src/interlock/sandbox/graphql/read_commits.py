"""Commits, trees, blobs and refs."""

from __future__ import annotations

from interlock.sandbox.gitdiff import between, files
from interlock.sandbox.gitrepo import Person
from interlock.sandbox.graphql.connections import connection
from interlock.sandbox.graphql.places import (
    Asking,
    CommitAt,
    EntryAt,
    Failed,
    ObjectAt,
    RefAt,
    RollupAt,
    StatusOf,
    SuiteAt,
)
from interlock.sandbox.graphql.read_repos import object_at, pulls
from interlock.sandbox.payloads.commits import EMPTY_TREE, account, commit_node
from interlock.sandbox.payloads.repos import page_url
from interlock.sandbox.payloads.times import from_git, node
from interlock.values import Any

Asked = dict[str, Any]
#: Text of larger blobs is cut, as GitHub cuts it.
MAX_TEXT = 512_000


def _git(at: Any, asking: Asking) -> Any:
    return asking.world.git(at.repo)


def _commit(at: CommitAt, asking: Asking) -> Any:
    return _git(at, asking).commit(at.sha)


def _actor(asking: Asking, person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "email": person.email,
        "date": from_git(person.date),
        "user": account(asking.world, person),
        "avatarUrl": f"{asking.world.url}/avatars/u/0",
    }


def _rollup(at: CommitAt, _: Asking, __: Asked) -> Any:
    held = at.repo.statuses.get(at.sha) or any(r.sha == at.sha for r in at.repo.checks.values())
    return RollupAt(at.repo, at.sha) if held else None


def _suites(at: CommitAt, asking: Asking, asked: Asked) -> Any:
    asking.may(at.repo, "checks")
    wanted = (asked.get("filterBy") or {}).get("appId")
    found = [s for s in at.repo.suites.values() if s.sha == at.sha and wanted in (None, s.app.id)]
    return connection(found, asked, lambda s: SuiteAt(at.repo, s))


def _associated(at: CommitAt, asking: Asking, asked: Asked) -> Any:
    asking.may(at.repo, "pull_requests")
    path = at.repo.path
    found = [
        i
        for i in at.repo.pulls()
        if i.pull
        and (
            (i.pull.merge_commit_sha == at.sha and i.pull.merged_at is not None)
            or at.sha in between(path, i.pull.base_sha, i.pull.head_sha)
        )
    ]
    return connection(found, asked)


def _history(at: CommitAt, asking: Asking, asked: Asked) -> Any:
    words = ["rev-list", at.sha]
    words += [f"--since={asked['since']}"] if asked.get("since") else []
    words += [f"--until={asked['until']}"] if asked.get("until") else []
    words += ["--", asked["path"]] if asked.get("path") else []
    found = _git(at, asking).run(*words).decode().split()
    return connection(found, asked, lambda sha: CommitAt(at.repo, sha))


def _changed(at: CommitAt, asking: Asking) -> Any:
    parents = _commit(at, asking).parents
    return files(at.repo.path, parents[0] if parents else EMPTY_TREE, at.sha)


def _file(at: CommitAt, asking: Asking, asked: Asked) -> Any:
    entry = _git(at, asking).entry(at.sha, asked["path"])
    return EntryAt(at.repo, entry) if entry else None


def _parents(at: CommitAt, asking: Asking, asked: Asked) -> Any:
    return connection(_commit(at, asking).parents, asked, lambda sha: CommitAt(at.repo, sha))


def _split(at: CommitAt, asking: Asking) -> tuple[str, str]:
    head, _, rest = _commit(at, asking).message.rstrip("\n").partition("\n")
    return head, rest.lstrip("\n")


def _status(at: CommitAt, _: Asking, __: Asked) -> Any:
    return StatusOf(at.repo, at.sha) if at.repo.statuses.get(at.sha) else None


def _url(at: Any, asking: Asking, _: Asked) -> str:
    return f"{page_url(asking.world, at.repo)}/commit/{at.sha}"


def _entries(at: ObjectAt, asking: Asking, _: Asked) -> Any:
    return [EntryAt(at.repo, entry) for entry in _git(at, asking).tree(at.sha)]


def _blob(at: ObjectAt, asking: Asking) -> bytes:
    found: bytes = _git(at, asking).blob(at.sha)
    return found


def _text(at: ObjectAt, asking: Asking, _: Asked) -> str | None:
    data = _blob(at, asking)
    return None if b"\0" in data[:8000] else data[:MAX_TEXT].decode("utf-8", "replace")


def _tag(at: ObjectAt, asking: Asking, field: str) -> str:
    """The object, name or message of an annotated tag."""
    head, _, message = _git(at, asking).run("cat-file", "tag", at.sha).decode().partition("\n\n")
    fields = dict(line.split(" ", 1) for line in head.splitlines())
    return message.rstrip("\n") if field == "message" else str(fields[field])


def _target(at: RefAt, asking: Asking, _: Asked) -> Any:
    sha = _git(at, asking).refs().get(at.name)
    return object_at(asking, at.repo, sha) if sha else None


def _prefix(at: RefAt) -> str:
    return "/".join(at.name.split("/")[:2]) + "/"


def _ref_pulls(at: RefAt, asking: Asking, asked: Asked) -> Any:
    return pulls(at.repo, asking, {**asked, "headRefName": at.name.removeprefix(_prefix(at))})


def _compare(at: RefAt, asking: Asking, asked: Asked) -> Any:
    git = _git(at, asking)
    old, new = git.resolve(at.name), git.resolve(asked["headRef"])
    if not new:
        raise Failed("NOT_FOUND", f"Could not resolve head ref '{asked['headRef']}'.")
    ahead, behind = between(git.path, old, new), between(git.path, new, old)
    status = "IDENTICAL"
    if ahead or behind:
        status = "DIVERGED" if ahead and behind else "AHEAD" if ahead else "BEHIND"
    return {
        "id": f"CMP_{old}_{new}",
        "aheadBy": len(ahead),
        "behindBy": len(behind),
        "status": status,
        "baseTarget": CommitAt(at.repo, old),
        "headTarget": CommitAt(at.repo, new),
        "commits": lambda _, **page: connection(ahead, page, lambda sha: CommitAt(at.repo, sha)),
    }


_OBJECT: dict[str, Any] = {
    "id": lambda at, _, __: node("OB", at.repo.id) + f"_{at.sha}",
    "oid": lambda at, _, __: at.sha,
    "abbreviatedOid": lambda at, _, __: at.sha[:7],
    "commitUrl": _url,
    "repository": lambda at, _, __: at.repo,
}


def _classic(at: RefAt, _: Asking, __: Asked) -> dict[str, Any] | None:
    """What classic protection asks for, as those see it who are no admins.

    https://docs.github.com/graphql/reference/objects#refupdaterule
    """
    asked = at.repo.classic.get(at.name.removeprefix("refs/heads/"))
    return None if asked is None else {"requiredStatusCheckContexts": asked}


TYPES: dict[str, dict[str, Any]] = {
    "Commit": {
        "id": lambda at, _, __: commit_node(at.repo, at.sha),
        "oid": lambda at, _, __: at.sha,
        "abbreviatedOid": lambda at, _, __: at.sha[:7],
        "commitUrl": _url,
        "message": lambda at, a, _: _commit(at, a).message.rstrip("\n"),
        "messageHeadline": lambda at, a, _: _split(at, a)[0],
        "messageBody": lambda at, a, _: _split(at, a)[1],
        "committedDate": lambda at, a, _: from_git(_commit(at, a).committer.date),
        "authoredDate": lambda at, a, _: from_git(_commit(at, a).author.date),
        "author": lambda at, a, _: _actor(a, _commit(at, a).author),
        "committer": lambda at, a, _: _actor(a, _commit(at, a).committer),
        "parents": _parents,
        "url": _url,
        "tree": lambda at, a, _: ObjectAt(at.repo, _commit(at, a).tree, "tree"),
        "treeUrl": lambda at, a, _: f"{page_url(a.world, at.repo)}/tree/{at.sha}",
        "status": _status,
        "statusCheckRollup": _rollup,
        "checkSuites": _suites,
        "associatedPullRequests": _associated,
        "history": _history,
        "file": _file,
        "repository": lambda at, _, __: at.repo,
        "additions": lambda at, a, _: sum(f.additions for f in _changed(at, a)),
        "deletions": lambda at, a, _: sum(f.deletions for f in _changed(at, a)),
        "changedFilesIfAvailable": lambda at, a, _: len(_changed(at, a)),
        "authoredByCommitter": lambda at, a, _: (
            _commit(at, a).author[:2] == _commit(at, a).committer[:2]
        ),
        "committedViaWeb": lambda at, a, _: _commit(at, a).committer.email == "noreply@github.com",
    },
    "Tree": _OBJECT | {"entries": _entries},
    "Blob": _OBJECT
    | {
        "byteSize": lambda at, a, _: len(_blob(at, a)),
        "isBinary": lambda at, a, _: b"\0" in _blob(at, a)[:8000],
        "isTruncated": lambda at, a, _: len(_blob(at, a)) > MAX_TEXT,
        "text": _text,
    },
    "Tag": _OBJECT
    | {
        "name": lambda at, a, _: _tag(at, a, "tag"),
        "message": lambda at, a, _: _tag(at, a, "message"),
        "target": lambda at, a, _: object_at(a, at.repo, _tag(at, a, "object")),
    },
    "TreeEntry": {
        "name": lambda at, _, __: at.entry.path.rpartition("/")[2],
        "path": lambda at, _, __: at.entry.path,
        "mode": lambda at, _, __: int(at.entry.mode, 8),
        "type": lambda at, _, __: at.entry.kind,
        "oid": lambda at, _, __: at.entry.sha,
        "size": lambda at, _, __: at.entry.size or 0,
        "isGenerated": lambda *_: False,
        "extension": lambda at, _, __: (
            at.entry.path[at.entry.path.rfind(".") :] if "." in at.entry.path else ""
        ),
        "object": lambda at, _, __: (
            None if at.entry.kind == "commit" else ObjectAt(at.repo, at.entry.sha, at.entry.kind)
        ),
    },
    "Ref": {
        "id": lambda at, _, __: node("REF", at.repo.id) + f"_{at.name}",
        "name": lambda at, _, __: at.name.removeprefix(_prefix(at)),
        "prefix": lambda at, _, __: _prefix(at),
        "target": _target,
        "refUpdateRule": _classic,
        "repository": lambda at, _, __: at.repo,
        "associatedPullRequests": _ref_pulls,
        "compare": _compare,
    },
}
