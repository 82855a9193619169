"""`interlock policy test`: what a changed policy does to the repositories that follow it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import demo
import pytest
from livemarkdown import live


def interlock(where: Path, *arguments: str, ci: str = "") -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "interlock", "policy", "test", *arguments],
        cwd=where,
        capture_output=True,
        check=False,
        env={**os.environ, "CI": ci},
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout.decode() + done.stderr.decode()


class Team:
    """The demo's repositories; the policy lives in feature-pipelines."""

    def __init__(self, folder: Path) -> None:
        demo.build(folder)
        self.folder = folder
        self.home = folder / "feature-pipelines"
        self.policy = self.home / "interlock.yaml"

    def change(self, old: str, new: str) -> None:
        text = self.policy.read_text()
        assert old in text
        self.policy.write_text(text.replace(old, new))


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


def test_an_unchanged_policy_changes_nothing(team: Team) -> None:
    code, said = interlock(team.home)
    assert code == 0
    assert said.endswith("nothing changes\n")
    assert "training (acme/model-training): nothing changes" in said


def test_what_appears_is_told_in_the_repository_that_has_to_change(team: Team) -> None:
    team.change("sum: 100", "sum: 1")
    code, said = interlock(team.home)
    assert code == 0
    assert "serving (acme/model-serving): 1 finding appears" in said
    assert "+ error experiment/weights-add-up  ranker-v2" in said
    assert "add up to 100, not 1" in said
    assert "serving: env/prod/values.yaml:4" in said
    assert "pipelines (acme/feature-pipelines): nothing changes" in said
    assert interlock(team.home, "--fail-level", "error")[0] == 1


def test_what_vanishes_and_what_only_counts_differently(team: Team) -> None:
    team.change("sum: 100", "sum: 1")
    team.change("code, exists-in: plan, severity: warning", "code, exists-in: registry")
    demo.git(team.home, "commit", "-q", "-a", "-m", "Break two rules")
    team.change("exists-in: registry", "exists-in: registry, severity: warning")
    team.change("sum: 1}", "sum: 100}")
    code, said = interlock(team.home, "--format", "json", "--fail-level", "error")
    assert code == 0
    found = [
        (change["kind"], change["repo"], change["was"], change["finding"]["rule"])
        for change in json.loads(said)["changes"]
    ]
    assert sorted(found) == [
        ("severity", "serving", "error", "experiment/code-known"),
        ("vanishes", "serving", "error", "experiment/weights-add-up"),
    ]
    demo.git(team.home, "commit", "-q", "-a", "-m", "Mend one")
    text = interlock(team.home)[1]
    assert "nothing changes; 1 stays as before" in text
    assert interlock(team.home, "--rev", "HEAD")[1].count("- error") == 1
    assert interlock(team.home, "--from", "HEAD~2", "--to", "HEAD~1")[1].count("+ error") == 2


def test_a_waiver_is_told_as_one(team: Team) -> None:
    team.change("sum: 100", "sum: 1")
    demo.git(team.home, "commit", "-q", "-a", "-m", "Break a rule")
    team.policy.write_text(
        team.policy.read_text()
        + "waivers:\n  - {rule: experiment/weights-add-up, key: ranker-v2, reason: relative, "
        "owner: '@a', until: 2099-01-01}\n"
    )
    said = interlock(team.home)[1]
    assert "1 finding vanishes" in said
    assert "it is waived" in said


def test_only_what_is_staged_counts_with_staged(team: Team) -> None:
    team.change("sum: 100", "sum: 1")
    assert "nothing changes" in interlock(team.home, "--staged")[1].splitlines()[-1]
    demo.git(team.home, "add", "-A")
    assert "1 finding appears" in interlock(team.home, "--staged")[1]


def test_a_repository_that_cannot_be_read_is_never_clean(team: Team) -> None:
    (team.folder / "model-serving").rename(team.folder / "away")
    (team.folder / "away").rename(team.folder.parent / f"{team.folder.name}-away")
    team.change("sum: 100", "sum: 1")
    code, said = interlock(team.home, "--offline")
    assert code == 0
    assert "no change that could be seen; not everything could be read" in said
    assert "there is no checkout of acme/model-serving" in said
    assert "serving (acme/model-serving): could not be read" in said
    assert interlock(team.home, "--offline", ci="true")[0] == 1


def test_what_cannot_be_compared_is_said(team: Team, tmp_path: Path) -> None:
    team.change("sum: 100", "sums: 100")
    assert interlock(team.home)[0] == 2
    demo.git(team.home, "commit", "-q", "-a", "-m", "Break the policy")
    team.change("sums: 100", "sum: 100")
    code, said = interlock(team.home)
    assert (code, "the policy of HEAD" in said) == (2, True)
    alone = tmp_path / "new"
    alone.mkdir()
    demo.git(alone, "init", "-q")
    demo.git(alone, "commit", "-q", "--allow-empty", "-m", "Begin")
    (alone / "interlock.yaml").write_bytes(team.policy.read_bytes())
    code, said = interlock(alone)
    assert (code, "there is nothing to compare with" in said) == (2, True)
    outside = tmp_path / "outside"
    outside.mkdir()
    assert interlock(outside)[0] == 2


def test_markdown_holds_what_a_policy_and_a_file_may_say(team: Team) -> None:
    team.change("why: parameters", "why: '@acme/all <img src=x> parameters'  #")
    team.change("sum: 100", "sum: 1")
    values = team.folder / "model-serving/charts/ranker/values.yaml"
    overlay = team.folder / "model-serving/env/prod/values.yaml"
    for file in (values, overlay):
        file.write_text(file.read_text().replace("ranker-v2", "'@acme/all <b>x</b> `y`'"))
    demo.git(team.folder / "model-serving", "commit", "-q", "-a", "-m", "Rename")
    said = interlock(team.home, "--format", "markdown")[1]
    assert "1 finding appears" in said
    assert [one for one in live(said) if one != "bullet_list_open"] == []
