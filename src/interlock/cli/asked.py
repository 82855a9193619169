"""Whether the rules that somebody asked for are there."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from interlock.cli.credentials import ids_of
from interlock.errors import UsageError
from interlock.policy.model import Policy
from interlock.policy.suggest import suggestion
from interlock.rules.table import RULES


def refuse_unknown(only: Iterable[str], policy: Policy, file: str) -> None:
    """Raise UsageError for a rule, or a glob of rules, that nothing is called."""
    ids = [f"experiment/{rule.id}" for rule in policy.consistency]
    ids += [*(rule.id for rule in RULES), *ids_of(policy)]
    names = [name for one in ids for name in (one, one.partition("/")[2])]
    for one in only:
        if not any(fnmatchcase(name, one) for name in names):
            hint = suggestion(one, names if "/" not in one else ids)
            who = f"{file} has" if file else "there is"
            raise UsageError(f"{who} no rule `{one}`; {hint}")
