"""What change sets cost on GitHub, and what becomes of them when runs are many or killed.

    python benchmarks/change_sets.py [--parts event latency churn kills] [--files 10000]

Needs the `dev` and `sandbox` extras. Everything is asked of the embedded GitHub. Prints a table a
part and ends with 1 where a budget is not met.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from set_churn import SETS, churned  # noqa: E402  it uses the tests' story
from set_kills import slain  # noqa: E402
from set_naive import naive  # noqa: E402
from set_scene import ALIASES, Run, Scene, counted, repeated  # noqa: E402

COLUMNS = ("token", "rest", "free", "graphql", "points", "fetch", "write")
#: Seconds: from an event to the last comment, and for a run that finds nothing new.
TOLD, IDLE = 20.0, 5.0
LATENCY = 0.15
#: What GitHub takes of content a minute and an hour.
MINUTE, HOUR = 80, 500


class Budgets:
    """Says which budgets were not met, when all is done."""

    def __init__(self) -> None:
        """All are met so far."""
        self.missed: list[str] = []

    def hold(self, what: str, found: float, most: float) -> None:
        """``found`` may be at most ``most``."""
        if found > most:
            self.missed.append(f"{what}: {found:g}, and at most {most:g} was allowed")


def event(scene: Scene, budgets: Budgets) -> None:
    """One event cold, warm and without news, beside what a naive bot asks."""
    pulls = {alias: scene.open(alias) for alias in ALIASES[:2]}
    print(f"\n| one event | {' | '.join(COLUMNS)} | CPU s |\n|{' --- |' * (len(COLUMNS) + 2)}")

    def told(name: str, alias: str, fetches: int, writes: int, cache: str = "cache") -> None:
        run = scene.refresh(alias, pulls[alias], cache=cache)
        found = counted(run.requests)
        _line(name, found, f"{run.cpu:.1f}")
        budgets.hold(f"{name}: exit code", run.code, 0)
        budgets.hold(f"{name}: GraphQL requests", found["graphql"], 2)
        budgets.hold(f"{name}: fetches", found["fetch"], fetches)
        budgets.hold(f"{name}: writes", found["write"], writes)
        budgets.hold(f"{name}: writes to what was written already", repeated(run.requests), 0)

    told("the second of three opened, nothing known (cold)", "training", 9, 4)
    told("the same again: nothing new", "training", 0, 0)
    pulls["serving"] = scene.open("serving")
    told("the third opened: all agree", "serving", 1, 6)
    told("the same again: nothing new", "serving", 0, 0)
    scene.push("serving", "2")
    told("a push that breaks the set", "serving", 1, 6)
    scene.push("serving", "1")
    told("a push that mends it", "serving", 1, 6)
    scene.sandbox.review("acme/model-serving", pulls["serving"].number, "ben")
    told("a review", "serving", 0, 6)
    told("a whole set seen by a machine that knows nothing (cold)", "serving", 9, 0, "other")
    _line("a naive client, reads alone", naive(scene, "new"), "")


def _line(name: str, found: Mapping[str, int], rest: str) -> None:
    figures = " | ".join(str(found.get(one, 0)) for one in COLUMNS)
    print(f"| {name} | {figures} | {rest} |", flush=True)


def latency(scene: Scene, budgets: Budgets, runs: int) -> None:
    """Whole processes against a GitHub that takes its time for each request."""
    from interlock.sandbox import Fault

    pulls = {alias: scene.open(alias, branch="interlock/slow") for alias in ALIASES}
    scene.refresh("serving", pulls["serving"])
    scene.sandbox.faults.add(Fault("*", times=-1, latency=LATENCY))
    news: list[Run] = []
    idle: list[Run] = []
    for at in range(runs):
        scene.push("serving", str(2 - at % 2), branch="interlock/slow")
        news.append(scene.refresh("serving", pulls["serving"]))
        budgets.hold("an event that went without a write", news[-1].told == 0, 0)
        idle.append(scene.refresh("serving", pulls["serving"]))
        budgets.hold("a write without news", idle[-1].told, 0)
    cold: list[Run] = []
    for at in range(max(1, runs // 4)):
        scene.push("serving", str(2 - at % 2), branch="interlock/slow")
        cold.append(scene.refresh("serving", pulls["serving"], cache=f"cold-{at}"))
    scene.sandbox.faults.clear()
    budgets.hold("runs that failed", sum(run.code for run in (*news, *idle, *cold)), 0)
    wide = f"at {LATENCY * 1000:.0f} ms a request"
    print(f"\n| {wide} | runs | p95 s | median s | CPU s | budget |\n|{' --- |' * 6}")
    rows: list[tuple[str, list[Run], Callable[[Run], float], float]] = [
        ("from the event to its last write", news, lambda run: run.told, TOLD),
        ("the same where nothing is kept (cold)", cold, lambda run: run.told, TOLD),
        ("the whole run", news, lambda run: run.wall, 0),
        ("a run that finds nothing new", idle, lambda run: run.wall, IDLE),
    ]
    for name, some, what, budget in rows:
        times = sorted(what(run) for run in some)
        high, middle = _at(times, 0.95), _at(times, 0.5)
        cpu = _at(sorted(run.cpu for run in some), 0.5)
        figures = f"{len(some)} | {high:.1f} | {middle:.1f} | {cpu:.1f}"
        print(f"| {name} | {figures} | {budget or ''} |", flush=True)
        if budget:
            budgets.hold(f"{name}, p95 in seconds", high, budget)


def _at(times: list[float], part: float) -> float:
    """The smallest that is not below so large a part."""
    return times[min(len(times) - 1, max(0, -(-int(part * 100) * len(times) // 100) - 1))]


def churn(budgets: Budgets, events: int, seed: int) -> None:
    """Many events in a row, and what a sweep still finds to do."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        found = churned(events, seed)
    happened = ", ".join(f"{number} {what}" for what, number in sorted(found.events.items()))
    print(f"\n| {events} events over {SETS} sets | | budget |\n| --- | --- | --- |")
    print(f"| what happened | {happened} | |")
    print(f"| writes | {found.writes} | |")
    rows = [
        ("most writes in a minute", found.minute, MINUTE),
        ("most writes in an hour", found.hour, HOUR),
        ("runs that failed", found.failed, 0),
        ("writes of the sweep after the last event", found.swept, 0),
        ("writes of runs that know nothing, for each pull request", found.fresh, 0),
        ("pull requests with more than one comment", found.doubles, 0),
        ("statuses that differ from what was worked out by hand", len(found.wrong), 0),
    ]
    for name, number, most in rows:
        print(f"| {name} | {number} | {most} |", flush=True)
        budgets.hold(name, number, most)
    budgets.missed += found.wrong


def kills(budgets: Budgets) -> None:
    """A story of missing, complete, half landed and landed, killed at each write."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        found = slain()
    print("\n| killed at every write | | budget |\n| --- | --- | --- |")
    print(f"| writes of the story | {found.writes} | |")
    print(f"| runs killed, before and after each write | {found.kills} | |")
    print(f"| steps after which GitHub shows something else | {len(found.different)} | 0 |")
    budgets.missed += found.different
    if found.kills != 2 * found.writes:
        budgets.missed.append(f"{2 * found.writes} kills were planned, {found.kills} happened")


def main() -> int:
    """Print the tables; 1 where a budget is not met."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parts = ("event", "latency", "churn", "kills")
    parser.add_argument("--parts", nargs="+", choices=parts, default=list(parts))
    parser.add_argument("--files", type=int, default=10_000, help="in each repository")
    parser.add_argument("--pulls", type=int, default=200, help="open in each repository")
    parser.add_argument("--runs", type=int, default=20, help="events at a latency")
    parser.add_argument("--events", type=int, default=200, help="in a row over the sets")
    parser.add_argument("--seed", type=int, default=1, help="which events, and in which order")
    asked = parser.parse_args()
    budgets = Budgets()
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"CPython {platform.python_version()}, {system}")
    if {"event", "latency"}.intersection(asked.parts):
        with tempfile.TemporaryDirectory(prefix="interlock-bench-") as folder:
            # The set's own two members count too, where both parts run.
            scene = Scene(Path(folder), asked.files, asked.pulls - 2)
            try:
                if "event" in asked.parts:
                    event(scene, budgets)
                if "latency" in asked.parts:
                    latency(scene, budgets, asked.runs)
            finally:
                scene.close()
    if "churn" in asked.parts:
        churn(budgets, asked.events, asked.seed)
    if "kills" in asked.parts:
        kills(budgets)
    for line in budgets.missed:
        print(f"NOT MET: {line}", file=sys.stderr)
    return 1 if budgets.missed else 0


if __name__ == "__main__":
    sys.exit(main())
