"""The report as JSON, for programs; its shape is schemas/report.json."""

from __future__ import annotations

from typing import Any

from interlock.model import Finding, Report
from interlock.report.order import ordered

SCHEMA = 1


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data, in a fixed order."""
    return {
        "schema": SCHEMA,
        "mode": report.mode,
        "fail_level": report.fail_level,
        "require_all": report.require_all,
        "own": report.own,
        "repos": [dict(zip(("alias", "name", "read"), row, strict=True)) for row in report.repos],
        "checked": report.checked._asdict(),
        "notices": list(report.notices),
        "findings": [_finding(finding) for finding in ordered(report)],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    data = finding._asdict()
    data["places"] = [place._asdict() for place in finding.places]
    data["repos"], data["repair_in"] = list(finding.repos), list(finding.repair_in)
    data["values"] = list(finding.values)
    if finding.repair is not None:
        data["repair"] = {
            "edits": [edit._asdict() for edit in finding.repair.edits],
            "refusal": finding.repair.refusal,
        }
    return data


def render(report: Report, *, colour: bool = False, show_all: bool = False) -> str:
    """The report as indented JSON; everything is in it, whatever ``show_all`` says."""
    del colour, show_all
    import json

    return json.dumps(as_data(report), indent=2, ensure_ascii=True) + "\n"
