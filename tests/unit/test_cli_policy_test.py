"""What `interlock policy test` makes of two reports: what appears, vanishes, or is not known."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from livemarkdown import live
from referencing import Registry, Resource
from reportsamples import HOSTILE, REPORT, hostile
from workflowlog import OLD_STYLE, obeyed
from worldrun import TODAY, Files, policy_of, world_of

from interlock.engine import Request, run
from interlock.model import Report, Severity
from interlock.report.policy_changes import PolicyChanges, compare, exit_code, fails
from interlock.report.policy_changes_shown import as_json, as_markdown, render, sentence
from interlock.trees.base import Repo

POLICY = """\
sources:
  plan: {repo: a, files: "plans/{key}.yaml", fields: {w: "$.w", rate: $.rate}}
  live: {repo: b, files: live.yaml, each: "$.*", fields: {rate: "@.rate"}}
consistency:
  - {id: total, each: plan.w, sum: 100}
  - {id: rates, each: plan.rate, equal: live.rate}
"""
FILES: Files = {
    "a": {"plans/x.yaml": "w: {c: 40, d: 50}\nrate: 1\n"},
    "b": {"live.yaml": "x: {rate: 2}\n"},
}
NAMES = ("interlock.yaml of HEAD (1a2b3c4)", "interlock.yaml (work tree)")


def report(policy: str, on: Files = FILES, unread: Collection[str] = ()) -> Report:
    """The whole report, the aliases of ``unread`` being out of reach."""
    loaded = policy_of(policy)
    world = world_of(loaded, on)
    for alias in unread:
        world[alias] = tuple(Repo(alias, one.name, None, "no access") for one in world[alias])
    return run(Request(policy=loaded, head=world, own="", today=TODAY))


def changes(old: str | None, new: str, on: Files = FILES, unread: str = "") -> PolicyChanges:
    before = report(old, on, unread) if old is not None else None
    return compare(before, report(new, on, unread), NAMES)


def told(found: PolicyChanges) -> list[tuple[str, str, str, str]]:
    return [
        (one.kind, one.where[0], one.finding.rule.partition("/")[2], one.note)
        for one in found.changes
    ]


def test_what_appears_vanishes_and_stays() -> None:
    new = POLICY.replace("sum: 100", "sum: 90").replace("id: rates", "id: same-rates")
    found = changes(POLICY, new)
    assert told(found) == [
        ("appears", "a", "same-rates", ""),
        ("vanishes", "a", "rates", ""),
        ("vanishes", "a", "total", ""),
    ]
    found = changes(POLICY, POLICY)
    assert (found.changes, found.same) == ((), 2)
    assert [(one.alias, one.read, one.same) for one in found.members] == [
        ("a", True, 2),
        ("b", True, 0),
    ]
    assert sentence(found) == "nothing changes; 2 stay as before"
    assert "a (acme/a): nothing changes; 2 stay as before" in render(found)


def test_of_several_findings_with_one_identity_each_counts() -> None:
    twice = """\
    sources:
      plan: {repo: a, files: "*.yaml", each: "$.l[*]", key: "@.n", fields: {r: "@.r"}}
    consistency:
      - {id: ok, each: plan.r, pattern: '[ab]'}
    """
    on: Files = {"a": {"p.yaml": "l: [{n: k, r: c}, {n: k, r: a}, {n: k, r: d}]\n"}}
    stricter = twice.replace("[ab]", "b")
    assert len(report(twice, on).findings) == 2
    found = changes(twice, stricter, on)
    assert [(one.kind, one.finding.values) for one in found.changes] == [("appears", ("a",))]
    assert found.same == 2
    back = changes(stricter, twice, on)
    assert [(one.kind, one.finding.values) for one in back.changes] == [("vanishes", ("a",))]


def test_what_the_new_policy_cannot_read_has_not_vanished() -> None:
    """A repository that joins a rule and cannot be read leaves the whole rule open."""
    new = POLICY.replace("equal: live.rate", "equal: [live.rate, more.rate]").replace(
        "consistency:",
        "  more: {repo: c, files: live.yaml, each: '$.*', fields: {rate: '@.rate'}}\nconsistency:",
    )
    new = "repos: {a: acme/a, b: acme/b, c: acme/c}\n" + new
    found = compare(report(POLICY), report("version: 1\n" + new, unread="c"), NAMES)
    assert told(found) == [("open", "a", "rates", "")]
    assert (found.same, exit_code(found)) == (1, 0)
    assert exit_code(found._replace(require_all=True)) == 1
    text = render(found)
    assert "1 finding can no longer be checked; 1 stays as before; not everything" in text
    assert "c (acme/c): could not be read" in text
    back = compare(report("version: 1\n" + new, unread="c"), report(POLICY), NAMES)
    assert told(back) == [("appears", "a", "rates", "not checked")]
    assert "it was not checked" in render(back)


def test_a_file_of_an_unread_repository_is_open_too() -> None:
    bad: Files = {**FILES, "b": {"live.yaml": "x: ["}}
    found = compare(report(POLICY, bad), report(POLICY, bad, unread="b"), NAMES)
    assert told(found) == [("open", "b", "unreadable-file", "")]


def test_an_unread_repository_is_said_where_no_rule_needs_it() -> None:
    only_a = POLICY.replace("  - {id: rates, each: plan.rate, equal: live.rate}\n", "")
    found = changes(only_a, only_a, unread="b")
    assert [one.read for one in found.members] == [True, False]
    assert "b (acme/b): could not be read" in render(found)


@pytest.mark.parametrize(
    ("was", "now", "level", "expected"),
    [
        ("off", "error", "error", True),
        ("off", "warning", "error", False),
        ("off", "warning", "warning", True),
        ("off", "error", "off", False),
        ("warning", "error", "error", True),
        ("warning", "error", "warning", False),
        ("error", "warning", "info", False),
        ("error", "off", "info", False),
    ],
)
def test_only_what_newly_counts_fails(was: str, now: str, level: Severity, expected: bool) -> None:
    policies = [POLICY.replace("sum: 100", f"sum: 100, severity: {one}") for one in (was, now)]
    found = changes(policies[0], policies[1])._replace(fail_level=level)
    assert fails(found) is expected
    assert exit_code(found) == int(expected)
    assert ("this fails" in render(found)) is expected
    kind = {"off": "appears"}.get(was, {"off": "vanishes"}.get(now, "severity"))
    assert [one.kind for one in found.changes] == [kind]


def test_a_waiver_says_what_became_of_a_finding() -> None:
    waiver = (
        "waivers: [{rule: experiment/total, key: x, reason: r, owner: '@o', until: 2099-01-01}]\n"
    )
    found = changes(POLICY, POLICY + waiver)
    assert [one.kind for one in found.changes] == ["vanishes"]
    assert "it is waived" in render(found)
    back = changes(POLICY + waiver, POLICY)
    assert [one.kind for one in back.changes] == ["appears"]
    assert "it was waived" in render(back)


def test_what_is_wrong_with_the_policy_file_is_no_repositorys() -> None:
    waiver = (
        "waivers: [{rule: experiment/total, key: no, reason: r, owner: '@o', until: 2099-01-01}]\n"
    )
    found = changes(POLICY, POLICY + waiver)
    assert told(found) == [("appears", "policy", "unused-waiver", "")]
    assert "the policy itself: 1 finding appears" in render(found)


def test_repositories_under_one_alias_are_told_apart() -> None:
    policy = """\
    version: 1
    repos: {teams: [acme/red, acme/blue]}
    sources: {plan: {repo: teams, files: "{key}.yaml", fields: {w: $.w}}}
    consistency: [{id: total, each: plan.w, sum: 100}]
    """
    on: Files = {"acme/red": {"x.yaml": "w: [100]\n"}, "acme/blue": {"y.yaml": "w: [9]\n"}}
    off = policy.replace("sum: 100", "sum: 100, severity: off")
    text = render(changes(off, policy, on))
    assert "teams (acme/red): nothing changes\n" in text
    assert "teams (acme/blue): 1 finding appears\n" in text


def test_a_policy_without_one_before_finds_all_anew() -> None:
    found = compare(None, report(POLICY), ("", "interlock.yaml (work tree)"))
    assert [one.kind for one in found.changes] == ["appears", "appears"]
    assert render(found).startswith("the policy interlock.yaml (work tree), which is new\n")
    assert exit_code(found) == 1


def validated(found: PolicyChanges) -> Any:
    """The JSON of ``found``, which has the documented shape and no member that is not in it."""
    shapes = {
        name: json.loads(files("interlock.schemas").joinpath(name).read_text("utf-8"))
        for name in ("policy-changes.json", "report.json")
    }
    shape = shapes["policy-changes.json"]
    for part in (shape, *shape["$defs"].values()):
        part["additionalProperties"] = False
    registry: Registry[Any] = Registry().with_resources(
        [(name, Resource.from_contents(one)) for name, one in shapes.items()]
    )
    data = json.loads(as_json(found))
    Draft202012Validator(shape, registry=registry).validate(data)
    return data


def test_the_json_has_its_documented_shape() -> None:
    new = POLICY.replace("sum: 100", "sum: 100, severity: warning").replace("id: rates", "id: r")
    data = validated(changes(POLICY, new))
    assert [one["kind"] for one in data["changes"]] == ["appears", "severity", "vanishes"]
    assert [one["was"] for one in data["changes"]] == ["", "error", "error"]
    assert (data["exit_code"], data["fail_level"]) == (1, "error")
    assert validated(changes(POLICY, POLICY, unread="b"))["unread"][0]["repos"] == ["b"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_hostile_is_obeyed(text: str) -> None:
    bad = hostile(text)
    quiet = REPORT._replace(findings=())
    for old, new in ((quiet, bad), (bad, quiet), (REPORT, bad)):
        found = compare(old, new, (text, text))
        validated(found)
        for shown in (render(found), as_json(found)):
            assert obeyed(shown) == []
            assert not OLD_STYLE.search(shown)
            assert {unicodedata.category(c) for c in shown} - {"Cc"} <= _SEEN
            assert set(shown) & _CONTROLS <= {"\n"}
        kinds = [one for one in live(as_markdown(found)) if one != "bullet_list_open"]
        assert kinds == []


_CONTROLS = {chr(code) for code in (*range(32), *range(0x7F, 0xA0))}
#: Letters, marks, numbers, punctuation, symbols and the blank: nothing invisible.
_SEEN = {
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No",
    "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs",
}  # fmt: skip


def test_a_comment_stays_within_githubs_limit() -> None:
    on: Files = {
        "a": {f"plans/{at}-{'x' * 150}.yaml": "w: [1]\n" for at in range(1_000)},
        "b": {},
    }
    text = as_markdown(changes(POLICY.replace("sum: 100", "sum: 1"), POLICY, on))
    assert 50_000 < len(text) < 65_536
    assert "changes did not fit here" in text
