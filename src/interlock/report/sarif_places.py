"""Places as SARIF locations, and messages that link them.

Own files are relative to %SRCROOT%. Files elsewhere must not be: GitHub takes no absolute
addresses (it rejects the whole upload, github/codeql-action#754) and ignores uriBaseId
(github/codeql-action#2456), so a bare ``conf/x.toml`` of a sibling would be taken for a file of
the own repository. Their path therefore begins with owner/name: below their host where the web
address is known, which other viewers resolve to the very file, else below the base SIBLINGS.
"""

from __future__ import annotations

import re
from typing import Any

from interlock.model import Finding, Place, Report
from interlock.report.neutral import harmless
from interlock.report.places import is_own, own_place, path_address, root_address, web_address
from interlock.report.quoting import header

OWN, SIBLINGS = "%SRCROOT%", "SIBLINGS"
#: Locations that one result names; GitHub takes 1,000.
MAX_LINKS = 100


def primary(report: Report, finding: Finding) -> Place | None:
    """Where the result stands; see interlock.report.sarif."""
    own = own_place(report, finding.places)
    if own is not None:
        return own
    policy = next((p for p in finding.places if p.repo == "policy"), None)
    if policy is not None and policy.path == report.policy:
        return policy
    if report.own and report.policy:
        return Place("policy", "", report.policy, 0, 0, 0, 0, "", "the policy comes from here", "")
    return next((place for place in finding.places if place.path), None)


def location(
    report: Report, place: Place, number: int, *, whole_file_line: int = 0
) -> dict[str, Any]:
    """A SARIF location; ``number`` is its id for links, 0 for none.

    GitHub wants a line of a primary location: ``whole_file_line`` stands for a whole file.
    """
    found: dict[str, Any] = {"message": text_message(_label(place))}
    if number:
        found["id"] = number
    if not place.path:
        return found
    physical: dict[str, Any] = {"artifactLocation": artifact(report, place)}
    if place.line:
        physical["region"] = {
            "startLine": place.line,
            "startColumn": max(place.column, 1),
            "endLine": max(place.end_line, place.line),
            "endColumn": max(place.end_column, 1),
        }
        if place.excerpt:
            physical["contextRegion"] = {
                "startLine": place.line,
                "endLine": place.line + place.excerpt.count("\n"),
                "snippet": {"text": place.excerpt},
            }
    elif whole_file_line:
        physical["region"] = {"startLine": whole_file_line}
    found["physicalLocation"] = physical
    return found


def artifact(report: Report, place: Place) -> dict[str, Any]:
    """Where the file is: see the head of this module."""
    path = path_address(place.path)
    if is_own(report, place) or (place.repo == "policy" and place.path == report.policy):
        return {"uri": path, "uriBaseId": OWN}
    scheme, sign, rest = root_address(report, place).partition("://")
    host, _, folder = rest.partition("/")
    if sign and host:
        return {"uri": f"{folder}{path}", "uriBaseId": f"{scheme}://{host}/"}
    return {"uri": f"{path_address(place.name or place.repo)}/{path}", "uriBaseId": SIBLINGS}


def bases(run: dict[str, Any]) -> dict[str, Any]:
    """The uriBaseIds that ``run`` uses, named and resolved as far as that is possible."""
    found: dict[str, Any] = {}
    for base in sorted(_used(run)):
        if base == OWN:
            text = "The root of the repository that was checked."
            found[base] = {"description": {"text": text}}
        elif base == SIBLINGS:
            text = "A folder that holds the other repositories under owner/name."
            found[base] = {"description": {"text": text}}
        else:
            found[base] = {"uri": base}
    return found


def _used(value: object) -> set[str]:
    if isinstance(value, dict):
        here = {value["uriBaseId"]} if "uriBaseId" in value else set()
        return here.union(*(_used(member) for member in value.values()))
    if isinstance(value, list):
        return set().union(*(_used(member) for member in value))
    return set()


def text_message(text: str) -> dict[str, str]:
    """A message of plain text; brackets are escaped, since they make links in SARIF (3.11.6)."""
    return {"text": _escaped(harmless(text)) or "-"}


def linked_message(report: Report, finding: Finding, others: list[Place]) -> dict[str, str]:
    """The message with a link to each of ``others``: by id in own files, else by web address."""
    lines = [_escaped(harmless(finding.message)) or finding.rule]
    for number, place in enumerate(others[:MAX_LINKS], start=1):
        target = web_address(report, place)
        if is_own(report, place) and place.path:
            target = str(number)
        label = _escaped(header(place))
        note = f": {_escaped(harmless(place.note))}" if place.note else ""
        lines.append(f"- [{label}]({target}){note}" if target else f"- {label}{note}")
    if len(others) > MAX_LINKS:
        lines.append(f"- and {len(others) - MAX_LINKS:,} more")
    if finding.hint:
        lines.append(f"help: {_escaped(harmless(finding.hint))}")
    return {"text": "\n".join(lines)}


def _escaped(text: str) -> str:
    return re.sub(r"[\\\[\]]", r"\\\g<0>", text)


def _label(place: Place) -> str:
    return place.note or header(place)
