"""Every GraphQL query, in one place. Values only ever go in as variables.

Limits: a connection gives at most 100 nodes, a query may touch 500,000, and its points are the
requests that its connections would take, divided by 100.
https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
"""

from __future__ import annotations

from collections.abc import Sequence

#: What a connection gives at most.
PAGE = 100
#: Repositories asked for at once: more time out (GitHub stops a query after ten seconds).
REPOS_AT_ONCE = 5
#: Pull requests whose comments and checks are asked for at once.
DETAILS_AT_ONCE = 20
#: Files of a pull request that are listed: one that changes more is looked at by its content.
FILES = 50

_PULL = f"""
fragment pull on PullRequest {{
  number body state isDraft createdAt mergedAt closedAt changedFiles
  baseRefName headRefName headRefOid isCrossRepository authorAssociation
  mergeCommit {{ oid }}
  files(first: {FILES}) {{ nodes {{ path changeType }} }}
%s}}
"""
#: Our own status on its head: a point a hundred pull requests, so only a sweep asks for it.
_STATUS = """\
  commits(last: 1) { nodes { commit {
    status { context(name: $context) { state description creator { __typename login } } }
  } } }
"""
_CHECKS = """
    pageInfo { hasNextPage endCursor }
    nodes {
      __typename
      ... on StatusContext { context state description targetUrl creator { __typename login } }
      ... on CheckRun { databaseId name status conclusion checkSuite { app { databaseId } } }
    }
"""
_DETAIL = f"""
fragment detail on PullRequest {{
  id number headRefOid isDraft state reviewDecision url
  latestOpinionatedReviews(first: 100, writersOnly: true) {{ nodes {{ state }} }}
  comments(first: 100) {{
    pageInfo {{ hasNextPage }}
    nodes {{ fullDatabaseId viewerDidAuthor body createdAt }}
  }}
  commits(last: 1) {{ nodes {{ commit {{ oid statusCheckRollup {{ contexts(first: 100) {{{_CHECKS}  }} }} }} }} }}
}}
"""  # noqa: E501
_REPO = f"""
    nameWithOwner visibility isArchived url
    defaultBranchRef {{
      name
      target {{ oid }}
      refUpdateRule {{ requiredStatusCheckContexts }}
      rules(first: {PAGE}) {{ nodes {{ type parameters {{
        ... on RequiredStatusChecksParameters {{
          requiredStatusChecks {{ context integrationId }}
        }}
      }} }} }}
    }}
    groups: refs(refPrefix: "refs/heads/gh-readonly-queue/", first: {PAGE}) {{
      nodes {{ name target {{ oid }} }}
    }}
    oldest: pullRequests(states: OPEN, first: {PAGE}, orderBy: {{field: CREATED_AT, direction: ASC}}) {{
      totalCount
      pageInfo {{ hasNextPage endCursor }}
      nodes {{ ...pull }}
    }}
    newest: pullRequests(states: OPEN, last: {PAGE}, orderBy: {{field: CREATED_AT, direction: ASC}}) {{
      nodes {{ ...pull }}
    }}
    ended: pullRequests(states: [MERGED, CLOSED], first: $ended, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{
      nodes {{ ...pull }}
    }}
"""  # noqa: E501


def overview(repos: int, event: int | None, *, statuses: bool) -> str:
    """What ``repos`` repositories (``$o0``, ``$n0`` …) propose; more of pull ``$number`` of one.

    Up to 200 open pull requests come at once: the 100 oldest and the 100 newest.
    """
    names = "".join(f", $o{at}: String!, $n{at}: String!" for at in range(repos))
    parts = [
        f"  r{at}: repository(owner: $o{at}, name: $n{at}) {{{_REPO}  }}" for at in range(repos)
    ]
    number = ""
    if event is not None:
        number = ", $number: Int!"
        asked = f"repository(owner: $o{event}, name: $n{event})"
        parts.append(f"  event: {asked} {{ pullRequest(number: $number) {{ ...pull ...detail }} }}")
    inside = "\n".join(parts)
    return (
        f"query($ended: Int!{_context(statuses)}{number}{names}) {{\n"
        f"  rateLimit {{ cost }}\n  viewer {{ login }}\n{inside}\n}}\n{_pull(statuses)}"
        + (_DETAIL if event is not None else "")
    )


def _context(statuses: bool) -> str:
    return ", $context: String!" if statuses else ""


def _pull(statuses: bool) -> str:
    return _PULL % (_STATUS if statuses else "")


def comments() -> str:
    """100 comments of an issue or pull request, after ``$after``."""
    listed = (
        f"comments(first: {PAGE}, after: $after) {{ pageInfo {{ hasNextPage endCursor }} "
        "nodes { fullDatabaseId viewerDidAuthor body createdAt } }"
    )
    return (
        "query($owner: String!, $name: String!, $number: Int!, $after: String) {\n"
        "  rateLimit { cost }\n  repository(owner: $owner, name: $name) {\n"
        f"    issueOrPullRequest(number: $number) {{\n      ... on Issue {{ {listed} }}\n"
        f"      ... on PullRequest {{ {listed} }}\n    }}\n  }}\n}}\n"
    )


def more_checks() -> str:
    """The next 100 checks of the commit ``$commit``, after ``$after``."""
    return (
        "query($owner: String!, $name: String!, $commit: GitObjectID!, $after: String!) {\n"
        "  rateLimit { cost }\n  repository(owner: $owner, name: $name) {\n"
        "    object(oid: $commit) { ... on Commit { statusCheckRollup {\n"
        f"      contexts(first: {PAGE}, after: $after) {{{_CHECKS}      }}\n"
        "    } } }\n  }\n}\n"
    )


def more_open(*, statuses: bool) -> str:
    """The next 100 open pull requests of one repository, after ``$after``."""
    return (
        f"query($owner: String!, $name: String!, $after: String!{_context(statuses)}) {{\n"
        "  rateLimit { cost }\n"
        "  repository(owner: $owner, name: $name) {\n"
        f"    pullRequests(states: OPEN, first: {PAGE}, after: $after, "
        "orderBy: {field: CREATED_AT, direction: ASC}) {\n"
        "      pageInfo { hasNextPage endCursor }\n      nodes { ...pull }\n    }\n  }\n}\n"
        f"{_pull(statuses)}"
    )


def details(places: Sequence[int]) -> str:
    """Comments, reviews and checks of pull requests: ``$o0 $n0 $p0 …``; its length counts."""
    at_each = range(len(places))
    names = ", ".join(f"$o{at}: String!, $n{at}: String!, $p{at}: Int!" for at in at_each)
    inside = "\n".join(
        f"  d{at}: repository(owner: $o{at}, name: $n{at}) "
        f"{{ pullRequest(number: $p{at}) {{ ...detail }} }}"
        for at in at_each
    )
    return f"query({names}) {{\n  rateLimit {{ cost }}\n{inside}\n}}\n{_DETAIL}"
