"""What SARIF viewers are told about the rules of a report's findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from interlock.model import Finding
from interlock.report.neutral import harmless
from interlock.report.places import is_plain_address
from interlock.report.unchecked import UNREAD

#: What is told of the finding that stands for an unread repository: it is no rule to explain.
_UNREAD = (
    "a repository that could not be read",
    "A rule needs a repository that could not be read: whether its records agree is unknown.",
    "What was not checked must not pass for clean.",
)
#: SARIF's word for each severity.
LEVELS = {"error": "error", "warning": "warning", "info": "note", "off": "none"}


def descriptors(findings: Sequence[Finding]) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """One descriptor for each rule, in the order of ids, and the index of each."""
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.rule, finding)
    ids = sorted(first)
    rules = [_descriptor(first[rule]) for rule in ids]
    return rules, {rule: at for at, rule in enumerate(ids)}


def _descriptor(finding: Finding) -> dict[str, Any]:
    summary, what, why, fix = _told(finding)
    reason = harmless(finding.why) or why
    help_text = "\n".join(
        line
        for line in (
            what,
            f"Why: {reason}" if reason else "",
            f"Fix: {fix}" if fix else "",
            f"Owner: {harmless(finding.owner)}" if finding.owner else "",
            f"`interlock explain {finding.rule}` tells more." if finding.rule != UNREAD else "",
        )
        if line
    )
    found: dict[str, Any] = {
        "id": finding.rule,
        "name": finding.rule.partition("/")[2] or finding.rule,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": " ".join(text for text in (what, reason) if text) or summary},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": LEVELS[finding.severity]},
        "properties": {"tags": [finding.rule.partition("/")[0]]},
    }
    if is_plain_address(finding.docs):
        found["helpUri"] = finding.docs
    return found


def _told(finding: Finding) -> tuple[str, str, str, str]:
    """(summary, what, why, fix) of a built-in rule, or of the relation of a policy's rule."""
    from interlock.experiments.relations.table import TABLE, relation
    from interlock.rules.table import RULES

    for doc in RULES:
        if doc.id == finding.rule:
            return doc.summary, doc.what, doc.why, doc.fix
    if finding.relation in TABLE:
        found = relation(finding.relation)
        return found.summary, found.what, found.why, found.fix
    return (*_UNREAD, "") if finding.rule == UNREAD else (finding.rule, "", "", "")
