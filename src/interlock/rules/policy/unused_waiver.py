"""policy/unused-waiver: a waiver that matched no finding."""

from __future__ import annotations

from interlock.experiments.breach import Breach, InPolicy
from interlock.policy.model import Waiver
from interlock.rules.base import RuleDoc


def breach(waiver: Waiver) -> Breach:
    """What is wrong with an unused waiver."""
    return Breach(
        key=waiver.rule,
        field=waiver.key,
        member=f"{waiver.repo}:{waiver.path}",
        message=f"the waiver of `{waiver.rule}` matches no finding",
        spots=(InPolicy(*waiver.origin, note=f"reason given: {waiver.reason}"),),
        repos=(),
        repair_in=(),
        hint="remove it: what it waived is mended, or its rule, key or path is misspelt",
    )


RULE = RuleDoc(
    id="policy/unused-waiver",
    summary="a waiver that matched no finding",
    what="In a check of everything, no finding fits the waiver's rule, repo, path and key.",
    why="A waiver that is left behind will silently cover the next mistake.",
    bad="waivers: [{rule: experiment/x, key: an-experiment-that-is-gone, …}]",
    good="no such waiver",
    fix="None: remove the entry.",
    since="0.1.0",
    severity="warning",
)
