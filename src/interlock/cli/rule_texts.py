"""What viewers of a report are told about its rules."""

from __future__ import annotations

from interlock.experiments.relations.table import TABLE, relation
from interlock.model import Report, RuleText
from interlock.policy.model import NO_POLICY, Policy
from interlock.report.secret_words import rule_text
from interlock.rules.table import PAGES
from interlock.secrets.custom import with_own
from interlock.secrets.pages import PREFIX, pages


def rule_texts(report: Report, policy: Policy = NO_POLICY) -> tuple[RuleText, ...]:
    """The texts of every rule with findings: its own page's, or those of its relation."""
    known = {doc.id: RuleText(doc.id, doc.summary, doc.what, doc.why, doc.fix) for doc in PAGES}
    if any(finding.rule.startswith(PREFIX) for finding in report.findings):
        own = policy.secrets.rules if policy.secrets is not None else ()
        known.update({page.id: rule_text(page) for page in pages(with_own(own))})
    for finding in report.findings:
        if finding.rule not in known and finding.relation in TABLE:
            of = relation(finding.relation)
            known[finding.rule] = RuleText(finding.rule, of.summary, of.what, of.why, of.fix)
    return tuple(known[rule] for rule in sorted({f.rule for f in report.findings} & set(known)))
