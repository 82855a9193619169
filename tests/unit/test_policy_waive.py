"""Waivers and exceptions: what they cover, until when, and which of them are over or idle."""

from __future__ import annotations

import pytest
from policyfiles import load

from interlock.model import Finding, Place, Status
from interlock.policy.waive import expired, waive

HEAD = (
    "version: 1\nrepos: {a: o/a, b: o/b}\nsources:\n"
    '  plan: {repo: a, files: "{key}.yaml", fields: {x: $.x}}\n'
    '  live: {repo: b, files: "{key}.yaml", fields: {x: $.x}}\n'
)
TODAY = "2026-06-30"


def _finding(
    key: str = "ranker",
    rule: str = "experiment/same",
    repo: str = "b",
    path: str = "env/prod/ranker.yaml",
    status: Status = "failing",
    values: tuple[str, ...] = ("0.4",),
) -> Finding:
    place = Place(repo, f"o/{repo}", path, 3, 1, 3, 4, "x: 1", "", "main")
    return Finding(
        rule, "equal", "error", status, "differs", key, "x", "", ("a", "b"), (place,), (repo,),
        values=values,
    )  # fmt: skip


def _waiver(text: str, until: str = TODAY) -> str:
    return (
        f"{HEAD}consistency: [{{id: same, each: plan.x, equal: live.x}}]\n"
        f"waivers: [{{{text}, reason: old clients, owner: ann, until: {until}}}]\n"
    )


def _excepted(text: str, until: str = TODAY) -> str:
    return (
        f"{HEAD}consistency: [{{id: same, each: plan.x, equal: live.x, owner: bob, "
        f"except: [{{{text}, reason: old clients, until: {until}}}]}}]\n"
    )


@pytest.mark.parametrize(
    ("until", "today", "over"),
    [
        ("2026-06-30", "2026-06-29", False),
        ("2026-06-30", "2026-06-30", False),
        ("2026-06-30", "2026-07-01", True),
        ("2028-02-29", "2026-07-01", False),
        ("2027-02-29", "2026-07-01", True),
        ("2027-6-30", "2026-07-01", True),
        ("20270630", "2026-07-01", True),
        ("2027-06-30T00:00:00", "2026-07-01", True),
        ("soon", "2026-07-01", True),
        ("", "2026-07-01", True),
        ("\u0662\u0660\u0662\u0667-06-30", "2026-07-01", True),
    ],
)
def test_the_last_day_counts_and_what_is_no_day_is_over(until: str, today: str, over: bool) -> None:
    assert expired(until, today) is over


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("rule: experiment/same, key: ranker", True),
        ("rule: experiment/same, key: rank*", True),
        ("rule: experiment/same, key: ranke", False),
        ("rule: 'experiment/*', key: ranker", True),
        ("rule: policy/unused-waiver, key: ranker", False),
        ("rule: experiment/same, repo: b", True),
        ("rule: experiment/same, repo: o/b", True),
        ("rule: experiment/same, repo: 'o/*'", True),
        ("rule: experiment/same, repo: a", True),  # one of the rule's sides
        ("rule: experiment/same, path: 'env/*/ranker.yaml'", True),
        ("rule: experiment/same, path: 'env/*.yaml'", False),  # a star stays in its folder
        ("rule: experiment/same, path: 'env/**', repo: b", True),
        ("rule: experiment/same, path: 'env/**', repo: a", False),
        ("rule: experiment/same, path: 'env/**', key: other", False),
    ],
)
def test_what_a_waiver_covers(text: str, covered: bool) -> None:
    (finding,) = waive(load(_waiver(text)), [_finding()], TODAY).findings
    assert finding.status == ("waived" if covered else "failing")
    assert finding.note == ("waived until 2026-06-30: old clients (ann)" if covered else "")


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("value: '0.*'", True),
        ("value: '1.*'", False),
        ("key: ranker, value: '0.4'", True),
        ("key: other, value: '0.4'", False),
        ("repo: b", True),
        ("path: env/prod/ranker.yaml", True),
    ],
)
def test_what_an_exception_covers(text: str, covered: bool) -> None:
    (finding,) = waive(load(_excepted(text)), [_finding()], TODAY).findings
    assert finding.status == ("waived" if covered else "failing")
    assert finding.note == ("excepted until 2026-06-30: old clients" if covered else "")


def test_an_exception_holds_for_its_own_rule_only() -> None:
    other = _finding(rule="experiment/other")
    assert waive(load(_excepted("key: '*'")), [other], TODAY).findings == (other,)


@pytest.mark.parametrize("status", ["failing", "old", "grace"])
def test_what_is_wrong_is_waived_whatever_its_age(status: Status) -> None:
    policy = load(_waiver("rule: experiment/same, key: ranker"))
    (finding,) = waive(policy, [_finding(status=status)], TODAY).findings
    assert finding.status == "waived"


@pytest.mark.parametrize("status", ["unknown", "deferred"])
def test_what_nobody_could_check_is_never_waived(status: Status) -> None:
    waived = waive(
        load(_waiver("rule: experiment/same, key: ranker")), [_finding(status=status)], TODAY
    )
    assert [finding.status for finding in waived.findings] == [status]
    assert len(waived.unused) == 1


@pytest.mark.parametrize("make", [_waiver, _excepted])
@pytest.mark.parametrize("until", ["2026-06-29", "whenever", "20261231"])
def test_an_expired_one_stops_waiving_and_is_told(make: object, until: str) -> None:
    assert callable(make)
    text = "rule: experiment/same, key: ranker" if make is _waiver else "key: ranker"
    waived = waive(load(make(text, until)), [_finding()], TODAY)
    assert waived.findings == (_finding(),)
    assert [(one.rule, one.until_text, one.reason) for one in waived.expired] == [
        ("experiment/same", until, "old clients")
    ]
    assert waived.unused == ()


def test_one_that_covers_nothing_is_unused_unless_its_rule_could_not_run() -> None:
    policy = load(_waiver("rule: 'experiment/s*', key: gone"))
    assert [one.key for one in waive(policy, [_finding()], TODAY).unused] == ["gone"]
    assert waive(policy, [_finding()], TODAY, unread=["experiment/same"]).unused == ()
    assert len(waive(policy, [_finding()], TODAY, unread=["policy/x"]).unused) == 1
    assert waive(policy, [_finding(key="gone")], TODAY).unused == ()


def test_an_idle_exception_is_told_under_its_rule_with_its_owner_and_place() -> None:
    (idle,) = waive(load(_excepted("key: gone")), [], TODAY).unused
    assert (idle.rule, idle.owner, idle.origin.line) == ("experiment/same", "bob", 6)


def test_two_that_cover_the_same_are_both_used() -> None:
    text = _waiver("rule: experiment/same, key: ranker")
    text = (
        text[:-2] + ", {rule: experiment/same, repo: b, reason: r, owner: o, until: 2027-01-01}]\n"
    )
    waived = waive(load(text), [_finding()], TODAY)
    assert waived.unused == ()
    assert waived.findings[0].note.endswith("(ann)")
