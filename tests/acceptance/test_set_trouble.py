"""Change sets on a GitHub that is not as it should be, and runs that are killed half way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("graphql", reason="the sandbox's GraphQL needs graphql-core")
from sandboxes import client
from setworld import MARKER, NAMES, NEW, PIPELINES, POLICY, Story, shown

from interlock.cli.main import main
from interlock.sandbox.faults import Fault, lost_answer


def test_a_wrong_token_is_one_line(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    cache = story.environment["INTERLOCK_CACHE"]
    story.use({**story.sandbox.environment("wrong"), "INTERLOCK_CACHE": cache})
    assert story.run("refresh", "--pull", f"{PIPELINES}#1") == 2
    said = capsys.readouterr()
    assert "the token is wrong or has expired" in said.err
    assert "Traceback" not in said.err


def test_no_token_is_one_line(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    story.use(story.sandbox.environment())
    assert story.run("refresh", "--pull", f"{PIPELINES}#1") == 2
    assert "set INTERLOCK_TOKEN or GITHUB_TOKEN" in capsys.readouterr().err


def test_a_key_that_is_none_is_one_line(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    story.use({**story.environment, "INTERLOCK_APP_KEY": "no key"})
    assert story.sweep() == 2
    said = capsys.readouterr().err
    assert "check its id and key" in said
    assert "no key" not in said


@pytest.mark.parametrize("where", ["acme/nowhere", "acme", "acme/feature-pipelines//no.yaml"])
def test_a_policy_that_is_not_there_is_one_line(
    where: str, story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["set", "sweep", "--policy", where]) == 2
    said = capsys.readouterr().err
    assert "polic" in said
    assert "Traceback" not in said
    assert story.writes() == []


def test_a_pull_request_that_is_none_is_one_line(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    assert story.run("refresh", "--pull", "acme/model-serving") == 2
    assert "write OWNER/NAME#NUMBER" in capsys.readouterr().err
    assert story.run("refresh") == 2
    assert "Pass --pull" in capsys.readouterr().err


def test_in_actions_the_event_names_the_pull_request(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = story.open("pipelines")
    event = {"repository": {"full_name": PIPELINES}, "pull_request": {"number": plan.number}}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))
    assert story.run("refresh") == 0
    assert story.status("pipelines", plan)[0] == "failure"


def test_a_missing_permission_is_named_and_the_rest_is_done(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    story.app.permissions["statuses"] = "read"
    story.installation.permissions["statuses"] = "read"
    plan = story.open("pipelines")
    assert story.refresh("pipelines", plan) == 1
    assert "statuses=write" in capsys.readouterr().out


def test_29_a_renamed_repository_works_on_and_is_told(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    github = client(story.sandbox, story.sandbox.token("ada"))
    github.get_repo(NAMES["serving"]).edit(name="serving-2")
    plan, training = story.open("pipelines"), story.open("training")
    story.refresh("pipelines", plan)
    assert story.status("training", training) == ("failure", "serving is missing")
    assert "acme/model-serving is acme/serving-2 now" in capsys.readouterr().out
    assert "/acme/serving-2/compare/main" in story.comment("pipelines", plan)


def test_29_an_archived_repository_is_told(story: Story) -> None:
    github = client(story.sandbox, story.sandbox.token("ada"))
    github.get_repo(NAMES["serving"]).edit(archived=True)
    plan = story.open("pipelines")
    story.refresh("pipelines", plan)
    assert "acme/model-serving is archived" in shown(story.comment("pipelines", plan))


def test_29_a_changed_default_branch_is_the_one_that_counts(story: Story) -> None:
    sandbox = story.sandbox
    main_head = sandbox.world.git(sandbox.find(NAMES["serving"])).branch("main")
    sandbox.branch(NAMES["serving"], "trunk", main_head)
    serving = story.open("serving")
    client(sandbox, sandbox.token("ada")).get_repo(NAMES["serving"]).edit(default_branch="trunk")
    plan, training = story.open("pipelines"), story.open("training")
    story.refresh("pipelines", plan)
    assert story.status("training", training) == ("failure", "serving is missing")
    assert "/compare/trunk...interlock/ranker-v3" in story.comment("pipelines", plan)
    story.refresh("serving", serving)
    assert story.status("serving", serving)[1].startswith("is not for trunk")


def test_23_a_base_branch_that_is_deleted_closes_the_member(story: Story) -> None:
    plan, training, serving = (story.open(alias) for alias in NAMES)
    story.refresh("pipelines", plan)
    story.sandbox.branch(NAMES["serving"], "interlock/ranker-v3")
    assert story.sandbox.find(NAMES["serving"]).issues[serving.number].state == "closed"
    story.sweep()
    assert story.status("training", training)[1].startswith("serving is missing (serving#1 was")


def test_19_a_forged_comment_is_left_alone_and_is_no_word_of_ours(story: Story) -> None:
    plan = story.open("pipelines")
    forged = f"{MARKER}\n<!-- interlock:with training#99 -->\nAll is well."
    story.sandbox.comment(NAMES["pipelines"], plan.number, "ben", forged)
    story.refresh("pipelines", plan)
    bodies = [c.body for c in story.sandbox.find(NAMES["pipelines"]).issues[plan.number].comments]
    assert bodies[0] == forged
    assert "1 of 3 pull requests" in bodies[1]
    story.refresh("pipelines", plan)
    assert len(story.sandbox.find(NAMES["pipelines"]).issues[plan.number].comments) == 2


def test_18_racing_runs_leave_one_comment_the_oldest(story: Story) -> None:
    plan = story.open("pipelines")
    story.refresh("pipelines", plan)
    (first,) = story.comments("pipelines", plan)
    token = story.sandbox.installation_token(story.installation)
    issue = client(story.sandbox, token).get_repo(NAMES["pipelines"]).get_issue(plan.number)
    for _ in range(2):
        issue.create_comment(first)
    story.refresh("pipelines", plan)
    assert story.comments("pipelines", plan) == [first]


def test_18_our_comment_is_found_behind_a_hundred_others(story: Story) -> None:
    plan = story.open("pipelines")
    for at in range(105):
        story.sandbox.comment(NAMES["pipelines"], plan.number, "ben", f"{at}")
    story.refresh("pipelines", plan)
    story.refresh("pipelines", plan)
    assert len(story.comments("pipelines", plan)) == 1


def ended(story: Story, pulls: dict[str, int]) -> dict[str, tuple[object, ...]]:
    """What GitHub shows in the end: comments and the newest status of each pull request."""
    found: dict[str, tuple[object, ...]] = {}
    for alias, number in pulls.items():
        issue = story.sandbox.find(NAMES[alias]).issues[number]
        bodies = [one.body.replace(story.sandbox.url, "") for one in issue.comments]
        found[alias] = (bodies, story.status(alias, issue))
    return found


def test_13_16_killed_at_every_write_the_next_run_ends_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def made(folder: Path) -> tuple[Story, dict[str, int]]:
        one = Story(monkeypatch, folder)
        return one, {alias: one.open(alias).number for alias in NAMES}

    whole, pulls = made(tmp_path / "whole")
    whole.sandbox.requests.clear()
    whole.refresh("pipelines", pulls["pipelines"])
    number, wanted = len(whole.writes()), ended(whole, pulls)
    whole.close()
    assert number == 6
    for at in range(number):
        for happened in (False, True):
            story, pulls = made(tmp_path / f"{at}{happened}")
            written = [0]
            killed = Kill(at, happened=happened, written=written)
            monkeypatch.setattr("interlock.github.connection.Connection.write", killed)
            with pytest.raises(Killed):
                story.refresh("pipelines", pulls["pipelines"])
            monkeypatch.setattr("interlock.github.connection.Connection.write", killed.real)
            story.refresh("pipelines", pulls["pipelines"])
            assert ended(story, pulls) == wanted
            story.close()


class Killed(BaseException):
    """The process ends: nothing after it runs, and nothing catches it."""


class Kill:
    """Ends the run at one write, before or after it happened."""

    def __init__(self, at: int, *, happened: bool, written: list[int]) -> None:
        from interlock.github.connection import Connection

        self.real = Connection.write
        self._at, self._happened, self._written = at, happened, written

    def __get__(self, instance: object, owner: object) -> object:
        def write(*arguments: object, **more: object) -> object:
            self._written[0] += 1
            if self._written[0] == self._at + 1:
                if self._happened:
                    self.real(instance, *arguments, **more)  # type: ignore[arg-type]
                raise Killed
            return self.real(instance, *arguments, **more)  # type: ignore[arg-type]

        return write


@pytest.mark.parametrize("fault", ["lost", "502", "secondary"])
def test_15_16_faults_of_github_end_in_the_same_comment_and_status(
    fault: str, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    from interlock.github.patience import Patience

    monkeypatch.setattr(Patience.__init__, "__kwdefaults__", {
        "sleep": story.sandbox.clock.advance, "now": story.sandbox.clock.now, "most": 900.0,
    })  # fmt: skip
    plan = story.open("pipelines")
    for path in ("POST */comments", "POST */statuses/*"):
        story.sandbox.faults.add(
            {
                "lost": lost_answer(path),
                "502": Fault(path, status=502),
                "secondary": Fault(path, status=429),
            }[fault]
        )
    assert story.refresh("pipelines", plan) == 0
    assert len(story.comments("pipelines", plan)) == 1
    assert story.status("pipelines", plan)[0] == "failure"


def test_a_clone_that_cannot_be_fetched_is_unknown_and_never_green(story: Story) -> None:
    plan, training, _ = (story.open(alias) for alias in NAMES)
    story.sandbox.faults.add(Fault("GIT upload-pack", status=503, times=-1))
    story.refresh("pipelines", plan)
    for alias, pull in (("pipelines", plan), ("training", training)):
        state, told = story.status(alias, pull)
        assert state == "failure"
        assert told.startswith("unknown: ")


def test_2_nothing_of_a_private_repository_is_shown_on_a_public_pull_request(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "canary"  # noqa: S105  nothing but a word that stands nowhere else
    story = Story(monkeypatch, tmp_path, private=("training",))
    config = NEW["training"]["conf/experiment/ranker-v3.toml"]
    assert isinstance(config, str)
    files = {
        "conf/experiment/ranker-v3.toml": config.replace("0.4", "0.987654").replace(
            "[variants.treatment.params]", f"[variants.treatment.params]\n{secret}_depth = 77123"
        ),
        f"conf/experiment/{secret}-key.toml": config,
    }
    plan = story.open("pipelines")
    title = f"{secret} title"
    training = story.open(
        "training", files, title=title, branch=f"{secret}-branch", body="Interlock-Set: ranker-v3"
    )
    serving = story.open("serving")
    story.refresh("pipelines", plan)
    said = capsys.readouterr().out
    public = [story.comment("pipelines", plan), story.comment("serving", serving), said]
    public += [story.status("pipelines", plan)[1], story.status("serving", serving)[1]]
    for text in public:
        for word in (secret, "0.987654", "77123"):
            assert word not in text
    assert "training#1" in public[0]
    assert "0.987654" in story.comment("training", training)
    story.close()
    # The test can fail: where the policy shares, the value is there.
    shared = Story(
        monkeypatch,
        tmp_path / "shared",
        private=("training",),
        policy=POLICY.replace("sources:", "share-with: {training: [pipelines]}\nsources:", 1),
    )
    plan = shared.open("pipelines")
    shared.open("training", files, body="Interlock-Set: ranker-v3")
    shared.refresh("pipelines", plan)
    assert "0.987654" in shared.comment("pipelines", plan)
    shared.close()
