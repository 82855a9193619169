"""How the CredData benchmark counts: a folder of its form, made at test time."""

from __future__ import annotations

import csv
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIELDS = ("FilePath", "LineStart", "LineEnd", "GroundTruth", "Category")
ROWS = [
    ("data/0ab/_/1.py", 2, 2, "T", "Password"),
    ("data/0ab/_/1.py", 2, 9, "T", "AWS Multi"),
    ("data/0ab/_/1.py", 20, 20, "F", "Password"),
    ("data/0ab/_/1.py", 30, 30, "T", "UUID"),
    ("data/0ab/_/1.py", 40, 45, "T", "PEM Private Key"),
    ("data/0ab/_/gone.py", 1, 1, "T", "Password"),
    ("data/9cd/_/2.py", 5, 5, "T", "Token:Auth"),
]


@pytest.fixture(scope="module")
def bench() -> Any:
    path = ROOT / "benchmarks" / "secrets_creddata.py"
    spec = spec_from_file_location("benchmark_of_creddata", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "meta").mkdir()
    for name in ("0ab", "9cd"):
        with (tmp_path / "meta" / f"{name}.csv").open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(FIELDS)
            writer.writerows(row for row in ROWS if name in row[0])
    for path in ("0ab/_/1.py", "9cd/_/2.py"):
        file = tmp_path / "data" / path
        file.parent.mkdir(parents=True)
        file.write_text("x\n")
    return tmp_path


def test_labels_are_those_of_files_that_are_there(bench: Any, folder: Path) -> None:
    found = {(one.path, one.first, one.last) for one in bench.labelled(folder, bench.IDS)}
    assert found == {("0ab/_/1.py", 2, 9), ("0ab/_/1.py", 40, 45)}
    assert [one.category for one in bench.labelled(folder, "89")] == ["Token:Auth"]


def test_a_secret_counts_once_and_what_nobody_labelled_is_false(bench: Any, folder: Path) -> None:
    secrets = bench.labelled(folder, bench.IDS)
    path = "0ab/_/1.py"
    score = bench.score(secrets, {(path, 3), (path, 4), (path, 20), (path, 21), ("other", 1)})
    assert (score.found, score.labelled) == (1, 2)
    assert score.false == ((path, 20), (path, 21), ("other", 1))
    assert [one.category for one in score.missed] == ["PEM Private Key"]
    assert score.precision == pytest.approx(0.25)
    assert score.recall == pytest.approx(0.5)
    assert score.f1 == pytest.approx(1 / 3)
    assert score.by_category == {"AWS Multi": (1, 1), "PEM Private Key": (0, 1)}


def test_nothing_flagged_is_no_division(bench: Any, folder: Path) -> None:
    score = bench.score(bench.labelled(folder, bench.IDS), set())
    assert (score.recall, score.precision, score.f1) == (0.0, 0.0, 0.0)
    assert bench.score((), set()).f1 == 0.0
