"""One check run: its summary, text and annotations."""

from __future__ import annotations

from interlock.sandbox.records import CheckRun, Repo
from interlock.sandbox.web import checks
from interlock.sandbox.web.layout import page, rows, section
from interlock.sandbox.web.markdown import render
from interlock.sandbox.web.markup import Safe, badge, join, link, outward, tag
from interlock.sandbox.web.places import place
from interlock.sandbox.web.visit import Visit, address, number
from interlock.sandbox.wire import Refused, Reply
from interlock.values import Any


def show(visit: Visit, owner: str, name: str, rest: list[str]) -> Reply:
    """``/runs/ID``."""
    repo = visit.repo(owner, name)
    run = repo.checks.get(number(rest[0])) if len(rest) == 1 else None
    if run is None:
        raise Refused(404, "There is no such check run.")
    state = (run.conclusion or "neutral") if run.status == "completed" else run.status
    content = join(
        (
            tag("h1", run.name),
            tag("p", checks.mark(state), f" by {run.suite.app.name} on ", _commit(repo, run)),
            tag("p", outward(run.details_url, run.details_url)) if run.details_url else "",
            tag("h2", run.title) if run.title else "",
            *(_text(visit, repo, each) for each in (run.summary, run.text) if each),
            section(
                f"Annotations ({len(run.annotations)})",
                rows((_annotation(repo, run, each) for each in run.annotations), "None."),
                name="annotations",
            ),
        )
    )
    return page(visit, f"{run.name} · {repo.full_name}", content, repo=repo)


def _commit(repo: Repo, run: CheckRun) -> Safe:
    return link(address(repo, "commit", run.sha), tag("code", run.sha[:7]))


def _text(visit: Visit, repo: Repo, source: str) -> Safe:
    return tag("div", render(source, place(visit, repo)), class_="markdown boxed")


def _annotation(repo: Repo, run: CheckRun, each: dict[str, Any]) -> Safe:
    path, line = str(each.get("path", "")), str(each.get("start_line", ""))
    to = f"{address(repo, 'blob', run.sha, path)}#L{line}"
    title = str(each.get("title") or "")
    level = str(each.get("annotation_level", ""))
    return join(
        (
            *(badge(level, "plain"), " ", link(to, tag("code", f"{path}:{line}"))),
            tag("div", tag("strong", title)) if title else "",
            tag("div", str(each.get("message", "")), class_="description"),
        )
    )
