"""A policy's own rules for credentials, ready for the scan beside the built-in ones."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.policy.model import SecretRule
from interlock.secrets.model import Rule
from interlock.secrets.table import TABLE

#: The family of such rules, and what their problems begin with.
FAMILY = "own"


def with_own(own: Sequence[SecretRule]) -> tuple[Rule, ...]:
    """The rules to scan by, a policy's own first; one with a built-in rule's id takes its place.

    Raises PolicyError, with the rule's place, for one that cannot be used.
    """
    if not own:
        return TABLE
    made = [_made(rule) for rule in own]
    ids = {rule.id for rule in made}
    return (*made, *(rule for rule in TABLE if rule.id not in ids))


def _made(rule: SecretRule) -> Rule:
    from interlock.secrets.families import RuleError, read_family

    words = rule._asdict()
    del words["origin"]
    words["keywords"] = list(rule.keywords)
    said = {word: value for word, value in words.items() if value != ""}
    try:
        (found,) = read_family(FAMILY, [said])
    except RuleError as error:
        from interlock.errors import PolicyError
        from interlock.model import Problem

        file, line, column = rule.origin
        message = str(error).removeprefix(f"{FAMILY}: ")
        raise PolicyError((Problem(message, file, line, column, line, column, "", ""),)) from None
    return found
