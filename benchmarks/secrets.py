"""How many secrets are found, how many lines are flagged wrongly and how long it takes, in one run.

    python benchmarks/secrets.py [--seed N] [--kingfisher PATH] [--leaky-repo DIR]
                                 [--clean DIR ...] [--runs 3] [--verbose]

Tools: this project, detect-secrets and, by the path of its program, kingfisher. The corpus is made
from the seed; a checkout of Plazmaz/leaky-repo is read from where it lies, never kept here. Times
are wall seconds, the median of the runs, which take turns. --verbose names each line that this
project missed or flagged wrongly. Options can be given by SECRETS_KINGFISHER and
SECRETS_LEAKY_REPO. CredData, the compat mode and speed: secrets_creddata.py, secrets_compat.py and
secrets_speed.py.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# this folder goes: it would hide the standard library's `secrets`
sys.path[:1] = [str(ROOT / "tests"), str(ROOT / "src")]
from secretcorpus.corpus import SEED, Made, generate, write  # noqa: E402
from secretcorpus.score import Score, score  # noqa: E402

Place = tuple[str, int]


class Tool(NamedTuple):
    """``command`` scans the working directory; ``read`` gives what its output flags."""

    name: str
    command: list[str]
    read: Callable[[str, Path], set[Place]]


class Ran(NamedTuple):
    """What a tool flagged, its median wall time and its CPU time, both in seconds."""

    flagged: set[Place]
    wall: float
    cpu: float


def relative(path: str, where: Path) -> str:
    full = path if os.path.isabs(path) else os.path.join(where, path)
    return os.path.relpath(os.path.realpath(full), os.path.realpath(where)).replace(os.sep, "/")


def read_ours(text: str, where: Path) -> set[Place]:
    return {(relative(hit["path"], where), hit["line"]) for hit in json.loads(text)["hits"]}


def read_detect_secrets(text: str, where: Path) -> set[Place]:
    found = json.loads(text)["results"]
    return {(relative(p, where), s["line_number"]) for p, many in found.items() for s in many}


def read_kingfisher(text: str, where: Path) -> set[Place]:
    """Private keys and matches of several lines are counted by the line they start on."""
    if not text.strip():
        return set()
    report, _ = json.JSONDecoder().raw_decode(text.lstrip())  # a summary follows
    findings = [one["finding"] for one in report["findings"]]
    return {(relative(one["path"], where), one["line"]) for one in findings}


def tools(kingfisher: str | None) -> list[Tool]:
    bin_ = Path(sys.executable).parent
    ours = [sys.executable, "-m", "interlock", "secrets", "scan", "--format", "json", "."]
    peer = [str(bin_ / "detect-secrets"), "scan", "--all-files", "--no-verify"]
    found = [
        Tool("interlock", ours, read_ours),
        Tool("detect-secrets 1.5.0", peer, read_detect_secrets),
    ]
    if kingfisher:
        options = ["-n", "--no-update-check", "--git-history", "none", "--no-dedup", "-f", "json"]
        found.append(Tool("kingfisher", [kingfisher, "scan", ".", *options], read_kingfisher))
    return found


def once(tool: Tool, where: Path) -> tuple[str, float, float]:
    """Standard output, wall and CPU seconds. Raises RuntimeError where the tool fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(
        tool.command, cwd=where, capture_output=True, text=True, encoding="utf-8", check=False
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1, 200):  # 200: kingfisher found something
        raise RuntimeError(f"{tool.name}: exit {done.returncode}: {done.stderr[-800:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, wall, cpu


def race(chosen: list[Tool], where: Path, runs: int) -> dict[str, Ran]:
    """Each tool in turn, again and again: a shared machine is slower at one moment than later."""
    walls: dict[str, list[float]] = {tool.name: [] for tool in chosen}
    cpus: dict[str, list[float]] = {tool.name: [] for tool in chosen}
    flagged: dict[str, set[Place]] = {}
    for _ in range(runs):
        for tool in chosen:
            text, wall, cpu = once(tool, where)
            walls[tool.name].append(wall)
            cpus[tool.name].append(cpu)
            flagged[tool.name] = tool.read(text, where)
    middle = statistics.median
    return {n: Ran(flagged[n], middle(walls[n]), middle(cpus[n])) for n in flagged}


def table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    print(f"\n### {title}\n")
    print("| " + " | ".join(columns) + " |")
    print("|" + " --- |" * len(columns))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def timing(ran: dict[str, Ran], name: str) -> list[str]:
    """Wall, and the ratio to detect-secrets' in the same run."""
    base = ran["detect-secrets 1.5.0"].wall
    return [f"{ran[name].wall:.2f}", f"{ran[name].wall / base:.3f}x"]


def scored(
    title: str, made: list[Made], ran: dict[str, Ran], *, worst: bool = False, parts: bool = False
) -> None:
    scores = {name: score(made, one.flagged) for name, one in ran.items()}
    columns = ["tool", "found", "recall", "false lines", "precision", "F1", "wall s", "ratio"]
    rows = [
        [
            name,
            f"{s.found}/{s.labelled}",
            f"{s.recall:.3f}",
            str(len(s.false)),
            f"{s.precision:.3f}",
            f"{s.f1:.3f}",
            *timing(ran, name),
        ]
        for name, s in scores.items()
    ]
    table(title, columns, rows)
    if parts:
        for what in ("context", "kind"):
            by_part(what, scores)
    if worst:
        ours = scores["interlock"]
        for path, line in ours.false:
            print(f"false: {path}:{line}")
        for label in ours.missed:
            print(f"missed: {label.path}:{label.line}")


def by_part(what: str, scores: dict[str, Score]) -> None:
    parts = {name: s.by_context if what == "context" else s.by_kind for name, s in scores.items()}
    names = list(next(iter(parts.values())))
    rows = [
        [part, str(next(iter(parts.values()))[part][1])]
        + [f"{p[part][0] / p[part][1]:.2f}" for p in parts.values()]
        for part in names
    ]
    table(f"Recall by {what}", [what, "labelled", *parts], rows)


def leaky(where: Path, chosen: list[Tool], runs: int) -> None:
    """The sum over files of min(found, labelled); what is found beyond is printed beside."""
    labelled: dict[str, int] = {}
    informative: dict[str, int] = {}
    for row in csv.reader((where / ".leaky-meta" / "secrets.csv").read_text().splitlines()):
        if len(row) >= 3 and row[1].strip().isdigit():
            labelled[row[0]], informative[row[0]] = int(row[1]), int(row[2])
    rows, ran = [], race(chosen, where, runs)
    for name, one in ran.items():
        found = Counter(path for path, _ in one.flagged if not path.startswith(".leaky-meta/"))
        good = sum(min(found[path], count) for path, count in labelled.items())
        beyond = found.total() - good
        told = sum(min(found[p] - min(found[p], labelled[p]), informative[p]) for p in labelled)
        rows.append(
            [name, f"{good}/{sum(labelled.values())}", f"{beyond} ({told})", *timing(ran, name)]
        )
    table("leaky-repo", ["tool", "risk lines", "extra (informative)", "wall s", "ratio"], rows)


def noise(where: Path, chosen: list[Tool], runs: int) -> None:
    ran = race(chosen, where, runs)
    rows = [[n, str(len(one.flagged)), *timing(ran, n)] for n, one in ran.items()]
    table(f"Noise on {where.name}", ["tool", "flagged lines", "wall s", "ratio"], rows)


def arguments() -> Any:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--kingfisher", default=os.environ.get("SECRETS_KINGFISHER"))
    parser.add_argument("--leaky-repo", type=Path, default=os.environ.get("SECRETS_LEAKY_REPO"))
    parser.add_argument("--clean", type=Path, nargs="*", default=[])
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    chosen = tools(given.kingfisher)
    with tempfile.TemporaryDirectory() as made_at:
        where = Path(made_at) / "corpus"
        made = generate(given.seed)
        write(made, where)
        title = f"Generated corpus, seed {given.seed} ({len(made)} files)"
        ran = race(chosen, where, given.runs)
        scored(title, made, ran, worst=given.verbose, parts=True)
    if given.leaky_repo:
        leaky(Path(given.leaky_repo), chosen, given.runs)
    for clean in given.clean:
        noise(clean, chosen, given.runs)


if __name__ == "__main__":
    main()
