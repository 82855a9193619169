"""A pull request on one page: talk, checks, the gate, commits and changes."""

from __future__ import annotations

from interlock.sandbox import pulling
from interlock.sandbox.gitdiff import Changed, merge_base, patched
from interlock.sandbox.records import Issue, Pull, Repo
from interlock.sandbox.web import checks, commits, conversation, diff, landing, merging
from interlock.sandbox.web.forms import reason, sent, wrong
from interlock.sandbox.web.layout import page, section
from interlock.sandbox.web.markup import Safe, join, link, tag
from interlock.sandbox.web.people import branch, labels, person, state
from interlock.sandbox.web.times import ago
from interlock.sandbox.web.visit import Visit, address, issue
from interlock.sandbox.wire import Refused, Reply

#: GitHub has pages for these; here they are parts of one.
_PARTS = {
    "commits": "commits",
    "files": "files",
    "changes": "files",
    "checks": "checks",
    "merge": "merge",
}


def show(visit: Visit, owner: str, name: str, rest: list[str]) -> Reply:
    """``/pull/N``; raises Refused 404."""
    repo = visit.repo(owner, name)
    found = issue(repo, rest[0] if rest else "")
    pull = found.pull
    if pull is None:
        return Reply(302, "", {"location": address(repo, "issues", found.number)})
    here = address(repo, "pull", found.number)
    if rest[1:] == ["merge"] and visit.request.method == "POST":
        fields = sent(visit, _bound(repo, found))
        try:
            landing.merge(visit, repo, found, fields)
        except Refused as refused:
            return _page(visit, repo, found, pull, refused)
        return Reply(303, "", {"location": here})
    if len(rest) > 1:
        if rest[1] not in _PARTS:
            raise Refused(404, "A pull request has no such page.")
        return Reply(302, "", {"location": f"{here}#{_PARTS[rest[1]]}"})
    return _page(visit, repo, found, pull)


def _bound(repo: Repo, found: Issue) -> tuple[object, ...]:
    return (repo.id, "pull", found.number)


def _page(
    visit: Visit, repo: Repo, found: Issue, pull: Pull, refused: Refused | None = None
) -> Reply:
    outcome = merging.outcome(visit, repo, found, pull)
    button = landing.button(visit, repo, found, outcome.method, _bound(repo, found))
    content = join(
        (
            _top(visit, repo, found, pull),
            merging.summary(outcome),
            wrong(reason(refused) if refused else ""),
            _parts(visit, repo, found, pull, merging.box(outcome, button)),
        )
    )
    title = f"{found.title} · Pull request #{found.number} · {repo.full_name}"
    return page(visit, title, content, repo=repo, status=refused.status if refused else 200)


def _top(visit: Visit, repo: Repo, found: Issue, pull: Pull) -> Safe:
    number = tag("span", f"#{found.number}", class_="quiet")
    done = "merged" if pull.merged_at is not None else "wants to merge"
    who = pull.merged_by if pull.merged_at is not None and pull.merged_by else found.user
    head = pull.head_ref if pull.head_repo == repo.id else pull.head_label
    compared = address(repo, "compare", f"{pull.base_ref}...{head}")
    return join(
        (
            tag("h1", found.title or "(no title)", " ", number),
            tag(
                "p",
                *(state(found), " ", person(who), f" {done} ", link(compared, branch(head))),
                *(" into ", branch(pull.base_ref), " · opened ", ago(found.created_at, visit.now)),
                class_="meta",
            ),
            tag("p", labels(found.labels)) if found.labels else "",
        )
    )


def _parts(visit: Visit, repo: Repo, found: Issue, pull: Pull, merge: Safe) -> Safe:
    shas = pulling.commits(visit.world, repo, pull)
    files = _files(visit, repo, pull)
    wanted = checks.required(visit.world, repo, pull.base_ref) if found.state == "open" else ()
    head = tag("p", "On the head, commit ", tag("code", pull.head_sha[:7]), ".", class_="quiet")
    reported = checks.reported(visit, repo, pull.head_sha, wanted)
    names = {
        "conversation": "Conversation",
        "checks": "Checks",
        "merge": "Merge",
        "commits": f"Commits ({len(shas)})",
        "files": f"Files changed ({len(files)})",
    }
    jump = (tag("li", link(f"#{name}", words)) for name, words in names.items())
    return join(
        (
            tag("nav", tag("ul", *jump), class_="parts", aria_label="On this page"),
            section(
                names["conversation"], conversation.talk(visit, repo, found), name="conversation"
            ),
            section(names["checks"], head, reported, name="checks"),
            section(names["merge"], merge, name="merge"),
            section(names["commits"], commits.listed(visit, repo, shas), name="commits"),
            section(names["files"], diff.changed(repo, pull.head_sha, files), name="files"),
        )
    )


def _files(visit: Visit, repo: Repo, pull: Pull) -> tuple[Changed, ...]:
    git = visit.git(repo)
    start = merge_base(git, pull.base_sha, pull.head_sha)
    return patched(git.path, start, pull.head_sha) if start else ()
