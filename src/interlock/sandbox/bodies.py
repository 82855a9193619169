"""The keys of each operation's body that the sandbox takes, with their shapes.

A key of GitHub's that is not here has no effect here.
https://docs.github.com/rest
"""

from __future__ import annotations

from interlock.sandbox.payloads.repos import SETTINGS
from interlock.sandbox.shapes import Either
from interlock.values import Any

_R = "/repos/{owner}/{repo}"
_PULL, _ISSUE = f"{_R}/pulls/{{pull_number}}", f"{_R}/issues/{{issue_number}}"
LABELS = [Either((str, {"name!": str}))]
_PERSON = {"name!": str, "email!": str, "date": str}
_NEW_REPO = {"name": str, "description": str, "private": bool, "auto_init": bool}
_MERGE = {
    "commit_title": str,
    "commit_message": str,
    "sha": str,
    "merge_method": ("merge", "squash", "rebase"),
}
_NOTE = {
    "path!": str,
    "start_line!": int,
    "end_line!": int,
    "start_column": int,
    "end_column": int,
    "annotation_level!": ("notice", "warning", "failure"),
    "message!": str,
    "title": str,
    "raw_details": str,
}
_RUN = {
    "name": str,
    "details_url": str,
    "external_id": str,
    "started_at": str,
    "completed_at": str,
    "status": str,
    "conclusion": str,
    "output": {"title": str, "summary": str, "text": str, "annotations": [_NOTE]},
}
_NAMES = {"include": [str], "exclude": [str], "protected": bool}
_PROPERTY = {"name!": str, "property_values!": [str], "source": ("custom", "system")}
_RULESET = {
    "name": str,
    "target": str,
    "enforcement": str,
    "conditions": {
        "ref_name": _NAMES,
        "repository_name": _NAMES,
        "repository_id": {"repository_ids": [int]},
        "repository_property": {"include": [_PROPERTY], "exclude": [_PROPERTY]},
    },
    "bypass_actors": [
        {
            "actor_id": int,
            "actor_type!": (
                "Integration",
                "OrganizationAdmin",
                "RepositoryRole",
                "Team",
                "DeployKey",
                "User",
            ),
            "bypass_mode": ("always", "pull_request", "exempt"),
        }
    ],
    "rules": [{"type!": str, "parameters": {}}],
}
#: By "METHOD template", as GitHub describes the operation.
BODIES: dict[str, dict[Any, Any]] = {
    "POST /app/installations/{installation_id}/access_tokens": {
        "repositories": [str],
        "repository_ids": [int],
        "permissions": {...: ("read", "write", "admin")},
    },
    "POST /user/repos": _NEW_REPO,
    "POST /orgs/{org}/repos": _NEW_REPO,
    f"PATCH {_R}": {
        "name": str,
        "description": str,
        "default_branch": str,
        "private": bool,
        "visibility": ("public", "private", "internal"),
        "archived": bool,
        **{name: type(value) for name, value in SETTINGS.items()},
    },
    f"POST {_R}/forks": {"organization": str, "name": str},
    f"PUT {_R}/topics": {"names!": [str]},
    f"PATCH {_R}/properties/values": {
        "properties!": [{"property_name!": str, "value!": Either((str, [str], None))}]
    },
    f"POST {_R}/branches/{{branch}}/rename": {"new_name": str},
    f"POST {_R}/merges": {"base": str, "head": str, "commit_message": str},
    f"PUT {_R}/contents/{{path}}": {
        "message": str,
        "content": str,
        "sha": str,
        "branch": str,
        "author": _PERSON,
        "committer": _PERSON,
    },
    f"DELETE {_R}/contents/{{path}}": {
        "message": str,
        "sha": str,
        "branch": str,
        "author": _PERSON,
        "committer": _PERSON,
    },
    f"POST {_R}/git/blobs": {"content": str, "encoding": str},
    f"POST {_R}/git/trees": {
        "tree": [
            {
                "path": str,
                "mode": str,
                "type": ("blob", "tree", "commit"),
                "sha": str,
                "content": str,
            }
        ],
        "base_tree": str,
    },
    f"POST {_R}/git/commits": {
        "message": str,
        "tree": str,
        "parents": [str],
        "author": _PERSON,
        "committer": {"name": str, "email": str, "date": str},
    },
    f"POST {_R}/git/refs": {"ref": str, "sha": str},
    f"PATCH {_R}/git/refs/{{ref}}": {"sha": str, "force": bool},
    f"POST {_R}/issues": {
        "title": Either((str, int)),
        "body": str,
        "labels": LABELS,
        "assignees": [str],
    },
    f"PATCH {_ISSUE}": {
        "title": str,
        "body": str,
        "state": str,
        "state_reason": ("completed", "not_planned", "duplicate", "reopened"),
        "labels": LABELS,
        "assignees": [str],
    },
    f"POST {_ISSUE}/comments": {"body": str},
    f"PATCH {_R}/issues/comments/{{comment_id}}": {"body": str},
    f"POST {_ISSUE}/labels": {"labels": LABELS},
    f"PUT {_ISSUE}/labels": {"labels": LABELS},
    f"POST {_R}/labels": {"name": str, "color": str, "description": str},
    f"PATCH {_R}/labels/{{name}}": {"new_name": str, "color": str, "description": str},
    f"POST {_R}/pulls": {
        "title": str,
        "head": str,
        "head_repo": str,
        "base": str,
        "body": str,
        "draft": bool,
        "maintainer_can_modify": bool,
    },
    f"PATCH {_PULL}": {
        "title": str,
        "body": str,
        "base": str,
        "state": str,
        "maintainer_can_modify": bool,
    },
    f"PUT {_PULL}/merge": _MERGE,
    f"PUT {_PULL}/merge-async": {
        **_MERGE,
        "merge_action": ("default", "direct_merge", "merge_queue"),
    },
    f"POST {_PULL}/requested_reviewers": {"reviewers": [str]},
    f"DELETE {_PULL}/requested_reviewers": {"reviewers!": [str]},
    f"POST {_PULL}/reviews": {
        "commit_id": str,
        "body": str,
        "event": ("APPROVE", "REQUEST_CHANGES", "COMMENT"),
    },
    f"PUT {_PULL}/reviews/{{review_id}}/dismissals": {"message!": str, "event": ("DISMISS",)},
    f"POST {_R}/statuses/{{sha}}": {
        "state": str,
        "target_url": str,
        "description": str,
        "context": str,
    },
    f"POST {_R}/check-runs": {**_RUN, "head_sha": str},
    f"PATCH {_R}/check-runs/{{check_run_id}}": _RUN,
    f"POST {_R}/rulesets": _RULESET,
    f"PUT {_R}/rulesets/{{ruleset_id}}": _RULESET,
    "POST /orgs/{org}/rulesets": _RULESET,
    "PUT /orgs/{org}/rulesets/{ruleset_id}": _RULESET,
}
#: The parameters of a rule, by its type.
PARAMETERS: dict[str, dict[str, Any]] = {
    "required_status_checks": {
        "required_status_checks!": [{"context!": str, "integration_id": int}],
        "strict_required_status_checks_policy!": bool,
        "do_not_enforce_on_create": bool,
    },
    "pull_request": {
        "dismiss_stale_reviews_on_push!": bool,
        "require_code_owner_review!": bool,
        "require_last_push_approval!": bool,
        "required_approving_review_count!": int,
        "required_review_thread_resolution!": bool,
        "allowed_merge_methods": [("merge", "squash", "rebase")],
    },
    "merge_queue": {
        "check_response_timeout_minutes!": int,
        "grouping_strategy!": ("ALLGREEN", "HEADGREEN"),
        "max_entries_to_build!": int,
        "max_entries_to_merge!": int,
        "merge_method!": ("MERGE", "SQUASH", "REBASE"),
        "min_entries_to_merge!": int,
        "min_entries_to_merge_wait_minutes!": int,
    },
    "workflows": {
        "workflows!": [{"path!": str, "repository_id!": int, "ref": str, "sha": str}],
        "do_not_enforce_on_create": bool,
    },
}
