"""Our NamedTuple does what typing's does."""

from __future__ import annotations

import copy
import pickle
import typing

import pytest

from interlock.values import NamedTuple


class Ours(NamedTuple):
    """A value."""

    name: str
    size: int = 3

    @property
    def double(self) -> int:
        """Twice the size."""
        return 2 * self.size


class Theirs(typing.NamedTuple):  # what ours is held against
    """A value."""

    name: str
    size: int = 3


@pytest.mark.parametrize(
    ("values", "named"),
    [
        (("a",), {}),
        (("a", 1), {}),
        ((), {"name": "a"}),
        (("a",), {"size": 9}),
        ((), {"size": 1, "name": "b"}),
    ],
)
def test_it_is_built_alike(values: tuple[object, ...], named: dict[str, object]) -> None:
    ours, theirs = Ours(*values, **named), Theirs(*values, **named)  # type: ignore[arg-type]
    assert ours == theirs == tuple(theirs)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert ours._asdict() == theirs._asdict()
    assert ours._replace(name="z") == theirs._replace(name="z")
    assert hash(ours) == hash(theirs)


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), (("a", 1, 2), {}), (("a",), {"name": "b"}), (("a",), {"other": 1})],
)
def test_what_does_not_fit_is_refused_alike(
    values: tuple[object, ...], named: dict[str, object]
) -> None:
    for kind in (Ours, Theirs):
        with pytest.raises(TypeError):
            kind(*values, **named)  # type: ignore[arg-type]


def test_the_rest_of_a_named_tuple_is_there() -> None:
    value = Ours("a", 4)
    assert Ours._fields == Theirs._fields
    assert Ours._field_defaults == Theirs._field_defaults
    assert value.double == 8
    assert Ours._make(["a", 4]) == value
    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value  # noqa: S301
    assert type(copy.copy(value)) is Ours
    assert not hasattr(value, "__dict__")
    with pytest.raises(AttributeError):
        value.name = "b"  # type: ignore[misc]
    with pytest.raises((TypeError, ValueError)):
        value._replace(nothing=1)  # type: ignore[call-arg]
    match value:
        case Ours(name, size):
            assert (name, size) == ("a", 4)
