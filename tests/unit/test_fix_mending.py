"""Which edits are made together, seen on real files."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from interlock.cli.checking import Checked
from interlock.cli.found import Found
from interlock.cli.mending import plan
from interlock.experiments.repair import text_checksum
from interlock.model import Change, Edit, Finding, Repair, Report
from interlock.model import Checked as Counts
from interlock.policy.extend import Layers
from interlock.policy.load import load_policy

TEXT = "a: 1\nb: 2\nc: 3\n"
POLICY = b"""\
version: 1
repos: {one: acme/one, many: [acme/x, acme/y]}
sources: {s: {repo: one, files: x.yaml, fields: {f: $.f}}}
consistency: [{id: u, each: s.f, unique: in-source}]
"""


def repair(*sets: tuple[str, str], repo: str = "one", owner: str = "", read: str = TEXT) -> Repair:
    """Sets members of the file to texts."""
    edits, changes = [], []
    for name, text in sets:
        at = TEXT.index(f"{name}: ") + 3
        edits.append(Edit(repo, "x.yaml", at, at + 1, text, text_checksum(read)))
        value = int(text) if text.isdigit() else text
        changes.append(Change(0, "set", (name,), "", value, "yaml", owner))
    return Repair(tuple(edits), "", tuple(changes))


def checked(folder: Path, *repairs: Repair, own: str = "") -> Checked:
    findings = tuple(
        Finding(
            "experiment/r",
            "equal",
            "error",
            "failing",
            "m",
            str(at),
            "",
            "",
            (),
            (),
            (),
            repair=one,
        )
        for at, one in enumerate(repairs)
    )
    report = Report(
        findings, (), Counts(0, 0, 0, 0), (), "check", "error", False, own, own_name="acme/x"
    )
    policy = load_policy(
        "interlock.yaml", POLICY, Layers(lambda _: None, None), version="0.1.0", built_in_rules=[]
    )
    found = Found(policy, own, "interlock.yaml")
    (folder / "x.yaml").write_bytes(TEXT.encode())
    return Checked(report, found, {"one": str(folder), "many": str(folder)})


def test_mends_of_one_file_are_made_together_and_the_same_one_once(tmp_path: Path) -> None:
    planned = plan(checked(tmp_path, repair(("a", "7")), repair(("c", "9")), repair(("a", "7"))))
    assert planned.refused == []
    (file,) = planned.files.values()
    assert (file.new, file.places) == (b"a: 7\nb: 2\nc: 9\n", 2)
    assert (tmp_path / "x.yaml").read_bytes() == TEXT.encode()


def test_findings_that_contradict_each_other_are_both_left(tmp_path: Path) -> None:
    planned = plan(checked(tmp_path, repair(("a", "7")), repair(("a", "8")), repair(("b", "9"))))
    assert [file.new for file in planned.files.values()] == [b"a: 1\nb: 9\nc: 3\n"]
    assert planned.refused == [
        "x.yaml: two rules want different things there; let one source decide"
    ]


def test_an_edit_that_would_not_read_as_meant_takes_its_whole_finding_along(tmp_path: Path) -> None:
    planned = plan(checked(tmp_path, repair(("a", "7"), ("b", "{")), repair(("c", "9"))))
    assert [file.new for file in planned.files.values()] == [b"a: 1\nb: 2\nc: 9\n"]
    assert len(planned.refused) == 1


def test_a_file_that_changed_since_it_was_read_is_left(tmp_path: Path) -> None:
    planned = plan(checked(tmp_path, repair(("a", "7"), read=TEXT + "\n")))
    assert planned.files == {}
    assert "differs from what was checked" in planned.refused[0]


def test_another_repository_of_the_same_alias_is_not_ours_to_write(tmp_path: Path) -> None:
    theirs = repair(("a", "7"), repo="many", owner="acme/y")
    planned = plan(checked(tmp_path, theirs, own="many"))
    assert planned.files == {}
    assert planned.refused == ["acme/y:x.yaml is another repository: mend it there"]
    ours = repair(("a", "7"), repo="many", owner="acme/x")
    assert len(plan(checked(tmp_path, ours, own="many")).files) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs symlinks")
def test_a_link_out_of_the_tree_or_into_gits_own_files_is_not_written(tmp_path: Path) -> None:
    inner = tmp_path / "tree"
    (inner / ".git").mkdir(parents=True)
    state = checked(inner, repair(("a", "7")))
    for target in (tmp_path / "out.yaml", inner / ".git/x.yaml"):
        target.write_bytes(TEXT.encode())
        (inner / "x.yaml").unlink()
        (inner / "x.yaml").symlink_to(target)
        planned = plan(state)
        assert planned.files == {}
        assert "it is not written" in planned.refused[0]
