"""Where a GraphQL schema says something that GitHub's does not say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_required_argument,
    is_required_input_field,
    print_ast,
)


def differences(part: GraphQLSchema, whole: GraphQLSchema) -> Iterator[str]:
    """Everything in ``part`` that is not so in ``whole``, and what it may not leave out."""
    for name, kind in part.type_map.items():
        if name.startswith("__"):
            continue
        other = whole.type_map.get(name)
        if type(other) is not type(kind):
            yield f"{name}: GitHub has no such type of this kind"
        else:
            yield from _type(kind, other)


def _type(kind: GraphQLNamedType, other: Any) -> Iterator[str]:
    if isinstance(kind, GraphQLEnumType):
        yield from _names(kind.name, "value", kind.values, other.values)
    elif isinstance(kind, GraphQLUnionType):
        yield from _names(kind.name, "member", _named(kind.types), _named(other.types))
    elif isinstance(kind, GraphQLInputObjectType):
        yield from _names(kind.name, "field", kind.fields, other.fields)
        yield from _inputs(kind.name, kind.fields, other.fields)
    elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        inherited = _named(kind.interfaces), _named(other.interfaces)
        yield from _names(kind.name, "interface", *inherited)
        yield from _names(kind.name, "field", kind.fields, other.fields)
        for name, field in kind.fields.items():
            if name in other.fields:
                yield from _field(f"{kind.name}.{name}", field, other.fields[name])


def _field(where: str, field: GraphQLField, other: GraphQLField) -> Iterator[str]:
    if str(field.type) != str(other.type):
        yield f"{where}: it is {field.type}, GitHub's is {other.type}"
    yield from _names(where, "argument", field.args, other.args)
    yield from _inputs(where, field.args, other.args)


def _inputs(
    where: str,
    given: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField],
    others: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField],
) -> Iterator[str]:
    """Arguments or input fields: their types, their defaults, and those that have to be given."""
    for name, one in given.items():
        if name in others and _declared(one) != _declared(others[name]):
            yield f"{where}.{name}: it is {_declared(one)}, GitHub's is {_declared(others[name])}"
    for name, other in others.items():
        needed = (
            is_required_argument(other)
            if isinstance(other, GraphQLArgument)
            else is_required_input_field(other)
        )
        if needed and name not in given:
            yield f"{where}.{name}: GitHub asks for it"


def _declared(thing: GraphQLArgument | GraphQLInputField) -> str:
    node = thing.ast_node
    default = node.default_value if node else None
    return f"{thing.type} = {print_ast(default)}" if default else str(thing.type)


def _named(types: Any) -> dict[str, Any]:
    return {each.name: each for each in types}


def _names(
    where: str, what: str, given: Mapping[str, Any], others: Mapping[str, Any]
) -> Iterator[str]:
    yield from (
        f"{where}.{name}: GitHub has no such {what}" for name in given if name not in others
    )
