"""A run that is killed at each of its writes, before and after it happened, and run again.

One set goes from missing over complete to landed, with the alarm of a half-landed set and the
reminder of one that nobody finishes. After each step the killed story has to look as the whole one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from setworld import NAMES, POLICY, Story

from interlock.github.connection import Connection
from interlock.github.patience import Patience

REMINDED = POLICY + "change-sets: {remind-after: 1d, window: 4h}\n"
DAY, HOUR = 86_400, 3_600


class Killed(BaseException):
    """The process ends: nothing after it runs, and nothing catches it."""


class Kill:
    """Counts writes; ends the run at number ``at``, before or after it happened."""

    def __init__(self, at: int, *, happened: bool) -> None:
        """``at`` counts from 1; 0 kills nothing."""
        self.real: Callable[..., Any] = Connection.write
        self.writes = 0
        self._at, self._happened = at, happened

    def __get__(self, instance: object, owner: object) -> Callable[..., Any]:
        """The method of one connection."""

        def write(*given: Any, **more: Any) -> Any:
            self.writes += 1
            if self.writes != self._at:
                return self.real(instance, *given, **more)
            if self._happened:
                self.real(instance, *given, **more)
            raise Killed

        return write


class Slain(NamedTuple):
    """How many writes the story has, how many runs were killed, and where an end differed."""

    writes: int
    kills: int
    different: tuple[str, ...]


def slain() -> Slain:
    """Kill at every write, once before and once after it happened."""
    whole, writes, _ = told(0, happened=False)
    different: list[str] = []
    kills = 0
    for at in range(1, writes + 1):
        for happened in (False, True):
            found, _, times = told(at, happened=happened)
            kills += times
            for step, (one, other) in enumerate(zip(whole, found, strict=True)):
                if one != other:
                    when = "after" if happened else "before"
                    different.append(f"killed {when} write {at}: step {step} differs")
    return Slain(writes, kills, tuple(different))


State = dict[str, tuple[object, ...]]


def told(at: int, *, happened: bool) -> tuple[list[State], int, int]:
    """What GitHub shows after each step, how many writes there were, and how many kills."""
    kill = Kill(at, happened=happened)
    states: list[State] = []
    kills = 0
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as temporary:
        story = Story(patch, Path(temporary), policy=REMINDED)
        clock = story.sandbox.clock
        waits = {"sleep": clock.advance, "now": clock.now, "most": 900.0}
        patch.setattr(Patience.__init__, "__kwdefaults__", waits)
        patch.setattr(Connection, "write", kill)
        try:
            for run in _steps(story):
                try:
                    run()
                except Killed:
                    kills += 1
                    run()
                states.append(_state(story))
        finally:
            story.close()
    return states, kill.writes, kills


def _steps(story: Story) -> Iterator[Callable[[], int]]:
    """Something happens, then the run that follows is given out."""
    clock = story.sandbox.clock
    pulls = {}
    for alias in NAMES:
        pulls[alias] = story.open(alias)
        yield lambda alias=alias: story.refresh(alias, pulls[alias])  # type: ignore[misc]
    clock.advance(2 * DAY)
    yield story.sweep
    story.merge("training", pulls["training"])
    yield lambda: story.refresh("training", pulls["training"])
    # Against the order: the set is half landed, and what is live misses a part.
    story.merge("pipelines", pulls["pipelines"])
    yield lambda: story.refresh("pipelines", pulls["pipelines"])
    clock.advance(5 * HOUR)
    yield story.sweep
    clock.advance(2 * DAY)
    yield story.sweep
    story.merge("serving", pulls["serving"])
    yield lambda: story.refresh("serving", pulls["serving"])


def _state(story: Story) -> State:
    """The comments and the status of each pull request; ports differ from story to story."""
    found: State = {}
    port = story.sandbox.url.rpartition(":")[2]
    for alias, name in NAMES.items():
        for issue in story.sandbox.find(name).issues.values():
            bodies = [one.body.replace(port, "PORT") for one in issue.comments]
            found[f"{alias}#{issue.number}"] = (bodies, story.status(alias, issue))
    return found
