"""What GitHub's answers say of a pull request's checks and of the rules of a branch."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.changes.gate import checks_of
from interlock.github.pulls import Check, Detail, RepoNow, detail_of, repo_of


def run(number: int, conclusion: str | None, *, name: str = "tests", app: int = 7) -> Any:
    state = "COMPLETED" if conclusion else "IN_PROGRESS"
    return {
        "__typename": "CheckRun",
        "databaseId": number,
        "name": name,
        "status": state,
        "conclusion": conclusion,
        "checkSuite": {"app": {"databaseId": app}},
    }


def status(state: str, *, name: str = "tests", kind: str = "User") -> Any:
    creator = {"__typename": kind, "login": "x"}
    return {"__typename": "StatusContext", "context": name, "state": state, "creator": creator}


def detail(*contexts: Any, **more: Any) -> Detail:
    listed = {"pageInfo": {"hasNextPage": False}, "nodes": list(contexts), **more}
    commit = {"oid": "a" * 40, "statusCheckRollup": {"contexts": listed}}
    return detail_of(
        {
            "number": 1,
            "headRefOid": "a" * 40,
            "reviewDecision": None,
            "commits": {"nodes": [{"commit": commit}]},
        }
    )


def repo(*asked: tuple[str, int | None], classic: tuple[str, ...] = ()) -> RepoNow:
    rules = [{"context": name, "integrationId": app} for name, app in asked]
    branch = {
        "name": "main",
        "target": {"oid": "b" * 40},
        "rules": {"nodes": [{"parameters": {"requiredStatusChecks": rules}}]},
        "refUpdateRule": {"requiredStatusCheckContexts": list(classic)},
    }
    about = {"nameWithOwner": "acme/a", "visibility": "PUBLIC", "isArchived": False, "url": "u"}
    return repo_of("acme/a", {**about, "defaultBranchRef": branch})


@pytest.mark.parametrize(
    ("contexts", "wanted"),
    [
        ([run(1, "CANCELLED"), run(2, "SUCCESS")], "green"),  # run again: the last one counts
        ([run(2, "SUCCESS"), run(1, "FAILURE")], "green"),
        ([run(1, "SUCCESS"), run(2, None)], "pending"),
        ([run(1, "FAILURE"), run(2, "SUCCESS", app=8)], "red"),  # of another App
        ([run(1, "FAILURE"), status("SUCCESS")], "red"),  # GitHub asks for both
        ([run(1, "SUCCESS"), status("ERROR")], "red"),
        ([run(1, "SUCCESS"), run(2, "FAILURE", name="lint")], "green"),  # nobody asks for it
    ],
)
def test_all_of_one_name_count_and_the_last_of_an_app(contexts: list[Any], wanted: str) -> None:
    at = repo(("tests", None))
    assert checks_of(at.counted(detail(*contexts).contexts), at.required) == wanted


@pytest.mark.parametrize(
    ("contexts", "wanted"),
    [
        ([run(1, "SUCCESS", app=7)], "green"),
        ([run(1, "SUCCESS", app=8)], "pending"),
        ([status("SUCCESS")], "pending"),  # a person's
        ([status("SUCCESS", kind="Bot")], "green"),  # GitHub does not tell which App's it is
    ],
)
def test_a_check_has_to_come_from_the_app_that_the_rule_names(
    contexts: list[Any], wanted: str
) -> None:
    at = repo(("tests", 7))
    assert checks_of(at.counted(detail(*contexts).contexts), at.required) == wanted


def test_rulesets_and_classic_protection_ask_together() -> None:
    at = repo(("tests", 7), classic=("lint", "interlock/change-set"))
    assert at.required == ("tests", "lint", "interlock/change-set")
    assert at.pinned == {"tests": 7}
    assert at.source == 0
    assert repo().required == ()


def test_what_is_null_or_on_another_page_was_not_told_whole() -> None:
    assert detail(run(1, "SUCCESS")).whole
    assert not detail(run(1, "SUCCESS"), None).whole
    assert not detail(pageInfo={"hasNextPage": True}).whole
    lost: Any = {"commits": {"nodes": [{"commit": {"statusCheckRollup": {"contexts": None}}}]}}
    assert not detail_of({"number": 1, "headRefOid": "", **lost}).whole
    assert detail(status("SUCCESS")).contexts == (Check("tests", "success", 0),)
