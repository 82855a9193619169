"""The pace of writes, over any times at which a run wants to write."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.github.pace import BOUNDS, FEW, Pace

#: Seconds between the moments at which a run is ready to write again.
GAPS = st.one_of(
    st.just(0.0), st.floats(0, 2), st.floats(0, 90), st.sampled_from([0.75, 1.0, 59.9, 3600.0])
)


def written(gaps: list[float], start: float = 1_767_225_600.0) -> tuple[list[float], list[float]]:
    """When each write is made, and how long each waited."""
    pace, now = Pace(), start
    times, waits = [], []
    for gap in gaps:
        now += gap
        waits.append(pace.wait(now))
        now += waits[-1]
        pace.wrote(now)
        times.append(now)
    return times, waits


def most_in(times: list[float], seconds: float) -> int:
    """The most writes in any stretch of ``seconds``; a clock's last digit is forgiven."""
    most = first = 0
    for at, time in enumerate(times):
        while time - times[first] >= seconds - 1e-5:
            first += 1
        most = max(most, at - first + 1)
    return most


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(GAPS, st.integers(1, 200)), min_size=1, max_size=12))
def test_no_minute_and_no_hour_has_more_writes_than_github_allows(
    stretches: list[tuple[float, int]],
) -> None:
    gaps = [gap for gap, count in stretches for _ in range(count)]
    times, waits = written(gaps)
    for seconds, most in BOUNDS:
        assert most_in(times, seconds) <= most
    assert all(wait >= 0 for wait in waits)
    # Nobody waits longer than until the oldest of the hour is over.
    assert max(waits) <= BOUNDS[-1][0] + 1e-5


def test_the_bounds_are_githubs() -> None:
    assert BOUNDS == ((60.0, 80), (3_600.0, 500))


def test_as_many_as_are_allowed_are_written_as_soon_as_they_are() -> None:
    times, _ = written([0.0] * 520)
    started = times[0]
    assert sum(1 for time in times if time - started < 60) == FEW + 59
    # After 500 the hour decides, and nothing else.
    assert times[499] - started < 600
    assert abs(times[500] - started - 3_600) < 1e-5


@settings(max_examples=40, deadline=None)
@given(st.lists(GAPS, max_size=FEW))
def test_few_writes_wait_for_nothing(gaps: list[float]) -> None:
    assert set(written(gaps)[1]) <= {0.0}


def test_many_are_a_second_apart_and_slow_ones_wait_for_nothing() -> None:
    times, waits = written([0.0] * 30)
    assert waits[:FEW] == [0.0] * FEW
    apart = [after - before for before, after in zip(times[FEW - 1 :], times[FEW:], strict=False)]
    assert all(abs(one - 1) < 1e-5 for one in apart)
    assert set(written([8.0] * 400)[1]) == {0.0}
