"""https://docs.github.com/rest/repos/rule-suites and https://docs.github.com/rest/orgs/rule-suites."""

from __future__ import annotations

from interlock.sandbox.call import Call
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.rules import rule_suite
from interlock.sandbox.records import RuleSuite
from interlock.sandbox.rest.orgs import administers, organization
from interlock.sandbox.router import Routes
from interlock.sandbox.wire import Refused, Reply, invalid

ROUTES = Routes()
#: How far back each period looks, in seconds.
PERIODS = {"hour": 3600, "day": 86400, "week": 7 * 86400, "month": 30 * 86400}


def _held(call: Call) -> list[RuleSuite]:
    if "org" not in call.params:
        return call.repo.rule_suites
    org = organization(call)
    administers(call, org)
    return call.world.org_rule_suites.get(org.login.lower(), [])


def many(call: Call) -> Reply:
    """Judged pushes and merges by period, result, actor and ref; newest first."""
    query = call.query
    period, result = query.get("time_period", "day"), query.get("rule_suite_result", "all")
    if period not in PERIODS or result not in ("pass", "fail", "bypass", "all"):
        raise invalid("RuleSuite", "time_period" if period not in PERIODS else "rule_suite_result")
    begin = call.world.now() - PERIODS[period]
    ref = query.get("ref", "")
    full = ref if ref.startswith("refs/") or not ref else f"refs/heads/{ref}"
    found = [
        each
        for each in _held(call)[::-1]
        if each.pushed_at >= begin
        and result in ("all", each.result)
        and query.get("actor_name", each.actor.login) == each.actor.login
        and full in ("", each.ref)
        and _repository(call, each)
    ]
    return page(call, found, lambda each: rule_suite(call.world, each))


def _repository(call: Call, suite: RuleSuite) -> bool:
    wanted = call.query.get("repository_name")
    repo = call.world.repos.get(suite.repo)
    return wanted is None or (repo is not None and repo.name == wanted)


def one(call: Call) -> Reply:
    """One judgement with each rule's result."""
    number = call.number("rule_suite_id")
    for each in _held(call):
        if each.id == number:
            return Reply(200, rule_suite(call.world, each, details=True))
    raise Refused(404, "Not Found")


for _base in ("/repos/{owner}/{repo}/rulesets/rule-suites", "/orgs/{org}/rulesets/rule-suites"):
    ROUTES.add("GET", _base, many, needs="administration:write", role="write", auth="user")
    ROUTES.add(
        "GET",
        f"{_base}/{{rule_suite_id}}",
        one,
        needs="administration:write",
        role="write",
        auth="user",
    )
