"""https://docs.github.com/rest/checks; only Apps write check runs."""

from __future__ import annotations

from datetime import datetime

from interlock.sandbox import events
from interlock.sandbox.actors import App
from interlock.sandbox.call import Call, chosen, words
from interlock.sandbox.judging import latest_runs
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.statuses import check_run, check_suite
from interlock.sandbox.records import CheckRun, CheckSuite
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply, invalid
from interlock.values import Any

ROUTES = Routes()
STATES = ("queued", "in_progress", "completed", "waiting", "requested", "pending")
CONCLUSIONS = (
    "action_required",
    "cancelled",
    "failure",
    "neutral",
    "success",
    "skipped",
    "stale",
    "timed_out",
)
#: Bytes of summary and text, as measured of GitHub; annotations of one request.
MAX_TEXT = 65535
MAX_ANNOTATIONS = 50


def _app(call: Call) -> App:
    if call.token is None or call.token.acting_app is None:
        raise Refused(403, "You must authenticate via a GitHub App.")
    return call.token.acting_app


def create(call: Call) -> Reply:
    """A new check run on a commit."""
    app, body, world = _app(call), call.body(), call.world
    name = words(body, "name", "CheckRun", needed=True) or ""
    sha = words(body, "head_sha", "CheckRun", needed=True) or ""
    if call.git.kind(sha) != "commit":
        raise Refused(422, f"No commit found for SHA: {sha}")
    now = world.now()
    made = CheckRun(world.new_id(), sha, name, _suite(call, app, sha), "queued", None, now, None)
    _fill(call, made, body)
    call.repo.checks[made.id] = made
    return _told(call, made, 201, "created")


def _suite(call: Call, app: App, sha: str) -> CheckSuite:
    """The App's suite on a commit, made where it is not there."""
    for suite in call.repo.suites.values():
        if suite.sha == sha and suite.app is app:
            suite.updated_at = call.world.now()
            return suite
    now = call.world.now()
    made = CheckSuite(call.world.new_id(), sha, app, now, now)
    refs = call.git.refs().items()
    made.head_branch = next(
        (
            r.removeprefix("refs/heads/")
            for r, s in refs
            if s == sha and r.startswith("refs/heads/")
        ),
        None,
    )
    call.repo.suites[made.id] = made
    return made


def _fill(call: Call, run: CheckRun, body: dict[str, Any]) -> None:
    now = call.world.now()
    run.status = chosen(body, "status", STATES, run.status)
    if "conclusion" in body:
        run.conclusion = chosen(body, "conclusion", CONCLUSIONS, "")
        # https://docs.github.com/rest/checks/runs: a conclusion completes the run
        run.status = "completed"
    if run.status == "completed" and run.conclusion is None:
        raise invalid("CheckRun", "conclusion", "missing_field")
    if run.status == "completed":
        run.completed_at = _moment(body, "completed_at") or run.completed_at or now
    else:
        run.conclusion, run.completed_at = None, None
    run.started_at = _moment(body, "started_at") or run.started_at
    run.external_id = words(body, "external_id", "CheckRun") or run.external_id
    run.details_url = words(body, "details_url", "CheckRun") or run.details_url
    run.name = words(body, "name", "CheckRun") or run.name
    if isinstance(body.get("output"), dict):
        _output(run, body["output"])


def _moment(body: dict[str, Any], field: str) -> float | None:
    text = words(body, field, "CheckRun")
    try:
        return datetime.fromisoformat(text).timestamp() if text else None
    except ValueError:
        raise invalid("CheckRun", field) from None


def _output(run: CheckRun, output: dict[str, Any]) -> None:
    run.title = words(output, "title", "CheckRun") or run.title
    for field in ("summary", "text"):
        text = words(output, field, "CheckRun", needed=field == "summary" and run.summary is None)
        if text is not None and len(text.encode()) > MAX_TEXT:
            raise invalid(
                "CheckRun", field, "custom", f"{field} exceeds a maximum bytesize of 65535"
            )
        if text is not None:
            setattr(run, field, text)
    given = output.get("annotations") or []
    if len(given) > MAX_ANNOTATIONS:
        raise Refused(
            422,
            f"Invalid request.\n\nNo more than 50 items are allowed; {len(given)} were supplied.",
        )
    for note in given:
        wanted = ("path", "start_line", "end_line", "annotation_level", "message")
        missing = [field for field in wanted if field not in note]
        if missing:
            raise invalid("CheckRun", f"annotations.{missing[0]}", "missing_field")
    run.annotations.extend(given)


def _told(call: Call, run: CheckRun, status: int, action: str) -> Reply:
    assert call.token is not None
    events.check_run(call.world, call.repo, run, action, call.token)
    shown = check_run(call.world, call.repo, run)
    return Reply(status, shown, {"location": shown["url"]} if status == 201 else {})


def _found(call: Call) -> CheckRun:
    run = call.repo.checks.get(call.number("check_run_id"))
    if run is None:
        raise Refused(404, "Not Found")
    return run


def get(call: Call) -> Reply:
    """One check run."""
    return Reply(200, check_run(call.world, call.repo, _found(call)))


def update(call: Call) -> Reply:
    """Change a check run: only its own App may."""
    run = _found(call)
    if _app(call) is not run.suite.app:
        raise Refused(
            403,
            f"Invalid app_id `{_app(call).id}` - check run can only be modified by the GitHub App "
            "that created it.",
        )
    before = run.status
    _fill(call, run, call.body())
    done = run.status == "completed" and before != "completed"
    return _told(call, run, 200, "completed" if done else "created")


def notes(call: Call) -> Reply:
    """All annotations of a check run."""
    run = _found(call)

    def shown(note: dict[str, Any]) -> dict[str, Any]:
        empty = dict.fromkeys(("start_column", "end_column", "title", "raw_details"))
        href = f"{call.world.url}/{call.repo.full_name}/blob/{run.sha}/{note['path']}"
        return {**empty, **note, "blob_href": href}

    return page(call, run.annotations, shown)


def _listed(call: Call, runs: list[CheckRun]) -> Reply:
    query = call.query
    runs = [
        r
        for r in runs
        if query.get("check_name", r.name) == r.name
        and query.get("status", r.status) == r.status
        and query.get("app_id", str(r.suite.app.id)) == str(r.suite.app.id)
    ]
    return page(
        call,
        runs[::-1],
        lambda r: check_run(call.world, call.repo, r),
        wrap=lambda shown: {"total_count": len(runs), "check_runs": shown},
    )


def of_ref(call: Call) -> Reply:
    """The newest check runs of each name on a commit; all with ``filter=all``."""
    sha = call.commit(call.params["ref"])
    if call.query.get("filter") == "all":
        return _listed(call, [r for r in call.repo.checks.values() if r.sha == sha])
    return _listed(call, latest_runs(call.repo, sha))


def suites(call: Call) -> Reply:
    """The check suites of a commit."""
    sha = call.commit(call.params["ref"])
    found = [s for s in call.repo.suites.values() if s.sha == sha]
    return page(
        call,
        found,
        lambda s: check_suite(call.world, call.repo, s),
        wrap=lambda shown: {"total_count": len(found), "check_suites": shown},
    )


def suite(call: Call) -> Reply:
    """One check suite."""
    held = call.repo.suites.get(call.number("check_suite_id"))
    if held is None:
        raise Refused(404, "Not Found")
    return Reply(200, check_suite(call.world, call.repo, held))


def of_suite(call: Call) -> Reply:
    """The check runs of a suite."""
    number = call.number("check_suite_id")
    return _listed(call, [r for r in call.repo.checks.values() if r.suite.id == number])


_R = "/repos/{owner}/{repo}"
_READ, _WRITE = "checks:read", "checks:write"
ROUTES.add("POST", f"{_R}/check-runs", create, needs=_WRITE, auth="user")
ROUTES.add("GET", f"{_R}/check-runs/{{check_run_id}}", get, needs=_READ)
ROUTES.add("PATCH", f"{_R}/check-runs/{{check_run_id}}", update, needs=_WRITE, auth="user")
ROUTES.add("GET", f"{_R}/check-runs/{{check_run_id}}/annotations", notes, needs=_READ)
ROUTES.add("GET", f"{_R}/commits/{{ref}}/check-runs", of_ref, needs=_READ)
ROUTES.add("GET", f"{_R}/commits/{{ref}}/check-suites", suites, needs=_READ)
ROUTES.add("GET", f"{_R}/check-suites/{{check_suite_id}}", suite, needs=_READ)
ROUTES.add("GET", f"{_R}/check-suites/{{check_suite_id}}/check-runs", of_suite, needs=_READ)
