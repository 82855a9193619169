"""Whether the rules that somebody asked for are there."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from interlock.errors import UsageError
from interlock.policy.model import Policy
from interlock.policy.suggest import suggestion
from interlock.rules.table import RULES


def refuse_unknown(only: Iterable[str], policy: Policy, file: str) -> None:
    """Raise UsageError for a rule, or a glob of rules, that nothing is called."""
    ids = [f"experiment/{rule.id}" for rule in policy.consistency]
    ids += [rule.id for rule in RULES]
    names = [name for one in ids for name in (one, one.partition("/")[2])]
    for one in only:
        if not any(fnmatchcase(name, one) for name in names):
            hint = suggestion(one, names if "/" not in one else ids)
            raise UsageError(f"{file} has no rule `{one}`; {hint}")
