"""One request and its answer, as observers and tests see them."""

from __future__ import annotations

from collections.abc import Mapping

from interlock.values import Any, NamedTuple


class Exchange(NamedTuple):
    """A finished request: what came in, which operation it was, what went out.

    ``kind`` is "rest" or "graphql". ``path_template`` is the operation of GitHub's description,
    such as ``/repos/{owner}/{repo}/pulls/{pull_number}``, and "" where no operation matched;
    for GraphQL it is ``/graphql``. ``path`` is the request's path below the API's base. Bodies
    are parsed JSON, or None where there was none; text answers (diffs, raw files) are str.
    Header names are lower case. ``injected`` tells that a fault made this answer, which then
    need not have the shape that GitHub describes.
    """

    kind: str
    method: str
    path_template: str
    path: str
    query: Mapping[str, str]
    request_headers: Mapping[str, str]
    request_body: Any
    status: int
    response_headers: Mapping[str, str]
    response_body: Any
    path_parameters: Mapping[str, str] = {}
    graphql_query: str = ""
    graphql_variables: Mapping[str, Any] = {}
    injected: bool = False


class Logged(NamedTuple):
    """One line of the request log, so that tests can count.

    ``kind`` is "rest", "graphql" or "git"; ``token`` is "none", "user", "app" (a JWT),
    "installation" or "actions". ``points`` are what the primary limit was charged.
    """

    kind: str
    method: str
    path: str
    token: str
    status: int
    points: int
    operation: str = ""
