"""What a hook keeps between commits never changes its answer, and saves what it promises."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from gitrepos import clean_environment
from topologies import ROOT

sys.path.insert(0, str(ROOT / "examples" / "demo"))
import demo

from interlock.cli import kept

PROGRAM = """\
import sys
from interlock.hooks.interlock_hook import main
code = main([])
names = ("yaml", "interlock.policy.load", "interlock.engine", "typing")
print("imported:", *[name for name in names if name in sys.modules])
sys.exit(code)
"""


class Team:
    """The demo's three checkouts; commits are tried in training."""

    def __init__(self, folder: Path) -> None:
        demo.build(folder)
        self.folder = folder
        self.top = folder / "model-training"
        self.config = self.top / "conf/experiment/ranker-v2.toml"
        self.kept = self.top / ".git" / "interlock"

    def change(self, old: str, new: str) -> None:
        """Change the experiment's file and stage it."""
        text = self.config.read_text()
        assert old in text
        self.config.write_text(text.replace(old, new))
        demo.git(self.top, "add", "-A")

    def hook(self, where: Path | None = None) -> tuple[int, str, set[str]]:
        """Exit code, what was said, and which of the heavy modules it took."""
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=where or self.top,
            env=clean_environment() | {"CI": ""},
            capture_output=True,
            check=False,
        )
        said, _, names = done.stdout.decode().rpartition("imported:")
        assert not done.stderr, done.stderr.decode()
        return done.returncode, said, set(names.split())


@pytest.fixture
def team(tmp_path: Path) -> Team:
    made = Team(tmp_path)
    made.change("depth = 6", "depth = 6 # six")
    assert made.hook()[0] == 0
    return made


def test_the_second_run_loads_no_policy_and_no_yaml(team: Team) -> None:
    code, said, names = team.hook()
    assert (code, said) == (0, "")
    assert "interlock.engine" in names
    assert not names & {"yaml", "interlock.policy.load", "typing"}


def test_a_finding_is_told_with_both_places_from_what_was_kept(team: Team) -> None:
    team.change("0.4", "0.5")
    code, said, names = team.hook()
    assert code == 1
    assert "learning_rate: 0.4   # agreed in the review of 3 March" in said  # quoted from a sibling
    assert "learning_rate = 0.5" in said
    assert "interlock.policy.load" not in names
    again = team.hook()
    for file in team.kept.iterdir():
        file.unlink()
    assert again[:2] == team.hook()[:2] == (code, said)


def test_a_commit_beside_every_source_starts_no_engine(team: Team) -> None:
    demo.git(team.top, "reset", "-q", "--hard")
    (team.top / "notes.md").write_text("nothing\n")
    demo.git(team.top, "add", "-A")
    code, said, names = team.hook()
    assert (code, said) == (0, "")
    assert "interlock.engine" not in names


def test_a_policy_that_changes_in_its_repository_is_read_again(team: Team) -> None:
    home = team.folder / "feature-pipelines"
    policy = home / "interlock.yaml"
    policy.write_text(policy.read_text().replace("references: registry", "pattern: 'x-.*'"))
    assert team.hook()[0] == 0  # nothing is committed there yet
    demo.git(home, "commit", "-q", "-a", "-m", "Change the policy")
    demo.git(team.top, "reset", "-q", "--hard")
    (team.top / "models/registry.json").write_text('{"models": []}')
    demo.git(team.top, "add", "-A")
    code, said, names = team.hook()
    assert "interlock.policy.load" in names
    assert "model-exists" not in said
    demo.git(home, "pack-refs", "--all")
    assert "interlock.policy.load" in team.hook()[2]  # its refs lie elsewhere: asked again
    assert team.hook()[:2] == (code, said)


def test_a_sibling_that_changes_is_seen(team: Team) -> None:
    home = team.folder / "feature-pipelines"
    plan = home / "experiments/ranker-v2.yaml"
    plan.write_text(plan.read_text().replace("learning_rate: 0.4", "learning_rate: 0.9"))
    demo.git(home, "commit", "-q", "-a", "-m", "Change the plan")
    demo.git(team.top, "commit", "-q", "-m", "Six", "--no-verify")
    team.change("depth = 6 # six", "depth = 7")
    code, said, _ = team.hook()
    assert code == 1
    assert "depth" in said
    assert "older finding" in said or "1 older" in said


def test_a_member_file_that_changes_is_read_again(team: Team) -> None:
    (team.top / ".interlock.yaml").write_text("policy: acme/feature-pipelines//no.yaml@main\n")
    demo.git(team.top, "add", "-A")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=team.top,
        env=clean_environment(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"no.yaml" in done.stderr


@pytest.mark.parametrize("content", [b"", b"\0" * 40, b"N", b"garbage" * 99])
@pytest.mark.parametrize("name", ["touch", "policy", "documents"])
def test_what_cannot_be_read_is_made_anew(team: Team, name: str, content: bytes) -> None:
    team.change("0.4", "0.5")
    expected = team.hook()[:2]
    (team.kept / name).write_bytes(content)
    assert team.hook()[:2] == expected
    assert team.hook()[:2] == expected
    assert (team.kept / name).read_bytes() != content


@pytest.mark.parametrize("value", [None, (), (1, 2, 3, 4), "text"])
def test_what_has_another_shape_is_made_anew(team: Team, value: object) -> None:
    team.change("0.4", "0.5")
    expected = team.hook()[:2]
    for name in ("touch", "policy", "documents"):
        kept.save(str(team.top / ".git"), name, value)
    assert team.hook()[:2] == expected


def test_a_folder_that_cannot_be_written_changes_nothing(team: Team) -> None:
    for file in team.kept.iterdir():
        file.unlink()
    team.kept.rmdir()
    team.kept.write_text("a file where the folder would be")
    assert team.hook()[0] == 0
    team.change("0.4", "0.5")
    assert team.hook()[0] == 1


def test_a_linked_worktree_keeps_its_own(team: Team) -> None:
    other = team.folder / "elsewhere" / "training-two"
    demo.git(team.top, "worktree", "add", "-q", "-b", "two", str(other))
    for name in ("feature-pipelines", "model-serving"):
        (other.parent / name).symlink_to(team.folder / name, target_is_directory=True)
    config = other / "conf/experiment/ranker-v2.toml"
    config.write_text(config.read_text().replace("depth = 6", "depth = 6 # too"))
    demo.git(other, "add", "-A")
    assert team.hook(other)[0] == 0
    assert "interlock.policy.load" not in team.hook(other)[2]
    config.write_text(config.read_text().replace("0.4", "0.6"))
    demo.git(other, "add", "-A")
    assert team.hook(other)[0] == 1
    assert team.hook()[0] == 0


def test_a_policy_behind_a_link_is_never_kept(tmp_path: Path) -> None:
    team = Team(tmp_path)
    home = tmp_path / "feature-pipelines"
    (home / "policies").mkdir()
    (home / "interlock.yaml").rename(home / "policies/all.yaml")
    (home / "interlock.yaml").symlink_to("policies/all.yaml")
    demo.git(home, "add", "-A")
    demo.git(home, "commit", "-q", "-m", "Move the policy")
    plan = home / "experiments/ranker-v2.yaml"
    plan.write_text(plan.read_text() + "# end\n")
    demo.git(home, "add", "-A")
    for _ in range(2):
        code, _, names = team.hook(home)
        assert code == 0
        assert "interlock.policy.load" in names
    assert not (home / ".git/interlock/policy").exists()
