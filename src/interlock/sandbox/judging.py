"""Which rules hold on a ref, and what they say of a push or a merge.

https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from interlock.sandbox.actors import Token, User
from interlock.sandbox.records import CheckRun, Issue, Pull, Repo, Review, Ruleset, Status
from interlock.sandbox.world import ROLES, World
from interlock.values import Any, NamedTuple

#: Conclusions that satisfy a required check.
#: https://docs.github.com/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks
PASSING = ("success", "neutral", "skipped")
#: The base roles by the number that bypass actors use for them.
_ROLE_IDS = {1: "read", 2: "maintain", 3: "triage", 4: "write", 5: "admin"}


class Verdict(NamedTuple):
    """What one rule says; ``why`` is "" where it is satisfied."""

    ruleset: Ruleset
    kind: str
    why: str


def rulesets(world: World, repo: Repo, ref: str) -> list[Ruleset]:
    """The rulesets of repository and organisation whose conditions name this ref, by id."""
    found = list(repo.rulesets.values())
    found += world.org_rulesets.get(repo.owner.login.lower(), {}).values()
    return [each for each in found if _applies(each, repo, ref)]


def _applies(which: Ruleset, repo: Repo, ref: str) -> bool:
    target = "tag" if ref.startswith("refs/tags/") else "branch"
    if which.target != target:
        return False
    conditions = which.conditions or {}
    names = conditions.get("repository_name")
    if names and not _named(names, repo.name):
        return False
    ids = conditions.get("repository_id")
    if ids and repo.id not in ids.get("repository_ids", ()):
        return False
    wanted = conditions.get("repository_property")
    if wanted and not _holds(wanted, repo):
        return False
    refs = conditions.get("ref_name")
    if refs is None:
        return which.source_type == "Repository"
    default = f"refs/heads/{repo.default_branch}"
    return any(_ref_matches(p, ref, default) for p in refs.get("include", ())) and not any(
        _ref_matches(p, ref, default) for p in refs.get("exclude", ())
    )


def _named(names: dict[str, Any], name: str) -> bool:
    def match(pattern: str) -> bool:
        return pattern == "~ALL" or bool(_glob(pattern).fullmatch(name))

    return any(map(match, names.get("include", ()))) and not any(
        map(match, names.get("exclude", ()))
    )


def _holds(wanted: dict[str, Any], repo: Repo) -> bool:
    def match(one: dict[str, Any]) -> bool:
        return repo.properties.get(one["name"]) in one.get("property_values", ())

    return all(map(match, wanted.get("include", ()))) and not any(
        map(match, wanted.get("exclude", ()))
    )


def _ref_matches(pattern: str, ref: str, default: str) -> bool:
    if pattern == "~ALL":
        return True
    if pattern == "~DEFAULT_BRANCH":
        return ref == default
    return bool(_glob(pattern).fullmatch(ref))


@lru_cache(maxsize=1024)
def _glob(pattern: str) -> re.Pattern[str]:
    """fnmatch as GitHub uses it: a star stays within a path segment, two cross it."""
    stars = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    out = [stars.get(part, re.escape(part)) for part in re.split(r"(\*\*/?|\*|\?)", pattern)]
    return re.compile("".join(out), re.DOTALL)


def rules(world: World, repo: Repo, ref: str) -> Iterator[tuple[Ruleset, dict[str, Any]]]:
    """Every active rule on a ref with its ruleset."""
    for each in rulesets(world, repo, ref):
        if each.enforcement == "active":
            for rule in each.rules:
                yield each, rule


def bypasses(world: World, repo: Repo, token: Token, which: Ruleset, *, pull: bool) -> bool:
    """Whether the caller may bypass a ruleset; ``pull`` tells that this is a merge."""
    modes = ("always", "exempt", "pull_request") if pull else ("always", "exempt")
    return any(mode in modes for mode in _modes(world, repo, token, which))


def exempts(world: World, repo: Repo, token: Token, which: Ruleset) -> bool:
    """Whether a ruleset does not run at all for the caller, who then leaves no entry."""
    return "exempt" in _modes(world, repo, token, which)


def _modes(world: World, repo: Repo, token: Token, which: Ruleset) -> list[str]:
    """How the caller may bypass a ruleset, by each actor that it is."""
    actors = which.bypass_actors
    return [a.get("bypass_mode", "always") for a in actors if _is(world, repo, token, a)]


def _is(world: World, repo: Repo, token: Token, actor: dict[str, Any]) -> bool:
    kind, number = actor.get("actor_type"), actor.get("actor_id")
    app = token.acting_app
    if kind == "Integration" and app is not None and app.id == number:
        return True
    if token.kind in ("installation", "actions"):
        return False
    if kind == "OrganizationAdmin":
        return repo.owner.members.get(token.user.login) == "admin"
    if kind == "User":
        return token.user.id == number
    role = _ROLE_IDS.get(number) if kind == "RepositoryRole" and number else None
    return bool(role) and ROLES.index(world.role(token.user, repo)) >= ROLES.index(role or "admin")


def of_merge(world: World, repo: Repo, issue: Issue, method: str = "merge") -> list[Verdict]:
    """What every rule on the base says of merging this pull request now."""
    pull = issue.pull
    assert pull is not None
    found = []
    for which, rule in rules(world, repo, f"refs/heads/{pull.base_ref}"):
        parameters = rule.get("parameters") or {}
        why = ""
        if rule["type"] == "pull_request":
            why = _reviews(world, repo, issue, parameters, method)
        elif rule["type"] == "required_status_checks":
            why = _checks(world, repo, pull, parameters)
        elif rule["type"] == "required_linear_history" and method == "merge":
            why = "Merge commits are not allowed on this branch."
        found.append(Verdict(which, rule["type"], why))
    return found


def checks_on(world: World, repo: Repo, sha: str, ref: str) -> str:
    """Why a commit lacks a check that the rules of a ref ask for, "" where it lacks none."""
    found = (
        _missing(repo, sha, rule.get("parameters") or {}) for _, rule in rules(world, repo, ref)
    )
    return next((why for why in found if why), "")


def _missing(repo: Repo, sha: str, parameters: dict[str, Any]) -> str:
    for wanted in parameters.get("required_status_checks", ()):
        state = check_state(repo, sha, wanted["context"], wanted.get("integration_id"))
        if state != "success":
            said = {"": "expected", "pending": "pending"}.get(state, "failing")
            return f'Required status check "{wanted["context"]}" is {said}.'
    return ""


def _checks(world: World, repo: Repo, pull: Pull, parameters: dict[str, Any]) -> str:
    if why := _missing(repo, pull.head_sha, parameters):
        return why
    if parameters.get("strict_required_status_checks_policy"):
        git = world.git(repo)
        if not git.ancestor(git.branch(pull.base_ref), pull.head_sha):
            return "This branch must not be behind its base branch."
    return ""


def check_state(repo: Repo, sha: str, context: str, app_id: int | None) -> str:
    """success, pending, failure, or "" where nothing was reported (by that App).

    A pinned check counts from its App alone. https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets#require-status-checks-to-pass-before-merging
    """
    states = []
    status = latest_statuses(repo, sha).get(context)
    if status is not None and app_id in (None, status.app.id if status.app else 0):
        states.append({"error": "failure"}.get(status.state, status.state))
    runs = [r for r in latest_runs(repo, sha) if r.name == context]
    for run in runs:
        if app_id in (None, run.suite.app.id):
            done = run.status == "completed"
            passed = "success" if run.conclusion in PASSING else "failure"
            states.append(passed if done else "pending")
    return next((s for s in ("failure", "pending", "success") if s in states), "")


def latest_statuses(repo: Repo, sha: str) -> dict[str, Status]:
    """The newest status of each context."""
    return {each.context: each for each in repo.statuses.get(sha, ())}


def latest_runs(repo: Repo, sha: str) -> list[CheckRun]:
    """The newest check run of each name and suite."""
    found = {(r.suite.id, r.name): r for r in repo.checks.values() if r.sha == sha}
    return list(found.values())


def combined_state(statuses: list[Status]) -> str:
    """failure, pending or success of the latest statuses; pending where there are none.

    https://docs.github.com/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
    """
    states = {each.state for each in statuses}
    if states & {"error", "failure"}:
        return "failure"
    return "pending" if not states or "pending" in states else "success"


def deciding(
    world: World, repo: Repo, issue: Issue, *, readers: bool = False
) -> dict[User, Review]:
    """The newest review that approves or requests changes, of each reviewer with write access.

    With ``readers`` also of those without it, whose reviews decide nothing.
    """
    assert issue.pull is not None
    found: dict[User, Review] = {}
    for review in issue.pull.reviews:
        if review.state not in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED"):
            continue
        writes = ROLES.index(world.role(review.user, repo)) >= ROLES.index("write")
        if review.user is not issue.user and (writes or readers):
            found[review.user] = review
    return {who: review for who, review in found.items() if review.state != "DISMISSED"}


def _reviews(
    world: World, repo: Repo, issue: Issue, parameters: dict[str, Any], method: str
) -> str:
    allowed = parameters.get("allowed_merge_methods")
    if allowed and method not in allowed:
        return f"The merge method {method} is not allowed on this branch."
    held = deciding(world, repo, issue).values()
    if any(review.state == "CHANGES_REQUESTED" for review in held):
        return "Changes have been requested."
    needed = int(parameters.get("required_approving_review_count", 0))
    approvals = sum(review.state == "APPROVED" for review in held)
    if approvals < needed:
        count = f"{needed} approving review{'s are' if needed > 1 else ' is'}"
        return f"At least {count} required by reviewers with write access."
    return ""


def review_decision(world: World, repo: Repo, issue: Issue) -> str | None:
    """GraphQL's reviewDecision: None where no rule asks for reviews."""
    assert issue.pull is not None
    asked = [
        int((rule.get("parameters") or {}).get("required_approving_review_count", 0))
        for _, rule in rules(world, repo, f"refs/heads/{issue.pull.base_ref}")
        if rule["type"] == "pull_request"
    ]
    held = deciding(world, repo, issue).values()
    if any(review.state == "CHANGES_REQUESTED" for review in held):
        return "CHANGES_REQUESTED"
    if not asked or max(asked) == 0:
        return None
    enough = sum(review.state == "APPROVED" for review in held) >= max(asked)
    return "APPROVED" if enough else "REVIEW_REQUIRED"


def mergeable_state(world: World, repo: Repo, issue: Issue) -> str:
    """unknown, dirty, draft, blocked, unstable or clean."""
    pull = issue.pull
    assert pull is not None
    if issue.state == "closed" or pull.mergeable is None:
        return "unknown"
    if not pull.mergeable:
        return "dirty"
    if pull.draft:
        return "draft"
    if any(verdict.why for verdict in of_merge(world, repo, issue, "squash")):
        return "blocked"
    statuses = list(latest_statuses(repo, pull.head_sha).values())
    runs = latest_runs(repo, pull.head_sha)
    red = bool(statuses) and combined_state(statuses) != "success"
    return "unstable" if red or any(r.conclusion not in PASSING for r in runs) else "clean"
