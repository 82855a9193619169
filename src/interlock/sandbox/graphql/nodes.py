"""Things by their node id."""

from __future__ import annotations

from interlock.sandbox.graphql.places import (
    Asking,
    CommentAt,
    CommitAt,
    Failed,
    LabelAt,
    RefAt,
    ReviewAt,
    RulesetAt,
    RunAt,
    SuiteAt,
)
from interlock.sandbox.records import Issue, Repo
from interlock.values import Any


def find(asking: Asking, node: str) -> Any:
    """What a node id names, where the caller can see it; raises Failed NOT_FOUND."""
    prefix, _, rest = node.partition("_")
    found = _find(asking, prefix, rest)
    if found is None:
        raise Failed("NOT_FOUND", f"Could not resolve to a node with the global id of '{node}'.")
    return found


def _find(asking: Asking, prefix: str, rest: str) -> Any:
    world = asking.world
    if prefix in ("C", "REF"):
        number, _, name = rest.partition("_")
        repo = world.repos.get(int(number)) if number.isdecimal() else None
        if repo is None or not asking.sees(repo):
            return None
        if prefix == "REF":
            return RefAt(repo, name) if name in world.git(repo).refs() else None
        return CommitAt(repo, name) if world.git(repo).resolve(name) else None
    if not rest.isdecimal():
        return None
    number_ = int(rest)
    if prefix in ("U", "O", "BOT"):
        return next((u for u in world.users.values() if u.id == number_), None)
    if prefix == "A":
        return world.apps.get(number_)
    for repo in world.repos.values():
        if asking.sees(repo):
            found = _inside(repo, prefix, number_)
            if found is not None:
                return found
    return None


def _inside(repo: Repo, prefix: str, number: int) -> Any:
    if prefix == "R":
        return repo if repo.id == number else None
    if prefix == "LA":
        return next((LabelAt(repo, x) for x in repo.labels.values() if x.id == number), None)
    if prefix == "CR":
        run = repo.checks.get(number)
        return RunAt(repo, run) if run else None
    if prefix == "CS":
        suite = repo.suites.get(number)
        return SuiteAt(repo, suite) if suite else None
    if prefix == "RRS":
        held = repo.rulesets.get(number)
        return RulesetAt(repo, held) if held else None
    for issue in repo.issues.values():
        found = _on_issue(issue, prefix, number)
        if found is not None:
            return found
    return None


def _on_issue(issue: Issue, prefix: str, number: int) -> Any:
    if prefix in ("PR", "I"):
        return issue if issue.id == number else None
    if prefix == "IC":
        return next((CommentAt(issue, c) for c in issue.comments if c.id == number), None)
    if prefix == "PRR" and issue.pull:
        return next((ReviewAt(issue, r) for r in issue.pull.reviews if r.id == number), None)
    return None
