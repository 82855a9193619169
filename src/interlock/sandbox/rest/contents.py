"""https://docs.github.com/rest/repos/contents."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import quote

from interlock.sandbox.call import Call, words
from interlock.sandbox.gitrepo import Entry, Person
from interlock.sandbox.payloads.commits import git_commit
from interlock.sandbox.payloads.repos import api_url, page_url
from interlock.sandbox.refs import Change, move
from interlock.sandbox.rest.refs import judged
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply, invalid
from interlock.values import Any

ROUTES = Routes()
#: Above this many bytes a file comes raw only, above the second not at all.
MAX_SHOWN = 1_000_000
MAX_RAW = 100_000_000
#: A folder lists at most this many entries.
MAX_ENTRIES = 1000
_KINDS = {"blob": "file", "tree": "dir", "commit": "submodule"}


def get(call: Call) -> Reply:
    """A file with its content, or a folder's entries."""
    ref = call.query.get("ref", "") or call.repo.default_branch
    sha = call.git.resolve(ref)
    if not sha:
        if not call.git.refs():
            raise Refused(404, "This repository is empty.")
        raise Refused(404, f"No commit found for the ref {ref}")
    entry = call.git.entry(sha, call.params.get("path", ""))
    if entry is None:
        raise Refused(404, "Not Found")
    accept = call.request.headers.get("accept", "")
    if entry.kind == "tree":
        return Reply(200, [_item(call, e, ref) for e in _below(call, entry, sha)][:MAX_ENTRIES])
    if (entry.size or 0) > MAX_RAW:
        raise _too_large()
    if "raw" in accept and entry.kind == "blob":
        return Reply(
            200,
            call.git.blob(entry.sha),
            {"content-type": "application/vnd.github.raw; charset=utf-8"},
        )
    shown = _item(call, entry, ref)
    if shown["type"] == "submodule":
        shown["submodule_git_url"] = ""
    elif shown["type"] == "symlink":
        shown["target"] = call.git.blob(entry.sha).decode("utf-8", "replace")
    elif (entry.size or 0) > MAX_SHOWN:
        shown |= {"content": "", "encoding": "none"}
    else:
        shown |= {
            "content": base64.encodebytes(call.git.blob(entry.sha)).decode(),
            "encoding": "base64",
        }
    return Reply(200, shown)


def _too_large() -> Refused:
    error = {"resource": "Blob", "field": "data", "code": "too_large"}
    return Refused(403, "This API returns blobs up to 100 MB in size.", [error])


def _below(call: Call, folder: Entry, commit: str) -> list[Entry]:
    prefix = f"{folder.path}/" if folder.path else ""
    entries = call.git.tree(folder.sha if folder.path else commit)
    return [entry._replace(path=prefix + entry.path) for entry in entries]


def _item(call: Call, entry: Entry, ref: str) -> dict[str, Any]:
    kind = "symlink" if entry.mode == "120000" else _KINDS[entry.kind]
    path = quote(entry.path, errors="surrogateescape")
    api, page = api_url(call.world, call.repo), page_url(call.world, call.repo)
    url = f"{api}/contents/{path}?ref={quote(ref)}"
    part = "trees" if entry.kind == "tree" else "blobs"
    git = None if kind == "submodule" else f"{api}/git/{part}/{entry.sha}"
    html = f"{page}/{'tree' if entry.kind == 'tree' else 'blob'}/{quote(ref)}/{path}"
    return {
        "name": entry.path.rpartition("/")[2],
        "path": entry.path,
        "sha": entry.sha,
        "size": entry.size or 0,
        "url": url,
        "html_url": html,
        "git_url": git,
        "download_url": f"{page}/raw/{quote(ref)}/{path}" if entry.kind == "blob" else None,
        "type": kind,
        "_links": {"self": url, "git": git, "html": html},
    }


def put(call: Call) -> Reply:
    """Create or change one file on a branch; changing needs the blob's current hash."""
    body = call.body()
    try:
        data = base64.b64decode(
            words(body, "content", "Commit", needed="content" not in body) or ""
        )
    except binascii.Error:
        raise Refused(422, "content is not valid Base64") from None
    branch, tip, old = _place(call, body)
    given = words(body, "sha", "Commit")
    if old is not None and not given:
        raise Refused(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if given and (old is None or old.sha != given):
        raise Refused(409, f"{call.params['path']} does not match {given}")
    sha = _commit(call, body, branch, tip, call.git.write_blob(data))
    entry = call.git.entry(sha, call.params["path"])
    assert entry is not None
    shown = {
        "content": _item(call, entry, branch),
        "commit": git_commit(call.world, call.repo, call.git.commit(sha)),
    }
    return Reply(200 if old else 201, shown)


def delete(call: Call) -> Reply:
    """Delete one file on a branch."""
    body = call.body() or dict(call.query)
    branch, tip, old = _place(call, body)
    if old is None:
        raise Refused(404, "Not Found")
    if words(body, "sha", "Commit", needed=True) != old.sha:
        raise Refused(409, f"{call.params['path']} does not match {body.get('sha')}")
    sha = _commit(call, body, branch, tip, "")
    return Reply(
        200, {"content": None, "commit": git_commit(call.world, call.repo, call.git.commit(sha))}
    )


def _place(call: Call, body: dict[str, Any]) -> tuple[str, str, Entry | None]:
    branch = words(body, "branch", "Commit") or call.repo.default_branch
    tip = call.git.branch(branch)
    if not tip and call.git.refs():
        raise Refused(404, f"Branch {branch} not found")
    return branch, tip, call.git.entry(tip, call.params["path"]) if tip else None


def _commit(call: Call, body: dict[str, Any], branch: str, tip: str, blob: str) -> str:
    git, world = call.git, call.world
    path = call.params["path"]
    if any(part in ("", ".", "..", ".git") for part in path.split("/")):
        raise invalid("Commit", "path", "custom", "path contains a malformed path component")
    message = words(body, "message", "Commit", needed=True) or ""
    base = git.commit(tip).tree if tip else ""
    tree = git.write_tree(base, [(path, "100644", blob)])
    author = _person(call, body, "author") or _person(call, body, "committer")
    web = Person("GitHub", "noreply@github.com", f"{int(world.now())} +0000")
    me = Person(call.user.name or call.user.login, call.user.email, web.date)
    sha = git.write_commit(
        tree,
        (tip,) if tip else (),
        message + "\n",
        author or me,
        _person(call, body, "committer") or web,
    )
    judged(call, Change(f"refs/heads/{branch}", tip, sha))
    assert call.token is not None
    move(world, call.repo, Change(f"refs/heads/{branch}", tip, sha), call.token)
    return sha


def _person(call: Call, body: dict[str, Any], role: str) -> Person | None:
    given = body.get(role)
    if not isinstance(given, dict):
        return None
    return Person(str(given["name"]), str(given["email"]), f"{int(call.world.now())} +0000")


ROUTES.add("GET", "/repos/{owner}/{repo}/contents/{path}", get, needs="contents:read")
ROUTES.add(
    "GET",
    "/repos/{owner}/{repo}/contents",
    get,
    needs="contents:read",
    described="/repos/{owner}/{repo}/contents/{path}",
)
ROUTES.add(
    "PUT", "/repos/{owner}/{repo}/contents/{path}", put, needs="contents:write", role="write"
)
ROUTES.add(
    "DELETE", "/repos/{owner}/{repo}/contents/{path}", delete, needs="contents:write", role="write"
)
