"""Rulesets, what they judged, and changes of refs."""

from __future__ import annotations

from interlock.sandbox.actors import User
from interlock.sandbox.payloads.times import iso, node
from interlock.sandbox.payloads.users import user
from interlock.sandbox.records import Activity, Ruleset, RuleSuite
from interlock.sandbox.world import World
from interlock.values import Any


def ruleset(world: World, which: Ruleset, *, bypass: bool, details: bool = True) -> dict[str, Any]:
    """The ``repository-ruleset`` of GitHub's description.

    ``bypass`` tells whether the caller may write it: only then are its bypass actors shown.
    https://docs.github.com/rest/repos/rules#get-a-repository-ruleset
    """
    api = f"{world.url}/api/v3"
    if which.source_type == "Repository":
        href, page = f"{api}/repos/{which.source}/rulesets/{which.id}", f"{which.source}/rules"
    else:
        href = f"{api}/orgs/{which.source}/rulesets/{which.id}"
        page = f"organizations/{which.source}/settings/rules"
    shown: dict[str, Any] = {
        "id": which.id,
        "name": which.name,
        "target": which.target,
        "source_type": which.source_type,
        "source": which.source,
        "enforcement": which.enforcement,
        "node_id": node("RRS", which.id),
        "_links": {"self": {"href": href}, "html": {"href": f"{world.url}/{page}/{which.id}"}},
        "created_at": iso(which.created_at),
        "updated_at": iso(which.updated_at),
    }
    if details:
        shown["conditions"] = which.conditions
        shown["rules"] = which.rules
        shown["current_user_can_bypass"] = "never"
        if bypass:
            shown["bypass_actors"] = which.bypass_actors
    return shown


def version(
    which: Ruleset, saved: tuple[int, User, float, dict[str, Any]], *, state: bool
) -> dict[str, Any]:
    """One saved state: ``ruleset-version``, with ``state`` also what it was."""
    number, actor, at, body = saved
    shown: dict[str, Any] = {
        "version_id": number,
        "actor": {"id": actor.id, "type": "User" if actor.kind == "User" else "Integration"},
        "updated_at": iso(at),
    }
    if state:
        shown["state"] = body | {"id": which.id}
    return shown


def rule_suite(world: World, which: RuleSuite, *, details: bool = False) -> dict[str, Any]:
    """One item of ``rule-suites``; with ``details`` the ``rule-suite``."""
    repo = world.repos.get(which.repo)
    shown: dict[str, Any] = {
        "id": which.id,
        "actor_id": which.actor.id,
        "actor_name": which.actor.login,
        "before_sha": which.before,
        "after_sha": which.after,
        "ref": which.ref,
        "repository_id": which.repo,
        "repository_name": repo.name if repo else "",
        "pushed_at": iso(which.pushed_at),
        "result": which.result,
        "evaluation_result": which.result,
    }
    if details:
        shown["rule_evaluations"] = which.evaluations
    return shown


def activity(world: World, which: Activity) -> dict[str, Any]:
    """The ``activity`` of GitHub's description."""
    return {
        "id": which.id,
        "node_id": node("PSH", which.id),
        "before": which.before,
        "after": which.after,
        "ref": which.ref,
        "timestamp": iso(which.timestamp),
        "activity_type": which.kind,
        "actor": user(world, which.actor),
    }
