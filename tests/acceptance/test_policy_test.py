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
    assert code == 1
    assert "`--fail-level never` only shows" in said
    assert "serving (acme/model-serving): 1 finding appears" in said
    assert "+ error experiment/weights-add-up  ranker-v2" in said
    assert "add up to 100, not 1" in said
    assert "serving: env/prod/values.yaml:4" in said
    assert "pipelines (acme/feature-pipelines): nothing changes" in said
    assert interlock(team.home, "--fail-level", "never")[0] == 0


def test_what_vanishes_and_what_only_counts_differently(team: Team) -> None:
    team.change("sum: 100", "sum: 1")
    team.change("code, exists-in: plan, severity: warning", "code, exists-in: registry")
    demo.git(team.home, "commit", "-q", "-a", "-m", "Break two rules")
    team.change("exists-in: registry", "exists-in: registry, severity: warning")
    team.change("sum: 1}", "sum: 100}")
    code, said = interlock(team.home, "--format", "json")
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


def test_a_policy_that_cannot_be_used_exits_with_2(team: Team) -> None:
    team.change("sum: 100", "sums: 100")
    code, said = interlock(team.home)
    assert (code, "did you mean `sum`" in said) == (2, True)
    demo.git(team.home, "commit", "-q", "-a", "-m", "Break the policy")
    team.change("sums: 100", "sum: 100")
    code, said = interlock(team.home)
    assert code == 0
    assert said.startswith("the policy interlock.yaml (work tree), which is new\n")
    assert "the policy of HEAD" in said
    assert "cannot be used" in said


def test_a_first_policy_says_that_it_is_one(team: Team, tmp_path: Path) -> None:
    alone = tmp_path / "new"
    alone.mkdir()
    demo.git(alone, "init", "-q", "-b", "main")
    team.change("sum: 100", "sum: 1")
    (alone / "interlock.yaml").write_bytes(team.policy.read_bytes())
    for arguments in ((), ("--staged",), ("--rev", "HEAD")):
        demo.git(alone, "add", "-A")
        if arguments == ("--rev", "HEAD"):
            demo.git(alone, "commit", "-q", "-m", "Begin")
        code, said = interlock(alone, *arguments)
        assert code == 1
        assert "there is no commit before, so all that this one finds counts as new" in said
        assert "+ error experiment/weights-add-up" in said
    demo.git(alone, "rm", "-q", "interlock.yaml")
    demo.git(alone, "commit", "-q", "-m", "No policy")
    (alone / "interlock.yaml").write_bytes(team.policy.read_bytes())
    code, said = interlock(alone)
    assert (code, ") has no policy, so all" in said) == (1, True)
    outside = tmp_path / "outside"
    outside.mkdir()
    assert interlock(outside)[0] == 2


def policies(team: Team) -> Path:
    """A repository that holds policies in a folder, and takes part in none of them."""
    home = team.folder / "policies"
    (home / "ml").mkdir(parents=True)
    demo.git(home, "init", "-q", "-b", "main")
    demo.git(home, "remote", "add", "origin", "git@github.com:acme/policies.git")
    (home / "ml/policy.yaml").write_bytes(team.policy.read_bytes())
    demo.git(home, "add", "-A")
    demo.git(home, "commit", "-q", "-m", "Begin")
    return home


def test_a_policy_in_a_folder_is_compared_with_itself(team: Team) -> None:
    home = policies(team)
    file = home / "ml/policy.yaml"
    demo.git(home, "commit", "-q", "--allow-empty", "-m", "Later")
    file.write_text(file.read_text().replace("sum: 100", "sum: 1"))
    code, said = interlock(home / "ml", "--policy", "policy.yaml")
    assert code == 1
    assert said.startswith("the policy ml/policy.yaml (work tree), against ml/policy.yaml of HEAD")
    assert "serving (acme/model-serving): 1 finding appears" in said
    assert "pipelines (acme/feature-pipelines): nothing changes" in said
    staged = ("--policy", "ml/policy.yaml", "--staged")
    assert interlock(home, *staged)[0] == 0
    demo.git(home, "commit", "-q", "-a", "-m", "Change the sum")
    file.unlink()  # what is committed counts, not what lies there
    rev = interlock(home, "--policy", "ml/policy.yaml", "--rev", "HEAD")
    assert rev[0] == 1
    assert "+ error experiment/weights-add-up" in rev[1]
    reach = ("--policy", "ml/policy.yaml", "--from", "HEAD~2", "--to", "HEAD")
    assert interlock(home, *reach)[0] == 1
    code, said = interlock(home, "--policy", "ml/policie.yaml", "--rev", "HEAD")
    assert (code, "there is no policy file ml/policie.yaml" in said) == (2, True)


def test_a_draft_is_compared_with_the_policy_that_holds(team: Team) -> None:
    draft = team.home / "draft.yaml"
    draft.write_text(team.policy.read_text().replace("sum: 100", "sum: 1"))
    code, said = interlock(team.home, "--policy", "draft.yaml")
    assert code == 1
    assert said.startswith("the policy draft.yaml (work tree), against interlock.yaml of HEAD")


def test_a_member_sees_what_another_revision_of_the_policy_does(team: Team) -> None:
    team.change("sum: 100", "sum: 1")
    demo.git(team.home, "branch", "old")
    demo.git(team.home, "commit", "-q", "-a", "-m", "Change the sum")
    member = team.folder / "model-serving"
    file = member / ".interlock.yaml"
    file.write_text("policy: acme/feature-pipelines//interlock.yaml@old\nrepo: serving\n")
    demo.git(member, "add", "-A")
    demo.git(member, "commit", "-q", "-m", "Pin the policy")
    file.write_text(file.read_text().replace("@old", "@main"))
    code, said = interlock(member)
    assert code == 1
    assert "+ error experiment/weights-add-up" in said
    assert "env/prod/values.yaml:4:25  (work tree)" in said


def test_repositories_can_be_given(team: Team) -> None:
    team.change("sum: 100", "sum: 1")
    serving = team.folder / "model-serving"
    values = serving / "env/prod/values.yaml"
    values.write_text(values.read_text().replace("60", "-39"))  # with the chart's 40: 1
    code, said = interlock(team.home, "--repo", f"serving={serving}")
    assert (code, "- error experiment/weights-add-up" in said) == (0, True)
    code, said = interlock(team.home, "--repo", f"serving={serving}@HEAD")
    assert (code, "+ error experiment/weights-add-up" in said) == (1, True)
    code, said = interlock(team.home, "--repo", f"severing={serving}")
    assert (code, "did you mean `serving`" in said) == (2, True)


def test_a_repository_that_joins_is_unknown_until_it_can_be_read(team: Team) -> None:
    """What a rule found before has not vanished because the rule cannot be evaluated now."""
    team.change("code, exists-in: plan,", "code, exists-in: registry,")
    demo.git(team.home, "commit", "-q", "-a", "-m", "Break a rule")
    team.change("repos:\n", "repos:\n  more: acme/more\n")
    team.change("sources:\n", 'sources:\n  more: {repo: more, files: "{key}.yaml"}\n')
    team.change("code, exists-in: registry,", "code, exists-in: [registry, more],")
    code, said = interlock(team.home, "--offline", "--as", "pipelines")
    assert code == 0
    assert "more (acme/more): could not be read" in said
    assert "? warning experiment/code-known" in said
    assert "1 finding can no longer be checked" in said


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
