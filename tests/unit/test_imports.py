"""Imports point one way, modules and functions stay small, and nothing is called utils."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "interlock"
#: What each part may import besides itself; model and errors are free to all.
ALLOWED: dict[str, set[str]] = {
    "model": set(),
    "errors": {"model"},
    "values": set(),
    "trees": set(),
    "documents": {"trees"},
    "policy": {"trees", "documents"},
    "secrets": {"trees", "documents", "policy"},
    "experiments": {"trees", "documents", "policy"},
    "rules": {"trees", "documents", "policy", "experiments"},
    "engine": {"trees", "documents", "policy", "experiments", "rules"},
    "changes": {"trees", "documents", "policy", "experiments", "rules", "engine"},
    "report": {"trees", "documents", "policy", "secrets", "changes"},
    "sandbox": set(),
    "github": {"trees", "documents", "policy", "engine", "changes", "report"},
    "tickets": {"changes", "report"},
    "cli": {
        "trees",
        "documents",
        "policy",
        "secrets",
        "experiments",
        "rules",
        "engine",
        "changes",
        "report",
        "github",
        "sandbox",
        "tickets",
    },
    "hooks": {"cli", "report", "trees"},
}
MODULES = sorted([*SOURCE.rglob("*.py"), *(ROOT / "hooks").glob("*.py")])


def part_of(path: Path) -> str:
    if path.is_relative_to(ROOT / "hooks"):
        return "hooks"
    relative = path.relative_to(SOURCE)
    return relative.parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
            if node.module == "interlock":
                names = [f"interlock.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("interlock.")}
    return found - {"__version__", "__file__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    part = part_of(path)
    if part in ("__init__", "__main__"):
        return
    free = {"model", "errors", "values", part}
    assert imported(path) - free <= ALLOWED[part]


def test_rules_never_import_each_other() -> None:
    for path in (SOURCE / "rules").rglob("*.py"):
        if path.parent.name not in ("experiment", "policy"):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert not node.module.startswith("interlock.rules.") or (
                    node.module == "interlock.rules.base"
                ), path


def test_modules_are_small() -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {p: n for p, n in sizes.items() if n > 400} == {}
    assert median(n for n in sizes.values() if n > 1) < 110


def test_functions_are_small() -> None:
    long = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
                lines = node.end_lineno - node.lineno + 1
                if lines > 50:
                    long.append(f"{path.name}:{node.name} ({lines})")
    assert long == []


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    names = {path.stem for path in MODULES}
    assert not names & {"utils", "helpers", "common", "misc"}


def test_only_cli_and_hooks_read_clock_environment_and_streams() -> None:
    for path in MODULES:
        if part_of(path) in ("cli", "hooks") or path.name == "process.py":
            continue
        text = path.read_text(encoding="utf-8")
        for forbidden in ("os.environ", "time.time(", "datetime.now(", "sys.stdout", "print("):
            assert forbidden not in text, f"{path}: {forbidden}"


def test_named_tuples_are_the_cheap_ones() -> None:
    for path in MODULES:
        if path.name != "values.py":
            imports = [
                line
                for line in path.read_text(encoding="utf-8").splitlines()
                if line.startswith("from typing import")
            ]
            assert not any("NamedTuple" in line for line in imports), path
