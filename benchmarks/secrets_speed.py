"""How long a scan for credentials takes where people wait for it, beside its peers, in one run.

    python benchmarks/secrets_speed.py [--kingfisher PATH] [--tree DIR] [--runs 9] [--only WORD ...]

Every figure is a whole cold process: wall and CPU (git's processes included) are the lower quartile
of runs that alternate, the peak is that of the largest process. Installs the project and
detect-secrets 1.5.0 into a fresh environment, since an editable install adds its finder's cost to
every start. kingfisher is run where its program is named, warm (its first run is not counted); the
tree is any large checkout, whose files are copied first. Options can be given by
SECRETS_KINGFISHER and SECRETS_TREE. Ratios are of wall time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# this folder goes to the end: it would hide the standard library's `secrets`
sys.path[:1] = [str(ROOT / "tests")]
sys.path.append(str(ROOT / "benchmarks"))
from run import install  # noqa: E402
from secretmaking import Maker  # noqa: E402

OURS, HOOK, DETECT, KING = "interlock", "interlock, hook", "detect-secrets", "kingfisher"
GIT = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=0")
#: Exit codes of a scan that ran: kingfisher's 200 says that it found something.
RAN = (0, 1, 200)


class Taken(NamedTuple):
    """One process: seconds of wall and CPU time, and the peak of its memory in MiB.

    The peak is never below this benchmark's own, from which the process was started.
    """

    wall: float
    cpu: float
    peak: float


class Scene(NamedTuple):
    """What is measured: commands by tool in a folder, and the most that we may take of a peer's.

    ``peak`` is the most memory in MiB, where the scene has such a bound.
    """

    name: str
    where: Path
    commands: dict[str, list[str]]
    budgets: dict[str, float]
    peak: float = 0


class Programs(NamedTuple):
    """Where the tools are; ``king`` is "" where kingfisher is not measured."""

    bin: Path
    king: str

    def ours(self, *words: str) -> list[str]:
        return [str(self.bin / "interlock"), "secrets", "scan", *words]

    def staged(self, files: list[str]) -> dict[str, list[str]]:
        found = {OURS: self.ours("--staged"), DETECT: self.detect(files)}
        hook = self.bin / "interlock-no-credentials"
        if hook.exists():
            found[HOOK] = [str(hook)]
        return found | self.kingfisher("--staged")

    def detect(self, files: list[str]) -> list[str]:
        return [str(self.bin / "detect-secrets-hook"), "--no-verify", *files]

    def kingfisher(self, *words: str) -> dict[str, list[str]]:
        if not self.king:
            return {}
        return {KING: [self.king, "scan", ".", "-n", "--no-update-check", *words]}


def git(where: Path, *words: str) -> None:
    subprocess.run([*GIT, *words], cwd=where, check=True, capture_output=True)


def repository(where: Path, files: dict[str, str]) -> Path:
    where.mkdir()
    git(where, "init", "-q")
    write(where, files)
    return where


def write(where: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(where, "add", "-A")


def sources(count: int, lines: int) -> dict[str, str]:
    """Modules of the standard library, each cut at ``lines``: real code, there on every machine."""
    library = Path(sysconfig.get_path("stdlib"))
    found = {}
    for path in sorted(library.glob("*.py")):
        text = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
        if len(text) >= lines and len(found) < count:
            found[path.name] = "".join(text[:lines])
    return found


def notebook(size: int) -> str:
    """Code, text outputs and images, ``size`` bytes of JSON in all."""
    pick = random.Random(1)
    code = iter(sources(200, 40).values())
    cells: list[dict[str, object]] = []
    made = 0
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    while made < size:
        source = next(code, "print(1)\n").splitlines(keepends=True)
        image = "".join(pick.choices(letters, k=40_000))
        outputs = [
            {"output_type": "stream", "name": "stdout", "text": source[:20]},
            {"output_type": "display_data", "data": {"image/png": image}, "metadata": {}},
        ]
        cells.append({"cell_type": "code", "source": source, "metadata": {}, "outputs": outputs})
        made += len(image) + 2 * sum(map(len, source))
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, indent=1)


def scenes(folder: Path, has: Programs, tree: Path | None) -> list[Scene]:
    """Each scene in a repository of its own below ``folder``."""
    hook = {DETECT: 0.5, KING: 0.25}
    one = repository(folder / "clean", {"a.py": plain(112)})
    token = f'client = connect(key="{Maker(1).github_classic()}")\n'
    two = repository(folder / "candidate", {"a.py": plain(111) + token})
    twenty = sources(20, 315)
    many = repository(folder / "twenty", twenty)
    cells = repository(folder / "notebook", {"a.ipynb": notebook(1_400_000)})
    found = [
        Scene("one staged file of 112 lines, no candidate", one, has.staged(["a.py"]), hook),
        Scene("one staged file of 112 lines, one finding", two, has.staged(["a.py"]), hook),
        Scene("20 staged files, 6,300 lines", many, has.staged(list(twenty)), {DETECT: 0.15}),
        Scene("a staged notebook of 1.4 MB", cells, has.staged(["a.ipynb"]), {DETECT: 0.05}),
        pull_request(folder / "range", has),
    ]
    return [*found, whole_tree(folder / "tree", has, tree)] if tree else found


def plain(lines: int) -> str:
    return "".join(f"def step_{at}(rate):\n    return rate + {at}\n" for at in range(lines))[
        : lines * 22
    ]


def pull_request(where: Path, has: Programs) -> Scene:
    """12 or 13 lines added to each of 65 files that were there before."""
    files = sources(65, 300)
    repository(where, files)
    git(where, "commit", "-qm", "base")
    block = next(iter(sources(1, 700).values())).splitlines(keepends=True)
    changed = {}
    for at, (name, text) in enumerate(files.items()):
        lines = text.splitlines(keepends=True)
        changed[name] = "".join([*lines[:150], *block[at * 8 : at * 8 + 12], *lines[150:]])
    write(where, changed)
    git(where, "commit", "-qm", "change")
    commands = {OURS: has.ours("--from", "HEAD~1"), DETECT: has.detect(list(files))}
    commands |= has.kingfisher("--since-commit", "HEAD~1")
    return Scene("a range of 780 lines over 65 files", where, commands, {DETECT: 0.05, KING: 0.35})


def whole_tree(where: Path, has: Programs, tree: Path) -> Scene:
    """The files of a checkout, without its history."""
    shutil.copytree(tree, where, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    git(where, "init", "-q")
    git(where, "add", "-A")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=where, capture_output=True, check=True
    ).stdout.split(b"\0")
    paths = [where / os.fsdecode(name) for name in listed if name]
    size = sum(path.stat().st_size for path in paths if path.is_file())
    name = f"a tree of {len(paths):,} files, {size / 1e6:.0f} MB"
    scan = [str(has.bin / "detect-secrets"), "scan", "--all-files", "--no-verify", "."]
    commands = {OURS: has.ours("."), DETECT: scan}
    commands |= has.kingfisher("--git-history", "none")
    return Scene(name, where, commands, {DETECT: 0.04, KING: 4}, peak=80)


def measured(command: list[str], where: Path) -> Taken:
    """One run. Raises RuntimeError where the tool fails."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=where, stdout=output, stderr=output)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in RAN:
            output.seek(0)
            said = output.read()[-800:].decode("utf-8", "replace")
            raise RuntimeError(f"{command[0]}: exit {process.returncode}: {said}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Taken(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / (1 << 20))


def race(scene: Scene, runs: int) -> dict[str, Taken]:
    """Each tool in turn, again and again: a shared machine is slower at one moment than later."""
    taken: dict[str, list[Taken]] = {tool: [] for tool in scene.commands}
    for at in range(runs + 1):
        for tool, command in scene.commands.items():
            # The first run warms caches; what takes minutes and keeps none is run once.
            if at == 0 or not (scene.peak and tool == DETECT):
                taken[tool].append(measured(command, scene.where))
    return {tool: quartile(many[1:] or many) for tool, many in taken.items()}


def quartile(many: list[Taken]) -> Taken:
    """The lower quartile of each figure: what it costs when nobody else is in the way."""
    if len(many) == 1:
        return many[0]
    return Taken(*(statistics.quantiles(column, n=4)[0] for column in zip(*many, strict=True)))


def show(scene: Scene, taken: dict[str, Taken]) -> None:
    for tool, figures in taken.items():
        told = [f"{figures.wall:.3f}", f"{figures.cpu:.3f}", f"{figures.peak:.0f}"]
        for peer in (DETECT, KING):
            if peer not in taken or tool in (DETECT, KING):
                told.append("")
                continue
            ratio = figures.wall / taken[peer].wall
            budget = scene.budgets.get(peer)
            told.append(f"{ratio:.3f}x" + (f" (at most {budget}x)" if budget else ""))
        if scene.peak and tool == OURS:
            told[2] += f" (at most {scene.peak:.0f})"
        print("| " + " | ".join([scene.name, tool, *told]) + " |", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kingfisher", default=os.environ.get("SECRETS_KINGFISHER", ""))
    parser.add_argument("--tree", type=Path, default=os.environ.get("SECRETS_TREE"))
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--only", nargs="*", default=[], help="words of the scenes' names")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="interlock-bench-") as temporary:
        folder = Path(temporary)
        has = Programs(install(folder, "detect-secrets==1.5.0"), arguments.kingfisher)
        print(
            f"CPython {platform.python_version()}, {platform.system()} {platform.machine()}, "
            f"{os.cpu_count()} cores; seconds, MiB; ratios of wall time\n"
        )
        print(f"| what | tool | wall | CPU | peak | to {DETECT} | to {KING} |")
        print("|" + " --- |" * 7)
        for scene in scenes(folder, has, arguments.tree):
            if all(word in scene.name for word in arguments.only):
                show(scene, race(scene, min(arguments.runs, 3) if scene.peak else arguments.runs))


if __name__ == "__main__":
    main()
