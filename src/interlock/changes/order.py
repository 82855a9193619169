"""In which order the members of a set can land, so that no state on the way is broken."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

from interlock.values import NamedTuple

#: Up to so many members every order is tried (2^8 states); above, the first safe step is taken.
MAX_TRIED = 8
Landed = frozenset[int]


class Landing(NamedTuple):
    """What may land next, by index of the members.

    ``order`` is a safe order of all that have not landed, None where none was found. ``next`` are
    the first steps of the safe orders. ``after`` maps each other member to the fewest that have to
    land before it; () where nothing helps. ``limited`` says that not every order was tried.
    """

    order: tuple[int, ...] | None
    next: tuple[int, ...]
    after: dict[int, tuple[int, ...]]
    limited: bool = False


class Orders:
    """Tries orders over the states of a set; the members' own order decides between safe ones."""

    def __init__(self, members: tuple[int, ...], safe: Callable[[Landed], bool]) -> None:
        """``members`` are those that may land, the preferred one first; ``safe`` judges a state."""
        self._members = members
        self._safe = safe
        self._known: dict[Landed, bool] = {}

    def landing(self, landed: Landed) -> Landing:
        """What may follow when ``landed`` have."""
        rest = tuple(one for one in self._members if one not in landed)
        if len(rest) > MAX_TRIED:
            return self._first_found(landed, rest)
        order = self._order(landed)
        if order is None:
            return Landing(None, (), dict.fromkeys(rest, ()))
        steps = tuple(one for one in rest if self._is_step(landed, one))
        after = {one: self._before(landed, one) for one in rest if one not in steps}
        return Landing(order, steps, after)

    def _is_step(self, landed: Landed, one: int) -> bool:
        return self._safe(landed | {one}) and self._completes(landed | {one})

    def _completes(self, landed: Landed) -> bool:
        """True where all others can follow, each step being safe."""
        if landed not in self._known:
            rest = [one for one in self._members if one not in landed]
            self._known[landed] = not rest or any(self._is_step(landed, one) for one in rest)
        return self._known[landed]

    def _order(self, landed: Landed) -> tuple[int, ...] | None:
        found: list[int] = []
        while len(landed | set(found)) < len(landed | set(self._members)):
            state = landed | set(found)
            rest = (one for one in self._members if one not in state)
            step = next((one for one in rest if self._is_step(state, one)), None)
            if step is None:
                return None
            found.append(step)
        return tuple(found)

    def _before(self, landed: Landed, wanted: int) -> tuple[int, ...]:
        """The fewest others that land before ``wanted`` in a safe order."""
        rest = [one for one in self._members if one not in landed and one != wanted]
        reached = {landed}
        for count in range(1, len(rest) + 1):
            states = {landed | set(some) for some in combinations(rest, count)}
            reached = {s for s in states if self._safe(s) and any(s - {o} in reached for o in s)}
            for some in combinations(rest, count):
                state = landed | set(some)
                if state in reached and self._is_step(state, wanted):
                    return some
        return ()

    def _first_found(self, landed: Landed, rest: tuple[int, ...]) -> Landing:
        steps = tuple(one for one in rest if self._safe(landed | {one}))
        found: list[int] = []
        while len(found) < len(rest):
            state = landed | set(found)
            left = (one for one in rest if one not in state)
            step = next((one for one in left if self._safe(state | {one})), None)
            if step is None:
                return Landing(None, (), dict.fromkeys(rest, ()), limited=True)
            found.append(step)
        after = {one: tuple(found[: found.index(one)]) for one in rest if one not in steps}
        return Landing(tuple(found), steps, after, limited=True)
