"""https://docs.github.com/rest/branches."""

from __future__ import annotations

from urllib.parse import quote

from interlock.sandbox import judging
from interlock.sandbox.call import Call, words
from interlock.sandbox.gitmerge import Conflict, merge
from interlock.sandbox.gitrepo import Person
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.commits import commit
from interlock.sandbox.payloads.repos import api_url, page_url
from interlock.sandbox.refs import Change, move
from interlock.sandbox.rest.refs import judged
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply
from interlock.values import Any

ROUTES = Routes()


def _protected(call: Call, name: str) -> bool:
    return any(True for _ in judging.rules(call.world, call.repo, f"refs/heads/{name}"))


def _short(call: Call, name: str, sha: str) -> dict[str, Any]:
    url = api_url(call.world, call.repo)
    return {
        "name": name,
        "commit": {"sha": sha, "url": f"{url}/commits/{sha}"},
        "protected": _protected(call, name),
        "protection": {
            "enabled": False,
            "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []},
        },
        "protection_url": f"{url}/branches/{quote(name, safe='')}/protection",
    }


def many(call: Call) -> Reply:
    """All branches by name."""
    found = sorted(
        (ref.removeprefix("refs/heads/"), sha)
        for ref, sha in call.git.refs().items()
        if ref.startswith("refs/heads/")
    )
    wanted = call.query.get("protected")
    if wanted in ("true", "false"):
        found = [b for b in found if _protected(call, b[0]) == (wanted == "true")]
    return page(call, found, lambda b: _short(call, *b))


def one(call: Call) -> Reply:
    """A branch with its commit."""
    name = call.params["branch"]
    sha = call.git.branch(name)
    if not sha:
        raise Refused(404, "Branch not found")
    url, html = (
        f"{api_url(call.world, call.repo)}/branches/{quote(name)}",
        page_url(call.world, call.repo),
    )
    shown = _short(call, name, sha) | {
        "commit": commit(call.world, call.repo, sha),
        "_links": {"self": url, "html": f"{html}/tree/{quote(name)}"},
    }
    return Reply(200, shown)


def protection(call: Call) -> Reply:
    """Classic protection: the sandbox has rulesets only, so no branch has it."""
    if not call.git.branch(call.params["branch"]):
        raise Refused(404, "Branch not found")
    raise Refused(404, "Branch not protected")


def rename(call: Call) -> Reply:
    """Rename a branch; pull requests onto it and from it follow."""
    name = call.params["branch"]
    new = words(call.body(), "new_name", "Branch", needed=True) or ""
    sha = call.git.branch(name)
    if not sha:
        raise Refused(404, "Branch not found")
    for issue in call.repo.pulls():
        pull = issue.pull
        if pull is None:
            continue
        if pull.base_ref == name:
            pull.base_ref = new
        if pull.head_repo == call.repo.id and pull.head_ref == name:
            pull.head_ref, pull.head_label = new, f"{call.repo.owner.login}:{new}"
    if call.repo.default_branch == name:
        call.repo.default_branch = new
        call.git.run("symbolic-ref", "HEAD", f"refs/heads/{new}")
    call.git.set_ref(f"refs/heads/{new}", sha)
    call.git.set_ref(f"refs/heads/{name}", "")
    call.params["branch"] = new
    return one(call)._replace(status=201)


def merging(call: Call) -> Reply:
    """https://docs.github.com/rest/branches/branches#merge-a-branch."""
    body = call.body()
    base = words(body, "base", "Merge", needed=True) or ""
    head = call.git.resolve(words(body, "head", "Merge", needed=True) or "")
    tip = call.git.branch(base)
    if not tip or not head:
        raise Refused(404, "Base does not exist" if not tip else "Head does not exist")
    if call.git.ancestor(head, tip):
        return Reply(204)
    date = f"{int(call.world.now())} +0000"
    me = Person(call.user.name or call.user.login, call.user.email, date)
    text = words(body, "commit_message", "Merge") or f"Merge {body['head']} into {base}"
    try:
        sha = merge(call.git, tip, head, text + "\n", (me, me))
    except Conflict:
        raise Refused(409, "Merge conflict") from None
    judged(call, Change(f"refs/heads/{base}", tip, sha))
    assert call.token is not None
    move(call.world, call.repo, Change(f"refs/heads/{base}", tip, sha), call.token)
    return Reply(201, commit(call.world, call.repo, sha))


_ONE = "/repos/{owner}/{repo}/branches/{branch}"
ROUTES.add("GET", "/repos/{owner}/{repo}/branches", many, needs="contents:read")
ROUTES.add("GET", _ONE, one, needs="contents:read")
ROUTES.add("GET", f"{_ONE}/protection", protection, needs="administration:read", role="admin")
ROUTES.add("POST", f"{_ONE}/rename", rename, needs="contents:write", role="write")
ROUTES.add("POST", "/repos/{owner}/{repo}/merges", merging, needs="contents:write", role="write")
