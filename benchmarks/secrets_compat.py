"""CPU seconds of the compat mode beside detect-secrets' own `scan_file`, and whether they agree.

    python benchmarks/secrets_compat.py [NAME=DIR ...] [--runs 3] [--no-generated]

Both run in this one process and take turns; time is CPU time of the process, the median of the
runs, after both have been imported and have scanned a file. The generated corpus (its public
seed) comes first; each NAME=DIR is a folder of which every file is scanned, `stdlib` stands for
Python's own library.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# this folder goes: it would hide the standard library's `secrets`
sys.path[:1] = [str(ROOT / "tests"), str(ROOT / "src")]
from secretcorpus.corpus import generate, write  # noqa: E402

from interlock.secrets import compat  # noqa: E402

_LEFT_OUT = {".git", "__pycache__", "site-packages"}
Places = set[tuple[str, int, str, str]]


def files(root: Path) -> list[str]:
    """Every file but compiled ones, links and what is installed beside the standard library."""
    found = []
    for folder, below, names in os.walk(root):
        below[:] = sorted(set(below) - _LEFT_OUT)
        paths = (os.path.join(folder, name) for name in sorted(names))
        found += [p for p in paths if os.path.isfile(p) and not os.path.islink(p)]
    return found


def theirs(paths: list[str]) -> Places:
    """detect-secrets' own; a file on which it raises counts with what it gave until then."""
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import default_settings

    found: Places = set()
    with default_settings():
        for path in paths:
            try:
                for one in scan_file(path):
                    found.add((path, one.line_number, one.type, one.secret_hash))
            except Exception as error:  # noqa: BLE001  whatever its parsers raise
                print(f"detect-secrets fails on {path}: {type(error).__name__}", file=sys.stderr)
    return found


def ours(paths: list[str]) -> Places:
    return {tuple(one) for one in compat.scan(paths)}


def timed(work: Callable[[list[str]], Places], paths: list[str]) -> tuple[float, Places]:
    start = time.process_time()
    found = work(paths)
    return time.process_time() - start, found


def measure(name: str, paths: list[str], runs: int) -> None:
    """One line of the table."""
    seconds: dict[str, list[float]] = {"theirs": [], "ours": []}
    agree = True
    for _ in range(runs):
        took, expected = timed(theirs, paths)
        seconds["theirs"].append(took)
        took, found = timed(ours, paths)
        seconds["ours"].append(took)
        agree = agree and found == expected
    middle = {engine: statistics.median(took) for engine, took in seconds.items()}
    lines = sum(Path(path).read_bytes().count(b"\n") for path in paths)
    cells = [name, f"{len(paths):,}", f"{lines:,}", f"{len(expected):,}", "yes" if agree else "NO"]
    cells.append(f"{middle['theirs']:.2f}")
    cells += [f"{middle['ours']:.3f}", f"{middle['theirs'] / middle['ours']:.1f}x"]
    print("| " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", metavar="NAME=DIR")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-generated", action="store_true")
    arguments = parser.parse_args()
    theirs([__file__])
    ours([__file__])
    heads = ["corpus", "files", "lines", "found", "identical", "detect-secrets, CPU s"]
    heads += ["compat, CPU s", "less"]
    print("| " + " | ".join(heads) + " |")
    print("|" + " --- |" * len(heads))
    if not arguments.no_generated:
        with tempfile.TemporaryDirectory() as folder:
            write(generate(), Path(folder))
            measure("generated", files(Path(folder)), arguments.runs)
    for given in arguments.folders:
        name, _, folder = given.partition("=")
        where = sysconfig.get_path("stdlib") if given == "stdlib" else folder
        measure(name, files(Path(where)), arguments.runs)


if __name__ == "__main__":
    main()
