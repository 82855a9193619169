"""policy/expired-waiver: a waiver whose last day has passed, or cannot be read."""

from __future__ import annotations

from interlock.experiments.breach import Breach, InPolicy
from interlock.policy.durations import is_date
from interlock.policy.model import Waiver
from interlock.rules.base import RuleDoc


def breach(waiver: Waiver) -> Breach:
    """What is wrong with an expired waiver."""
    if is_date(waiver.until_text):
        message = f"the waiver of `{waiver.rule}` ended on {waiver.until_text}"
    else:
        message = (
            f"the waiver of `{waiver.rule}` has `until: {waiver.until_text}`, "
            "which is no day like 2027-01-31, so it waives nothing"
        )
    return Breach(
        key=waiver.rule,
        field=waiver.key,
        member=f"{waiver.repo}:{waiver.path}",
        message=message,
        spots=(InPolicy(*waiver.origin, note=f"reason given: {waiver.reason}"),),
        repos=(),
        repair_in=(),
        hint=(f"ask {waiver.owner}: " if waiver.owner else "")
        + "mend what it waived and remove it, or extend it",
    )


RULE = RuleDoc(
    id="policy/expired-waiver",
    summary="a waiver whose last day has passed",
    what="The waiver's `until` is over, or is not a day. It no longer waives anything.",
    why="An exception without an end becomes the rule, and nobody remembers why.",
    bad="until: 2024-01-31",
    good="until: 2027-01-31",
    fix="None.",
    since="0.1.0",
    severity="error",
)
