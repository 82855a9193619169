"""What a query costs by GitHub's published formula, and its limits on nodes and pages.

https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
"""

from __future__ import annotations

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from interlock.sandbox.graphql.places import Failed
from interlock.values import Any, NamedTuple

MAX_NODES = 500_000
MAX_PAGE = 100


class Cost(NamedTuple):
    """Requests to fulfil all connections, and the nodes they may bring."""

    requests: int = 0
    nodes: int = 0

    @property
    def points(self) -> int:
        """Requests divided by 100, rounded; at least one."""
        return max(1, (self.requests + 50) // 100)


class Meter:
    """Counts one operation; raises Failed where a limit is passed."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: dict[str, FragmentDefinitionNode],
        variables: dict[str, Any],
    ) -> None:
        """Know the types, fragments and variables."""
        self.schema = schema
        self.fragments = fragments
        self.variables = variables

    def of(self, operation: OperationDefinitionNode) -> Cost:
        """The cost of an operation."""
        root = self.schema.get_root_type(operation.operation)
        assert root is not None
        found = self._walk(operation.selection_set, root, 1)
        if found.nodes > MAX_NODES:
            raise Failed(
                "MAX_NODE_LIMIT_EXCEEDED",
                f"This query requests up to {found.nodes:,} possible nodes which exceeds the "
                f"maximum limit of {MAX_NODES:,}.",
            )
        return found

    def _walk(self, chosen: SelectionSetNode | None, parent: Any, times: int) -> Cost:
        requests = nodes = 0
        for each in chosen.selections if chosen else ():
            if isinstance(each, FieldNode):
                found = self._field(each, parent, times)
            elif isinstance(each, InlineFragmentNode):
                kind = each.type_condition
                inner = self.schema.get_type(kind.name.value) if kind else parent
                found = self._walk(each.selection_set, inner, times)
            else:
                assert isinstance(each, FragmentSpreadNode)
                fragment = self.fragments[each.name.value]
                inner = self.schema.get_type(fragment.type_condition.name.value)
                found = self._walk(fragment.selection_set, inner, times)
            requests, nodes = requests + found.requests, nodes + found.nodes
        return Cost(requests, nodes)

    def _field(self, field: FieldNode, parent: Any, times: int) -> Cost:
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            return Cost()
        definition = parent.fields.get(field.name.value)
        if definition is None:
            return Cost()
        inner = get_named_type(definition.type)
        if not inner.name.endswith("Connection"):
            return self._walk(field.selection_set, inner, times)
        size = self._size(field)
        below = self._walk(field.selection_set, inner, times * size)
        return Cost(below.requests + times, below.nodes + times * size)

    def _size(self, field: FieldNode) -> int:
        name = field.name.value
        for given in field.arguments or ():
            if given.name.value not in ("first", "last"):
                continue
            size: Any = None
            if isinstance(given.value, VariableNode):
                size = self.variables.get(given.value.name.value)
            elif isinstance(given.value, IntValueNode):
                size = int(given.value.value)
            if size is None:
                continue
            if size > MAX_PAGE:
                raise Failed(
                    "EXCESSIVE_PAGINATION",
                    f"Requesting {size} records on the `{name}` connection exceeds the "
                    f"`{given.name.value}` limit of {MAX_PAGE} records.",
                )
            return max(0, int(size))
        raise Failed(
            "MISSING_PAGINATION_BOUNDARIES",
            "You must provide a `first` or `last` value to properly paginate the "
            f"`{name}` connection.",
        )
