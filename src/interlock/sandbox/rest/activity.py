"""https://docs.github.com/rest/repos/repos#list-repository-activities."""

from __future__ import annotations

from interlock.sandbox.call import Call
from interlock.sandbox.pagination import cursor_page
from interlock.sandbox.payloads.rules import activity
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Reply, invalid

ROUTES = Routes()
KINDS = (
    "push",
    "force_push",
    "branch_creation",
    "branch_deletion",
    "pr_merge",
    "merge_queue_merge",
)
PERIODS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


def many(call: Call) -> Reply:
    """Changes of refs by ref, actor, period and kind; newest first, walked by cursors."""
    query = call.query
    ref, kind, period = query.get("ref", ""), query.get("activity_type"), query.get("time_period")
    if kind not in (None, *KINDS):
        raise invalid("Activity", "activity_type")
    full = ref if ref.startswith("refs/") or not ref else f"refs/heads/{ref}"
    begin = call.world.now() - PERIODS.get(period or "year", 366) * 86400
    found = [
        each
        for each in call.repo.activity
        if full in ("", each.ref)
        and kind in (None, each.kind)
        and query.get("actor", each.actor.login) == each.actor.login
        and each.timestamp >= begin
    ]
    if query.get("direction", "desc") == "desc":
        found.reverse()
    return cursor_page(call, found, lambda each: activity(call.world, each))


ROUTES.add("GET", "/repos/{owner}/{repo}/activity", many, needs="contents:read")
