"""The worlds of every rule's case: no word that only the other repository has comes out of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from casefiles import CASES
from worldrun import policy_of

from interlock.engine import Request, run
from interlock.model import Report
from interlock.policy.model import Policy
from interlock.report.sharing import report_for, visible_to
from interlock.report.table import FORMATS, render
from interlock.trees.base import Repo, World
from interlock.trees.memory import MemoryTree

#: Shorter ones, and numbers of a digit or two, stand in any output: lines, counts, ends of words.
_WORD = re.compile(r"[A-Za-z_][\w-]{2,}|\d[\d.]{2,}")
_OTHER = {"a": "b", "b": "a"}
_SOURCE = Path(__file__).parents[2] / "src" / "interlock"
_OURS = {word for path in _SOURCE.rglob("*.py") for word in _WORD.findall(path.read_text("utf-8"))}
FOLDERS = sorted(path.parent for path in CASES.glob("*/bad"))
SIDES = [(folder, own) for folder in FOLDERS for own in ("a", "b")]


def files_of(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def words_of(files: Mapping[str, bytes]) -> set[str]:
    text = " ".join(f"{path} {data.decode('utf-8', 'replace')}" for path, data in files.items())
    return set(_WORD.findall(text))


def policy_in(folder: Path) -> Policy:
    return policy_of((folder / "interlock.yaml").read_text("utf-8"))


def report_of(folder: Path, own: str) -> Report:
    policy = policy_in(folder)
    head: World = {
        alias: (Repo(alias, names[0], MemoryTree(files_of(folder / "bad" / alias), "main")),)
        for alias, names in policy.repos.items()
    }
    return run(Request(policy=policy, head=head, own=own, today="2026-06-01"))


def secret_in(folder: Path, own: str) -> set[str]:
    """The words of the other repository that nothing else has."""
    known = words_of(files_of(folder / "bad" / own)) | _OURS
    known |= set(_WORD.findall((folder / "interlock.yaml").read_text("utf-8")))
    return words_of(files_of(folder / "bad" / _OTHER[own])) - known


@pytest.mark.parametrize(("folder", "own"), SIDES, ids=[f"{f.name}-{own}" for f, own in SIDES])
def test_no_word_of_the_other_repository(folder: Path, own: str) -> None:
    told = report_for(report_of(folder, own), visible_to(policy_in(folder), own))
    for name in FORMATS:
        found = set(_WORD.findall(render(told, name, show_all=True)))
        assert found & secret_in(folder, own) == set(), name


def test_the_cases_have_words_to_tell() -> None:
    told = [
        folder.name
        for folder, own in SIDES
        if secret_in(folder, own) & set(_WORD.findall(render(report_of(folder, own), "text")))
    ]
    assert len(told) >= 8, told
