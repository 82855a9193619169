"""All resolvers, by type and field."""

from __future__ import annotations

from interlock.sandbox.graphql import (
    read_checks,
    read_commits,
    read_people,
    read_pulls,
    read_repos,
    read_rules,
    root,
    write_comments,
    write_git,
    write_pulls,
)
from interlock.values import Any

RESOLVERS: dict[str, dict[str, Any]] = {
    "Query": root.QUERY,
    "RateLimit": root.RATE_LIMIT,
    "Mutation": {**write_comments.MUTATIONS, **write_git.MUTATIONS, **write_pulls.MUTATIONS},
    **read_people.TYPES,
    **read_repos.TYPES,
    **read_pulls.TYPES,
    **read_commits.TYPES,
    **read_checks.TYPES,
    **read_rules.TYPES,
}
RESOLVERS["Ref"]["rules"] = read_rules.REF_RULES
