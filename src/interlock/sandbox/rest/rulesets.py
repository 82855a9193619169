"""https://docs.github.com/rest/repos/rules and https://docs.github.com/rest/orgs/rules."""

from __future__ import annotations

from interlock.sandbox import judging
from interlock.sandbox.actors import User
from interlock.sandbox.bodies import PARAMETERS
from interlock.sandbox.call import Call, chosen, words
from interlock.sandbox.pagination import page
from interlock.sandbox.payloads.rules import ruleset, version
from interlock.sandbox.records import Ruleset
from interlock.sandbox.rest.orgs import administers, organization
from interlock.sandbox.router import Routes
from interlock.sandbox.shapes import check
from interlock.sandbox.wire import Refused, Reply, invalid
from interlock.values import Any

ROUTES = Routes()
#: https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/about-rulesets
MOST = 75
ENFORCEMENTS = ("disabled", "active", "evaluate")
TARGETS = ("branch", "tag", "push", "repository")
#: What says to which repositories a ruleset of an organisation applies.
_SCOPES = ("repository_name", "repository_id", "repository_property")
#: The rules of GitHub's description; a body with another is refused.
KINDS = frozenset(
    {
        "creation",
        "update",
        "deletion",
        "required_linear_history",
        "merge_queue",
        "required_deployments",
        "required_signatures",
        "pull_request",
        "required_status_checks",
        "non_fast_forward",
        "commit_message_pattern",
        "commit_author_email_pattern",
        "committer_email_pattern",
        "branch_name_pattern",
        "tag_name_pattern",
        "file_path_restriction",
        "max_file_path_length",
        "file_extension_restriction",
        "max_file_size",
        "workflows",
        "code_scanning",
        "copilot_code_review",
        "license_compliance_scanning",
        "code_quality",
        "code_coverage",
    }
)


def _org(call: Call) -> User | None:
    return organization(call) if "org" in call.params else None


def _held(call: Call) -> dict[int, Ruleset]:
    org = _org(call)
    if org is None:
        return call.repo.rulesets
    administers(call, org)
    return call.world.org_rulesets.setdefault(org.login.lower(), {})


def _writes(call: Call) -> bool:
    return call.granted("administration", "write") and ("org" in call.params or call.may("admin"))


def many(call: Call) -> Reply:
    """All rulesets, with those of the organisation where ``includes_parents`` is not false."""
    found = list(_held(call).values())
    if "org" not in call.params and call.query.get("includes_parents", "true") != "false":
        found += call.world.org_rulesets.get(call.repo.owner.login.lower(), {}).values()
    return page(call, found, lambda r: ruleset(call.world, r, bypass=False, details=False))


def _found(call: Call) -> Ruleset:
    number = call.number("ruleset_id")
    held = _held(call).get(number)
    if held is None and "org" not in call.params:
        held = call.world.org_rulesets.get(call.repo.owner.login.lower(), {}).get(number)
    if held is None:
        raise Refused(404, "Not Found")
    return held


def get(call: Call) -> Reply:
    """One ruleset; its bypass actors only for who may write it."""
    return Reply(200, ruleset(call.world, _found(call), bypass=_writes(call)))


def create(call: Call) -> Reply:
    """A new ruleset."""
    held, body, world = _held(call), call.body(), call.world
    name = words(body, "name", "Ruleset", needed=True) or ""
    if any(each.name == name for each in held.values()):
        raise invalid("Ruleset", "name", "custom", "Name must be unique")
    if len(held) >= MOST:
        raise invalid("Ruleset", "base", "custom", "Maximum number of rulesets reached")
    if "enforcement" not in body:
        raise invalid("Ruleset", "enforcement", "missing_field")
    org = _org(call)
    source = ("Organization", org.login) if org else ("Repository", call.repo.full_name)
    now = world.now()
    made = Ruleset(world.new_id(), name, *source, "branch", "disabled", [], None, [], now, now)
    _fill(call, made, body)
    held[made.id] = made
    return Reply(201, ruleset(world, made, bypass=True))


def update(call: Call) -> Reply:
    """Change a ruleset; what the body names is replaced whole."""
    held = _found(call)
    if held.source_type == "Organization" and "org" not in call.params:
        raise Refused(404, "Not Found")
    _fill(call, held, call.body())
    return Reply(200, ruleset(call.world, held, bypass=True))


def _fill(call: Call, held: Ruleset, body: dict[str, Any]) -> None:
    rules = held.rules if body.get("rules") is None else body["rules"]
    for rule in rules:
        _checked(rule)
    conditions = body.get("conditions", held.conditions)
    if held.source_type == "Organization" and not any(
        word in (conditions or {}) for word in _SCOPES
    ):
        raise Refused(
            422, f"Invalid request.\n\nFor 'properties/conditions', one of {_SCOPES} is needed."
        )
    held.name = words(body, "name", "Ruleset") or held.name
    held.target = chosen(body, "target", TARGETS, held.target)
    held.enforcement = chosen(body, "enforcement", ENFORCEMENTS, held.enforcement)
    held.rules = rules
    held.conditions = conditions
    if "bypass_actors" in body:
        actors = body["bypass_actors"] or []
        held.bypass_actors = [{"actor_id": None, "bypass_mode": "always", **a} for a in actors]
    held.updated_at = call.world.now()
    state = ruleset(call.world, held, bypass=True)
    held.history.append((call.world.new_id(), call.user, held.updated_at, state))


def _checked(rule: dict[str, Any]) -> None:
    if rule["type"] not in KINDS:
        raise Refused(
            422, f"Invalid request.\n\nInvalid property /rules: {rule!r} is not a known rule."
        )
    check(PARAMETERS.get(rule["type"], {}), rule.get("parameters") or {})


def delete(call: Call) -> Reply:
    """Delete a ruleset."""
    held = _found(call)
    if _held(call).pop(held.id, None) is None:
        raise Refused(404, "Not Found")
    return Reply(204)


def history(call: Call) -> Reply:
    """The saved states of a ruleset, newest first."""
    return page(
        call, _found(call).history[::-1], lambda saved: version(_found(call), saved, state=False)
    )


def one_version(call: Call) -> Reply:
    """One saved state."""
    held = _found(call)
    for saved in held.history:
        if saved[0] == call.number("version_id"):
            return Reply(200, version(held, saved, state=True))
    raise Refused(404, "Not Found")


def of_branch(call: Call) -> Reply:
    """The active rules of a branch, each with the ruleset it comes from."""
    found = judging.rules(call.world, call.repo, f"refs/heads/{call.params['branch']}")

    def shown(pair: tuple[Ruleset, dict[str, Any]]) -> dict[str, Any]:
        which, rule = pair
        return {
            **rule,
            "ruleset_source_type": which.source_type,
            "ruleset_source": which.source,
            "ruleset_id": which.id,
        }

    return page(call, list(found), shown)


_READ, _WRITE = "metadata:read", "administration:write"
for _base in ("/repos/{owner}/{repo}/rulesets", "/orgs/{org}/rulesets"):
    _one = f"{_base}/{{ruleset_id}}"
    ROUTES.add("GET", _base, many, needs=_READ)
    ROUTES.add("POST", _base, create, needs=_WRITE, role="admin", auth="user")
    ROUTES.add("GET", _one, get, needs=_READ)
    ROUTES.add("PUT", _one, update, needs=_WRITE, role="admin", auth="user")
    ROUTES.add("DELETE", _one, delete, needs=_WRITE, role="admin", auth="user")
    ROUTES.add("GET", f"{_one}/history", history, needs=_WRITE, role="admin")
    ROUTES.add("GET", f"{_one}/history/{{version_id}}", one_version, needs=_WRITE, role="admin")
ROUTES.add("GET", "/repos/{owner}/{repo}/rules/branches/{branch}", of_branch, needs=_READ)
