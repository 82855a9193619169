"""Rulesets, as little as GraphQL shows of them."""

from __future__ import annotations

from interlock.sandbox import judging
from interlock.sandbox.graphql.connections import connection
from interlock.sandbox.graphql.places import Asking, RefAt, RulesetAt
from interlock.sandbox.payloads.times import iso, node
from interlock.values import Any

Asked = dict[str, Any]
#: The rule types that GraphQL knows of those REST has.
_UNKNOWN = frozenset(
    {"copilot_code_review", "code_quality", "code_coverage", "license_compliance_scanning"}
)


def _rule(at: RulesetAt, index: int, rule: dict[str, Any]) -> dict[str, Any]:
    given = rule.get("parameters") or {}
    parameters: dict[str, Any] | None = None
    if rule["type"] == "pull_request":
        parameters = {
            "__typename": "PullRequestParameters",
            "dismissStaleReviewsOnPush": given.get("dismiss_stale_reviews_on_push", False),
            "requireCodeOwnerReview": given.get("require_code_owner_review", False),
            "requireLastPushApproval": given.get("require_last_push_approval", False),
            "requiredApprovingReviewCount": given.get("required_approving_review_count", 0),
            "requiredReviewThreadResolution": given.get("required_review_thread_resolution", False),
        }
    elif rule["type"] == "required_status_checks":
        parameters = {
            "__typename": "RequiredStatusChecksParameters",
            "strictRequiredStatusChecksPolicy": given.get(
                "strict_required_status_checks_policy", False
            ),
            "requiredStatusChecks": [
                {"context": c["context"], "integrationId": c.get("integration_id")}
                for c in given.get("required_status_checks", ())
            ],
        }
    return {
        "__typename": "RepositoryRule",
        "id": f"RRU_{at.ruleset.id}_{index}",
        "type": rule["type"].upper(),
        "parameters": parameters,
    }


def _rules(at: RulesetAt, _: Asking, asked: Asked) -> Any:
    found = [
        _rule(at, i, r)
        for i, r in enumerate(at.ruleset.rules)
        if r["type"] not in _UNKNOWN and asked.get("type") in (None, r["type"].upper())
    ]
    return connection(found, asked)


def _ref_rules(at: RefAt, asking: Asking, asked: Asked) -> Any:
    found = [
        _rule(RulesetAt(at.repo, which), which.rules.index(rule), rule)
        for which, rule in judging.rules(asking.world, at.repo, at.name)
        if rule["type"] not in _UNKNOWN
    ]
    return connection(found, asked)


def _conditions(at: RulesetAt, _: Asking, __: Asked) -> Any:
    held = at.ruleset.conditions or {}
    names = held.get("repository_name")
    return {
        "refName": held.get("ref_name"),
        "repositoryName": names and {"protected": False, **names},
    }


def _bypass(at: RulesetAt, asking: Asking, asked: Asked) -> Any:
    asking.may(at.repo, "administration", "write", "admin")
    # GraphQL knows two modes only and of the actors Apps and teams.
    found = [b for b in at.ruleset.bypass_actors if b.get("bypass_mode") != "exempt"]

    def shown(one: dict[str, Any]) -> dict[str, Any]:
        kind, number = one["actor_type"], one.get("actor_id")
        role = kind == "RepositoryRole"
        return {
            "id": f"RRBA_{at.ruleset.id}_{found.index(one)}",
            "actor": asking.world.apps.get(number) if kind == "Integration" and number else None,
            "bypassMode": one.get("bypass_mode", "always").upper(),
            "organizationAdmin": kind == "OrganizationAdmin",
            "repositoryRoleDatabaseId": number if role else None,
            "repositoryRoleName": None,
            "deployKey": kind == "DeployKey",
        }

    return connection(found, asked, shown)


def _source(at: RulesetAt, asking: Asking, _: Asked) -> Any:
    return (
        at.repo if at.ruleset.source_type == "Repository" else asking.world.user(at.ruleset.source)
    )


TYPES: dict[str, dict[str, Any]] = {
    "RepositoryRuleset": {
        "id": lambda at, _, __: node("RRS", at.ruleset.id),
        "databaseId": lambda at, _, __: at.ruleset.id,
        "name": lambda at, _, __: at.ruleset.name,
        "target": lambda at, _, __: at.ruleset.target.upper(),
        "enforcement": lambda at, _, __: at.ruleset.enforcement.upper(),
        "createdAt": lambda at, _, __: iso(at.ruleset.created_at),
        "updatedAt": lambda at, _, __: iso(at.ruleset.updated_at),
        "rules": _rules,
        "conditions": _conditions,
        "source": _source,
        "bypassActors": _bypass,
    },
}
REF_RULES = _ref_rules
