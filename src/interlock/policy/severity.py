"""How much a finding counts: the rule's severity, as the policy overrides and rolls it out."""

from __future__ import annotations

from interlock.model import Severity
from interlock.policy.model import Policy, RuleSetting


def severity_of(
    policy: Policy, rule: str, default: Severity, repo: str, path: str, today: str
) -> Severity:
    """The severity of ``rule`` for a file: the last setting that matches wins, then overrides.

    ``repo`` is an alias; ``today`` an ISO day, against which a rollout's date is held.
    """
    from fnmatch import fnmatchcase

    severity = default
    for setting in policy.rules:
        if setting.rule != rule and not fnmatchcase(rule, setting.rule):
            continue
        if setting.severity is not None:
            severity = setting.severity
        if setting.rollout is not None and severity != "off":
            severity = _rolled_out(policy, setting, repo, today)
        for override in setting.overrides:
            here = not override.repos or repo in override.repos
            there = not override.paths or any(g.match(path) is not None for g in override.paths)
            if here and there:
                severity = override.severity
    return severity


def _rolled_out(policy: Policy, setting: RuleSetting, repo: str, today: str) -> Severity:
    rollout = setting.rollout
    if rollout is None:
        return "error"
    names = {repo, *policy.repos.get(repo, ())}
    due = bool(rollout.error_from) and today >= rollout.error_from
    return "error" if due or names & set(rollout.pilot) else "warning"
