"""One GraphQL exchange against GitHub's own schema."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from contract.descriptions import GRAPHQL, folder
from contract.rest import ours
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLAbstractType,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    build_schema,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)
from graphql.execution.values import get_variable_values

from interlock.sandbox.exchange import Exchange

_FORMS = {
    "DateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "GitObjectID": r"[0-9a-f]{40}",
    "URI": r"[a-z]+:.+|/.*",
    "GitTimestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)",
}


class Missing(Exception):
    """The answer lacks what the query asked for."""


def violations(exchange: Exchange) -> Iterator[str]:
    """What is wrong with a query that was not refused, and with its answer."""
    query = exchange.graphql_query
    if not query:
        return
    answer = exchange.response_body
    done = isinstance(answer, Mapping) and isinstance(answer.get("data"), Mapping)
    wrong = list(_query(query, exchange.graphql_variables))
    if wrong:
        if done or ours(exchange):
            yield from (f"GraphQL: {each}" for each in wrong)
        return
    if exchange.injected or exchange.status != 200:
        return
    for error in answer.get("errors", ()):
        if "message" not in error:
            yield f"GraphQL: an error without a message: {error}"
    if done:
        yield from (f"GraphQL answer: {each}" for each in _answer(exchange))
    elif not answer.get("errors"):
        yield "GraphQL: neither data nor errors"
    elif any("type" not in error for error in answer["errors"]):
        words = answer["errors"][0].get("message")
        yield f"GraphQL: the sandbox refuses what GitHub's schema takes: {words}"


@cache
def schema() -> GraphQLSchema:
    """GitHub's schema; takes about two seconds."""
    text = (folder() / GRAPHQL).read_text(encoding="utf-8")
    built = build_schema(text, assume_valid=True)
    for name, form in _FORMS.items():
        kind = built.type_map.get(name)
        if isinstance(kind, GraphQLScalarType):
            for word in ("serialize", "coerce_output_value"):  # graphql-core 3.2 and 3.3
                setattr(kind, word, _formed(name, form))
    return built


def _formed(name: str, form: str) -> Any:
    def check(value: Any) -> Any:
        if not isinstance(value, str) or not re.fullmatch(form, value):
            raise GraphQLError(f"{value!r} is no {name}")
        return value

    return check


@cache
def _parsed(query: str) -> tuple[DocumentNode | None, tuple[str, ...]]:
    try:
        document = parse(query)
    except GraphQLError as error:
        return None, (error.message,)
    return document, tuple(error.message for error in validate(schema(), document))


def _query(query: str, variables: Mapping[str, Any]) -> Iterator[str]:
    document, problems = _parsed(query)
    yield from problems
    if document is None or problems:
        return
    operation = get_operation_ast(document)
    if operation is None:
        return  # several operations: their variables are checked as they run
    declared = operation.variable_definitions or ()
    known = {each.variable.name.value for each in declared}
    yield from (f"variable ${name} is not declared" for name in variables if name not in known)
    found = get_variable_values(schema(), tuple(declared), dict(variables))
    if isinstance(found, list):
        yield from (error.message for error in found)


def _answer(exchange: Exchange) -> Iterator[str]:
    """Run the query over the answer: what does not fit GitHub's types comes out as an error."""
    document, _ = _parsed(exchange.graphql_query)
    assert document is not None
    broken = {
        tuple(error["path"])
        for error in exchange.response_body.get("errors", ())
        if error.get("path")
    }
    data = exchange.response_body["data"]
    done = execute_sync(
        schema(),
        document,
        root_value=data,
        variable_values=dict(exchange.graphql_variables),
        field_resolver=_given,
        type_resolver=_kind,
    )
    for error in done.errors or ():
        path = tuple(error.path or ())
        if not any(path[: len(each)] == each or each[: len(path)] == path for each in broken):
            yield f"{'.'.join(map(str, path))}: {error.message}"
    if not done.errors and done.data != data:
        yield f"it holds what the query did not ask for: {_more(data, done.data or {})}"


def _given(source: Any, info: GraphQLResolveInfo[Any], **_: Any) -> Any:
    """What the answer says under a field's name or alias."""
    if info.path.key not in source:
        raise Missing("it is missing from the answer")
    return source[info.path.key]


def _kind(value: Any, info: GraphQLResolveInfo[Any], kind: GraphQLAbstractType) -> str:
    """The type of a node: by its name where the query asks for it, else by what it holds."""
    possible = info.schema.get_possible_types(kind)
    if "__typename" in value:
        return str(value["__typename"])
    fits = [each.name for each in possible if set(value) == _asked(info, each)]
    # A directive may have left fields out.
    fits += [each.name for each in possible if set(value) < _asked(info, each)]
    return str([*fits, *(each.name for each in possible)][0])


def _asked(info: GraphQLResolveInfo[Any], kind: GraphQLObjectType) -> set[str]:
    """The keys that a node of this type has in the answer."""
    found: set[str] = set()
    left = [node.selection_set for node in info.field_nodes if node.selection_set]
    while left:
        for each in left.pop().selections:
            if isinstance(each, FieldNode):
                found.add((each.alias or each.name).value)
                continue
            inner: InlineFragmentNode | FragmentDefinitionNode
            inner = (
                each if isinstance(each, InlineFragmentNode) else info.fragments[each.name.value]  # type: ignore[attr-defined]
            )
            named = inner.type_condition
            on = info.schema.get_type(named.name.value) if named else kind
            if on is kind or kind in info.schema.get_possible_types(on):  # type: ignore[arg-type]
                left.append(inner.selection_set)
    return found


def _more(data: Any, asked: Any) -> str:
    """Where the first thing stands that differs."""
    if isinstance(data, Mapping) and isinstance(asked, Mapping):
        for key, value in data.items():
            if key not in asked:
                return str(key)
            if value != asked[key]:
                return f"{key}.{_more(value, asked[key])}"
    if isinstance(data, list) and isinstance(asked, list):
        for at, (one, other) in enumerate(zip(data, asked, strict=False)):
            if one != other:
                return f"{at}.{_more(one, other)}"
    return f"{data!r}"[:80]
