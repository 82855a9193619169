"""Every rule and relation by example: good passes, bad prints exactly this, the mend is exact."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from casefiles import CASES, run

from interlock.experiments.relations.table import TABLE
from interlock.rules.table import RULES

NAMES = sorted(path.name for path in CASES.iterdir())


def test_every_rule_and_relation_has_a_case() -> None:
    wanted = {*TABLE, *(doc.id.replace("/", "-") for doc in RULES)}
    assert wanted == set(NAMES)


def copied(name: str, kind: str, tmp_path: Path) -> Path:
    shutil.copy(CASES / name / "interlock.yaml", tmp_path)
    target = tmp_path / kind
    if (CASES / name / kind).exists():
        shutil.copytree(CASES / name / kind, target)
    else:
        target.mkdir()
    return target


@pytest.mark.parametrize("name", [n for n in NAMES if (CASES / n / "good").exists()])
def test_good_is_clean(name: str, tmp_path: Path) -> None:
    code, output = run(copied(name, "good", tmp_path))
    assert code == 0, output
    assert "clean" in output or "nothing that fails" in output


@pytest.mark.parametrize("name", NAMES)
def test_bad_prints_what_is_expected(name: str, tmp_path: Path) -> None:
    code, output = run(copied(name, "bad", tmp_path), "--fail-level", "info")
    assert code == 1
    assert output == (CASES / name / "bad.out").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [n for n in NAMES if (CASES / n / "fixed").exists()])
def test_fix_is_exact_and_idempotent(name: str, tmp_path: Path) -> None:
    folder = copied(name, "bad", tmp_path)
    for _ in range(3):
        code, output = run(folder, "--fix")
    assert code == 0, output
    for path in (CASES / name / "fixed").rglob("*"):
        if path.is_file():
            relative = path.relative_to(CASES / name / "fixed")
            assert (folder / relative).read_bytes() == path.read_bytes()
