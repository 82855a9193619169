"""The budgets of the project, as ratios measured in one run on one machine.

    python benchmarks/run.py [--data ../shared/data] [--runs 15]

Needs the `dev` extra. Installs the project as a wheel into a fresh environment, since an editable
install adds its finder's cost to every start. Figures are CPU milliseconds (user and system, git's
processes included), the median of the runs.
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
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "examples" / "demo"))
import demo  # noqa: E402  the demo's repositories are the benchmark's

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


def cpu(
    command: list[str], where: Path, runs: int, before: Callable[[int], None] = lambda _: None
) -> tuple[float, int]:
    """(median CPU milliseconds, exit code) of a command, after one warm-up.

    ``before`` is called with the number of each run, its own time not counted.
    """
    taken, code = [], 0
    env = {k: v for k, v in os.environ.items() if k not in ("CI", "PYTHONDONTWRITEBYTECODE")}
    for at in range(runs + 1):
        before(at)
        start = resource.getrusage(resource.RUSAGE_CHILDREN)
        code = subprocess.run(
            command, cwd=where, env=env, capture_output=True, check=False
        ).returncode
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - start.ru_utime - start.ru_stime
        taken.append(1000 * spent)
    return statistics.median(taken[1:]), code


def row(name: str, milliseconds: float, base: float, budget: str) -> None:
    """One line of the table."""
    print(f"| {name} | {milliseconds:.0f} | {milliseconds / base:.1f}x | {budget} |")


def install(folder: Path) -> Path:
    """The project and its peers in a fresh environment; its folder of programs."""
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    peers = ["pip>=24", "check-jsonschema", "pre-commit-hooks"]
    for packages in (peers, [str(ROOT)]):
        command = [str(programs / "python"), "-m", "pip", "install", "-q", "--upgrade", *packages]
        subprocess.run(command, check=True)
    return programs


def hooks(folder: Path, programs: Path, runs: int) -> None:
    """One staged file and three checkouts."""
    work = folder / "hooks"
    demo.build(work)
    training = work / "model-training"
    config = training / "conf/experiment/ranker-v2.toml"
    registry = training / "models/registry.json"
    schema = folder / "any.json"
    schema.write_text("{}")
    bare, _ = cpu([str(programs / "python"), "-c", "pass"], training, runs)
    hook = [str(programs / "interlock-hook")]
    row("bare `python -c pass`", bare, bare, "")

    def edit(rate: str) -> Callable[[int], None]:
        """Stage another content each time: no run may profit from having seen it."""

        def before(at: int) -> None:
            text = demo.TRAINING.replace("0.4", rate).replace("depth = 6", f"depth = 6  # {at}")
            config.write_bytes(text.encode())
            demo.git(training, "add", "-A")

        return before

    spent = cpu(hook, training, runs, edit("0.4"))[0]
    row("hook, staged file of a source, clean", spent, bare, "7x, 100 ms")
    spent = cpu(hook, training, runs, edit("0.5"))[0]
    row("hook, staged file of a source, a finding", spent, bare, "")
    commits(training, programs, runs, bare, edit("0.4"))
    demo.git(training, "reset", "-q", "--hard")
    (training / "notes.md").write_text("nothing\n")
    demo.git(training, "add", "-A")
    row("hook, staged file of no source", cpu(hook, training, runs)[0], bare, "3x")
    peer = [str(programs / "check-jsonschema"), "--schemafile", str(schema), str(registry)]
    row("check-jsonschema, one file", cpu(peer, training, runs)[0], bare, "")
    values = work / "model-serving/charts/ranker/values.yaml"
    row(
        "check-yaml, one file",
        cpu([str(programs / "check-yaml"), str(values)], training, runs)[0],
        bare,
        "",
    )


def commits(
    training: Path, programs: Path, runs: int, bare: float, before: Callable[[int], None]
) -> None:
    """A `git commit` with and without every family in its hook."""
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    commit = ["git", *who, "commit", "-q", "-m", "Try"]
    row("`git commit` without hooks", cpu(commit, training, runs, before)[0], bare, "")
    installed = training / ".git/hooks/pre-commit"
    installed.write_text(f'#!/bin/sh\nexec "{(programs / "interlock-hook").as_posix()}"\n')
    installed.chmod(0o755)
    spent = cpu(commit, training, runs, before)[0]
    row("`git commit` with every enabled family", spent, bare, "150 ms")
    installed.unlink()


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
    base, _ = cpu([str(programs / "python"), "-c", parse], folder, max(runs // 3, 3))
    policy = ROOT / "examples/metric-hub/interlock.yaml"
    command = [
        str(programs / "interlock"),
        "check",
        "--policy",
        str(policy),
        "--repo",
        f"hub={hub}",
    ]
    row("parse metric-hub's 438 files with tomllib", base, base, "")
    spent, code = cpu(command, folder, max(runs // 3, 3))
    row(f"the whole metric-hub check (exit {code})", spent, base, "2x")
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
    times = []
    for count in (1_000, 10_000):
        work = folder / f"scale-{count}"
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
        command = [str(programs / "interlock"), "check", "--policy", "interlock.yaml"]
        for alias in ("plans", "training", "serving"):
            command += ["--repo", f"{alias}={work / alias}"]
        spent, code = cpu(command, work, 3)
        times.append(spent)
        row(f"{count:,} experiments over 3 repos (exit {code})", spent, times[0], "12x")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="interlock-bench-") as temporary:
        folder = Path(temporary)
        programs = install(folder)
        print(
            f"CPython {platform.python_version()}, {platform.system()} {platform.machine()}, "
            f"{os.cpu_count()} cores; CPU ms, median\n"
        )
        print("| what | CPU ms | ratio | budget |\n| --- | --- | --- | --- |")
        hooks(folder, programs, arguments.runs)
        metric_hub(folder, programs, arguments.data, arguments.runs)
        scale(folder, programs)


if __name__ == "__main__":
    main()
