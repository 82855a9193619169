"""https://docs.github.com/rest/git: blobs, trees, commits, tags."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from interlock.sandbox.call import Call, chosen, words
from interlock.sandbox.gitrepo import Entry, Person
from interlock.sandbox.payloads.commits import git_commit
from interlock.sandbox.payloads.repos import api_url
from interlock.sandbox.payloads.times import node
from interlock.sandbox.process import GitFailed
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply, invalid
from interlock.values import Any

ROUTES = Routes()
#: https://docs.github.com/rest/git/trees#get-a-tree: entries and bytes of a recursive tree.
MAX_ENTRIES = 100_000
MAX_BYTES = 7_000_000
_MODES = ("100644", "100755", "040000", "160000", "120000")


def blob(call: Call) -> Reply:
    """A blob, base64; raw when asked for."""
    sha = call.params["file_sha"]
    try:
        data = call.git.blob(sha)
    except GitFailed:
        raise Refused(404, "Not Found") from None
    if "raw" in call.request.headers.get("accept", ""):
        return Reply(200, data, {"content-type": "application/vnd.github.raw; charset=utf-8"})
    shown = _blob(call, sha) | {
        "node_id": f"B_{call.repo.id}_{sha}",
        "size": len(data),
        "content": base64.encodebytes(data).decode(),
        "encoding": "base64",
    }
    return Reply(200, shown)


def _blob(call: Call, sha: str) -> dict[str, Any]:
    return {"url": f"{api_url(call.world, call.repo)}/git/blobs/{sha}", "sha": sha}


def new_blob(call: Call) -> Reply:
    """Store a blob from text or base64."""
    body = call.body()
    text = body.get("content")
    if not isinstance(text, str):
        raise invalid("Blob", "content", "missing_field")
    encoding = chosen(body, "encoding", ("utf-8", "base64"), "utf-8")
    try:
        data = base64.b64decode(text) if encoding == "base64" else text.encode()
    except binascii.Error:
        raise Refused(422, "content is not valid Base64") from None
    made = _blob(call, call.git.write_blob(data))
    return Reply(201, made, {"location": made["url"]})


def tree(call: Call) -> Reply:
    """A tree by its own or a commit's name; ``recursive`` with any value goes below."""
    name = call.params["tree_sha"]
    sha = call.git.resolve(name)
    top = call.git.commit(sha).tree if sha else name
    if call.git.kind(top) != "tree":
        raise Refused(404, "Not Found")
    entries = call.git.tree(top, recursive="recursive" in call.query)
    return Reply(200, _tree(call, top, entries))


def _tree(call: Call, sha: str, entries: tuple[Entry, ...]) -> dict[str, Any]:
    url = api_url(call.world, call.repo)
    shown, size = [], 0
    for entry in entries[:MAX_ENTRIES]:
        item: dict[str, Any] = {
            "path": entry.path,
            "mode": entry.mode,
            "type": entry.kind,
            "sha": entry.sha,
        }
        if entry.kind == "blob":
            item["size"] = entry.size
        if entry.kind != "commit":
            item["url"] = f"{url}/git/{entry.kind}s/{entry.sha}"
        size += len(entry.path) + 120
        if size > MAX_BYTES:
            break
        shown.append(item)
    truncated = len(shown) < len(entries)
    return {"sha": sha, "url": f"{url}/git/trees/{sha}", "tree": shown, "truncated": truncated}


def new_tree(call: Call) -> Reply:
    """A tree from entries, on top of another where ``base_tree`` is given."""
    body = call.body()
    entries = body.get("tree")
    if not isinstance(entries, list):
        raise invalid("Tree", "tree", "missing_field")
    base = words(body, "base_tree", "Tree") or ""
    if base and call.git.resolve(base):
        base = call.git.commit(call.git.resolve(base)).tree
    if base and call.git.kind(base) != "tree":
        raise invalid("Tree", "base_tree")
    changes = [_change(call, entry) for entry in entries]
    try:
        sha = call.git.write_tree(base, changes)
    except GitFailed as failed:
        raise Refused(422, f"tree is invalid: {failed}") from None
    made = _tree(call, sha, call.git.tree(sha))
    return Reply(201, made, {"location": made["url"]})


def _change(call: Call, entry: Any) -> tuple[str, str, str]:
    if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
        raise invalid("Tree", "tree.path", "missing_field")
    mode = chosen(entry, "mode", _MODES, "100644")
    if isinstance(entry.get("content"), str):
        return entry["path"], mode, call.git.write_blob(entry["content"].encode())
    if "sha" in entry and entry["sha"] is None:
        return entry["path"], mode, ""
    sha = entry.get("sha")
    if not isinstance(sha, str) or (mode != "160000" and not call.git.kind(sha)):
        raise Refused(422, f"tree.sha {sha} is not a valid {entry.get('type', 'blob')}")
    return entry["path"], mode, sha


def commit(call: Call) -> Reply:
    """A commit as git stores it."""
    sha = call.params["commit_sha"]
    if call.git.kind(sha) != "commit":
        raise Refused(404, "Not Found")
    return Reply(200, git_commit(call.world, call.repo, call.git.commit(call.git.resolve(sha))))


def new_commit(call: Call) -> Reply:
    """Store a commit; no ref moves."""
    body = call.body()
    message = words(body, "message", "Commit", needed=True) or ""
    top = words(body, "tree", "Commit", needed=True) or ""
    parents = body.get("parents") or []
    if call.git.kind(top) != "tree":
        raise Refused(422, "Tree SHA does not exist")
    if not all(isinstance(p, str) and call.git.kind(p) == "commit" for p in parents):
        raise Refused(422, "Parent SHA does not exist or is not a commit object")
    author = _person(call, body.get("author"))
    committer = _person(call, body.get("committer") or body.get("author"))
    sha = call.git.write_commit(top, parents, message, author, committer)
    made = git_commit(call.world, call.repo, call.git.commit(sha))
    return Reply(201, made, {"location": made["url"]})


def _person(call: Call, given: Any) -> Person:
    who = call.user
    if not isinstance(given, dict):
        return Person(who.name or who.login, who.email, f"{int(call.world.now())} +0000")
    at = call.world.now()
    if isinstance(given.get("date"), str):
        try:
            at = datetime.fromisoformat(given["date"]).timestamp()
        except ValueError:
            raise invalid("Commit", "date") from None
    return Person(str(given.get("name", "")), str(given.get("email", "")), f"{int(at)} +0000")


def tag(call: Call) -> Reply:
    """An annotated tag."""
    sha = call.params["tag_sha"]
    if call.git.kind(sha) != "tag":
        raise Refused(404, "Not Found")
    head, _, message = call.git.run("cat-file", "tag", sha).decode().partition("\n\n")
    fields = dict(line.split(" ", 1) for line in head.splitlines())
    from interlock.sandbox.gitrepo import person_of
    from interlock.sandbox.payloads.commits import person

    url = api_url(call.world, call.repo)
    shown = {
        "node_id": node("TAG", call.repo.id) + f"_{sha}",
        "tag": fields["tag"],
        "sha": sha,
        "url": f"{url}/git/tags/{sha}",
        "message": message.rstrip("\n"),
        "tagger": person(person_of(fields["tagger"])),
        "object": {
            "sha": fields["object"],
            "type": fields["type"],
            "url": f"{url}/git/{fields['type']}s/{fields['object']}",
        },
        "verification": {
            "verified": False,
            "reason": "unsigned",
            "signature": None,
            "payload": None,
            "verified_at": None,
        },
    }
    return Reply(200, shown)


_READ, _WRITE = "contents:read", "contents:write"
ROUTES.add("GET", "/repos/{owner}/{repo}/git/blobs/{file_sha}", blob, needs=_READ)
ROUTES.add("POST", "/repos/{owner}/{repo}/git/blobs", new_blob, needs=_WRITE, role="write")
ROUTES.add("GET", "/repos/{owner}/{repo}/git/trees/{tree_sha}", tree, needs=_READ)
ROUTES.add("POST", "/repos/{owner}/{repo}/git/trees", new_tree, needs=_WRITE, role="write")
ROUTES.add("GET", "/repos/{owner}/{repo}/git/commits/{commit_sha}", commit, needs=_READ)
ROUTES.add("POST", "/repos/{owner}/{repo}/git/commits", new_commit, needs=_WRITE, role="write")
ROUTES.add("GET", "/repos/{owner}/{repo}/git/tags/{tag_sha}", tag, needs=_READ)
