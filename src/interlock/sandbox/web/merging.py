"""Whether a pull request can be merged, and what stands against it."""

from __future__ import annotations

from interlock.sandbox import judging, pulling
from interlock.sandbox.judging import Verdict
from interlock.sandbox.records import Issue, Pull, Repo
from interlock.sandbox.web import checks
from interlock.sandbox.web.markup import Safe, join, link, tag, text
from interlock.sandbox.web.people import person
from interlock.sandbox.web.times import ago
from interlock.sandbox.web.visit import Visit, address
from interlock.sandbox.wire import Refused
from interlock.values import NamedTuple

_METHODS = (
    ("merge", "allow_merge_commit"),
    ("squash", "allow_squash_merge"),
    ("rebase", "allow_rebase_merge"),
)
_RULES = {
    "pull_request": "Reviews",
    "required_status_checks": "Required checks",
    "required_linear_history": "Linear history",
}


class Outcome(NamedTuple):
    """Whether a pull request can be merged: the colour, the headline, and what explains it.

    ``method`` is how it can be merged, "" where it cannot.
    """

    kind: str
    title: str
    lines: tuple[Safe, ...]
    method: str = ""


def outcome(visit: Visit, repo: Repo, issue: Issue, pull: Pull) -> Outcome:
    """The verdict, with every rule and what it says."""
    if pull.merged_at is not None:
        return Outcome("merged", "Merged", (_merged(visit, repo, pull, pull.merged_at),))
    if issue.state != "open":
        return Outcome("closed", "Closed without being merged", ())
    _compute(visit, repo, issue)
    method, verdicts = _verdicts(visit, repo, issue)
    reasons = _reasons(pull)
    shown = [_line(False, *reason) for reason in reasons]
    for verdict in verdicts:
        whole = _explained(visit, repo, pull, verdict)
        shown += [_line(not why, _rule(verdict), why or "satisfied.") for why in whole]
    if not verdicts:
        shown.append(_line(True, "Rules", f"no ruleset holds on {pull.base_ref}."))
    lines = (*shown, *_bypass(visit, repo, verdicts))
    if reasons or any(verdict.why for verdict in verdicts):
        return Outcome("bad", "Merging is blocked", lines)
    return Outcome("good", "This pull request can be merged", lines, method)


def box(of: Outcome, button: Safe) -> Safe:
    """The outcome in a frame, with the button to merge."""
    listed = tag("ul", *(tag("li", line) for line in of.lines)) if of.lines else ""
    return tag("div", tag("h3", of.title), listed, button, class_=f"merge {of.kind}")


def summary(of: Outcome) -> Safe:
    """The headline alone, for the top of the page."""
    sign = {"good": "✓", "bad": "✗"}.get(of.kind)
    if sign is None:
        return Safe("")
    shown = tag(
        "span", tag("span", sign, aria_hidden="true"), " ", of.title, class_=f"state {of.kind}"
    )
    return tag("p", link("#merge", shown), class_="meta verdict")


def _compute(visit: Visit, repo: Repo, issue: Issue) -> None:
    """Looking at a pull request makes GitHub try the merge."""
    try:
        pulling.compute(visit.world, repo, issue)
    except Refused:  # the base is gone; what follows says so
        return


def _merged(visit: Visit, repo: Repo, pull: Pull, when: float) -> Safe:
    sha = pull.merge_commit_sha or ""
    commit = join((" as ", link(address(repo, "commit", sha), tag("code", sha[:7])))) if sha else ""
    by = join((" by ", person(pull.merged_by))) if pull.merged_by else ""
    return join((f"Into {pull.base_ref}", by, commit, ", ", ago(when, visit.now), "."))


def _line(good: bool, what: str, why: str) -> Safe:
    sign, word = ("✓", "yes") if good else ("✗", "no")
    mark = tag("span", sign, class_="good" if good else "bad", aria_label=word, role="img")
    return join((mark, " ", tag("strong", what), ": ", why))


def _reasons(pull: Pull) -> list[tuple[str, str]]:
    """What no rule says, but stands against a merge."""
    found = []
    if pull.draft:
        found.append(("Draft", "it has to be marked as ready for review first."))
    if pull.mergeable is False:
        found.append(("Conflict", f"the branch cannot be merged into {pull.base_ref} by itself."))
    return found


def _verdicts(visit: Visit, repo: Repo, issue: Issue) -> tuple[str, list[Verdict]]:
    """What the rules say of the merge method that they like best among those allowed here."""
    allowed = [name for name, key in _METHODS if repo.settings.get(key, True) is not False]
    tried = {
        each: judging.of_merge(visit.world, repo, issue, each) for each in allowed or ["merge"]
    }
    return min(tried.items(), key=lambda each: sum(bool(v.why) for v in each[1]))


def _rule(verdict: Verdict) -> str:
    name = _RULES.get(verdict.kind, verdict.kind.replace("_", " ").capitalize())
    return f"{name} (ruleset “{verdict.ruleset.name}”)"


def _explained(visit: Visit, repo: Repo, pull: Pull, verdict: Verdict) -> list[str]:
    """Why one rule says no; a rule about checks says it for each of them. [""] for a yes."""
    if verdict.kind != "required_status_checks" or not verdict.why:
        return [verdict.why]
    said = {"": "was not reported", "pending": "is pending", "failure": "failed"}
    found = []
    for each in checks.required(visit.world, repo, pull.base_ref):
        state = judging.check_state(repo, pull.head_sha, each.context, each.app)
        if state != "success":
            more = _described(repo, pull.head_sha, each) if state else ""
            found.append(f"{each.context} {said.get(state, state)}{more}.")
    return found or [verdict.why]


def _described(repo: Repo, sha: str, each: checks.Required) -> str:
    """What the status itself says, where it is the one that counts."""
    status = judging.latest_statuses(repo, sha).get(each.context)
    counts = status and each.app in (None, status.app.id if status.app else 0)
    return f": {status.description}" if status and counts and status.description else ""


def _bypass(visit: Visit, repo: Repo, verdicts: list[Verdict]) -> tuple[Safe, ...]:
    """A remark where the viewer may merge all the same."""
    token = visit.token
    held = [v for v in verdicts if v.why]
    if token is None or not held:
        return ()
    if all(judging.bypasses(visit.world, repo, token, v.ruleset, pull=True) for v in held):
        return (text(f"{token.user.login} may bypass the rulesets that say no."),)
    return ()
