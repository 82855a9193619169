"""What SARIF viewers are told about the rules of a report's findings."""

from __future__ import annotations

from typing import Any

from interlock.model import Finding, Report, RuleText
from interlock.report.neutral import harmless
from interlock.report.order import ordered
from interlock.report.places import is_plain_address
from interlock.report.unchecked import UNREAD

#: What is told of the finding that stands for an unread repository: it is no rule to explain.
_UNREAD = RuleText(
    UNREAD,
    "a repository that could not be read",
    "A rule needs a repository that could not be read: whether its records agree is unknown.",
    "What was not checked must not pass for clean.",
    "",
)
_NONE = RuleText("", "", "", "", "")
#: SARIF's word for each severity.
LEVELS = {"error": "error", "warning": "warning", "info": "note", "off": "none"}


def descriptors(report: Report) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """One descriptor for each rule that has findings, by id, and the index of each.

    Where the report brings no text for a rule, its findings are all there is to say.
    """
    texts = {text.id: text for text in (*report.rules, _UNREAD)}
    first: dict[str, Finding] = {}
    for finding in ordered(report):
        first.setdefault(finding.rule, finding)
    ids = sorted(first)
    rules = [_descriptor(first[id_], texts.get(id_, _NONE)) for id_ in ids]
    return rules, {id_: at for at, id_ in enumerate(ids)}


def _descriptor(finding: Finding, text: RuleText) -> dict[str, Any]:
    reason = harmless(finding.why) or text.why
    summary = text.summary or finding.rule
    help_text = "\n".join(
        line
        for line in (
            text.what,
            f"Why: {reason}" if reason else "",
            f"Fix: {text.fix}" if text.fix else "",
            f"Owner: {harmless(finding.owner)}" if finding.owner else "",
            f"`interlock explain {finding.rule}` tells more." if finding.rule != UNREAD else "",
        )
        if line
    )
    found: dict[str, Any] = {
        "id": finding.rule,
        "name": finding.rule.partition("/")[2] or finding.rule,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": " ".join(t for t in (text.what, reason) if t) or summary},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": LEVELS[finding.severity]},
        "properties": {"tags": [finding.rule.partition("/")[0]]},
    }
    page = text.page or finding.docs
    if is_plain_address(page):
        found["helpUri"] = page
    return found
