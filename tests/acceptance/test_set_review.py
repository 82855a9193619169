"""Ways in which a gate could open, close for ever, or tell what it must not."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest

pytest.importorskip("graphql", reason="the sandbox's GraphQL needs graphql-core")
from sandboxes import checks, client, ruleset
from setworld import CONFIG, CONTEXT, NAMES, NEW, PIPELINES, PLAN, POLICY, VALUES, Story

from interlock.sandbox.records import Issue


def test_a_file_that_is_renamed_away_is_looked_at(story: Story) -> None:
    """GitHub lists a renamed file by its new name alone."""
    away: dict[str, str | bytes | None] = {
        "conf/experiment/ranker-v2.toml": None,
        "old/ranker-v2.toml": CONFIG,
    }
    training = story.open("training", away, branch="tidy")
    story.refresh("training", training)
    assert story.status("training", training)[0] == "failure"


def test_a_second_pull_request_of_the_same_commit_opens_nothing(story: Story) -> None:
    plan = story.open("pipelines")
    story.refresh("pipelines", plan)
    sandbox = story.sandbox
    main = sandbox.world.git(sandbox.find(PIPELINES)).branch("main")
    sandbox.branch(PIPELINES, "release", main)
    other = sandbox.pull(PIPELINES, "interlock/ranker-v3", base="release", login="ada")
    story.refresh("pipelines", other)
    assert story.status("pipelines", plan) == ("failure", "training and serving are missing")
    story.sweep()
    assert story.status("pipelines", plan) == ("failure", "training and serving are missing")
    story.sandbox.requests.clear()
    story.sweep()
    assert story.writes() == []


def test_a_status_from_before_a_retarget_opens_nothing(story: Story) -> None:
    sandbox = story.sandbox
    sandbox.branch(PIPELINES, "release", sandbox.world.git(sandbox.find(PIPELINES)).branch("main"))
    sandbox.commit(PIPELINES, "interlock/ranker-v3", NEW["pipelines"], login="ada", start="main")
    plan = sandbox.pull(PIPELINES, "interlock/ranker-v3", base="release", login="ada")
    story.refresh("pipelines", plan)
    assert story.status("pipelines", plan) == ("pending", "is not for main: looked at once it is")
    other = story.open("pipelines", {"README.md": "x\n"}, branch="notes")
    story.refresh("pipelines", other)
    assert story.status("pipelines", other)[0] == "success"


def run_check(story: Story, alias: str, pull: Issue, name: str, conclusion: str) -> None:
    """A check run of an App of its own."""
    sandbox = story.sandbox
    app, _ = sandbox.app("ci", {"checks": "write", "metadata": "read"}, owner="acme")
    token = sandbox.installation_token(sandbox.install(app, "acme"))
    head = pull.pull
    assert head is not None
    repo = client(sandbox, token).get_repo(NAMES[alias])
    repo.create_check_run(name, head.head_sha, status="completed", conclusion=conclusion)


def test_one_of_two_checks_of_the_same_name_that_fails_is_seen(story: Story) -> None:
    plan, training, serving = (story.open(alias) for alias in NAMES)
    run_check(story, "serving", serving, "tests", "failure")
    story.green("serving", serving)
    story.refresh("pipelines", plan)
    assert story.status("training", training)[0] == "pending"
    assert "failing check" in story.status("training", training)[1]


def test_checks_that_may_not_be_read_are_never_green(stories: Callable[..., Story]) -> None:
    story = stories(private=tuple(NAMES))
    plan, training, serving = (story.open(alias) for alias in NAMES)
    run_check(story, "serving", serving, "tests", "failure")
    story.installation.permissions.pop("checks")
    story.app.permissions.pop("checks")
    story.refresh("pipelines", plan)
    state, told = story.status("training", training)
    assert state != "success"
    assert "checks" in told


def test_a_check_that_classic_protection_asks_for_is_waited_for(story: Story) -> None:
    for name in NAMES.values():
        story.sandbox.find(name).classic["main"] = ["tests", CONTEXT]
    plan, training, serving = (story.open(alias) for alias in NAMES)
    story.refresh("pipelines", plan)
    assert "has a check that runs" in story.status("training", training)[1]
    for alias, pull in (("pipelines", plan), ("training", training), ("serving", serving)):
        story.green(alias, pull)
    story.refresh("pipelines", plan)
    assert story.status("training", training) == ("success", "can land next")
    assert "no rule of" not in story.comment("training", training)


def test_a_check_of_another_app_than_the_rule_names_is_none(story: Story) -> None:
    asked = checks({"context": "tests", "integration_id": 4_711})
    story.sandbox.ruleset(NAMES["serving"], ruleset(asked))
    plan, training, serving = (story.open(alias) for alias in NAMES)
    run_check(story, "serving", serving, "tests", "success")
    story.refresh("pipelines", plan)
    assert "serving#1 has a check that runs" in story.status("training", training)[1]


def test_more_than_a_hundred_checks_are_all_looked_at(story: Story) -> None:
    plan, training, serving = (story.open(alias) for alias in NAMES)
    head = serving.pull
    assert head is not None
    for at in range(120):
        story.sandbox.status(NAMES["serving"], head.head_sha, f"job {at}", "success", login="ada")
    story.refresh("pipelines", plan)
    assert story.status("training", training) == ("success", "can land next")
    story.sandbox.requests.clear()
    story.refresh("pipelines", plan)
    assert story.writes() == []
    story.sandbox.status(NAMES["serving"], head.head_sha, "job 3", "failure", login="ada")
    story.refresh("pipelines", plan)
    assert "failing check" in story.status("training", training)[1]


def test_an_owner_where_the_app_is_not_installed_is_unknown(stories: Callable[..., Story]) -> None:
    policy = POLICY.replace("acme/model-serving", "umbra/model-serving")
    story = stories(policy=policy)
    story.sandbox.org("umbra", admins=("ada",))
    story.sandbox.repo("umbra/model-serving", {"README.md": "x\n"}, private=True)
    plan = story.open("pipelines")
    assert story.refresh("pipelines", plan) == 1
    state, told = story.status("pipelines", plan)
    assert state == "failure"
    assert told.startswith("unknown: serving could not be read: ")
    assert "umbra" in told


def test_nothing_that_could_not_be_read_names_files_of_others(
    stories: Callable[..., Story],
) -> None:
    broken = {"training": {"conf/experiment/canary-v9.toml": "[variants\n"}}
    story = stories(private=("training",), files=broken)
    plan = story.open("pipelines")
    story.refresh("pipelines", plan)
    for text in (*story.comments("pipelines", plan), story.status("pipelines", plan)[1]):
        assert "canary" not in text


def test_an_event_of_a_renamed_repository_is_heard(story: Story) -> None:
    serving = story.open("serving", {"charts/ranker/values.yaml": "experiments: {}\n"})
    repo = story.sandbox.find(NAMES["serving"])
    client(story.sandbox, story.sandbox.token("ada")).get_repo(NAMES["serving"]).edit(
        name="serving-2"
    )
    assert story.run("refresh", "--pull", f"acme/serving-2#{serving.number}") == 0
    head = serving.pull
    assert head is not None
    (said,) = repo.statuses[head.head_sha]
    assert said.state == "failure"


def test_an_event_of_a_repository_that_the_policy_does_not_name_says_so(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    assert story.run("refresh", "--pull", "acme/other#1") == 2
    assert "acme/other is none of the policy's repos" in capsys.readouterr().err


def test_a_pull_request_that_is_not_there_says_so(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    assert story.run("refresh", "--pull", f"{PIPELINES}#77") == 2
    assert f"{PIPELINES} has no pull request #77" in capsys.readouterr().err


def test_a_stranger_cannot_block_a_set_with_a_fork(story: Story) -> None:
    plan, training, _ = (story.open(alias) for alias in NAMES)
    sandbox = story.sandbox
    story.refresh("pipelines", plan)
    assert story.status("training", training)[0] == "success"
    sandbox.fork(NAMES["training"], "mallory")
    wrong = {"models/registry.json": '{"models": []}\n', "conf/experiment/ranker-v2.toml": None}
    sandbox.commit("mallory/model-training", "x", wrong, login="mallory", start="main")
    outside = sandbox.pull(NAMES["training"], "mallory:x", login="mallory")
    story.refresh("training", outside)
    assert story.status("training", training)[0] == "success"
    assert story.status("pipelines", plan)[0] == "pending"
    assert story.status("training", outside)[0] != "success"


def test_a_strangers_fork_joins_nobody_elses_set(story: Story) -> None:
    """A set of two, and a stranger who touches its record in the third repository."""
    for alias in ("training", "serving", "pipelines"):
        story.merge(alias, story.open(alias))
    story.sandbox.clock.advance(30 * 86_400)
    plan = story.open(
        "pipelines", {"experiments/ranker-v3.yaml": PLAN.replace("0.4", "0.6")}, branch="tune"
    )
    config = {"conf/experiment/ranker-v3.toml": CONFIG.replace("0.4", "0.6")}
    training = story.open("training", config, branch="tune")
    story.refresh("pipelines", plan)
    before = story.status("training", training), story.status("pipelines", plan)
    sandbox = story.sandbox
    sandbox.fork(NAMES["serving"], "mallory")
    wrong = {"charts/ranker/values.yaml": VALUES}
    sandbox.commit("mallory/model-serving", "x", wrong, login="mallory", start="main")
    outside = sandbox.pull(NAMES["serving"], "mallory:x", login="mallory")
    story.refresh("serving", outside)
    assert story.status("serving", outside)[0] == "pending"
    assert "stranger" in story.status("serving", outside)[1]
    story.refresh("pipelines", plan)
    assert (story.status("training", training), story.status("pipelines", plan)) == before
    assert "serving#" not in story.comment("pipelines", plan)


def test_a_strangers_fork_is_nobodys_missing_part(story: Story) -> None:
    plan, training = story.open("pipelines"), story.open("training")
    sandbox = story.sandbox
    sandbox.fork(NAMES["serving"], "mallory")
    sandbox.commit("mallory/model-serving", "x", NEW["serving"], login="mallory", start="main")
    outside = sandbox.pull(NAMES["serving"], "mallory:x", login="mallory")
    story.refresh("serving", outside)
    story.refresh("pipelines", plan)
    assert story.status("training", training) == ("failure", "serving is missing")
    sandbox.review(NAMES["serving"], outside.number, "ben")
    story.refresh("serving", outside)
    assert story.status("training", training)[0] == "success"


def test_ends_of_lines_are_no_change_of_a_comment(story: Story) -> None:
    plan = story.open("pipelines")
    story.refresh("pipelines", plan)
    (said,) = story.sandbox.find(PIPELINES).issues[plan.number].comments
    said.body = said.body.replace("\n", "\r\n") + "\r\n"
    story.sandbox.requests.clear()
    story.refresh("pipelines", plan)
    assert story.writes() == []


def test_a_link_whose_target_changes_is_looked_at(stories: Callable[..., Story]) -> None:
    story = stories(files={"training": {"shared/v3.toml": CONFIG}})
    for alias in ("training", "serving", "pipelines"):
        story.merge(alias, story.open(alias))
    folder = story.sandbox.git_dir(NAMES["training"])
    link(folder, "conf/experiment/ranker-v3.toml", "../../shared/v3.toml")
    story.sandbox.refresh(NAMES["training"])
    story.sandbox.clock.advance(30 * 86_400)
    wrong = CONFIG.replace("0.4", "0.9")
    tuned = story.open("training", {"shared/v3.toml": wrong}, branch="tuned")
    story.refresh("training", tuned)
    assert story.status("training", tuned)[0] == "failure"


def test_a_rule_with_grace_waits_for_it_and_then_counts(stories: Callable[..., Story]) -> None:
    """A finding within its grace asks for nobody's change; one that is older does."""
    policy = POLICY.replace("exists-in: [training, serving]", "exists-in: training\n    grace: 14d")
    story = stories(policy=policy)
    story.sandbox.clock.advance(30 * 86_400)
    plan = story.open("pipelines")
    story.refresh("pipelines", plan)
    told = story.status("pipelines", plan)
    assert "training" not in told[1]


def link(folder: str, path: str, target: str) -> None:
    """Make ``path`` a symbolic link on main."""

    def git(*arguments: str, given: bytes | None = None) -> str:
        who = {f"GIT_{r}_{k}": "a@b" for r in ("AUTHOR", "COMMITTER") for k in ("NAME", "EMAIL")}
        done = subprocess.run(
            ("git", *arguments), cwd=folder, input=given, capture_output=True, check=True,
            env={**os.environ, **who, "GIT_INDEX_FILE": f"{folder}/scratch"},
        )  # fmt: skip
        return done.stdout.decode().strip()

    oid = git("hash-object", "-w", "--stdin", given=target.encode())
    git("read-tree", "main")
    git("update-index", "--add", "--cacheinfo", f"120000,{oid},{path}")
    commit = git("commit-tree", git("write-tree"), "-p", "main", "-m", "Link")
    git("update-ref", "refs/heads/main", commit)
