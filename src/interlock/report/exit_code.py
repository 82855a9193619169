"""The exit codes, and the one that a report means."""

from __future__ import annotations

from interlock.model import SEVERITIES, Report

#: Design section 7: nothing fails; a finding fails; bad usage or policy; a bug in Interlock.
CLEAN, FINDINGS, USAGE, BUG = 0, 1, 2, 3


def exit_code(report: Report) -> int:
    """1 where a finding fails at or above the fail level, or unknown must not pass; else 0.

    Deferred never fails (the organisation's bot sets that status), nor does a fail level "off".
    """
    levels = SEVERITIES[: SEVERITIES.index(report.fail_level) + 1]
    if report.fail_level == "off":
        levels = ()
    for finding in report.findings:
        if finding.status == "failing" and finding.severity in levels:
            return FINDINGS
        if finding.status == "unknown" and report.require_all:
            return FINDINGS
    return CLEAN
