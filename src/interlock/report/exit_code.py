"""The exit code that a report means."""

from __future__ import annotations

from interlock.model import SEVERITIES, Report

CLEAN, FINDINGS, USAGE, BUG = 0, 1, 2, 3


def exit_code(report: Report) -> int:
    """1 where a finding fails at or above the fail level, or unknown must not pass; else 0."""
    limit = SEVERITIES.index(report.fail_level)
    for finding in report.findings:
        if finding.status == "failing" and SEVERITIES.index(finding.severity) <= limit:
            return FINDINGS
        if finding.status == "unknown" and report.require_all:
            return FINDINGS
    return CLEAN
