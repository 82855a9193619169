"""Sets of other shapes than three repositories with a pull request each."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytest.importorskip("graphql", reason="the sandbox's GraphQL needs graphql-core")
from sandboxes import checks, client, ruleset
from setworld import CONFIG, MARKER, NAMES, NEW, PIPELINES, PLAN, POLICY, VALUES, Story, shown

from interlock.cli.main import main
from interlock.sandbox.faults import Fault


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_set_lands_by_whichever_way_of_merging(method: str, story: Story) -> None:
    config = CONFIG.replace("0.4", "0.9")
    pulls = {
        "training": story.open("training", {"conf/experiment/ranker-v3.toml": config}),
        "serving": story.open("serving"),
        "pipelines": story.open("pipelines", {"experiments/ranker-v3.yaml": "status: draft\n"}),
    }
    # Two commits of one file: a rebase takes both, a squash makes one of them.
    for alias in ("training", "pipelines"):
        story.sandbox.commit(NAMES[alias], "interlock/ranker-v3", NEW[alias], login="ada")
    story.refresh("pipelines", pulls["pipelines"])
    assert story.status("training", pulls["training"]) == ("success", "can land next")
    story.merge("pipelines", pulls["pipelines"], method=method)
    story.refresh("pipelines", pulls["pipelines"])
    said = story.comment("training", pulls["training"])
    assert "Half landed since" in said
    assert story.status("training", pulls["training"])[0] == "success"
    for alias in ("training", "serving"):
        story.merge(alias, pulls[alias], method=method)
        story.refresh(alias, pulls[alias])
    for alias, pull in pulls.items():
        assert "all 3 pull requests" in story.comment(alias, pull)


def test_what_landed_by_rebase_and_needs_others_is_missed(story: Story) -> None:
    """The last of its commits alone would need nobody."""
    plan = story.open("pipelines")
    again = PLAN.replace("owner: ranking", "owner: ranking-team")
    story.sandbox.commit(
        PIPELINES, "interlock/ranker-v3", {"experiments/ranker-v3.yaml": again}, login="ada"
    )
    story.merge("pipelines", plan, method="rebase")
    assert story.sweep() == 1
    assert "Half landed since" in story.comment("pipelines", plan)


def test_when_what_landed_alone_is_taken_back_nobody_is_alarmed_any_more(story: Story) -> None:
    plan, training = story.open("pipelines"), story.open("training")
    story.refresh("pipelines", plan)
    story.merge("pipelines", plan)
    story.refresh("pipelines", plan)
    assert "Half landed" in story.comment("training", training)
    back = story.open("pipelines", {"experiments/ranker-v3.yaml": None}, branch="revert-1")
    story.refresh("pipelines", back)
    assert story.status("pipelines", back)[0] == "success"
    story.merge("pipelines", back)
    story.refresh("pipelines", back)
    assert story.status("training", training)[0] == "success"
    for alias, pull in (("training", training), ("pipelines", plan)):
        assert "needs no change in another repository any more" in story.comment(alias, pull)
    story.sandbox.requests.clear()
    story.refresh("pipelines", back)
    assert story.sweep() == 0
    assert story.writes() == []


def test_a_conflict_with_main_says_that_a_rebase_is_needed(story: Story) -> None:
    plan, training, serving = (story.open(alias) for alias in NAMES)
    meanwhile = VALUES + "  other:\n    variants:\n      control: {weight: 100}\n"
    story.sandbox.commit(
        NAMES["serving"], "main", {"charts/ranker/values.yaml": meanwhile}, login="ada"
    )
    story.refresh("pipelines", plan)
    state, told = story.status("serving", serving)
    assert state == "failure"
    assert "conflicts with what has landed: rebase it" in told
    assert story.status("training", training)[0] == "failure"


def test_what_waits_in_an_archived_repository_is_waited_for_by_nobody(story: Story) -> None:
    plan, training, serving = (story.open(alias) for alias in NAMES)
    story.refresh("pipelines", plan)
    client(story.sandbox, story.sandbox.token("ada")).get_repo(NAMES["serving"]).edit(archived=True)
    before = story.status("serving", serving)
    assert story.refresh("pipelines", plan) == 0
    state, told = story.status("training", training)
    assert state == "failure"
    assert "is archived: nothing can land there" in told
    assert "unknown, serving#1 could not be read" in shown(story.comment("pipelines", plan))
    assert story.status("serving", serving) == before


def test_a_companions_change_is_found_by_the_branch_that_the_comment_names(
    stories: Callable[..., Story],
) -> None:
    asked = 'companions:\n  - {repo: pipelines, paths: "docs/**", needs: serving}\n'
    story = stories(policy=POLICY + asked)
    plan = story.open("pipelines", {"docs/a.md": "x\n"}, branch="docs-change")
    story.refresh("pipelines", plan)
    assert story.status("pipelines", plan) == ("failure", "serving is missing")
    said = story.comment("pipelines", plan)
    assert "push the change to `docs-change` of `acme/model-serving`" in said
    assert "/acme/model-serving/compare/main...docs-change?quick_pull=1" in said
    other = story.open("serving", {"static/a.md": "x\n"}, branch="another")
    story.refresh("serving", other)
    assert story.status("pipelines", plan) == ("failure", "serving is missing")
    serving = story.open("serving", {"static/a.md": "x\n"}, branch="docs-change")
    story.refresh("serving", serving)
    assert story.status("pipelines", plan)[0] == "success"
    assert story.status("serving", serving)[0] == "success"


def test_two_experiments_in_one_pull_request(story: Story) -> None:
    both = {**NEW["pipelines"], "experiments/ranker-v4.yaml": PLAN}
    plan = story.open("pipelines", both)
    story.refresh("pipelines", plan)
    said = shown(story.comment("pipelines", plan))
    assert "ranker-v3" in said
    assert "ranker-v4" in said
    first, serving = story.open("training"), story.open("serving")
    story.refresh("training", first)
    state, told = story.status("training", first)
    assert state == "failure"
    assert "ranker" not in told
    v4 = {"conf/experiment/ranker-v4.toml": CONFIG}
    second = story.open("training", v4, branch="interlock/ranker-v4")
    values = str(NEW["serving"]["charts/ranker/values.yaml"])
    more = values + values[values.index("  ranker-v3:") :].replace("v3", "v4")
    story.sandbox.commit(
        NAMES["serving"], "interlock/ranker-v3", {"charts/ranker/values.yaml": more}, login="ada"
    )
    story.refresh("serving", serving)
    for pull in (first, second):
        assert story.status("training", pull) == ("success", "can land next")
    assert story.status("pipelines", plan)[0] == "pending"


def test_one_repository_under_two_names_is_told_once(stories: Callable[..., Story]) -> None:
    policy = POLICY.replace("serving: acme/model-serving", "serving: acme/model-training")
    story = stories(policy=policy)
    plan = story.open("pipelines")
    training = story.open("training", {**NEW["training"], **NEW["serving"]})
    story.sandbox.ruleset(NAMES["training"], ruleset(checks({"context": "tests"})))
    story.refresh("pipelines", plan)
    assert len(story.comments("training", training)) == 1
    # It does not wait for itself; the plan waits for it.
    assert story.status("training", training) == ("success", "can land next")
    assert "has a check that runs" in story.status("pipelines", plan)[1]
    story.sandbox.requests.clear()
    story.refresh("pipelines", plan)
    assert story.writes() == []


def test_a_list_of_pull_requests_that_is_not_there_is_unknown(story: Story) -> None:
    plan, training, _ = (story.open(alias) for alias in NAMES)
    story.sandbox.faults.add(Fault("POST /graphql", times=1, paths=("r2.oldest",)))
    story.refresh("pipelines", plan)
    state, told = story.status("training", training)
    assert state == "failure"
    assert told.startswith("unknown: serving could not be read")
    story.refresh("pipelines", plan)
    assert story.status("training", training)[0] == "success"


def test_a_policy_in_a_fourth_repository_that_is_public_leaks_nothing_in_its_log(
    stories: Callable[..., Story], capsys: pytest.CaptureFixture[str]
) -> None:
    story = stories(private=tuple(NAMES))
    story.sandbox.repo("acme/policy", {"interlock.yaml": POLICY})
    plan = story.open("pipelines")
    pull = f"{PIPELINES}#{plan.number}"
    capsys.readouterr()
    assert main(["set", "refresh", "--pull", pull, "--policy", "acme/policy"]) == 0
    said = capsys.readouterr()
    assert "ranker-v3" not in said.out + said.err
    assert "ranker-v3" in story.comment("pipelines", plan)


def test_a_log_that_others_can_read_than_those_of_the_policy_leaks_nothing(
    stories: Callable[..., Story],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = stories(private=("pipelines", "training"))
    plan = story.open("pipelines")
    monkeypatch.setenv("GITHUB_REPOSITORY", NAMES["serving"])
    capsys.readouterr()
    story.refresh("pipelines", plan)
    said = capsys.readouterr()
    assert "ranker-v3" not in said.out + said.err


def test_an_alias_of_several_repositories(stories: Callable[..., Story]) -> None:
    policy = POLICY.replace(
        "serving: acme/model-serving", "serving: [acme/model-serving, acme/model-edge]"
    )
    story = stories(policy=policy)
    story.sandbox.repo("acme/model-edge", {"README.md": "x\n"})
    plan, training, serving = (story.open(alias) for alias in NAMES)
    story.refresh("pipelines", plan)
    assert story.status("training", training) == ("success", "can land next")
    assert story.status("pipelines", plan)[1].startswith("after ")
    assert "acme/model-serving#1" in story.status("pipelines", plan)[1]
    assert story.comment("serving", serving).startswith(MARKER)
