"""Two hundred events in a row over fifty sets: does anything drift, double, or come too fast?

Runs in this process, by the sandbox's own clock, so that an hour of events takes minutes.
"""

from __future__ import annotations

import random
import tempfile
from bisect import bisect_left
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
import requests
from set_scene import ALIASES, FOLDERS, NAMES, POLICY
from setworld import MARKER, Story

from interlock.github.patience import Patience
from interlock.sandbox import Exchange
from interlock.sandbox.records import Issue

SETS = 50
#: Nothing is due by the clock alone: what the last sweep would write was missed before.
CALM = POLICY + "change-sets: {remind-after: 0h, window: 7d}\n"
#: How often a pull request that is not there yet is passed over for another.
SKIPPED = 0.7
#: What can happen to a pull request of each state, and how often.
CHANCES = {
    "none": {"open": 1},
    "open": {"push": 4, "review": 3, "close": 2, "merge": 3, "draft": 2, "retarget": 2},
    "draft": {"push": 2, "ready": 3, "close": 1},
    "elsewhere": {"retarget": 3, "push": 1, "close": 1},
    "closed": {"reopen": 1},
    "merged": {},
}


class Churned(NamedTuple):
    """What came of it. ``minute`` and ``hour`` are the most writes in so much time."""

    events: Counter[str]
    writes: int
    minute: int
    hour: int
    failed: int
    swept: int
    fresh: int
    doubles: int
    wrong: tuple[str, ...]


class Churn:
    """The sets, and what happens to their pull requests."""

    def __init__(self, patch: pytest.MonkeyPatch, folder: Path, seed: int) -> None:
        """``seed`` decides what happens, and in which order."""
        self.random = random.Random(seed)
        files = {alias: {f"{FOLDERS[alias]}/old.yaml": "rate: 1\n"} for alias in ALIASES}
        self.story = Story(patch, folder, policy=CALM, files=files)
        self.clock, self.sandbox = self.story.sandbox.clock, self.story.sandbox
        patch.setattr(
            Patience.__init__,
            "__kwdefaults__",
            {"sleep": self.clock.advance, "now": self.clock.now, "most": 900.0},
        )
        for name in NAMES.values():
            head = self.sandbox.world.git(self.sandbox.find(name)).branch("main")
            self.sandbox.branch(name, "release", head)
        self._token = self.sandbox.token("ada")
        self.pulls: dict[tuple[int, str], Issue] = {}
        self.rates: dict[tuple[int, str], int] = {}
        self.times: list[float] = []
        self.sandbox.on_exchange(self._heard)

    def _heard(self, exchange: Exchange) -> None:
        mine = self._token in exchange.request_headers.get("authorization", "")
        writes = exchange.kind == "rest" and exchange.method != "GET"
        if writes and not mine and not exchange.path.endswith("/access_tokens"):
            self.times.append(self.clock.now())

    def state(self, at: tuple[int, str]) -> str:
        """The state of a set's pull request in one repository."""
        if at not in self.pulls:
            return "none"
        issue = self.pulls[at]
        assert issue.pull is not None
        if issue.pull.merged_at is not None:
            return "merged"
        if issue.state == "closed":
            return "closed"
        if issue.pull.base_ref != "main":
            return "elsewhere"
        return "draft" if issue.pull.draft else "open"

    def event(self) -> tuple[str, str, Issue]:
        """Let something happen; what, where, and to which pull request."""
        choice = self.random
        while True:
            at = (choice.randrange(SETS), choice.choice(ALIASES))
            chances = CHANCES[self.state(at)]
            # Without this most events of the first hundreds would open something.
            if self.state(at) == "none" and choice.random() < SKIPPED:
                continue
            if chances:
                break
        (what,) = choice.choices(list(chances), list(chances.values()))
        self.clock.advance(choice.uniform(5, 40))
        self._happen(what, at)
        return what, at[1], self.pulls[at]

    def _happen(self, what: str, at: tuple[int, str]) -> None:
        number, alias = at
        name, sandbox = NAMES[alias], self.sandbox
        if what in ("open", "push"):
            self.rates[at] = self.random.choice((1, 1, 1, 2))
            said = self.random.randrange(10**9)
            text = f"rate: {self.rates[at]}\n# {said}\n"
            path = f"{FOLDERS[alias]}/set-{number:02}.yaml"
            sandbox.commit(name, f"interlock/set-{number:02}", {path: text}, start="main")
            if what == "open":
                self.pulls[at] = sandbox.pull(name, f"interlock/set-{number:02}", login="ada")
            return
        pull = self.pulls[at]
        if what == "review":
            state = self.random.choice(("APPROVED", "APPROVED", "CHANGES_REQUESTED"))
            sandbox.review(name, pull.number, "ben", state)
        elif what in ("draft", "ready"):
            sandbox.draft(name, pull.number, draft=what == "draft", login="ada")
        elif what == "merge":
            sandbox.merge(name, pull.number, login="ada")
        elif what == "retarget":
            base = "release" if self.state(at) == "open" else "main"
            self._edit(alias, pull, base=base)
        else:
            self._edit(alias, pull, state="closed" if what == "close" else "open")

    def _edit(self, alias: str, pull: Issue, **body: str) -> None:
        answer = requests.patch(
            f"{self.sandbox.api_url}/repos/{NAMES[alias]}/pulls/{pull.number}",
            json=body,
            headers={"authorization": f"Bearer {self._token}"},
            timeout=30,
        )
        answer.raise_for_status()

    def wrong(self) -> list[str]:
        """Statuses that differ from what the sets' states say, worked out by hand."""
        found = []
        for number in range(SETS):
            states = {alias: self.state((number, alias)) for alias in ALIASES}
            there = [a for a, state in states.items() if state in ("open", "draft", "merged")]
            rates = {self.rates[number, alias] for alias in there}
            bad = "pipelines" in there and (len(there) < len(ALIASES) or len(rates) > 1)
            for alias, state in states.items():
                if state in ("open", "draft"):
                    said = self.story.status(alias, self.pulls[number, alias])
                    if not said[0] or (said[0] == "failure") is not bad:
                        found.append(f"set {number} {alias}: {states} at {rates}: {said}")
                elif state == "elsewhere":
                    said = self.story.status(alias, self.pulls[number, alias])
                    if said[0] != "pending":
                        found.append(f"set {number} {alias}: {states}: {said}")
        return found


def churned(events: int, seed: int) -> Churned:
    """Let ``events`` happen, with a run after each; then sweep twice, once knowing nothing."""
    happened: Counter[str] = Counter()
    failed = 0
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as temporary:
        churn = Churn(patch, Path(temporary), seed)
        story = churn.story
        try:
            for _ in range(events):
                what, alias, pull = churn.event()
                happened[what] += 1
                failed += story.refresh(alias, pull) != 0
            wrong = churn.wrong()
            writes, (minute, hour) = len(churn.times), most(churn.times)
            story.sweep()
            swept = len(churn.times) - writes
            patch.setenv("INTERLOCK_CACHE", str(Path(temporary) / "fresh"))
            story.sweep()
            for (_, alias), pull in churn.pulls.items():
                story.refresh(alias, pull)
            fresh = len(churn.times) - writes - swept
            ours = [story.comments(alias, pull) for (_, alias), pull in churn.pulls.items()]
            doubles = sum(len([one for one in some if MARKER in one]) > 1 for some in ours)
        finally:
            story.close()
    return Churned(happened, writes, minute, hour, failed, swept, fresh, doubles, tuple(wrong))


def most(times: list[float]) -> tuple[int, int]:
    """The most of ``times`` in any 60 seconds, and in any hour."""
    minute, hour = (
        max((at + 1 - bisect_left(times, one - span) for at, one in enumerate(times)), default=0)
        for span in (59.999, 3599.999)
    )
    return minute, hour
