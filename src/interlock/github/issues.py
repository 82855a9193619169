"""Issues that get the checklist of an experiment: which they are, and our comment on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interlock.changes.ticket import Named, experiment_of
from interlock.errors import GitHubError, UsageError
from interlock.github.comments import Done, listed, mine, remove, upsert
from interlock.github.hub import Hub
from interlock.github.pulls import INSIDERS
from interlock.policy.model import Checklist
from interlock.values import NamedTuple

MARKER = "<!-- interlock:checklist -->"


class Issue(NamedTuple):
    """An issue of ``repo`` (owner/name as GitHub has it)."""

    repo: str
    number: int
    body: str
    labels: tuple[str, ...]
    by_member: bool
    is_open: bool

    @property
    def name(self) -> str:
        """``owner/name#12``."""
        return f"{self.repo}#{self.number}"


def issue(hub: Hub, repo: str, number: int) -> Issue:
    """Read one; raises GitHubError where it cannot be, UsageError for a pull request."""
    data = hub.to(repo).get(f"/repos/{repo}/issues/{number}").data
    if "pull_request" in data:
        raise UsageError(f"{repo}#{number} is a pull request: a checklist is written on an issue")
    return _issue(repo, data)


def labelled(hub: Hub, repo: str, label: str) -> tuple[Issue, ...]:
    """The open issues with the label; none where the repository has no issues at all (410)."""
    try:
        every = hub.to(repo).pages(f"/repos/{repo}/issues", labels=label, state="open")
    except GitHubError as error:
        if error.status != 410:
            raise
        return ()
    return tuple(_issue(repo, data) for data in every if "pull_request" not in data)


def _issue(repo: str, data: Mapping[str, Any]) -> Issue:
    return Issue(
        repo,
        int(data["number"]),
        str(data.get("body") or ""),
        tuple(str(one["name"]) for one in data.get("labels") or ()),
        # Without a label, which takes the right to triage, a form has to be theirs.
        data.get("author_association") in INSIDERS,
        data.get("state") == "open",
    )


def asks(one: Issue, settings: Checklist) -> Named | None:
    """The experiment of an issue that gets a checklist; None for one that gets none."""
    experiment = experiment_of(one.body, settings.field)
    if settings.label.casefold() in (label.casefold() for label in one.labels):
        return experiment
    return experiment if experiment.form and one.by_member else None


def write(hub: Hub, one: Issue, body: str, *, dry: bool = False) -> Done:
    """Write the checklist, or take it away where ``body`` is "".

    An issue that is closed gets no new one: what it has is kept up to date.
    """
    connection = hub.to(one.repo)
    known = tuple(listed(connection, one.repo, one.number))
    ours = mine(known, MARKER)
    if not ours and not (body and one.is_open):
        return "unchanged"
    there = connection, one.repo, one.number, MARKER
    return upsert(*there, body, known, dry=dry) if body else remove(*there, known, dry=dry)
