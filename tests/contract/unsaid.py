"""What GitHub refuses and its description lets pass.

Each rule cites where GitHub says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

#: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
MAX_PER_PAGE = 100
#: GitHub answers "body is too long (maximum is 65536 characters)" beyond it.
MAX_BODY = 65_536
#: https://docs.github.com/rest/commits/statuses#create-a-commit-status
MAX_DESCRIPTION = 140

Body = Mapping[str, Any]


def unsaid(operation: str, query: Mapping[str, str], body: Any) -> Iterator[str]:
    """What is wrong with a request although its schema is met."""
    size = query.get("per_page", "")
    if size.isdecimal() and int(size) > MAX_PER_PAGE:
        yield f"per_page={size}: a page has at most {MAX_PER_PAGE} items"
    if isinstance(body, Mapping):
        for ending, rule in _RULES:
            if operation.endswith(ending):
                yield from rule(body)


def _text(body: Body) -> Iterator[str]:
    text = body.get("body")
    if isinstance(text, str) and len(text) > MAX_BODY:
        yield f"body has {len(text):,} characters, at most {MAX_BODY:,} are taken"


def _some_text(body: Body) -> Iterator[str]:
    # https://docs.github.com/rest/issues/comments: "body cannot be blank"
    if isinstance(body.get("body"), str) and not body["body"].strip():
        yield "body is blank"


def _check_run(body: Body) -> Iterator[str]:
    # https://docs.github.com/rest/checks/runs#create-a-check-run
    if "conclusion" not in body and (body.get("status") == "completed" or "completed_at" in body):
        yield "a completed check run needs a conclusion"
    if body.get("conclusion") == "stale":
        yield "only GitHub can set the conclusion stale"


def _ref(body: Body) -> Iterator[str]:
    # https://docs.github.com/rest/git/refs#create-a-reference
    ref = body.get("ref", "")
    if isinstance(ref, str) and (not ref.startswith("refs/") or ref.count("/") < 2):
        yield f"ref {ref!r} has to start with refs/ and hold two slashes"


def _ruleset(body: Body) -> Iterator[str]:
    # https://docs.github.com/rest/repos/rules#create-a-repository-ruleset
    rules = body.get("rules")
    for rule in rules if isinstance(rules, list) else ():
        kind = str(rule.get("type")) if isinstance(rule, Mapping) else ""
        if kind in _WITH_PARAMETERS and not rule.get("parameters"):
            yield f"the rule {kind} needs parameters"


def _status(body: Body) -> Iterator[str]:
    text = body.get("description")
    if isinstance(text, str) and len(text) > MAX_DESCRIPTION:
        yield f"description has {len(text)} characters, at most {MAX_DESCRIPTION} are taken"


_WITH_PARAMETERS = frozenset({"required_status_checks", "pull_request", "merge_queue", "workflows"})
_ISSUE, _PULL, _RUN = "/issues/{issue_number}", "/pulls/{pull_number}", "/check-runs"
_RULES: tuple[tuple[str, Callable[[Body], Iterator[str]]], ...] = (
    ("/comments", _text),
    ("/comments", _some_text),
    ("/comments/{comment_id}", _text),
    ("/comments/{comment_id}", _some_text),
    ("/issues", _text),
    (_ISSUE, _text),
    ("/pulls", _text),
    (_PULL, _text),
    (f"{_PULL}/reviews", _text),
    (f"POST /repos/{{owner}}/{{repo}}{_RUN}", _check_run),
    (f"{_RUN}/{{check_run_id}}", _check_run),
    ("/git/refs", _ref),
    ("/rulesets", _ruleset),
    ("/rulesets/{ruleset_id}", _ruleset),
    ("/statuses/{sha}", _status),
)
