"""Repairs as SARIF fixes: for the files of the own repository, which is all a viewer can write."""

from __future__ import annotations

from typing import Any

from interlock.model import Edit, Finding, Report
from interlock.report.places import path_address
from interlock.report.sarif_places import OWN, text_message


def fixes(report: Report, finding: Finding) -> list[dict[str, Any]]:
    """At most one fix: the finding's edits in own files; it says so where there are others."""
    if finding.status != "failing" or finding.repair is None:
        return []
    own: dict[str, list[Edit]] = {}
    elsewhere: dict[str, None] = {}
    for edit in finding.repair.edits:
        if edit.repo == report.own:
            own.setdefault(edit.path, []).append(edit)
        else:
            elsewhere[edit.repo] = None
    if not own:
        return []
    rest = f" (the rest of it is in {', '.join(elsewhere)})" if elsewhere else ""
    return [
        {
            "description": text_message(f"{finding.hint or 'mend it'}{rest}"),
            "artifactChanges": [_change(path, edits) for path, edits in sorted(own.items())],
        }
    ]


def _change(path: str, edits: list[Edit]) -> dict[str, Any]:
    """Offsets count characters without a byte order mark, in SARIF (3.30.4) as here."""
    return {
        "artifactLocation": {"uri": path_address(path), "uriBaseId": OWN},
        "replacements": [
            {
                "deletedRegion": {"charOffset": edit.start, "charLength": edit.end - edit.start},
                "insertedContent": {"text": edit.text},
            }
            for edit in sorted(edits, key=lambda edit: edit.start)
        ],
    }
