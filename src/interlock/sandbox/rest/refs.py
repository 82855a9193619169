"""https://docs.github.com/rest/git/refs."""

from __future__ import annotations

from interlock.sandbox import judging, pulling
from interlock.sandbox.call import Call, words
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.repos import api_url
from interlock.sandbox.process import GitFailed
from interlock.sandbox.refs import Change, move
from interlock.sandbox.router import Routes
from interlock.sandbox.smart_http import of_push
from interlock.sandbox.wire import Refused, Reply
from interlock.values import Any

ROUTES = Routes()


def shown(call: Call, name: str, sha: str) -> dict[str, Any]:
    """The ``git-ref`` of GitHub's description."""
    url = api_url(call.world, call.repo)
    kind = call.git.kind(sha) if name.startswith("refs/tags/") else "commit"
    return {
        "ref": name,
        "node_id": f"REF_{call.repo.id}_{name}",
        "url": f"{url}/git/{name}",
        "object": {"type": kind, "sha": sha, "url": f"{url}/git/{kind}s/{sha}"},
    }


def get(call: Call) -> Reply:
    """One ref by its full name without ``refs/``."""
    name = f"refs/{call.params['ref']}"
    sha = call.git.refs().get(name)
    if sha is None:
        raise Refused(404, "Not Found")
    return Reply(200, shown(call, name, sha))


def matching(call: Call) -> Reply:
    """The refs whose names begin so."""
    start = f"refs/{call.params.get('ref', '')}"
    found = sorted(item for item in call.git.refs().items() if item[0].startswith(start))
    return page(call, found, lambda item: shown(call, *item))


def create(call: Call) -> Reply:
    """A new ref on an object that is there."""
    body = call.body()
    name = words(body, "ref", "Reference", needed=True) or ""
    sha = words(body, "sha", "Reference", needed=True) or ""
    if not name.startswith("refs/") or name.count("/") < 2:
        raise Refused(
            422, "Reference name must start with 'refs/' and contain at least two slashes."
        )
    if not _valid(call, name):
        raise Refused(422, f"{name} is not a valid ref name.")
    if name in call.git.refs():
        raise Refused(422, "Reference already exists")
    if not call.git.kind(sha):
        raise Refused(422, "Object does not exist")
    change = Change(name, "", sha)
    judged(call, change)
    assert call.token is not None
    move(call.world, call.repo, change, call.token)
    made = shown(call, name, sha)
    return Reply(201, made, {"location": made["url"]})


def _valid(call: Call, name: str) -> bool:
    try:
        call.git.run("check-ref-format", name)
    except GitFailed:
        return False
    return True


def update(call: Call) -> Reply:
    """Move a ref forward, or anywhere with ``force``."""
    body = call.body()
    name = f"refs/{call.params['ref']}"
    sha = words(body, "sha", "Reference", needed=True) or ""
    old = call.git.refs().get(name)
    if old is None:
        raise Refused(422, "Reference does not exist")
    if not call.git.kind(sha):
        raise Refused(422, "Object does not exist")
    if not body.get("force") and not call.git.ancestor(old, sha):
        raise Refused(422, "Update is not a fast forward")
    change = Change(name, old, sha)
    judged(call, change)
    assert call.token is not None
    if old != sha:
        move(call.world, call.repo, change, call.token)
    return Reply(200, shown(call, name, sha))


def delete(call: Call) -> Reply:
    """Delete a ref."""
    name = f"refs/{call.params['ref']}"
    old = call.git.refs().get(name)
    if old is None:
        raise Refused(422, "Reference does not exist")
    if name == f"refs/heads/{call.repo.default_branch}":
        raise Refused(422, "Cannot delete the default branch")
    change = Change(name, old, "")
    judged(call, change)
    assert call.token is not None
    move(call.world, call.repo, change, call.token)
    return Reply(204)


def judged(call: Call, change: Change) -> None:
    """Hold a change of a ref against the rules; raises Refused 409 as GitHub does."""
    assert call.token is not None
    world, repo = call.world, call.repo
    if change.ref.startswith("refs/pull/"):
        raise Refused(422, "Cannot update this protected ref.")
    verdicts, left = [], []
    for which, rule in judging.rules(world, repo, change.ref):
        verdict, text = of_push(repo, change, rule)
        if verdict == "fast-forward" and call.git.ancestor(change.old, change.new):
            verdict = ""
        if verdict == "linear" and not call.git.run(
            "rev-list", "--merges", change.new, f"^{change.old}"
        ):
            verdict = ""
        verdicts.append(judging.Verdict(which, rule["type"], text if verdict else ""))
        if verdict and not judging.bypasses(world, repo, call.token, which, pull=False):
            left.append(text)
    broken = any(v.why for v in verdicts)
    pulling.suite(
        world,
        repo,
        change,
        call.token,
        verdicts,
        "fail" if left else "bypass" if broken else "pass",
    )
    if left:
        reasons = "\n\n".join(dict.fromkeys(left))
        raise Refused(409, f"Repository rule violations found\n\n{reasons}\n\n")


_REF = "/repos/{owner}/{repo}/git/refs/{ref}"
ROUTES.add("GET", "/repos/{owner}/{repo}/git/ref/{ref}", get, needs="contents:read")
ROUTES.add("GET", "/repos/{owner}/{repo}/git/matching-refs/{ref}", matching, needs="contents:read")
ROUTES.add("POST", "/repos/{owner}/{repo}/git/refs", create, needs="contents:write", role="write")
ROUTES.add("PATCH", _REF, update, needs="contents:write", role="write")
ROUTES.add("DELETE", _REF, delete, needs="contents:write", role="write")
