"""The report as JSON, for programs; its shape is schemas/report.json."""

from __future__ import annotations

import json
import re
from typing import Any

from interlock.model import Finding, Place, Repair, Report
from interlock.report.exit_code import exit_code
from interlock.report.identity_hash import identity_hash
from interlock.report.order import count, ordered
from interlock.report.verdict import state

#: Grows when a member changes its meaning or goes; new members may appear without.
SCHEMA = 1

#: ``##[`` on any line of a log is a command to some CI systems; inside JSON this says the same.
_COMMAND = re.compile(r"#(?=#)")


def render(report: Report, *, colour: bool = False, show_all: bool = False) -> str:
    """The report as indented ASCII JSON; everything is in it, whatever ``show_all`` says."""
    del colour, show_all
    return dumped(as_data(report))


def dumped(data: dict[str, Any]) -> str:
    """``data`` as text that is safe to print anywhere and ends with a line break."""
    return _COMMAND.sub(r"\\u0023", json.dumps(data, indent=2)) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data, in a fixed order: the same report gives the same text."""
    return {
        "schema": SCHEMA,
        "state": state(report),
        "exit_code": exit_code(report),
        "mode": report.mode,
        "fail_level": report.fail_level,
        "require_all": report.require_all,
        "own": report.own,
        "own_name": report.own_name,
        "policy": report.policy,
        "repos": [dict(zip(("alias", "name", "read"), row, strict=True)) for row in report.repos],
        "links": dict(sorted(report.links)),
        "checked": report.checked._asdict(),
        "counts": count(report)._asdict(),
        "notices": list(report.notices),
        "findings": [as_finding(finding) for finding in ordered(report)],
    }


def as_finding(finding: Finding) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "fingerprint": identity_hash(finding),
        "rule": finding.rule,
        "relation": finding.relation,
        "severity": finding.severity,
        "status": finding.status,
        "message": finding.message,
        "key": finding.key,
        "field": finding.field,
        "member": finding.member,
        "values": list(finding.values),
        "repos": list(finding.repos),
        "known_in": list(finding.known_in),
        "repair_in": list(finding.repair_in),
        "places": [_place(place) for place in finding.places],
        "hint": finding.hint,
        "why": finding.why,
        "owner": finding.owner,
        "docs": finding.docs,
        "note": finding.note,
        "age": finding.age,
        "repair": None if finding.repair is None else _repair(finding.repair),
    }


def _place(place: Place) -> dict[str, Any]:
    return place._asdict()


def _repair(repair: Repair) -> dict[str, Any]:
    return {"edits": [edit._asdict() for edit in repair.edits], "refusal": repair.refusal}
