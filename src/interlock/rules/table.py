"""Every built-in rule, in the order of the documentation."""

from __future__ import annotations

from interlock.rules.base import RuleDoc, SourceRule
from interlock.rules.experiment import (
    duplicate_key,
    duplicate_member,
    empty_selector,
    empty_source,
    key_collision,
    missing_layer,
    unread_repository,
    unreadable_file,
)
from interlock.rules.policy import expired_waiver, unused_waiver

SOURCE_RULES: tuple[SourceRule, ...] = (
    unreadable_file.RULE,
    duplicate_key.RULE,
    duplicate_member.RULE,
    empty_source.RULE,
    empty_selector.RULE,
    missing_layer.RULE,
    key_collision.RULE,
)
#: The rules whose severity a policy can set.
RULES: tuple[RuleDoc, ...] = (
    *(rule.doc for rule in SOURCE_RULES),
    expired_waiver.RULE,
    unused_waiver.RULE,
)
#: Every rule that has a page: what could not be checked is no matter of severity.
PAGES: tuple[RuleDoc, ...] = (*RULES, unread_repository.RULE)
