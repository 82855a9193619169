"""https://docs.github.com/rest/commits/commits."""

from __future__ import annotations

from interlock.sandbox.call import Call
from interlock.sandbox.gitdiff import MAX_COMPARE_FILES, between, merge_base, patched
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.commits import changed_file, commit, with_files
from interlock.sandbox.payloads.pulls import simple
from interlock.sandbox.payloads.repos import api_url, page_url
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply

ROUTES = Routes()
#: https://docs.github.com/rest/commits/commits#compare-two-commits: commits without pages.
MAX_COMPARE_COMMITS = 250


def many(call: Call) -> Reply:
    """The commits of a branch, newest first; by path and by time."""
    query = call.query
    start = query.get("sha") or call.repo.default_branch
    sha = call.git.resolve(start)
    if not sha:
        if not call.git.refs():
            raise Refused(409, "Git Repository is empty.")
        raise Refused(404, "Not Found")
    words = ["rev-list", sha]
    words += [f"--since={query['since']}"] if query.get("since") else []
    words += [f"--until={query['until']}"] if query.get("until") else []
    words += ["--", query["path"]] if query.get("path") else []
    found = call.git.run(*words).decode().split()
    return page(call, found, lambda each: commit(call.world, call.repo, each))


def one(call: Call) -> Reply:
    """A commit with its files; only its hash for ``application/vnd.github.sha``."""
    sha = call.commit(call.params["ref"])
    accept = call.request.headers.get("accept", "")
    if "sha" in accept:
        return Reply(200, sha, {"content-type": "application/vnd.github.sha; charset=utf-8"})
    if "diff" in accept or "patch" in accept:
        text = call.git.run("format-patch", "--stdout", "-1", sha)
        return Reply(200, text, {"content-type": "text/plain; charset=utf-8"})
    return Reply(200, with_files(call.world, call.repo, sha))


def pulls(call: Call) -> Reply:
    """Merged pull requests that brought a commit in, else the open ones that hold it."""
    sha = call.commit(call.params["commit_sha"])
    holding = [
        issue
        for issue in call.repo.pulls()
        if issue.pull
        and (
            (issue.pull.merge_commit_sha == sha and issue.pull.merged_at is not None)
            or sha in between(call.git.path, issue.pull.base_sha, issue.pull.head_sha)
        )
    ]
    merged = [i for i in holding if i.pull and i.pull.merged_at is not None]
    return page(
        call,
        merged or [i for i in holding if i.state == "open"],
        lambda i: simple(call.world, call.repo, i),
    )


def compare(call: Call) -> Reply:
    """``base...head``, both of this repository or ``owner:branch`` of a fork."""
    names = call.params["basehead"].split("...")
    if len(names) != 2:
        raise Refused(404, "Not Found")
    old, new = (_side(call, name) for name in names)
    git = call.git
    base = merge_base(git, old, new)
    if not base:
        raise Refused(404, f"No common ancestor between {names[0]} and {names[1]}.")
    ahead, behind = between(git.path, old, new), between(git.path, new, old)
    status = "identical"
    if ahead or behind:
        status = "diverged" if ahead and behind else "ahead" if ahead else "behind"
    url, html = api_url(call.world, call.repo), page_url(call.world, call.repo)
    address = f"{html}/compare/{call.params['basehead']}"
    changed = patched(git.path, base, new)[:MAX_COMPARE_FILES]
    paged = "page" in call.query or "per_page" in call.query
    body = {
        "url": f"{url}/compare/{call.params['basehead']}",
        "html_url": address,
        "permalink_url": f"{html}/compare/{old[:7]}...{new[:7]}",
        "diff_url": f"{address}.diff",
        "patch_url": f"{address}.patch",
        "base_commit": commit(call.world, call.repo, old),
        "merge_base_commit": commit(call.world, call.repo, base),
        "status": status,
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "files": [changed_file(call.world, call.repo, f, new) for f in changed],
    }
    # Without pages the newest 250 commits come; with pages all of them do.
    listed = ahead if paged else ahead[-MAX_COMPARE_COMMITS:]
    most = 30 if paged else MAX_COMPARE_COMMITS
    if not paged:
        return Reply(200, body | {"commits": [commit(call.world, call.repo, s) for s in listed]})
    return page(
        call,
        listed,
        lambda s: commit(call.world, call.repo, s),
        wrap=lambda shown: body | {"commits": shown},
        default=most,
    )


def _side(call: Call, name: str) -> str:
    owner, colon, branch = name.rpartition(":")
    sha = call.git.resolve(name) if not colon else _foreign(call, owner.split(":")[0], branch)
    if not sha:
        raise Refused(404, "Not Found")
    return sha


def _foreign(call: Call, owner: str, branch: str) -> str:
    for other in call.world.repos.values():
        if other.owner.login.lower() != owner.lower():
            continue
        if other is call.repo:
            return call.git.resolve(branch)
        related = call.repo.id in (other.parent, other.id) or other.id == call.repo.parent
        sha = call.world.git(other).resolve(branch) if related else ""
        if sha:
            if not call.git.kind(sha):
                call.git.fetch(other.path, sha)
            return sha
    return ""


ROUTES.add("GET", "/repos/{owner}/{repo}/commits", many, needs="contents:read")
ROUTES.add("GET", "/repos/{owner}/{repo}/commits/{ref}", one, needs="contents:read")
ROUTES.add(
    "GET", "/repos/{owner}/{repo}/commits/{commit_sha}/pulls", pulls, needs="pull_requests:read"
)
ROUTES.add("GET", "/repos/{owner}/{repo}/compare/{basehead}", compare, needs="contents:read")
