"""What viewers of a report are told about its rules."""

from __future__ import annotations

from interlock.experiments.relations.table import TABLE, relation
from interlock.model import Report, RuleText
from interlock.rules.table import PAGES


def rule_texts(report: Report) -> tuple[RuleText, ...]:
    """The texts of every rule with findings: its own page's, or those of its relation."""
    known = {doc.id: RuleText(doc.id, doc.summary, doc.what, doc.why, doc.fix) for doc in PAGES}
    for finding in report.findings:
        if finding.rule not in known and finding.relation in TABLE:
            of = relation(finding.relation)
            known[finding.rule] = RuleText(finding.rule, of.summary, of.what, of.why, of.fix)
    return tuple(known[rule] for rule in sorted({f.rule for f in report.findings} & set(known)))
