"""``requires`` and ``on-outdated``: what an older Interlock does with a newer policy."""

from __future__ import annotations

import re

from interlock.policy.problems import Problems
from interlock.policy.raw import Raw
from interlock.values import Literal, NamedTuple

Action = Literal["warn", "skip", "fail"]
ON_OUTDATED: tuple[Action, ...] = ("warn", "skip", "fail")
REQUIRES = r"interlock *>= *([0-9]{1,6}(?:\.[0-9]{1,6}){0,2})"


class Outdated(NamedTuple):
    """This Interlock is older than the policy asks for: what to do, and the line that says so."""

    action: Action
    line: str
    at: Raw


def outdated(layers: list[Raw], version: str, problems: Problems) -> Outdated | None:
    """The strictest answer of the layers that require more than ``version``; None if none does.

    ``on-outdated`` is the layer's own, else the last one stated, else ``warn``.
    """
    last: Action = "warn"
    found: list[tuple[str, Action, Raw]] = []
    for layer in layers:
        last = _action(layer, problems) or last
    for layer in layers:
        part = layer.get("requires")
        if part is None or part.value is None:
            continue
        match = re.fullmatch(REQUIRES, part.value) if isinstance(part.value, str) else None
        if match is None:
            problems.add(part, "`requires` must be like `interlock>=0.3`")
        elif numbers(match.group(1)) > numbers(version):
            found.append((match.group(1), _action(layer, None) or last, part))
    if not found:
        return None
    wanted, _, part = max(found, key=lambda one: numbers(one[0]))
    action = max((one[1] for one in found), key=ON_OUTDATED.index)
    line = (
        f"the policy {part.text.name} requires Interlock {wanted} or newer, and this is {version}: "
        "run `pip install -U interlock` or `pre-commit autoupdate`"
    )
    if action == "skip":
        line += "; NOTHING WAS CHECKED (`on-outdated: skip`)"
    return Outdated(action, line, part)


def _action(layer: Raw, problems: Problems | None) -> Action | None:
    part = layer.get("on-outdated")
    if part is None or part.value is None:
        return None
    for word in ON_OUTDATED:
        if part.value == word:
            return word
    if problems is not None:
        problems.add(part, "`on-outdated` must be one of `warn`, `skip`, `fail`")
    return "fail"


def numbers(version: str) -> tuple[int, ...]:
    """``0.3`` as (0, 3, 0)."""
    found = [int(number[:9]) for number in re.findall(r"\d+", version)[:3]]
    return tuple(found + [0] * (3 - len(found)))
