"""An older Interlock with a newer policy: one line, and what the policy says it should do."""

from __future__ import annotations

import pytest
from policyfiles import load, refused

from interlock.errors import PolicyError
from interlock.policy.explain import explain
from interlock.policy.requires import numbers

NEWER = """\
version: 1
requires: interlock>=9.1
on-outdated: ACTION
repos: {a: o/a}
sources:
  plan: {repo: a, files: "{key}.yaml", archives: [x], fields: {x: {path: $.x, flavour: mild}}}
consistency:
  - {id: new, each: plan, exist-in: plan}
  - {id: old, each: plan.x, equal: .x, wehn: {x: 1}}
rules: {secret/new-rule: error, experiment/old: warning}
notify: slack
"""
LINE = (
    "the policy interlock.yaml requires Interlock 9.1 or newer, and this is 0.2.0: "
    "run `pip install -U interlock` or `pre-commit autoupdate`"
)


def _with(action: str) -> str:
    return NEWER.replace("on-outdated: ACTION\n", f"on-outdated: {action}\n" if action else "")


@pytest.mark.parametrize("action", ["warn", ""])
def test_warn_ignores_what_it_does_not_know_with_one_line(action: str) -> None:
    policy = load(_with(action))
    assert policy.notices == (f"{LINE}; 6 words that it does not know were ignored",)
    assert [rule.id for rule in policy.consistency] == ["old"]
    assert [setting.rule for setting in policy.rules] == ["experiment/old"]
    assert list(policy.sources["plan"].fields) == ["x"]


def test_warn_still_refuses_what_it_does_know() -> None:
    assert refused(_with("warn").replace("path: $.x", "path: x")) == [
        (
            "6:74 `path`: 'x' must start with '$' (the document), '@' (the record) or "
            "'^' (the record around it)"
        )
    ]


def test_skip_checks_nothing_and_says_so() -> None:
    policy = load(_with("skip"))
    assert policy.notices == (f"{LINE}; NOTHING WAS CHECKED (`on-outdated: skip`)",)
    assert (policy.sources, policy.consistency, policy.repos) == ({}, (), {})


def test_fail_tells_only_to_upgrade() -> None:
    assert refused(_with("fail")) == [f"2:11 {LINE}"]


def test_one_that_is_new_enough_is_strict() -> None:
    found = refused(_with("warn"), version="9.1.0")
    assert len(found) == 6
    assert "11:1 `notify` is not a word of a policy" in found


def test_the_strictest_of_the_layers_counts() -> None:
    files = {"base.yaml": "version: 1\nrequires: interlock>=9\non-outdated: fail\n"}
    with pytest.raises(PolicyError) as caught:
        load("version: 1\nextends: base.yaml\nrequires: interlock>=10\non-outdated: warn\n", files)
    (problem,) = caught.value.problems
    assert "interlock.yaml requires Interlock 10 or newer" in problem.message
    assert problem.path == "interlock.yaml"


def test_a_layer_without_its_own_word_follows_the_last_one() -> None:
    files = {"base.yaml": "version: 1\nrequires: interlock>=9\nnew-word: 1\n"}
    policy = load("version: 1\nextends: base.yaml\non-outdated: skip\n", files)
    assert "NOTHING WAS CHECKED" in policy.notices[0]


@pytest.mark.parametrize(
    ("older", "newer"),
    [("0.9", "0.10"), ("0.2.9", "0.2.10"), ("1", "1.0.1"), ("0.9.9", "1")],
)
def test_versions_compare_by_their_numbers(older: str, newer: str) -> None:
    assert numbers(older) < numbers(newer)
    assert load(f"version: 1\nrequires: interlock>={older}\n", version=newer).notices == ()
    assert load(f"version: 1\nrequires: interlock>={newer}\n", version=older).notices != ()


def test_a_development_version_counts_by_its_numbers() -> None:
    assert numbers("0.3.0.dev1+g123") == numbers("0.3")


def test_validate_names_each_word_that_was_ignored() -> None:
    found = {(p.line, p.column): p.message for p in explain(load(_with("warn")))}
    assert found == {
        (6, 40): "`archives` is no word here",
        (6, 79): "`flavour` is no word here",
        (8, 27): "`exist-in` is no word here; did you mean `exists-in`?",
        (9, 40): "`wehn` is no word here; did you mean `when`?",
        (11, 1): "`notify` is no word here",
    }


def test_a_policy_that_is_all_right_has_nothing_to_explain() -> None:
    assert explain(load("version: 1\nextends: interlock:strict\nrepos: {a: o/a}\n")) == ()


def test_a_source_whose_files_only_a_newer_one_finds_is_left_out_with_its_rules() -> None:
    text = _with("warn").replace('files: "{key}.yaml"', "everything: true")
    policy = load(text)
    assert (policy.sources, policy.consistency) == ({}, ())
    assert policy.notices[0].startswith(LINE)
    two = text.replace("sources:", "sources:\n  b: {files: b.yaml, key: $.k, fields: {y: $.y}}")
    two = two.replace("consistency:", "consistency:\n  - {id: kept, each: b.y, pattern: x}")
    assert [rule.id for rule in load(two).consistency] == ["kept"]
