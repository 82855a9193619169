"""NamedTuple at a third of its price: every hook defines dozens before it does any work.

typing.NamedTuple compiles each annotation, which nothing here reads; type checkers see the real
one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414  re-exported
else:
    from collections import namedtuple

    _SPECIAL = frozenset(
        (
            "__module__",
            "__qualname__",
            "__annotations__",
            "__slots__",
            "__firstlineno__",
            "__static_attributes__",
            "__classcell__",
            "__dict__",
            "__weakref__",
        )
    )

    class _Meta(type):
        def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(mcs, name, bases, namespace)
            fields = tuple(namespace.get("__annotations__", ()))
            defaults = [namespace[field] for field in fields if field in namespace]
            made = namedtuple(  # noqa: PYI024  this is what makes it cheap
                name, fields, defaults=defaults, module=namespace["__module__"]
            )
            for key, value in namespace.items():
                if key not in _SPECIAL and key not in fields:
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Meta):
        """See typing.NamedTuple."""
