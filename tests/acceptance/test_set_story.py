"""The story on GitHub: who is told what, and who may land, from the first pull request to the last.

Numbers in names are those of the failure cases that docs/change-sets.md lists.
"""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

pytest.importorskip("graphql", reason="the sandbox's GraphQL needs graphql-core")
from sandboxes import REVIEWED, checks, ruleset
from setworld import CONTEXT, MARKER, NAMES, NEW, PLAN, Story, shown

from interlock.sandbox.wire import Refused


def guarded(story: Story, *, reviewed: bool = True) -> None:
    """Branch rules as an organisation would have them: the App's own status, tests, a review."""
    gate = {"context": CONTEXT, "integration_id": story.app.id}
    rules = [checks(gate, {"context": "tests"})]
    if reviewed:
        rules.append({"type": "pull_request", "parameters": REVIEWED})
    for name in NAMES.values():
        story.sandbox.ruleset(name, ruleset(*rules))


def test_from_the_first_pull_request_to_the_last(story: Story) -> None:
    guarded(story)
    plan = story.open("pipelines")
    assert story.refresh("pipelines", plan) == 0
    assert story.status("pipelines", plan) == ("failure", "training and serving are missing")
    first = story.comment("pipelines", plan)
    assert "1 of 3 pull requests for experiment `ranker-v3`: training and serving" in first
    assert "/acme/model-serving/compare/main...interlock/ranker-v3?quick_pull=1&amp;title=" in first
    assert "Advisory" not in first

    training = story.open("training")
    serving = story.open("serving")
    story.refresh("serving", serving)
    pulls = {"pipelines": plan, "training": training, "serving": serving}
    for alias, pull in pulls.items():
        assert story.status(alias, pull)[0] == "pending"
        assert "3 of 3 pull requests for experiment `ranker-v3`: they agree" in story.comment(
            alias, pull
        )
    assert "not approved and has a check that runs" in story.status("training", training)[1]

    for alias, pull in pulls.items():
        story.approve(alias, pull)
        story.green(alias, pull)
    story.refresh("training", training)
    assert story.status("training", training) == ("success", "can land next")
    assert story.status("serving", serving) == ("success", "can land next")
    assert story.status("pipelines", plan) == ("pending", "after training#1, serving#1")
    assert "training, then serving, then pipelines" in story.comment("pipelines", plan)

    story.merge("serving", serving)
    story.refresh("serving", serving)
    assert story.status("pipelines", plan) == ("pending", "after training#1")
    story.merge("training", training)
    story.refresh("training", training)
    assert story.status("pipelines", plan) == ("success", "can land next")
    assert "pipelines#1 is left to land" in shown(story.comment("training", training))
    story.merge("pipelines", plan)
    story.refresh("pipelines", plan)
    for alias, pull in pulls.items():
        *_, last = story.comment(alias, pull).splitlines()
        assert last == "Interlock: all 3 pull requests for experiment `ranker-v3` have landed."


@pytest.mark.parametrize("order", list(permutations(NAMES)), ids="-".join)
def test_every_wrong_order_is_refused_by_the_branch_rules(
    order: tuple[str, ...], story: Story
) -> None:
    guarded(story, reviewed=False)
    pulls = {alias: story.open(alias) for alias in NAMES}
    for alias, pull in pulls.items():
        story.green(alias, pull)
    landed: list[str] = []
    story.refresh("pipelines", pulls["pipelines"])
    for alias in order:
        # The plan says that the experiment is live: it may land only after both others.
        if alias == "pipelines" and len(landed) < 2:
            with pytest.raises(Refused, match="interlock/change-set"):
                story.merge(alias, pulls[alias])
            continue
        story.merge(alias, pulls[alias])
        landed.append(alias)
        story.refresh(alias, pulls[alias])
    if "pipelines" not in landed:
        story.merge("pipelines", pulls["pipelines"])


def test_1_a_repository_that_cannot_be_read_is_unknown_and_fails_with_the_permission(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = (NAMES["pipelines"], NAMES["training"])
    story = Story(monkeypatch, tmp_path, private=("serving",), installed=seen)
    plan = story.open("pipelines")
    assert story.refresh("pipelines", plan) == 1
    state, told = story.status("pipelines", plan)
    assert state == "failure"
    assert told.startswith("unknown: serving could not be read: ")
    assert "acme/model-serving" in story.comment("pipelines", plan)
    assert "`statuses: write` on" in story.comment("pipelines", plan)
    story.close()


def test_3_a_closed_pull_request_is_missing_and_reopening_it_is_seen(story: Story) -> None:
    plan, training, serving = (story.open(alias) for alias in NAMES)
    story.refresh("pipelines", plan)
    assert story.status("training", training)[0] == "success"
    story.sandbox.close_pull(NAMES["serving"], serving.number, login="ada")
    story.refresh("serving", serving)
    assert story.status("training", training) == (
        "failure",
        "serving is missing (serving#1 was closed without landing)",
    )
    assert "closed without landing" in story.comment("pipelines", plan)
    client_reopens(story, "serving", serving.number)
    story.refresh("serving", serving)
    assert story.status("training", training)[0] == "success"


def client_reopens(story: Story, alias: str, number: int) -> None:
    from sandboxes import client

    github = client(story.sandbox, story.sandbox.token("ada"))
    github.get_repo(NAMES[alias]).get_pull(number).edit(state="open")


def test_4_5_a_push_gets_a_status_of_its_own_and_the_old_one_opens_nothing(story: Story) -> None:
    guarded(story, reviewed=False)
    pulls = {alias: story.open(alias) for alias in NAMES}
    for alias, pull in pulls.items():
        story.green(alias, pull)
    story.refresh("training", pulls["training"])
    assert story.status("training", pulls["training"])[0] == "success"
    wrong = {"conf/experiment/ranker-v3.toml": "[variants.other.params]\ndepth = 1\n"}
    story.sandbox.commit(NAMES["training"], "interlock/ranker-v3", wrong, login="ada")
    assert story.status("training", pulls["training"]) == ("", "")
    with pytest.raises(Refused):
        story.merge("training", pulls["training"])
    story.refresh("training", pulls["training"])
    state, told = story.status("serving", pulls["serving"])
    assert state == "failure"
    assert told.startswith("inconsistent when all have landed: experiment/same-")


def test_6_no_check_is_not_green_where_the_rules_cannot_be_seen(story: Story) -> None:
    guarded(story, reviewed=False)
    plan, training, _ = (story.open(alias) for alias in NAMES)
    story.refresh("pipelines", plan)
    assert story.status("training", training)[0] == "pending"
    assert "check" in story.status("training", training)[1]


def test_9_10_a_member_that_landed_past_the_rules_is_noticed_and_its_clock_runs(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, training = story.open("pipelines"), story.open("training")
    story.refresh("pipelines", plan)
    story.merge("pipelines", plan)  # nothing in the rules asks for the status
    landed = story.sandbox.clock.now()
    story.sandbox.clock.advance(2 * 3_600)
    capsys.readouterr()
    assert story.sweep() == 1
    said = capsys.readouterr().out
    clock = "Half landed since 2026-11-21 14:05 UTC: pipelines#1 landed"
    assert story.sandbox.clock.now() - landed >= 7_200
    assert clock in said
    assert "serving has none" in said
    assert clock in shown(story.comment("training", training))
    assert clock in shown(story.comment("pipelines", plan))
    assert story.status("training", training)[0] == "failure"


def test_11_what_events_missed_is_found_by_the_sweep(story: Story) -> None:
    plan, training, serving = (story.open(alias) for alias in NAMES)
    assert story.sweep() == 0
    assert story.status("training", training) == ("success", "can land next")
    story.sandbox.close_pull(NAMES["serving"], serving.number, login="ada")
    story.sweep()
    assert story.status("pipelines", plan)[0] == "failure"
    story.sandbox.requests.clear()
    story.sweep()
    assert story.writes() == []


def test_a_reminder_comes_after_the_policys_days_and_goes_when_it_is_done(story: Story) -> None:
    plan = story.open("pipelines")
    story.sweep()
    story.sandbox.clock.advance(86_400)
    story.sweep()
    assert len(story.comments("pipelines", plan)) == 1
    story.sandbox.clock.advance(86_400)
    story.sweep()
    story.sweep()
    main, reminder = story.comments("pipelines", plan)
    assert main.startswith(MARKER)
    assert "1 of 3 pull requests" in reminder
    story.sandbox.clock.advance(3 * 86_400)
    story.sweep()
    assert len(story.comments("pipelines", plan)) == 2
    story.sandbox.close_pull(NAMES["pipelines"], plan.number, login="ada")
    story.sweep()
    assert len(story.comments("pipelines", plan)) <= 2


def test_20_a_forks_branch_of_the_sets_name_does_not_join(story: Story) -> None:
    sandbox = story.sandbox
    plan = story.open("pipelines")
    sandbox.fork(NAMES["training"], "mallory")
    fork = "mallory/model-training"
    sandbox.commit(fork, "interlock/ranker-v3", {"README.md": "x\n"}, login="mallory", start="main")
    body = "Nothing.\n\nInterlock-Set: ranker-v3"
    outside = sandbox.pull(
        NAMES["training"], "mallory:interlock/ranker-v3", login="mallory", body=body
    )
    story.refresh("training", outside)
    story.refresh("pipelines", plan)
    assert story.status("pipelines", plan) == ("failure", "training and serving are missing")
    assert story.status("training", outside)[0] == "success"
    assert story.comments("training", outside) == []


def test_an_empty_pull_request_with_the_name_neither_satisfies_nor_blocks(story: Story) -> None:
    plan, serving = story.open("pipelines"), story.open("serving")
    empty = story.open("training", {"docs/notes.md": "nothing\n"}, body="Interlock-Set: ranker-v3")
    story.refresh("training", empty)
    assert story.status("pipelines", plan) == ("failure", "training is missing")
    real = story.open("training", branch="tuning")
    story.refresh("training", real)
    assert story.status("pipelines", plan)[0] == "pending"
    assert story.status("serving", serving)[0] == "success"


def test_24_what_landed_weeks_ago_for_the_same_key_satisfies_nothing_today(story: Story) -> None:
    for alias in ("training", "serving", "pipelines"):
        story.merge(alias, story.open(alias))
    story.sandbox.clock.advance(3_600)
    changed = PLAN.replace("learning_rate: 0.4", "learning_rate: 0.6")
    edits = {"experiments/ranker-v3.yaml": changed}
    tuned = story.open("pipelines", edits, branch="interlock/ranker-v3-b")
    story.refresh("pipelines", tuned)
    assert story.status("pipelines", tuned) == ("failure", "training is missing")


def test_25_a_merge_groups_commit_gets_the_status_too(story: Story) -> None:
    plan, training, _ = (story.open(alias) for alias in NAMES)
    queued = story.sandbox.merge_group(NAMES["training"], training.number, login="ada")
    early = story.sandbox.merge_group(NAMES["pipelines"], plan.number, login="ada")
    story.refresh("training", training)
    assert story.status_of("training", queued) == ("success", "can land next")
    assert story.status_of("pipelines", early) == ("pending", "after training#1, serving#1")
    story.sandbox.requests.clear()
    story.refresh("training", training)
    assert story.writes() == []


def test_27_members_that_wait_for_each_others_checks_never_wait_for_our_own(story: Story) -> None:
    guarded(story, reviewed=False)
    pulls = {alias: story.open(alias) for alias in NAMES}
    story.refresh("pipelines", pulls["pipelines"])
    for alias, pull in pulls.items():
        assert story.status(alias, pull)[0] == "pending"
        story.green(alias, pull)
    story.refresh("pipelines", pulls["pipelines"])
    assert story.status("training", pulls["training"])[0] == "success"
    assert story.status("serving", pulls["serving"])[0] == "success"


def test_28_a_repository_of_the_same_name_elsewhere_counts_for_nothing(story: Story) -> None:
    sandbox = story.sandbox
    sandbox.repo("umbra/model-training", {"conf/x.toml": "a = 1\n"})
    sandbox.commit("umbra/model-training", "interlock/ranker-v3", NEW["training"], start="main")
    sandbox.pull("umbra/model-training", "interlock/ranker-v3")
    plan = story.open("pipelines")
    story.refresh("pipelines", plan)
    assert "training" in story.status("pipelines", plan)[1]


def test_a_draft_waits_and_is_waited_for(story: Story) -> None:
    training, serving = story.open("training"), story.open("serving")
    plan = story.open("pipelines", draft=True)
    story.refresh("pipelines", plan)
    assert story.status("training", training) == ("pending", "waits: pipelines#1 is a draft")
    assert story.status("pipelines", plan) == ("pending", "is a draft")
    story.sandbox.draft(NAMES["pipelines"], plan.number, draft=False, login="ada")
    story.refresh("pipelines", plan)
    assert story.status("serving", serving)[0] == "success"


def test_a_pull_request_that_is_retargeted_leaves_its_set_and_its_siblings_hear_of_it(
    story: Story,
) -> None:
    from sandboxes import client

    plan, training, serving = (story.open(alias) for alias in NAMES)
    story.refresh("pipelines", plan)
    story.sandbox.branch(
        NAMES["serving"],
        "release",
        story.sandbox.world.git(story.sandbox.find(NAMES["serving"])).branch("main"),
    )
    github = client(story.sandbox, story.sandbox.token("ada"))
    github.get_repo(NAMES["serving"]).get_pull(serving.number).edit(base="release")
    story.refresh("serving", serving)
    assert story.status("serving", serving)[1].startswith("is not for main")
    assert "needs no change in another repository any more" in story.comment("serving", serving)
    assert story.status("training", training) == ("failure", "serving is missing")


def test_a_force_push_that_takes_the_change_out_is_seen_by_the_siblings(story: Story) -> None:
    plan, training, serving = (story.open(alias) for alias in NAMES)
    story.refresh("pipelines", plan)
    sandbox = story.sandbox
    main = sandbox.world.git(sandbox.find(NAMES["serving"])).branch("main")
    sandbox.branch(NAMES["serving"], "interlock/ranker-v3", main)
    sandbox.commit(NAMES["serving"], "interlock/ranker-v3", {"notes.md": "x\n"}, login="ada")
    story.refresh("serving", serving)
    assert story.status("training", training) == ("failure", "serving is missing")
    assert "serving is missing" in story.comment("pipelines", plan)
    assert "any more" in story.comment("serving", serving)


def test_a_status_of_the_same_name_from_a_workflow_does_not_open_the_gate(story: Story) -> None:
    guarded(story, reviewed=False)
    plan = story.open("pipelines")
    story.refresh("pipelines", plan)
    story.green("pipelines", plan)
    head = plan.pull
    assert head is not None
    story.sandbox.status(NAMES["pipelines"], head.head_sha, CONTEXT, "success", login="ada")
    with pytest.raises(Refused, match="interlock/change-set"):
        story.merge("pipelines", plan)
    story.refresh("pipelines", plan)  # ours is said again, so that people see it
    assert story.status("pipelines", plan) == ("failure", "training and serving are missing")


def test_with_a_workflows_token_the_status_calls_itself_advisory(story: Story) -> None:
    token = story.sandbox.token("ada")
    environment = {**story.sandbox.environment(token), "INTERLOCK_CACHE": "cache"}
    story.use({**environment, "INTERLOCK_CACHE": story.environment["INTERLOCK_CACHE"]})
    plan = story.open("pipelines")
    story.refresh("pipelines", plan)
    state, told = story.status("pipelines", plan)
    assert (state, told) == ("failure", "advisory: training and serving are missing")
    bodies = [c.body for c in story.sandbox.find(NAMES["pipelines"]).issues[plan.number].comments]
    assert "it binds nobody" in bodies[0]


def test_nothing_is_written_where_nothing_changed_and_dry_runs_write_nothing(story: Story) -> None:
    plan = story.open("pipelines")
    story.sandbox.requests.clear()
    pull = f"{NAMES['pipelines']}#{plan.number}"
    assert story.run("refresh", "--pull", pull, "--dry-run") == 0
    assert story.writes() == []
    story.refresh("pipelines", plan)
    assert len(story.writes()) == 2
    story.sandbox.requests.clear()
    story.refresh("pipelines", plan)
    assert story.writes() == []
    asked = [one.kind for one in story.sandbox.requests]
    assert asked.count("graphql") == 1
    assert asked.count("git") == 0
