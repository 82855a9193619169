"""The checklist on an experiment's issue and on its ticket in Jira, from its first line to done."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

pytest.importorskip("graphql", reason="the sandbox's GraphQL needs graphql-core")
from jirasandbox import Fault, JiraSandbox
from setworld import NAMES, PIPELINES, POLICY, SERVING, TRAINING, Story

from interlock.sandbox.faults import lost_answer
from interlock.sandbox.records import Issue

MARKER = "<!-- interlock:checklist -->"
FORM = "### Experiment\n\nranker-v3\n\n### Why\n\nmore clicks\n"
SHARED = "share-with: {training: '*', serving: '*', pipelines: '*'}\n"


def asked(story: Story, body: str = FORM, *labels: str, login: str = "ada") -> Issue:
    return story.sandbox.issue(PIPELINES, "New ranker", body, login=login, labels=labels)


def write(story: Story, issue: Issue, *more: str) -> int:
    return story.run("checklist", "--issue", f"{PIPELINES}#{issue.number}", *more)


def text(issue: Issue) -> str:
    found = [one.body for one in issue.comments if one.user.login.startswith("interlock")]
    assert len(found) == 1
    assert found[0].startswith(f"{MARKER}\n")
    return found[0]


def ticks(body: str) -> dict[str, bool]:
    found = re.findall(r"^- \[([x ])\] \[`(\w+)`\]", body, re.MULTILINE)
    return {alias: mark == "x" for mark, alias in found}


def test_it_is_ticked_as_pull_requests_appear_and_land(stories: Callable[..., Story]) -> None:
    story = stories()
    issue = asked(story, FORM, "experiment")
    assert write(story, issue) == 0
    first = text(issue)
    assert "experiment `ranker-v3`: 0 of 3 done" in first
    assert ticks(first) == {"pipelines": False, "training": False, "serving": False}
    for file in ("experiments/ranker-v3.yaml", "conf/experiment/ranker-v3.toml",
                 "charts/ranker/values.yaml"):  # fmt: skip
        assert f"`{file}`" in first
    for name in NAMES.values():
        assert f"({story.sandbox.url}/{name})" in first
        assert (
            f"{story.sandbox.url}/{name}/compare/main...interlock/ranker-v3?quick_pull=1" in first
        )

    pulls = {alias: story.open(alias) for alias in ("training", "serving")}
    assert write(story, issue) == 0
    second = text(issue)
    for alias, pull in pulls.items():
        address = f"{story.sandbox.url}/{NAMES[alias]}/pull/{pull.number}"
        assert f"[`{alias}#{pull.number}`]({address}) is open" in second
        # The pull request that is still to be opened will name those that are there.
        assert quote(address, safe="") in second
    assert ticks(second) == {"pipelines": False, "training": False, "serving": False}

    for alias, pull in pulls.items():
        story.merge(alias, pull)
        assert write(story, issue) == 0
        assert ticks(text(issue))[alias]
    pulls["pipelines"] = story.open("pipelines")
    story.merge("pipelines", pulls["pipelines"])
    assert write(story, issue) == 0
    assert "experiment `ranker-v3`: all done" in text(issue)
    assert set(ticks(text(issue)).values()) == {True}


def test_nothing_new_is_nothing_written(stories: Callable[..., Story]) -> None:
    story = stories()
    issue = asked(story, FORM, "experiment")
    write(story, issue)
    story.sandbox.requests.clear()
    assert write(story, issue) == 0
    assert story.writes() == []
    issue.comments[0].body = issue.comments[0].body.replace("[ ]", "[x]")
    assert write(story, issue) == 0
    assert len(story.writes()) == 1
    assert not any(ticks(text(issue)).values())


def test_a_comment_that_was_written_behind_a_502_is_not_written_twice(
    stories: Callable[..., Story],
) -> None:
    story = stories()
    issue = asked(story, FORM, "experiment")
    story.sandbox.faults.add(lost_answer("POST */comments"))
    assert write(story, issue) == 0
    assert len(issue.comments) == 1


def test_the_issue_of_the_event_is_meant_where_none_is_named(
    stories: Callable[..., Story], tmp_path: Path
) -> None:
    story = stories()
    issue = asked(story, FORM, "experiment")
    event = {"issue": {"number": issue.number}, "repository": {"full_name": PIPELINES}}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    story.patch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))
    assert story.run("checklist") == 0
    assert ticks(text(issue))


def test_a_dry_run_writes_nothing(
    stories: Callable[..., Story], capsys: pytest.CaptureFixture[str]
) -> None:
    story = stories()
    issue = asked(story, FORM, "experiment")
    assert write(story, issue, "--dry-run") == 0
    assert "would be written" in capsys.readouterr().out
    assert story.writes() == []


@pytest.mark.parametrize(
    ("login", "labels", "body", "gets"),
    [
        ("ada", ("experiment",), "Interlock-Set: ranker-v3", True),
        ("ada", ("Experiment",), FORM, True),
        ("mallory", ("experiment",), FORM, True),
        ("ada", (), FORM, True),
        ("mallory", (), FORM, False),
        ("ada", (), "Interlock-Set: ranker-v3", False),
        ("ada", ("bug",), "nothing", False),
    ],
)
def test_the_label_or_a_members_form_asks_for_it(
    stories: Callable[..., Story],
    capsys: pytest.CaptureFixture[str],
    login: str,
    labels: tuple[str, ...],
    body: str,
    gets: bool,
) -> None:
    story = stories()
    issue = asked(story, body, *labels, login=login)
    assert write(story, issue) == 0
    assert bool(issue.comments) is gets
    if not gets:
        assert "gets no checklist" in capsys.readouterr().out


def test_an_issue_that_loses_its_label_loses_its_checklist(stories: Callable[..., Story]) -> None:
    story = stories()
    issue = asked(story, "Interlock-Set: ranker-v3", "experiment")
    story.sandbox.comment(PIPELINES, issue.number, "ada", f"{MARKER}\nforged")
    write(story, issue)
    assert len(issue.comments) == 2
    issue.labels.clear()
    write(story, issue)
    assert [one.user.login for one in issue.comments] == ["ada"]


def test_an_issue_that_names_no_experiment_is_asked_for_it(stories: Callable[..., Story]) -> None:
    story = stories()
    issue = asked(story, "What an idea, @acme/everybody!", "experiment")
    assert write(story, issue) == 0
    assert "which experiment is this about?" in text(issue)
    issue.body = FORM
    assert write(story, issue) == 0
    assert ticks(text(issue))


def test_a_closed_issue_gets_none_and_keeps_its_own(stories: Callable[..., Story]) -> None:
    story = stories()
    closed, done = (asked(story, FORM, "experiment") for _ in range(2))
    write(story, done)
    closed.state = done.state = "closed"
    story.open("training")
    assert (write(story, closed), write(story, done)) == (0, 0)
    assert closed.comments == []
    assert "is open" in text(done)


def test_all_issues_with_the_label_are_kept_up_to_date(stories: Callable[..., Story]) -> None:
    story = stories()
    mine = asked(story, FORM, "experiment")
    other = story.sandbox.issue(SERVING, "x", "Interlock-Set: ranker-v2", labels=("experiment",))
    without = asked(story, FORM)
    story.sandbox.requests.clear()
    assert story.run("checklist", "--all") == 0
    assert ticks(text(mine))
    assert "experiment `ranker-v2`: all done" in text(other)
    assert without.comments == []
    assert sum(one.kind == "graphql" for one in story.sandbox.requests) <= 4


@pytest.mark.parametrize(
    ("shared", "file"), [("", "env/{env}/values.yaml"), (SHARED, "env/prod/values.yaml")]
)
def test_what_a_reader_may_not_see_is_told_in_the_policys_words(
    stories: Callable[..., Story], shared: str, file: str
) -> None:
    story = stories(private=("pipelines", "serving", "training"), policy=POLICY + shared)
    issue = asked(story, FORM, "experiment")
    assert write(story, issue) == 0
    assert f"`{file}`" in text(issue)


def test_a_repository_that_cannot_be_read_is_said_and_counts(
    stories: Callable[..., Story], capsys: pytest.CaptureFixture[str]
) -> None:
    story = stories(private=("serving",), installed=(PIPELINES, TRAINING))
    issue = asked(story, FORM, "experiment")
    assert write(story, issue) == 1
    assert "- [ ] `serving`: could not be read (the log of the run" in text(issue)
    told = capsys.readouterr().out
    assert re.search(r"; not read: .*needs `contents: read`.* on acme/model-serving", told)
    assert ticks(text(issue)) == {"pipelines": False, "training": False}


def test_bad_input_is_one_line(
    stories: Callable[..., Story], capsys: pytest.CaptureFixture[str]
) -> None:
    story = stories()
    pull = story.open("training")
    for arguments, said in [
        (("--issue", "acme"), "write OWNER/NAME#NUMBER"),
        ((), "which issue?"),
        (("--issue", f"{PIPELINES}#999"), "there is no such thing"),
        (("--issue", f"{TRAINING}#{pull.number}"), "is a pull request"),
        (("--ticket", "ML-1"), "the policy has no `checklist.jira`"),
    ]:
        assert story.run("checklist", *arguments) == 2
        errors = capsys.readouterr().err
        assert said in errors
        assert "Traceback" not in errors


def with_jira(story: Callable[..., Story], jira: JiraSandbox, shared: str = SHARED) -> Story:
    made = story(
        policy=f'{POLICY}checklist: {{jira: {{url: "{jira.url}", project: ML}}}}\n{shared}'
    )
    user, token = jira.account("bot")
    made.patch.setenv("INTERLOCK_JIRA_USER", user)
    made.patch.setenv("INTERLOCK_JIRA_TOKEN", token)
    return made


@pytest.mark.parametrize("cloud", [True, False], ids=["cloud", "data-center"])
def test_a_ticket_in_jira_is_kept_likewise(stories: Callable[..., Story], cloud: bool) -> None:
    with JiraSandbox(cloud=cloud) as jira:
        jira.names["customfield_7"] = "Experiment"
        jira.issue("ML-1", "experiment", customfield_7="ranker-v3")
        story = with_jira(stories, jira)
        assert story.run("checklist", "--ticket", "ML-1") == 0
        (comment,) = jira.comments["ML-1"]
        assert states(comment["body"]) == [False, False, False]
        story.merge("training", story.open("training"))
        assert story.run("checklist", "--all") == 0
        (comment,) = jira.comments["ML-1"]
        assert states(comment["body"]) == [False, True, False]
        assert [verb for verb, _ in jira.writes()] == ["POST", "PUT"]
        assert story.run("checklist", "--all") == 0
        assert len(jira.writes()) == 2


def states(body: object) -> list[bool]:
    if isinstance(body, str):
        return [mark == "/" for mark in re.findall(r"^\* \(([/x])\)", body, re.MULTILINE)]
    assert isinstance(body, dict)
    return [one["attrs"]["state"] == "DONE" for one in body["content"][1]["content"]]


def test_jira_that_refuses_is_one_line_and_the_others_are_written(
    stories: Callable[..., Story], capsys: pytest.CaptureFixture[str]
) -> None:
    with JiraSandbox() as jira:
        for at in (1, 2):
            jira.issue(f"ML-{at}", "experiment")
        jira.issue("ML-3")
        jira.moved["ML-4"] = "OPS-4"
        jira.issue("OPS-4", "experiment")
        story = with_jira(stories, jira)
        jira.faults.append(Fault("POST", "/ML-1/comment$", status=403))
        assert story.run("checklist", "--all") == 1
        out = capsys.readouterr().out
        assert "ML-1  not written; Jira, comment on ML-1: Jira refused it (403" in out
        assert "ML-2  created" in out
        for arguments, code, said in [
            (("--ticket", "ML-3"), 0, "ML-3  gets no checklist"),
            (("--ticket", "ML-4"), 0, "OPS-4  left alone; it was moved out of ML"),
            (("--ticket", "OPS-4"), 2, "is no ticket of the policy's project"),
            (("--ticket", "ML-9"), 1, "ML-9  not read; Jira, read ML-9: there is no such thing"),
            (("--issue", f"{PIPELINES}#1"), 2, "keeps its tickets in Jira"),
            ((), 2, "which ticket?"),
        ]:
            assert story.run("checklist", *arguments) in (code, 1)
            captured = capsys.readouterr()
            assert said in captured.out + captured.err
            assert "token-of-bot" not in captured.out + captured.err
        assert jira.comments["OPS-4"] == []
