"""What was reported on a commit: statuses and check runs, and what rules still wait for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from interlock.sandbox import judging
from interlock.sandbox.records import CheckRun, Repo, Status
from interlock.sandbox.web.layout import rows
from interlock.sandbox.web.markdown import render
from interlock.sandbox.web.markup import Safe, badge, join, link, outward, tag
from interlock.sandbox.web.people import person
from interlock.sandbox.web.places import place
from interlock.sandbox.web.visit import Visit, address
from interlock.sandbox.world import World
from interlock.values import NamedTuple

#: State: its sign, its word, its colour.
_STATES = {
    "success": ("✓", "Passed", "good"),
    "neutral": ("✓", "Neutral", "good"),
    "skipped": ("✓", "Skipped", "good"),
    "pending": ("●", "Pending", "waiting"),
    "queued": ("●", "Queued", "waiting"),
    "in_progress": ("●", "Running", "waiting"),
    "expected": ("●", "Expected", "waiting"),
    "error": ("✗", "Error", "bad"),
    "failure": ("✗", "Failed", "bad"),
    "cancelled": ("✗", "Cancelled", "bad"),
    "timed_out": ("✗", "Timed out", "bad"),
    "action_required": ("✗", "Needs action", "bad"),
}


class Required(NamedTuple):
    """A check that a rule asks for; ``app`` is the id of the only App that counts, None for any."""

    context: str
    app: int | None


def required(world: World, repo: Repo, branch: str) -> tuple[Required, ...]:
    """The checks that the rules of a branch ask for."""
    found = (
        Required(wanted["context"], wanted.get("integration_id"))
        for _, rule in judging.rules(world, repo, f"refs/heads/{branch}")
        for wanted in (rule.get("parameters") or {}).get("required_status_checks", ())
    )
    return tuple(dict.fromkeys(found))


def mark(state: str) -> Safe:
    """A state as a sign and a word."""
    sign, word, colour = _STATES.get(state, ("●", state.replace("_", " ").capitalize(), "waiting"))
    return tag("span", tag("span", sign, aria_hidden="true"), " ", word, class_=f"state {colour}")


def reported(visit: Visit, repo: Repo, sha: str, wanted: Iterable[Required] = ()) -> Safe:
    """Every status and check run of a commit, newest of each name, and what is missing."""
    wanted = tuple(wanted)
    return rows(_all(visit, repo, sha, wanted), "Nothing was reported on this commit.")


def _all(visit: Visit, repo: Repo, sha: str, wanted: tuple[Required, ...]) -> Iterator[Safe]:
    for each in wanted:
        if not judging.check_state(repo, sha, each.context, each.app):
            yield _expected(visit.world, each)
    for status in judging.latest_statuses(repo, sha).values():
        yield _status(status, _weight(visit.world, wanted, status.context, status.app))
    for run in judging.latest_runs(repo, sha):
        yield _run(visit, repo, run, _weight(visit.world, wanted, run.name, run.suite.app))


def _expected(world: World, each: Required) -> Safe:
    whom = f" by the App {_app(world, each.app)}" if each.app is not None else ""
    return join(
        (
            *(mark("expected"), " ", tag("strong", each.context), " ", badge("required", "plain")),
            tag("div", f"It was not reported on this commit{whom}.", class_="description"),
        )
    )


def _app(world: World, number: int | None) -> str:
    app = world.apps.get(number or 0)
    return app.name if app else f"with the id {number}"


def _weight(world: World, wanted: tuple[Required, ...], context: str, app: object) -> Safe:
    """Whether a check is required, and whether it counts when it comes from this App."""
    apps = [each.app for each in wanted if each.context == context]
    if not apps:
        return Safe("")
    if None in apps or getattr(app, "id", 0) in apps:
        return badge("required", "plain")
    names = " or ".join(_app(world, each) for each in apps)
    words = f"It does not count: the rule waits for the App {names}."
    return tag("div", words, class_="description bad")


def _status(status: Status, weight: Safe) -> Safe:
    who = person(status.creator, status.app)
    return join(
        (
            *(mark(status.state), " ", tag("strong", status.context), " ", weight),
            tag("div", status.description or "", class_="description"),
            tag("div", "status by ", who, _details(status.target_url), class_="quiet"),
        )
    )


def _details(target: str | None) -> Safe:
    return join((" · ", outward(target, target))) if target else Safe("")


def _run(visit: Visit, repo: Repo, run: CheckRun, weight: Safe) -> Safe:
    state = (run.conclusion or "neutral") if run.status == "completed" else run.status
    name = link(address(repo, "runs", run.id), run.name)
    return join(
        (
            *(mark(state), " ", tag("strong", name), " ", weight),
            tag("div", run.title or "", class_="description"),
            tag(
                "div",
                f"check run by {run.suite.app.name}",
                _details(run.details_url),
                class_="quiet",
            ),
            _output(visit, repo, run),
        )
    )


def _output(visit: Visit, repo: Repo, run: CheckRun) -> Safe:
    if not run.summary:
        return Safe("")
    body = tag("div", render(run.summary, place(visit, repo)), class_="markdown")
    return tag("details", tag("summary", "Summary"), body)
