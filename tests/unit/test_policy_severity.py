"""How much a finding counts: settings in order, overrides by place, rollouts by day."""

from __future__ import annotations

import pytest
from policyfiles import BUILT_IN_RULES, load

from interlock.model import Severity
from interlock.policy.packaged import built_in_names
from interlock.policy.severity import severity_of

HEAD = "version: 1\nrepos: {a: o/a, b: [o/b, o/c]}\nsources: {s: {repo: a, files: x}}\n"
RULE = "experiment/empty-source"


def _severity(
    rules: str, repo: str = "a", path: str = "x.yaml", today: str = "2026-06-30"
) -> Severity:
    return severity_of(load(f"{HEAD}rules: {rules}\n"), RULE, "error", repo, path, today)


@pytest.mark.parametrize(
    ("rules", "wanted"),
    [
        ("{}", "error"),
        (f"{{{RULE}: info}}", "info"),
        (f"{{{RULE}: {{severity: off}}}}", "off"),
        ("{experiment/*: warning}", "warning"),
        (f"{{experiment/*: warning, {RULE}: info}}", "info"),
        (f"{{{RULE}: info, experiment/*: warning}}", "warning"),
        ("{policy/*: warning}", "error"),
        (f"{{{RULE}: info, 'experiment/*': {{overrides: [{{repos: b, severity: off}}]}}}}", "info"),
    ],
)
def test_the_last_setting_that_fits_wins(rules: str, wanted: Severity) -> None:
    assert _severity(rules) == wanted


@pytest.mark.parametrize(
    ("repo", "path", "wanted"),
    [
        ("a", "x.yaml", "warning"),
        ("b", "x.yaml", "info"),
        ("b", "legacy/deep/x.yaml", "off"),
        ("a", "legacy/deep/x.yaml", "off"),
        ("a", "sub/legacy/x.yaml", "warning"),
        ("a", "ours/x.yaml", "error"),
        ("b", "ours/x.yaml", "info"),
    ],
)
def test_overrides_hold_for_repos_and_for_paths_from_the_root(
    repo: str, path: str, wanted: Severity
) -> None:
    rules = (
        f"{{{RULE}: {{severity: warning, overrides: ["
        "{repos: b, severity: info}, {paths: 'legacy/**', severity: off}, "
        "{repos: [a], paths: 'ours/*', severity: error}]}}"
    )
    assert _severity(rules, repo, path) == wanted


@pytest.mark.parametrize(
    ("repo", "today", "wanted"),
    [
        ("a", "2026-12-31", "error"),
        ("b", "2026-12-31", "warning"),
        ("b", "2027-01-01", "error"),
        ("b", "2027-06-01", "error"),
        ("", "2026-12-31", "warning"),
    ],
)
def test_a_rollout_warns_all_but_the_pilots_until_its_day(
    repo: str, today: str, wanted: Severity
) -> None:
    rules = f"{{{RULE}: {{rollout: {{pilot: [a], error-from: 2027-01-01}}}}}}"
    assert _severity(rules, repo, today=today) == wanted


def test_a_pilot_may_be_named_by_its_repository_and_a_rollout_need_not_end() -> None:
    rules = f"{{{RULE}: {{rollout: {{pilot: o/c}}}}}}"
    assert _severity(rules, "b") == "error"
    assert _severity(rules, "a", today="2999-01-01") == "warning"


def test_overrides_count_after_a_rollout() -> None:
    rules = (
        f"{{{RULE}: {{rollout: {{error-from: 2026-01-01}}, "
        "overrides: [{paths: 'old/**', severity: info}]}}"
    )
    assert _severity(rules, path="old/x") == "info"
    assert _severity(rules, path="new/x") == "error"


@pytest.mark.parametrize("name", built_in_names())
def test_each_built_in_policy_loads_by_itself(name: str) -> None:
    policy = load(f"version: 1\nextends: interlock:{name}\n")
    assert policy.rules or policy.secrets is not None


def test_the_recommended_policy_speaks_of_every_built_in_rule() -> None:
    policy = load("version: 1\nextends: interlock:recommended\n")
    assert {setting.rule for setting in policy.rules} == set(BUILT_IN_RULES)


def test_the_strict_policy_warns_of_nothing() -> None:
    policy = load("version: 1\nextends: interlock:strict\n")
    for rule in BUILT_IN_RULES:
        assert severity_of(policy, rule, "warning", "a", "x", "2026-06-30") == "error"
