"""The order of landing, held against every permutation."""

from __future__ import annotations

from itertools import chain, combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.changes.order import MAX_TRIED, Landed, Landing, Orders


def subsets(members: range) -> list[Landed]:
    every = chain.from_iterable(combinations(members, count) for count in range(len(members) + 1))
    return [frozenset(one) for one in every]


def is_safe_order(order: tuple[int, ...], landed: Landed, safe: set[Landed]) -> bool:
    return all(landed | set(order[: at + 1]) in safe for at in range(len(order)))


def brute_force(members: range, landed: Landed, safe: set[Landed]) -> Landing:
    """By trying every permutation of those that have not landed."""
    rest = [one for one in members if one not in landed]
    orders = [o for o in permutations(rest) if is_safe_order(o, landed, safe)]
    if not orders:
        return Landing(None, (), dict.fromkeys(rest, ()))
    first = tuple(one for one in rest if any(o[0] == one for o in orders))
    after = {}
    for one in rest:
        if one not in first:
            befores = [tuple(sorted(o[: o.index(one)])) for o in orders]
            after[one] = min(befores, key=lambda before: (len(before), before))
    return Landing(min(orders), first, after)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.integers(1, 5))
def test_it_finds_what_trying_every_order_finds(data: st.DataObject, count: int) -> None:
    members = range(count)
    states = subsets(members)
    safe = set(data.draw(st.lists(st.sampled_from(states), max_size=len(states))))
    landed = data.draw(st.sampled_from(states[:-1]))
    if data.draw(st.booleans()):
        safe.add(frozenset(members))
    found = Orders(tuple(members), lambda state: state in safe).landing(landed)
    assert found == brute_force(members, landed, safe)


def test_every_state_is_judged_at_most_once_a_question() -> None:
    asked: list[Landed] = []

    def safe(state: Landed) -> bool:
        asked.append(state)
        return 0 in state

    found = Orders(tuple(range(7)), safe).landing(frozenset())
    assert found.order == tuple(range(7))
    assert found.next == (0,)
    assert found.after == dict.fromkeys(range(1, 7), (0,))
    assert len(set(asked)) <= 2**7


def test_where_all_have_landed_nothing_is_left() -> None:
    found = Orders((0, 1), lambda _: True).landing(frozenset({0, 1}))
    assert found == Landing((), (), {})


@pytest.mark.parametrize("stuck", [False, True])
def test_above_the_bound_the_first_safe_steps_are_taken_and_that_is_said(stuck: bool) -> None:
    count = MAX_TRIED + 3

    def safe(state: Landed) -> bool:
        # The last one has to land first; when stuck, nothing may land after five others.
        return count - 1 in state and not (stuck and len(state) == 6)

    found = Orders(tuple(range(count)), safe).landing(frozenset())
    assert found.limited
    if stuck:
        assert (found.order, found.next) == (None, ())
    else:
        assert found.order == (count - 1, *range(count - 1))
        assert found.next == (count - 1,)
        assert found.after[0] == (count - 1,)
