"""How much a finding counts: the rule's severity, as the policy overrides and rolls it out."""

from __future__ import annotations

from interlock.model import Severity
from interlock.policy.globbing import fits
from interlock.policy.model import Override, Policy, Rollout


def severity_of(
    policy: Policy, rule: str, default: Severity, repo: str, path: str, today: str
) -> Severity:
    """The severity of ``rule`` for a file.

    Begins with ``default``, the rule's own. Each setting whose id or glob fits changes it, in
    the order of the policy: first by its severity or rollout, then by each override that holds
    for the file. So the last one that fits wins. ``repo`` is an alias; ``path`` begins at the
    root of its repository; ``today`` is an ISO day, against which a rollout's date is held.
    """
    severity = default
    for setting in policy.rules:
        if not fits(setting.rule, rule):
            continue
        if setting.severity is not None:
            severity = setting.severity
        if setting.rollout is not None:
            severity = _rolled_out(setting.rollout, policy, repo, today)
        for override in setting.overrides:
            if _holds(override, repo, path):
                severity = override.severity
    return severity


def _rolled_out(rollout: Rollout, policy: Policy, repo: str, today: str) -> Severity:
    if rollout.error_from and today >= rollout.error_from:
        return "error"
    names = {repo, *policy.repos.get(repo, ())}
    return "error" if names & set(rollout.pilot) else "warning"


def _holds(override: Override, repo: str, path: str) -> bool:
    here = not override.repos or repo in override.repos
    return here and (
        not override.paths or any(glob.match(path) is not None for glob in override.paths)
    )
