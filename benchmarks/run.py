"""The budgets of the project, as ratios measured in one run on one machine.

    python benchmarks/run.py [--data ../shared/data] [--runs 15]

Needs the `dev` extra. Installs the project as a wheel into a fresh environment, since an editable
install adds its finder's cost to every start. Figures are CPU milliseconds (user and system, git's
processes included), the lower quartile of runs that alternate.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "examples" / "demo"))
import demo  # noqa: E402  the demo's repositories are the benchmark's

#: The row that the budgets are about.
CLEAN = "hook, staged file of a source, clean"
SCALE_POLICY = """\
version: 1
repos: {plans: acme/plans, training: acme/training, serving: acme/serving}
sources:
  plan: {repo: plans, files: "plan/{key}.json", fields: {lr: $.lr, model: $.model}}
  training: {repo: training, files: "conf/{key}.json", fields: {lr: $.lr}}
  serving: {repo: serving, files: serving.json, each: "$.*", fields: {weights: "@.weights.*"}}
  registry: {repo: training, files: registry.json, each: "$.*"}
consistency:
  - {id: everywhere, each: plan, exists-in: [training, serving]}
  - {id: same-lr, each: plan.lr, equal: training.lr}
  - {id: model-exists, each: plan.model, references: registry}
  - {id: weights, each: serving.weights, sum: 100}
  - {id: unique-plan, each: plan, unique: in-source}
"""


@dataclass(frozen=True)
class Row:
    """One line of the table: a command, where it runs, and what is done before each run."""

    name: str
    command: list[str]
    where: Path
    budget: str = ""
    before: Callable[[int], None] = lambda _: None


def race(rows: list[Row], runs: int) -> dict[str, float]:
    """Run all rows in turn, again and again, and print them beside the first one.

    A shared machine is slower at one moment than at the next: what is compared has to run at the
    same time, and the lower quartile is what the work costs when nobody else is in the way.
    """
    taken: dict[str, list[float]] = {row.name: [] for row in rows}
    codes: dict[str, int] = {}
    for at in range(runs + 1):
        for row in rows:
            row.before(at)
            spent, codes[row.name] = cpu(row.command, row.where)
            taken[row.name].append(spent)
    figures = {name: statistics.quantiles(times[1:], n=4)[0] for name, times in taken.items()}
    base = figures[rows[0].name]
    for row in rows:
        figure = figures[row.name]
        told = f"{row.name} (exit {codes[row.name]})" if codes[row.name] else row.name
        print(f"| {told} | {figure:.0f} | {figure / base:.1f}x | {row.budget} |", flush=True)
    return figures


def cpu(command: list[str], where: Path) -> tuple[float, int]:
    """(CPU milliseconds, exit code) of one run."""
    env = {k: v for k, v in os.environ.items() if k not in ("CI", "PYTHONDONTWRITEBYTECODE")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=where, env=env, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return 1000 * spent, done.returncode


def install(folder: Path, *peers: str) -> Path:
    """The project and its peers in a fresh environment; its folder of programs."""
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    for packages in (["pip>=24", *peers], [str(ROOT)]):
        command = [str(programs / "python"), "-m", "pip", "install", "-q", "--upgrade", *packages]
        subprocess.run(command, check=True)
    return programs


def hooks(folder: Path, programs: Path, runs: int) -> None:
    """One staged file and three checkouts; each row has checkouts of its own."""
    hook = [str(programs / "interlock-hook")]
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    commit = ["git", *who, "commit", "-q", "-m", "Try"]
    clean, finding, other, plain, hooked = (
        _checkouts(folder / name) for name in ("clean", "finding", "other", "plain", "hooked")
    )
    installed = hooked / ".git/hooks/pre-commit"
    installed.write_text(f'#!/bin/sh\nexec "{Path(hook[0]).as_posix()}"\n')
    installed.chmod(0o755)
    for where in (clean, finding, other, hooked):
        cpu(hook, where)  # what a team has after its first commit
    (other / "notes.md").write_text("nothing\n")
    demo.git(other, "add", "-A")
    schema = folder / "any.json"
    schema.write_text("{}")
    registry = str(clean / "models/registry.json")
    values = str(clean.parent / "model-serving/charts/ranker/values.yaml")
    peer = [str(programs / "check-jsonschema"), "--schemafile", str(schema), registry]
    race(
        [
            Row("bare `python -c pass`", [str(programs / "python"), "-c", "pass"], clean),
            Row(CLEAN, hook, clean, "7x, 100 ms", _edit(clean, "0.4")),
            Row("hook, staged file of a source, a finding", hook, finding, "", _edit(finding, "1")),
            Row("hook, staged file of no source", hook, other, "3x"),
            Row("`git commit` without hooks", commit, plain, "", _edit(plain, "0.4")),
            Row("`git commit` with every family", commit, hooked, "150 ms", _edit(hooked, "0.4")),
            Row("check-jsonschema, one file", peer, clean),
            Row("check-yaml, one file", [str(programs / "check-yaml"), values], clean),
        ],
        runs,
    )


def _checkouts(folder: Path) -> Path:
    demo.build(folder)
    return folder / "model-training"


def _edit(training: Path, rate: str) -> Callable[[int], None]:
    """Stages another content each time: no run may profit from having seen it."""
    config = training / "conf/experiment/ranker-v2.toml"

    def before(at: int) -> None:
        text = demo.TRAINING.replace("0.4", rate).replace("depth = 6", f"depth = 6  # {at}")
        config.write_bytes(text.encode())
        demo.git(training, "add", "-A")

    return before


def metric_hub(folder: Path, programs: Path, data: Path, runs: int) -> None:
    """The whole metric-hub check against only parsing its files with tomllib."""
    hub = data / "metric-hub"
    if not hub.is_dir():
        print(f"| metric-hub: skipped, {hub} is not there | | | |")
        return
    parse = (
        "import tomllib, pathlib\n"
        f"for p in pathlib.Path({str(hub)!r}).rglob('*.toml'): tomllib.loads(p.read_text())"
    )
    policy = ROOT / "examples/metric-hub/interlock.yaml"
    command = [
        str(programs / "interlock"),
        "check",
        "--policy",
        str(policy),
        "--repo",
        f"hub={hub}",
    ]
    parsing = [str(programs / "python"), "-c", parse]
    race(
        [
            Row("parse metric-hub's 438 files with tomllib", parsing, folder),
            Row("the whole metric-hub check", command, folder, "2x"),
        ],
        max(runs // 3, 4),
    )
    measure = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=-3); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    peak = subprocess.run(
        [sys.executable, "-c", measure, *command], capture_output=True, text=True, check=True
    )
    print(f"| peak memory of that check, MiB | {peak.stdout.strip()} | | 300 MiB |")


def scale(folder: Path, programs: Path) -> None:
    """1,000 and 10,000 experiments over three repositories."""
    rows = []
    for count in (1_000, 10_000):
        work = _experiments(folder / f"scale-{count}", count)
        command = [str(programs / "interlock"), "check", "--policy", "interlock.yaml"]
        for alias in ("plans", "training", "serving"):
            command += ["--repo", f"{alias}={work / alias}"]
        budget = "12x" if rows else ""
        rows.append(Row(f"{count:,} experiments over 3 repos", command, work, budget))
    race(rows, 4)


def _experiments(work: Path, count: int) -> Path:
    for repo in ("plans/plan", "training/conf", "serving"):
        (work / repo).mkdir(parents=True)
    serving = {}
    for at in range(count):
        key = f"experiment-{at:05d}"
        plan = {"lr": at / count, "model": f"model-{at}"}
        (work / f"plans/plan/{key}.json").write_text(json.dumps(plan))
        (work / f"training/conf/{key}.json").write_text(json.dumps({"lr": at / count}))
        serving[key] = {"weights": {"control": 40, "treatment": 60}}
    (work / "serving/serving.json").write_text(json.dumps(serving))
    registry = {f"model-{at}": {} for at in range(count)}
    (work / "training/registry.json").write_text(json.dumps(registry))
    (work / "interlock.yaml").write_text(SCALE_POLICY)
    return work


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="interlock-bench-") as temporary:
        folder = Path(temporary)
        programs = install(folder, "check-jsonschema", "pre-commit-hooks")
        print(
            f"CPython {platform.python_version()}, {platform.system()} {platform.machine()}, "
            f"{os.cpu_count()} cores; CPU ms, lower quartile\n"
        )
        print("| what | CPU ms | ratio | budget |\n| --- | --- | --- | --- |")
        hooks(folder, programs, arguments.runs)
        metric_hub(folder, programs, arguments.data, arguments.runs)
        scale(folder, programs)


if __name__ == "__main__":
    main()
