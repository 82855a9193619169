"""https://docs.github.com/rest/pulls/pulls."""

from __future__ import annotations

from interlock.sandbox import events, pulling, refs
from interlock.sandbox.actors import Token
from interlock.sandbox.call import Call, chosen, long_text, words
from interlock.sandbox.gitdiff import MAX_PULL_FILES, merge_base, patched
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.commits import changed_file, commit
from interlock.sandbox.payloads.pulls import full, simple
from interlock.sandbox.records import Issue
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply, invalid

ROUTES = Routes()
_READ, _WRITE = "pull_requests:read", "pull_requests:write"


def _token(call: Call) -> Token:
    if call.token is None:
        raise Refused(401, "Requires authentication")
    return call.token


def many(call: Call) -> Reply:
    """Pull requests by state, head (``owner:branch``) and base; newest first."""
    query = call.query
    state = query.get("state", "open")
    if state not in ("open", "closed", "all"):
        raise invalid("PullRequest", "state")
    found = [i for i in call.repo.pulls() if state in ("all", i.state)]
    if base := query.get("base"):
        found = [i for i in found if i.pull and i.pull.base_ref == base]
    if ":" in (head := query.get("head", "")):
        # A head without its owner filters nothing, as on GitHub.
        found = [i for i in found if i.pull and i.pull.head_label.lower() == head.lower()]
    sort = query.get("sort", "created")
    found.sort(key=lambda i: (i.updated_at if sort == "updated" else i.created_at, i.number))
    if query.get("direction", "desc" if sort == "created" else "asc") == "desc":
        found.reverse()
    viewer = call.token.user if call.token else None
    return page(call, found, lambda i: simple(call.world, call.repo, i, viewer))


def get(call: Call) -> Reply:
    """One pull request; ``mergeable`` is null until GitHub has computed it."""
    issue, pull = call.pull()
    accept = call.request.headers.get("accept", "")
    if "diff" in accept or "patch" in accept:
        git = call.git
        flags = ("format-patch", "--stdout") if "patch" in accept else ("diff",)
        span = f"{pull.base_sha}{'..' if 'patch' in accept else '...'}{pull.head_sha}"
        return Reply(200, git.run(*flags, span), {"content-type": "text/plain; charset=utf-8"})
    pulling.read(call.world, call.repo, issue)
    return _shown(call, issue)


def _shown(call: Call, issue: Issue, status: int = 200) -> Reply:
    shown = full(call.world, call.repo, issue, call.token.user if call.token else None)
    return Reply(status, shown, {"location": shown["url"]} if status == 201 else {})


def create(call: Call) -> Reply:
    """Open a pull request from a branch of this repository or of a fork."""
    body = call.body()
    title = words(body, "title", "PullRequest", needed="issue" not in body) or ""
    proposal = pulling.Proposal(
        title,
        words(body, "head", "PullRequest", needed=True) or "",
        words(body, "base", "PullRequest", needed=True) or "",
        long_text(body, "PullRequest"),
        bool(body.get("draft", False)),
        words(body, "head_repo", "PullRequest") or "",
        bool(body.get("maintainer_can_modify", True)),
    )
    token = _token(call)
    head, _ = pulling.head_of(call.world, call.repo, proposal)
    if token.kind == "user" and call.world.role(token.user, head) in ("none", "read", "triage"):
        raise Refused(403, "Must have push access to the head repository")
    if len(title) > 256:
        raise invalid(
            "PullRequest", "title", "custom", "title is too long (maximum is 256 characters)"
        )
    return _shown(call, pulling.propose(call.world, call.repo, proposal, token), 201)


def update(call: Call) -> Reply:
    """Change title, body, state or base.

    A wrong base is answered with 422 after the title was already changed, as measured of GitHub.
    """
    issue, pull = call.pull()
    body, token, world = call.body(), _token(call), call.world
    if token.user is not issue.user and not call.may("write"):
        raise Refused(403, "Must have push access to repository")
    changes = {}
    for field, value in (
        ("title", words(body, "title", "PullRequest")),
        ("body", long_text(body, "PullRequest")),
    ):
        if value is not None and value != getattr(issue, field):
            changes[field] = {"from": getattr(issue, field) or ""}
            setattr(issue, field, value)
    if changes:
        issue.updated_at = world.now()
        events.pull(world, call.repo, issue, "edited", token, {"changes": changes})
    base = words(body, "base", "PullRequest")
    if base and base != pull.base_ref:
        if issue.state != "open":
            raise invalid(
                "PullRequest",
                "base",
                "custom",
                "Cannot change the base branch of a closed pull request.",
            )
        refs.retarget(world, call.repo, issue, base, token)
    if "maintainer_can_modify" in body:
        pull.maintainer_can_modify = bool(body["maintainer_can_modify"])
    state = chosen(body, "state", ("open", "closed"), issue.state)
    if state == "closed" and issue.state == "open":
        refs.close(world, call.repo, issue, token)
    elif state == "open" and issue.state == "closed":
        reopen(call, issue, token)
    return _shown(call, issue)


def reopen(call: Call, issue: Issue, token: Token) -> None:
    """Open a closed pull request again; raises Refused 422 where a branch is gone or it merged."""
    pull = issue.pull
    assert pull is not None
    head = call.world.repos.get(pull.head_repo)
    sha = call.world.git(head).branch(pull.head_ref) if head else ""
    if pull.merged_at is not None or not sha or not call.git.branch(pull.base_ref):
        raise invalid(
            "PullRequest",
            "state",
            "custom",
            "state cannot be changed. The branch was deleted or merged.",
        )
    if sha != pull.head_sha and not call.world.git(call.repo).ancestor(pull.head_sha, sha):
        refs.keep_head(call.world, call.repo, issue, sha)
        if not call.git.ancestor(pull.head_sha, sha):
            # https://docs.github.com/pull-requests: a force-pushed branch cannot be reopened
            text = "state cannot be changed. The branch was force-pushed or recreated."
            raise invalid("PullRequest", "state", "custom", text)
    refs.keep_head(call.world, call.repo, issue, sha)
    pull.head_sha = sha
    pull.mergeable, pull.asked = None, 0
    issue.state, issue.closed_at, issue.closed_by = "open", None, None
    issue.updated_at = call.world.now()
    events.pull(call.world, call.repo, issue, "reopened", token)


def changed(call: Call) -> Reply:
    """The changed files, at most 3,000 of them."""
    _, pull = call.pull()
    start = merge_base(call.git, pull.base_sha, pull.head_sha)
    found = patched(call.git.path, start, pull.head_sha)[:MAX_PULL_FILES] if start else ()
    return page(call, found, lambda f: changed_file(call.world, call.repo, f, pull.head_sha))


def commits(call: Call) -> Reply:
    """The commits, at most 250 of them."""
    _, pull = call.pull()
    found = pulling.commits(call.world, call.repo, pull)
    return page(call, found, lambda sha: commit(call.world, call.repo, sha))


def review_comments(call: Call) -> Reply:
    """Comments on lines: the sandbox has none."""
    call.pull()
    return page(call, [], lambda each: each)


_ONE = "/repos/{owner}/{repo}/pulls/{pull_number}"
ROUTES.add("GET", "/repos/{owner}/{repo}/pulls", many, needs=_READ)
ROUTES.add("POST", "/repos/{owner}/{repo}/pulls", create, needs=_WRITE)
ROUTES.add("GET", _ONE, get, needs=_READ)
ROUTES.add("PATCH", _ONE, update, needs=_WRITE)
ROUTES.add("GET", f"{_ONE}/files", changed, needs=_READ)
ROUTES.add("GET", f"{_ONE}/commits", commits, needs=_READ)
ROUTES.add("GET", f"{_ONE}/comments", review_comments, needs=_READ)
