"""GraphQL over HTTP: 200 for nearly everything, errors beside whatever data there is.

https://docs.github.com/graphql/guides/forming-calls-with-graphql
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSyntaxError,
    GraphQLUnionType,
    OperationDefinitionNode,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from interlock.sandbox import access
from interlock.sandbox.actors import Token
from interlock.sandbox.api import Api
from interlock.sandbox.exchange import Exchange, Logged
from interlock.sandbox.faults import Fault
from interlock.sandbox.graphql.cost import Cost, Meter
from interlock.sandbox.graphql.places import Asking, Failed, type_name
from interlock.sandbox.graphql.resolvers import RESOLVERS
from interlock.sandbox.wire import Refused, Reply, Request
from interlock.values import Any

#: Characters; longer queries are refused before they cost anything.
MAX_QUERY = 200_000


@cache
def schema() -> GraphQLSchema:
    """Our part of GitHub's schema with its resolvers."""
    text = files("interlock.sandbox.graphql").joinpath("github.graphql").read_text(encoding="utf-8")
    built = build_schema(text)
    for name, fields in RESOLVERS.items():
        kind = built.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        for field, resolve in fields.items():
            kind.fields[field].resolve = _adapted(resolve)
    for kind in built.type_map.values():
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            kind.resolve_type = type_name
    return built


def _adapted(resolve: Any) -> Any:
    def answer(thing: Any, info: Any, **asked: Any) -> Any:
        return resolve(thing, info.context, asked)

    return answer


def answer(api: Api, request: Request) -> Reply | None:
    """The answer to one query or mutation; None where the connection is cut."""
    fault = api.faults.strike("POST /graphql")
    if fault and fault.latency:
        api.world.clock.sleep(fault.latency)
    with api.world.lock:
        token, body, points = None, {}, 0
        try:
            token = _caller(api, request)
            body = _body(request)
            if fault and fault.status and not fault.after:
                reply = fault.reply()
            else:
                reply, points = _run(api, token, body, fault)
                if fault and fault.status:
                    reply = fault.reply()
        except Refused as refused:
            reply = refused.reply()
        headers = {"content-type": "application/json; charset=utf-8", **reply.headers}
        if token is not None:
            headers = {**headers, **api.limits.headers(token, "graphql"), **reply.headers}
        reply = reply._replace(headers=headers)
        _log(api, request, token, body, reply, points, fault)
    return None if fault and fault.drop else reply


def _caller(api: Api, request: Request) -> Token:
    token = access.token_of(api.world, request.headers.get("authorization", ""))
    if token is None or token.kind == "app":
        raise Refused(401, "This endpoint requires you to be authenticated.")
    return token


def _body(request: Request) -> dict[str, Any]:
    found = request.json()
    if not isinstance(found, dict) or not isinstance(found.get("query"), str):
        raise Refused(400, "A query attribute must be specified and must be a string.")
    return found


def _run(api: Api, token: Token, body: dict[str, Any], fault: Fault | None) -> tuple[Reply, int]:
    if api.limits.exhausted(token, "graphql"):
        # https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#exceeding-the-rate-limit
        return Reply(
            200, {"errors": [{"type": "RATE_LIMITED", "message": api.limits.exceeded(token)}]}
        ), 0
    variables = body.get("variables") or {}
    asking = Asking(api, token)
    try:
        document, operation = _understood(body)
        cost = _cost(document, operation, variables)
    except GraphQLError as error:
        return Reply(200, {"errors": [_shown(error)]}), 0
    except Failed as failed:
        return Reply(200, {"errors": [{"type": failed.kind, "message": str(failed)}]}), 0
    asking.cost, asking.nodes = cost.points, cost.nodes
    writes = operation.operation.value == "mutation"
    api.limits.pace(token, "graphql", 5 if writes else 1, content=writes)
    api.limits.charge(token, "graphql", cost.points)
    done = execute_sync(
        schema(),
        document,
        context_value=asking,
        variable_values=variables,
        operation_name=body.get("operationName"),
    )
    answer: dict[str, Any] = {"data": done.data}
    errors = [_shown(error) for error in done.errors or ()]
    if fault:
        errors += _broken(answer, fault)
    if errors:
        answer["errors"] = errors
    return Reply(200, answer), cost.points


def _understood(body: dict[str, Any]) -> tuple[DocumentNode, OperationDefinitionNode]:
    """The parsed query and the operation to run; raises GraphQLError."""
    query = body["query"]
    if len(query) > MAX_QUERY:
        raise GraphQLError("Query is too large.")
    try:
        document = parse(query, max_tokens=50_000)
    except GraphQLSyntaxError as error:
        raise GraphQLError(error.message) from error
    if problems := validate(schema(), document):
        raise problems[0]
    name = body.get("operationName")
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode) and (
            not name or (each.name and each.name.value == name)
        ):
            return document, each
    raise GraphQLError("No operation was given.")


def _cost(
    document: DocumentNode, operation: OperationDefinitionNode, variables: dict[str, Any]
) -> Cost:
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    return Meter(schema(), fragments, variables).of(operation)


def _shown(error: GraphQLError) -> dict[str, Any]:
    """An error as GitHub writes it: its type beside its path and places."""
    cause = error.original_error
    shown: dict[str, Any] = {}
    if isinstance(cause, Failed):
        shown["type"] = cause.kind
    elif isinstance(cause, Refused):
        shown["type"] = "FORBIDDEN" if cause.status == 403 else "UNPROCESSABLE"
    elif cause is not None and not isinstance(cause, GraphQLError):
        raise cause  # a defect of the sandbox, not of the query
    if error.path:
        shown["path"] = list(error.path)
    if error.locations:
        shown["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    text = error.message
    if isinstance(cause, Refused) and cause.errors:
        first = cause.errors[0]
        text = first.get("message", text) if isinstance(first, dict) else str(first)
    return shown | {"message": text}


def _broken(answer: dict[str, Any], fault: Fault) -> list[dict[str, Any]]:
    """Null what a fault takes away; its errors."""
    found = list(fault.errors)
    for path in fault.paths:
        parts = path.split(".")
        thing = answer["data"]
        for part in parts[:-1]:
            thing = thing.get(part) if isinstance(thing, dict) else None
        if isinstance(thing, dict) and parts[-1] in thing:
            thing[parts[-1]] = None
            text = "Something went wrong while executing your query."
            found.append({"type": "SERVICE_UNAVAILABLE", "path": parts, "message": text})
    return found


def _log(
    api: Api,
    request: Request,
    token: Token | None,
    body: dict[str, Any],
    reply: Reply,
    points: int,
    fault: Fault | None,
) -> None:
    world = api.world
    kind = token.kind if token else "none"
    name = str(body.get("operationName") or "")
    world.requests.append(Logged("graphql", "POST", "/graphql", kind, reply.status, points, name))
    if not world.observers:
        return
    injected = fault is not None and bool(fault.status or fault.paths or fault.errors)
    world.observed(
        Exchange(
            "graphql",
            "POST",
            "/graphql",
            "/graphql",
            {},
            dict(request.headers),
            body,
            reply.status,
            dict(reply.headers),
            reply.body,
            {},
            str(body.get("query", "")),
            body.get("variables") or {},
            injected,
        )
    )
