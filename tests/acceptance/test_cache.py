"""A machine with one checkout only: the others, and the policy, come from the cache."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from gitrepos import clean_environment
from topologies import ROOT

sys.path.insert(0, str(ROOT / "examples" / "demo"))
import demo

CONFIG = "conf/experiment/ranker-v2.toml"
HOOK = "from interlock.hooks.{} import main; raise SystemExit(main([]))"


class Machine:
    """Three repositories on a host, and a checkout of model-training alone."""

    def __init__(self, folder: Path) -> None:
        self.host = folder / "host" / "acme"
        demo.build(self.host)
        for name in demo.REPOS:
            (self.host / name).rename(self.host / f"{name}.git")
            demo.git(self.repo(name), "config", "uploadpack.allowFilter", "true")
            demo.git(self.repo(name), "config", "uploadpack.allowAnySHA1InWant", "true")
        self.top = folder / "work" / "model-training"
        self.top.parent.mkdir()
        url = self.repo("model-training").as_uri()
        demo.git(folder, "clone", "-q", "--no-local", url, str(self.top))
        self.cache = folder / "cache"
        self.trace = folder / "trace"

    def repo(self, name: str) -> Path:
        return self.host / f"{name}.git"

    def run(self, *arguments: str, program: str = "", **more: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "interlock", *arguments]
        if program:
            command = [sys.executable, "-c", HOOK.format(program)]
        self.trace.write_text("")
        env = {k: v for k, v in clean_environment().items() if not k.startswith("GITHUB_")}
        done = subprocess.run(
            command,
            cwd=self.top,
            capture_output=True,
            check=False,
            env=env
            | {"INTERLOCK_CACHE": str(self.cache), "GIT_TRACE": str(self.trace), "CI": ""}
            | more,
        )
        said = done.stdout.decode() + done.stderr.decode()
        assert "Traceback" not in said
        return done.returncode, said

    def connections(self) -> int:
        """How often git asked another host in the last run."""
        lines = self.trace.read_text().splitlines()
        return sum(": git clone" in line or ": git fetch" in line for line in lines)

    def follow(self, revision: str) -> None:
        """Follow the policy at another revision."""
        at = f"@{revision}" if revision else ""
        (self.top / ".interlock.yaml").write_text(
            f"policy: acme/feature-pipelines//interlock.yaml{at}\nrepo: training\n"
        )

    def commit(self, name: str, path: str, old: str, new: str) -> str:
        """Change a file on the host; gives the commit."""
        file = self.repo(name) / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))
        demo.git(self.repo(name), "commit", "-q", "-a", "-m", "Change")
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=self.repo(name), capture_output=True, check=True
        )
        return done.stdout.decode().strip()

    def age(self, seconds: int) -> None:
        """Let the cached copies grow old."""
        for stamp in self.cache.rglob("interlock-fetched"):
            stamp.write_text(f"{int(stamp.read_text()) - seconds}\n")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_policy_and_siblings_are_fetched_once_and_then_read(machine: Machine) -> None:
    code, said = machine.run("check")
    assert (code, "6 rules over 6 records in 6 files of 3 repos: clean" in said) == (0, True)
    # Two clones; their files come in one fetch each, the policy's in one more.
    assert machine.connections() <= 5
    assert machine.run("check")[0] == 0
    assert machine.connections() == 0


def test_a_copy_is_refreshed_by_age(machine: Machine) -> None:
    assert machine.run("check")[0] == 0
    machine.commit("feature-pipelines", "experiments/ranker-v2.yaml", "0.4", "0.45")
    assert machine.run("check")[0] == 0
    machine.age(1_000)
    code, said = machine.run("check")
    assert (code, "experiment/same-params" in said) == (1, True)


def test_hooks_use_the_copy_and_no_network(machine: Machine) -> None:
    for program in ("interlock_hook", "policy_valid"):
        code, said = machine.run(program=program)
        assert code == 2, program
        assert "run `interlock check` once" in said
        assert machine.connections() == 0
    assert machine.run("check")[0] == 0
    config = machine.top / CONFIG
    config.write_text(config.read_text().replace("0.4", "0.5"))
    demo.git(machine.top, "add", "-A")
    assert machine.run(program="policy_valid")[0] == 0
    for _ in range(2):
        code, said = machine.run(program="interlock_hook")
        assert code == 1
        assert "is 0.4 in plan" in said
        assert machine.connections() == 0


def test_offline_what_is_there_is_used_and_its_age_said(machine: Machine) -> None:
    assert machine.run("check")[0] == 0
    machine.age(3 * 86_400)
    code, said = machine.run("check", "--offline")
    assert code == 0
    assert machine.connections() == 0
    assert "was read from a copy fetched 3 days ago" in said


def test_a_host_that_is_gone_leaves_the_copy_with_a_warning(machine: Machine) -> None:
    assert machine.run("check")[0] == 0
    machine.age(3 * 86_400)
    machine.host.rename(machine.host.parent / "gone")
    code, said = machine.run("check")
    assert code == 0
    assert "could not be fetched" in said
    assert "3 days ago" in said


def test_a_sibling_that_was_never_read_is_unknown_and_red_in_ci(machine: Machine) -> None:
    machine.repo("model-serving").rename(machine.host / "away")
    code, said = machine.run("check")
    assert (code, "serving could not be read" in said) == (0, True)
    assert "clean" not in said.splitlines()[-1]
    assert machine.run("check", CI="true")[0] == 1
    (machine.top / "notes.md").write_text("nothing\n")
    demo.git(machine.top, "add", "-A")
    code, said = machine.run("check", "--staged", CI="true")
    assert code == 0, said  # it touches no source


def test_a_pinned_policy_is_read_without_asking_again(machine: Machine) -> None:
    first = machine.commit("feature-pipelines", "interlock.yaml", "sum: 100", "sum: 100.0")
    machine.commit("feature-pipelines", "interlock.yaml", "sum: 100.0", "sum: 1")
    machine.follow(first)
    code, said = machine.run("policy", "validate")
    assert (code, first[:12] in said) == (0, True)
    assert machine.connections() > 0
    machine.age(10 * 86_400)
    code, said = machine.run("policy", "validate")
    assert (code, machine.connections()) == (0, 0)
    assert "days ago" not in said  # a commit does not grow old
    machine.follow("main")
    machine.run("check")
    assert machine.run("check", "weights-add-up")[0] == 1


def test_a_followed_branch_is_refreshed_and_the_commit_used_is_printed(machine: Machine) -> None:
    machine.follow("main")
    assert machine.run("policy", "validate")[0] == 0
    new = machine.commit("feature-pipelines", "interlock.yaml", "sum: 100", "sum: 1")
    assert new[:12] not in machine.run("policy", "validate")[1]
    machine.age(1_000)
    assert new[:12] in machine.run("policy", "validate")[1]


def test_extends_reads_other_repositories_too_and_says_which_commit(machine: Machine) -> None:
    (machine.top / ".interlock.yaml").unlink()
    text = "version: 1\nextends: [acme/feature-pipelines//interlock.yaml@main]\n"
    (machine.top / "interlock.yaml").write_text(text)
    code, said = machine.run("check")
    assert code == 0
    assert "the policy acme/feature-pipelines//interlock.yaml@main was read at" in said
    machine.host.rename(machine.host.parent / "gone")
    assert machine.run("check", "--offline")[0] == 0
    assert machine.connections() == 0


def test_a_tag_is_a_revision_and_none_is_refused(machine: Machine) -> None:
    demo.git(machine.repo("feature-pipelines"), "tag", "v1")
    machine.commit("feature-pipelines", "interlock.yaml", "sum: 100", "sum: 1")
    machine.follow("v1")
    assert machine.run("check")[0] == 0
    machine.follow("")
    code, said = machine.run("check")
    assert (code, "needs a revision" in said) == (2, True), said


@pytest.mark.parametrize(
    ("revision", "path", "said"),
    [
        ("nope", "interlock.yaml", "has no revision `nope`"),
        ("main", "nope.yaml", "has no nope.yaml at main"),
        ("0" * 40, "interlock.yaml", "has no revision"),
    ],
)
def test_a_policy_that_is_not_there_is_said(
    machine: Machine, revision: str, path: str, said: str
) -> None:
    (machine.top / ".interlock.yaml").write_text(
        f"policy: acme/feature-pipelines//{path}@{revision}\nrepo: training\n"
    )
    code, output = machine.run("check")
    assert (code, said in output) == (2, True), output


def test_a_login_in_the_address_is_never_shown(machine: Machine) -> None:
    demo.git(machine.top, "remote", "set-url", "origin", "https://me:s3cret@127.0.0.1:9/acme/x.git")
    code, output = machine.run("check")
    assert code == 2
    assert "s3cret" not in output


def test_two_runs_at_once_both_end_well(machine: Machine) -> None:
    env = clean_environment() | {"INTERLOCK_CACHE": str(machine.cache), "CI": ""}
    command = [sys.executable, "-m", "interlock", "check"]
    runs = [
        subprocess.Popen(command, cwd=machine.top, env=env, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    outputs = [run.communicate(timeout=60)[0].decode() for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], outputs
    assert os.listdir(machine.cache)
