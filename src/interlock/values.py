"""What hooks need of typing, at a twentieth of its price: they run at every commit.

typing.NamedTuple compiles each annotation and collections.namedtuple each constructor; here all
classes share one. The other names only stand in annotations, which nothing reads at run time.
Type checkers see the real ones.
"""

from __future__ import annotations

__all__ = [
    "TYPE_CHECKING",
    "Any",
    "Final",
    "Literal",
    "NamedTuple",
    "NoReturn",
    "Protocol",
    "TypeVar",
]
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, Literal, NamedTuple, NoReturn, Protocol, TypeVar
else:
    from operator import itemgetter

    class _Words:
        def __getitem__(self, _):  # noqa: ANN001, ANN204
            return self

        def __call__(self, *_, **__):  # noqa: ANN002, ANN003, ANN204
            return self

    Any = Final = Literal = NoReturn = TypeVar = _Words()
    Protocol = object

    try:
        from _collections import _tuplegetter
    except ImportError:  # another Python than CPython

        def _tuplegetter(at, doc):  # noqa: ANN001, ANN202
            return property(itemgetter(at), doc=doc)

    _new = tuple.__new__

    class _Base(tuple):
        __slots__ = ()
        _fields = ()
        _field_defaults = {}  # noqa: RUF012  as in collections.namedtuple

        def __new__(cls, *values, **named):  # noqa: ANN002, ANN003, ANN204
            if named or len(values) != len(cls._fields):
                values = _filled(cls, values, named)
            return _new(cls, values)

        @classmethod
        def _make(cls, values):  # noqa: ANN001, ANN206
            return cls(*values)

        def _replace(self, **named):  # noqa: ANN003, ANN202
            fields = self._fields
            values = [named.pop(field, value) for field, value in zip(fields, self, strict=True)]
            if named:
                raise TypeError(f"{type(self).__name__} has no field {', '.join(named)}")
            return _new(type(self), values)

        def _asdict(self):  # noqa: ANN202
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            shown = ", ".join(f"{f}={v!r}" for f, v in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({shown})"

        def __getnewargs__(self):  # noqa: ANN204
            return tuple(self)

    def _filled(cls, values, named):  # noqa: ANN001, ANN202
        """The values of all fields, from positions, names and defaults."""
        fields, defaults = cls._fields, cls._field_defaults
        if len(values) > len(fields):
            raise TypeError(f"{cls.__name__} takes {len(fields)} values, {len(values)} were given")
        found = list(values)
        for field in fields[len(values) :]:
            if field in named:
                found.append(named.pop(field))
            elif field in defaults:
                found.append(defaults[field])
            else:
                raise TypeError(f"{cls.__name__} needs a value for {field}")
        if named:
            raise TypeError(f"{cls.__name__} does not take {', '.join(named)} (again)")
        return found

    class _Meta(type):
        def __new__(mcs, name, bases, space):  # noqa: ANN001, ANN204
            if not bases:
                return super().__new__(mcs, name, bases, space)
            fields = tuple(space.get("__annotations__", ()))
            space["_field_defaults"] = {f: space[f] for f in fields if f in space}
            space["_fields"] = space["__match_args__"] = fields
            space["__slots__"] = ()
            for at, field in enumerate(fields):
                space[field] = _tuplegetter(at, "")
            return type(name, (_Base,), space)

    class NamedTuple(metaclass=_Meta):
        """See typing.NamedTuple."""
