"""The policy that a command finds: by path, in the checkout, or through the member file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

POLICY = "version: 1\nrepos: {a: o/a}\nsources: {s: {files: x.yaml}}\n"


def _validate(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "interlock", "policy", "validate", *arguments],
        cwd=folder, capture_output=True, check=False, text=True, encoding="utf-8",
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A git checkout with nothing in it, beside a file that is not its own."""
    (tmp_path / "outside.yaml").write_text(POLICY, encoding="utf-8")
    top = tmp_path / "top"
    top.mkdir()
    subprocess.run(["git", "init", "-q", str(top)], check=True)
    return top


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("arguments", [(), ("--policy", "interlock.yaml")])
def test_a_policy_extends_its_neighbours(checkout: Path, arguments: tuple[str, ...]) -> None:
    _write(checkout / "interlock.yaml", "version: 1\nextends: teams/ml.yaml\n")
    _write(checkout / "teams" / "ml.yaml", "version: 1\nextends: ../base.yaml\n")
    _write(checkout / "base.yaml", POLICY)
    code, output = _validate(checkout, *arguments)
    assert code == 0, output
    assert "1 repos, 1 sources" in output
    assert "(from base.yaml, teams/ml.yaml, interlock.yaml)" in output


@pytest.mark.parametrize("arguments", [(), ("--policy", "interlock.yaml")])
@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege on Windows")
def test_a_symbolic_link_out_of_the_repository_is_not_followed(
    checkout: Path, arguments: tuple[str, ...]
) -> None:
    _write(checkout / "interlock.yaml", "version: 1\nextends: base.yaml\n")
    (checkout / "base.yaml").symlink_to("../outside.yaml")
    code, output = _validate(checkout, *arguments)
    assert code == 2
    assert "base.yaml is a symbolic link out of the repository" in output
    assert "interlock.yaml:2:10" in output


@pytest.mark.parametrize("name", ["../outside.yaml", "teams/../../outside.yaml"])
def test_a_path_out_of_the_repository_is_not_followed(checkout: Path, name: str) -> None:
    _write(checkout / "interlock.yaml", f"version: 1\nextends: {name}\n")
    code, output = _validate(checkout)
    assert code == 2
    assert f"`{name}` leads out of the repository of interlock.yaml" in output


def test_a_policy_given_by_path_may_lie_elsewhere(checkout: Path) -> None:
    central = checkout.parent / "central"
    _write(central / "ml.yaml", "version: 1\nextends: base.yaml\n")
    _write(central / "base.yaml", POLICY)
    for path in ("../central/ml.yaml", str(central / "ml.yaml")):
        code, output = _validate(checkout, "--policy", path)
        assert code == 0, output


def test_a_member_follows_a_policy_and_waives_for_itself(checkout: Path) -> None:
    _write(checkout / "policies" / "ml.yaml", POLICY)
    member = (
        "policy: policies/ml.yaml\nrepo: a\nwaivers:\n"
        "  - {rule: experiment/empty-source, reason: r, owner: o, until: 2027-01-01}\n"
    )
    _write(checkout / ".interlock.yaml", member)
    code, output = _validate(checkout)
    assert code == 2
    assert "the policy takes no waivers from its members" in output
    assert ".interlock.yaml:4:5" in output
    _write(checkout / "policies" / "ml.yaml", POLICY + "member-waivers: true\n")
    code, output = _validate(checkout)
    assert code == 0, output


def test_problems_exit_with_two_and_show_each_place(checkout: Path) -> None:
    text = POLICY + "consistency:\n  - {id: x, each: s, exist-in: s}\nrules: {nope: off}\n"
    _write(checkout / "interlock.yaml", text)
    code, output = _validate(checkout)
    assert code == 2
    assert "did you mean `exists-in`?" in output
    assert " --> interlock.yaml:5:22" in output
    assert " --> interlock.yaml:6:9" in output
    assert "Traceback" not in output


def test_an_older_interlock_names_what_it_ignored(checkout: Path) -> None:
    _write(checkout / "interlock.yaml", POLICY + "requires: interlock>=99\nnotify: slack\n")
    code, output = _validate(checkout)
    assert code == 0, output
    assert "requires Interlock 99 or newer" in output
    assert "1 word that it does not know was ignored" in output
    assert "interlock.yaml:5:1: `notify` is no word here" in output
