"""One event costs the requests that benchmarks/change_sets.py allows it; counts, never times."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

pytest.importorskip("graphql", reason="the sandbox's GraphQL needs graphql-core")
sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))
import change_sets
from set_scene import Scene


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="CPU time of one process is POSIX's")
def test_an_event_stays_within_its_requests_and_writes_nothing_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    budgets = change_sets.Budgets()
    scene = Scene(tmp_path, files=12, pulls=4)
    try:
        change_sets.event(scene, budgets)
    finally:
        scene.close()
    assert budgets.missed == []
    # The naive client found the set too: what it asks is what the others are held against.
    assert "a naive client" in capsys.readouterr().out
