"""SARIF: valid by the official schema, at home in code scanning, fixes that fix."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
from jsonschema import Draft4Validator, FormatChecker
from reportsamples import (
    CLEAN,
    DEFERRED,
    DIFFERS,
    EXPECTED,
    GRACE,
    HOSTILE,
    MISSING,
    OLD,
    PLAN,
    REPORT,
    SUM,
    TRAINING,
    UNKNOWN,
    WAIVED,
    WEB,
    hostile,
)

from interlock.model import Edit, Finding, Place, Repair, Report, RuleText
from interlock.report import sarif
from interlock.report.identity_hash import identity_hash
from interlock.report.sarif import log, render
from interlock.report.sarif_places import OWN, SIBLINGS, text_message

#: docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json
OFFICIAL = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
POLICY_PLACE = Place("policy", "", "interlock.yaml", 7, 1, 7, 5, "", "declared here", "")


@pytest.fixture(scope="module")
def official() -> Draft4Validator:
    """The schema of OASIS, which the wheel of linceo carries; nothing of it is imported."""
    path = Path(str(distribution("linceo").locate_file("linceo/data/sarif-schema-2.1.0.json")))
    data = path.read_bytes()
    assert hashlib.sha256(data).hexdigest() == OFFICIAL
    return Draft4Validator(json.loads(data), format_checker=FormatChecker())


REPORTS = {
    "typical": REPORT,
    "check": REPORT._replace(mode="check"),
    "clean": CLEAN,
    "elsewhere": REPORT._replace(own="", own_name="", policy="", links=()),
    "no-places": CLEAN._replace(findings=(DIFFERS._replace(places=()), UNKNOWN)),
    "policy": CLEAN._replace(findings=(SUM._replace(places=(MISSING, POLICY_PLACE)),)),
    **{f"hostile-{name}": hostile(text) for name, text in HOSTILE.items()},
}


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_valid_by_the_official_schema(report: Report, official: Draft4Validator) -> None:
    official.validate(json.loads(render(report)))


def test_the_official_schema_would_notice(official: Draft4Validator) -> None:
    data = json.loads(render(REPORT))
    data["runs"][0]["results"][0]["level"] = "fatal"
    assert not official.is_valid(data)


def test_typical() -> None:
    assert render(REPORT) == (EXPECTED / "typical.sarif").read_text(encoding="utf-8")


def run_of(report: Report) -> dict[str, Any]:
    run: dict[str, Any] = log(report)["runs"][0]
    return run


def result_of(finding: Finding, **changes: object) -> dict[str, Any]:
    report = CLEAN._replace(findings=(finding,), **changes)  # type: ignore[arg-type]
    (result,) = run_of(report)["results"]
    assert isinstance(result, dict)
    return result


def at(*places: Place, **changes: object) -> tuple[str, str, int]:
    """Where the result stands: base, path, line."""
    (found,) = result_of(SUM._replace(places=places), **changes)["locations"]
    physical = found["physicalLocation"]
    artifact = physical["artifactLocation"]
    return artifact["uriBaseId"], artifact["uri"], physical["region"]["startLine"]


WHOLE = PLAN._replace(path="whole.yaml", line=0, end_line=0, excerpt="")
ELSEWHERE = MISSING._replace(name="acme/model-serving")


@pytest.mark.parametrize(
    ("places", "changes", "where"),
    [
        ((TRAINING, PLAN), {}, (OWN, PLAN.path, 12)),
        ((WHOLE, PLAN), {}, (OWN, PLAN.path, 12)),
        ((TRAINING, WHOLE), {}, (OWN, "whole.yaml", 1)),
        # Nothing of ours in it: the file that makes this repository take part.
        ((TRAINING,), {}, (OWN, ".interlock.yaml", 1)),
        ((), {}, (OWN, ".interlock.yaml", 1)),
        ((TRAINING, POLICY_PLACE), {"policy": "interlock.yaml"}, (OWN, "interlock.yaml", 7)),
        ((POLICY_PLACE, PLAN), {"policy": "interlock.yaml"}, (OWN, PLAN.path, 12)),
        # A policy that lives elsewhere is no file of ours.
        ((POLICY_PLACE,), {"policy": ".interlock.yaml"}, (OWN, ".interlock.yaml", 1)),
        # No repository is ours: the first place, in a way that no own file has.
        (
            (ELSEWHERE, PLAN),
            {"own": "", "policy": ""},
            (SIBLINGS, "acme/model-serving/env/prod/values.yaml", 1),
        ),
        (
            (TRAINING,),
            {"own": "", "policy": ""},
            (
                "https://github.com/",
                "acme/model-training/blob/1a2b3c4/conf/experiment/ranker-v2.toml",
                3,
            ),
        ),
        # Of an alias with several repositories, only one is ours.
        ((PLAN._replace(name="acme/other"),), {}, (OWN, ".interlock.yaml", 1)),
    ],
)
def test_primary_location(
    places: tuple[Place, ...], changes: dict[str, object], where: tuple[str, str, int]
) -> None:
    assert at(*places, **changes) == where


def artifacts(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "artifactLocation" in value:
            yield value["artifactLocation"]
        for member in value.values():
            yield from artifacts(member)
    elif isinstance(value, list):
        for member in value:
            yield from artifacts(member)


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_no_location_is_absolute_and_every_base_is_declared(report: Report) -> None:
    """GitHub rejects an upload with an absolute location (github/codeql-action#754)."""
    run = run_of(report)
    declared = run.get("originalUriBaseIds", {})
    for artifact in artifacts(run["results"]):
        assert "://" not in artifact["uri"].partition("?")[0]
        assert not artifact["uri"].startswith("/")
        assert artifact["uriBaseId"] in declared
    for base in declared.values():
        assert "uri" not in base or base["uri"].endswith("/")


def test_other_places_resolve_to_their_lines_on_the_web() -> None:
    path = "conf/a b#c?d%é.toml"
    place = TRAINING._replace(path=path)
    run = run_of(CLEAN._replace(findings=(SUM._replace(places=(PLAN, place)),)))
    (related,) = run["results"][0]["relatedLocations"]
    artifact = related["physicalLocation"]["artifactLocation"]
    base = run["originalUriBaseIds"][artifact["uriBaseId"]]["uri"]
    assert unquote(urljoin(base, artifact["uri"])) == f"{WEB}{path}"
    assert related["physicalLocation"]["region"] == {
        "startLine": 3, "startColumn": 9, "endLine": 3, "endColumn": 12,
    }  # fmt: skip
    assert related["physicalLocation"]["contextRegion"]["snippet"]["text"] == "boost = 0.5"


def test_every_other_place_is_related_and_told_in_the_message() -> None:
    own = PLAN._replace(path="second.yaml", line=2, end_line=2)
    result = result_of(SUM._replace(places=(TRAINING, PLAN, MISSING, own)))
    assert [one["message"]["text"] for one in result["relatedLocations"]] == [
        "is 0.5 in training",
        "no `zoo` here",
        "is 0.4 in plan",
    ]
    assert result["message"]["text"].split("\n") == [
        SUM.message,
        f"- [training: {TRAINING.path}:3:9  (main (1a2b3c4))]({WEB}{TRAINING.path}#L3): "
        + TRAINING.note,
        "- serving: env/prod/values.yaml: no `zoo` here",
        "- [pipelines: second.yaml:2:14  (staged)](3): is 0.4 in plan",
        f"help: {SUM.hint}",
    ]
    assert result["relatedLocations"][2]["id"] == 3


def test_brackets_make_no_links() -> None:
    text = text_message("[click](https://evil.example) \\[x](1)")["text"]
    assert text == "\\[click\\](https://evil.example) \\\\\\[x\\](1)"
    place = TRAINING._replace(path="a](b) [c", note="[n](2)")
    message = result_of(SUM._replace(places=(PLAN, place)))["message"]["text"]
    assert (
        f"[training: a\\](b) \\[c:3:9  (main (1a2b3c4))]({WEB}a%5D%28b%29%20%5Bc#L3): \\[n\\]"
        in (message)
    )


@pytest.mark.parametrize(
    ("finding", "mode", "level", "baseline", "suppressed"),
    [
        (DIFFERS, "change", "error", "new", False),
        (DIFFERS, "check", "error", None, False),
        (SUM, "change", "warning", "new", False),
        (SUM._replace(severity="info"), "change", "note", "new", False),
        (OLD, "change", "error", "unchanged", False),
        (GRACE, "change", "note", "new", False),
        (WAIVED, "change", "note", "new", True),
    ],
)
def test_levels(
    finding: Finding, mode: str, level: str, baseline: str | None, suppressed: bool
) -> None:
    result = result_of(finding, mode=mode)
    assert (result["level"], result.get("baselineState")) == (level, baseline)
    assert ("suppressions" in result) == suppressed
    assert result["partialFingerprints"] == {"interlock/identity/v1": identity_hash(finding)}
    assert result["properties"]["severity"] == finding.severity


def test_a_waiver_says_why() -> None:
    (suppression,) = result_of(WAIVED)["suppressions"]
    assert suppression["justification"] == "waived: on leave (bob)"


@pytest.mark.parametrize(("require_all", "level"), [(True, "error"), (False, "warning")])
def test_what_is_unknown_stays_open(require_all: bool, level: str) -> None:
    """An upload without a result would close the alerts of the rules that were not checked."""
    result = result_of(UNKNOWN, require_all=require_all)
    assert result["level"] == level
    run = run_of(CLEAN._replace(findings=(UNKNOWN,), require_all=require_all))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == int(require_all)
    assert invocation["toolExecutionNotifications"][0]["level"] == "error"


def test_deferred_is_a_notification_only() -> None:
    run = run_of(CLEAN._replace(findings=(DEFERRED,)))
    assert run["results"] == []
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["level"] == "note"
    assert note["message"]["text"].startswith(DEFERRED.message)


def test_a_fix_replaces_what_the_edits_replace() -> None:
    text = "a: 1 # 漢字 🎉\nb: 22\n"
    edits = (
        Edit("pipelines", "x y.yaml", text.index("22"), text.index("22") + 2, "33"),
        Edit("pipelines", "x y.yaml", 3, 4, "[1,\n2]"),
        Edit("training", "other.toml", 0, 0, "no"),
    )
    result = result_of(SUM._replace(repair=Repair(edits, "")))
    (fix,) = result["fixes"]
    assert fix["description"]["text"].endswith("(the rest of it is in training)")
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "x%20y.yaml", "uriBaseId": OWN}
    for replacement in reversed(change["replacements"]):
        region = replacement["deletedRegion"]
        start, end = region["charOffset"], region["charOffset"] + region["charLength"]
        text = text[:start] + replacement["insertedContent"]["text"] + text[end:]
    assert text == "a: [1,\n2] # 漢字 🎉\nb: 33\n"


@pytest.mark.parametrize("own", ["pipelines", ""])
def test_other_repositories_are_not_fixed(own: str) -> None:
    assert "fixes" not in result_of(DIFFERS, own=own)


def test_findings_that_do_not_count_are_not_fixed() -> None:
    assert "fixes" in result_of(DIFFERS, own="training")
    assert "fixes" not in result_of(OLD, own="training")


def test_rules_are_described_once_and_referred_to() -> None:
    text = RuleText(SUM.rule, "weights that do not add up", "What it is.", "Why it is.", "Fix it.")
    run = run_of(REPORT._replace(rules=(text,)))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({f.rule for f in REPORT.findings})
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    described = next(rule for rule in rules if rule["id"] == SUM.rule)
    assert described["shortDescription"]["text"] == "weights that do not add up"
    assert described["fullDescription"]["text"] == "What it is. Why it is."
    assert described["help"]["text"].split("\n") == [
        "What it is.",
        "Why: Why it is.",
        "Fix: Fix it.",
        "`interlock explain experiment/weights-add-up` tells more.",
    ]
    assert described["defaultConfiguration"] == {"level": "warning"}
    assert "helpUri" not in described
    declared = next(rule for rule in rules if rule["id"] == DIFFERS.rule)
    assert declared["helpUri"] == DIFFERS.docs
    assert DIFFERS.why in declared["fullDescription"]["text"]


def test_no_more_results_than_code_scanning_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 2)
    run = run_of(REPORT)
    assert [result["level"] for result in run["results"]] == ["error", "warning"]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert notes[-1]["message"]["text"] == "4 more results were left out: code scanning takes 2"
