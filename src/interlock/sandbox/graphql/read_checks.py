"""Statuses, check suites, check runs, and all of a commit's together."""

from __future__ import annotations

from interlock.sandbox import judging
from interlock.sandbox.graphql.connections import connection
from interlock.sandbox.graphql.places import (
    Asking,
    CommitAt,
    Failed,
    RefAt,
    RollupAt,
    RunAt,
    StatusAt,
    StatusOf,
    SuiteAt,
)
from interlock.sandbox.payloads.repos import page_url
from interlock.sandbox.payloads.statuses import suite_conclusion
from interlock.sandbox.payloads.times import iso, iso_or_none, node
from interlock.sandbox.records import CheckRun, Repo
from interlock.values import Any

Asked = dict[str, Any]


def _statuses(at: Any, asking: Asking) -> list[StatusAt]:
    asking.may(at.repo, "statuses")
    return [StatusAt(at.repo, s) for s in judging.latest_statuses(at.repo, at.sha).values()]


def _runs(at: Any, asking: Asking) -> list[RunAt]:
    asking.may(at.repo, "checks")
    return [RunAt(at.repo, r) for r in judging.latest_runs(at.repo, at.sha)]


def _contexts(at: RollupAt, asking: Asking, asked: Asked) -> Any:
    return connection([*_runs(at, asking), *_statuses(at, asking)], asked)


def _state(at: RollupAt, asking: Asking, _: Asked) -> str:
    """ERROR and FAILURE before PENDING before SUCCESS."""
    states = [each.status.state for each in _statuses(at, asking)]
    for held in _runs(at, asking):
        if held.run.status != "completed":
            states.append("pending")
        else:
            states.append("success" if held.run.conclusion in judging.PASSING else "failure")
    order = ("error", "failure", "pending")
    return next((s for s in order if s in states), "success").upper()


def _status_state(at: StatusOf, asking: Asking, _: Asked) -> str:
    held = [each.status for each in _statuses(at, asking)]
    return judging.combined_state(held).upper()


def _context(at: StatusOf, asking: Asking, asked: Asked) -> Any:
    return next((s for s in _statuses(at, asking) if s.status.context == asked["name"]), None)


def _required(asking: Asking, repo: Repo, name: str, app: int, asked: Asked) -> bool:
    """Whether a rule on the pull request's base asks for this check."""
    number = asked.get("pullRequestNumber")
    wanted = asked.get("pullRequestId")
    for issue in repo.pulls():
        if issue.pull and (issue.number == number or node("PR", issue.id) == wanted):
            for _, rule in judging.rules(asking.world, repo, f"refs/heads/{issue.pull.base_ref}"):
                checks = (rule.get("parameters") or {}).get("required_status_checks", ())
                if any(
                    c["context"] == name and c.get("integration_id") in (None, app) for c in checks
                ):
                    return True
            return False
    raise Failed("UNPROCESSABLE", "A pull request ID or pull request number is required.")


def _check_runs(at: SuiteAt, _: Asking, asked: Asked) -> Any:
    wanted = asked.get("filterBy") or {}
    found = [
        r
        for r in at.repo.checks.values()
        if r.suite is at.suite and wanted.get("checkName") in (None, r.name)
    ]
    return connection(found, asked, lambda r: RunAt(at.repo, r))


def _of(at: SuiteAt) -> list[CheckRun]:
    return [run for run in at.repo.checks.values() if run.suite is at.suite]


def _suite_status(at: SuiteAt, _: Asking, __: Asked) -> str:
    runs = _of(at)
    if not runs:
        return "QUEUED"
    return "COMPLETED" if all(r.status == "completed" for r in runs) else "IN_PROGRESS"


def _suite_conclusion(at: SuiteAt, asking: Asking, asked: Asked) -> str | None:
    done = _suite_status(at, asking, asked) == "COMPLETED"
    return suite_conclusion(_of(at)).upper() if done else None


TYPES: dict[str, dict[str, Any]] = {
    "StatusCheckRollup": {
        "id": lambda at, _, __: f"SCR_{at.repo.id}_{at.sha}",
        "state": _state,
        "contexts": _contexts,
        "commit": lambda at, _, __: CommitAt(at.repo, at.sha),
    },
    "Status": {
        "id": lambda at, _, __: f"S_{at.repo.id}_{at.sha}",
        "state": _status_state,
        "context": _context,
        "contexts": lambda at, a, _: _statuses(at, a),
        "commit": lambda at, _, __: CommitAt(at.repo, at.sha),
    },
    "StatusContext": {
        "id": lambda at, _, __: node("SC", at.status.id),
        "context": lambda at, _, __: at.status.context,
        "state": lambda at, _, __: at.status.state.upper(),
        "description": lambda at, _, __: at.status.description,
        "targetUrl": lambda at, _, __: at.status.target_url,
        "createdAt": lambda at, _, __: iso(at.status.created_at),
        "creator": lambda at, _, __: at.status.creator,
        "avatarUrl": lambda at, a, _: f"{a.world.url}/avatars/u/{at.status.creator.id}",
        "commit": lambda at, _, __: CommitAt(at.repo, at.status.sha),
        "isRequired": lambda at, a, x: _required(
            a, at.repo, at.status.context, at.status.app.id if at.status.app else 0, x
        ),
    },
    "CheckSuite": {
        "id": lambda at, _, __: node("CS", at.suite.id),
        "databaseId": lambda at, _, __: at.suite.id,
        "app": lambda at, _, __: at.suite.app,
        "status": _suite_status,
        "conclusion": _suite_conclusion,
        "commit": lambda at, _, __: CommitAt(at.repo, at.suite.sha),
        "branch": lambda at, _, __: (
            RefAt(at.repo, f"refs/heads/{at.suite.head_branch}") if at.suite.head_branch else None
        ),
        "checkRuns": _check_runs,
        "createdAt": lambda at, _, __: iso(at.suite.created_at),
        "updatedAt": lambda at, _, __: iso(at.suite.updated_at),
        "url": lambda at, a, _: f"{page_url(a.world, at.repo)}/commit/{at.suite.sha}/checks",
        "repository": lambda at, _, __: at.repo,
    },
    "CheckRun": {
        "id": lambda at, _, __: node("CR", at.run.id),
        "databaseId": lambda at, _, __: at.run.id,
        "name": lambda at, _, __: at.run.name,
        "status": lambda at, _, __: at.run.status.upper(),
        "conclusion": lambda at, _, __: at.run.conclusion and at.run.conclusion.upper(),
        "detailsUrl": lambda at, _, __: at.run.details_url,
        "url": lambda at, a, _: f"{page_url(a.world, at.repo)}/runs/{at.run.id}",
        "permalink": lambda at, a, _: f"{page_url(a.world, at.repo)}/runs/{at.run.id}",
        "startedAt": lambda at, _, __: iso_or_none(at.run.started_at),
        "completedAt": lambda at, _, __: iso_or_none(at.run.completed_at),
        "title": lambda at, _, __: at.run.title,
        "summary": lambda at, _, __: at.run.summary,
        "text": lambda at, _, __: at.run.text,
        "externalId": lambda at, _, __: at.run.external_id,
        "checkSuite": lambda at, _, __: SuiteAt(at.repo, at.run.suite),
        "isRequired": lambda at, a, x: _required(a, at.repo, at.run.name, at.run.suite.app.id, x),
        "repository": lambda at, _, __: at.repo,
    },
}
