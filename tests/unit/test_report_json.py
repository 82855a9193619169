"""The JSON report: its documented shape, everything in it, always in the same order."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from reportsamples import CLEAN, DEFERRED, DIFFERS, EXPECTED, HOSTILE, REPORT, UNKNOWN, hostile

from interlock.model import Edit, Finding, Place, Report
from interlock.report.identity_hash import identity_hash
from interlock.report.plain_json import render

SCHEMA = json.loads(files("interlock.schemas").joinpath("report.json").read_text("utf-8"))
REPORTS = {
    "typical": REPORT,
    "clean": CLEAN,
    "deferred": CLEAN._replace(findings=(DEFERRED, UNKNOWN), require_all=True),
    **{f"hostile-{name}": hostile(text) for name, text in HOSTILE.items()},
}


def closed(schema: Any) -> Any:
    """The schema, allowing no member that it does not describe."""
    schema = deepcopy(schema)
    stack = [schema]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if "properties" in node:
                node["additionalProperties"] = False
            stack += node.values()
        elif isinstance(node, list):
            stack += node
    return schema


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_every_report_has_the_documented_shape_and_nothing_else(report: Report) -> None:
    Draft202012Validator(closed(SCHEMA)).validate(json.loads(render(report)))


def test_the_schema_would_notice() -> None:
    changes: list[dict[str, object]] = [
        {"schema": 2}, {"exit_code": 2}, {"mode": "x"}, {"findings": [{}]},
    ]  # fmt: skip
    for change in changes:
        broken = {**json.loads(render(REPORT)), **change}
        assert not Draft202012Validator(SCHEMA).is_valid(broken)


def test_typical() -> None:
    assert render(REPORT) == (EXPECTED / "typical.json").read_text(encoding="utf-8")


def test_everything_in_the_report_is_in_the_json() -> None:
    data = json.loads(render(REPORT._replace(findings=(DIFFERS,))))
    # What the schema's members are called instead, or what they are computed from.
    assert set(Report._fields) - {"rules"} <= set(data)
    (found,) = data["findings"]
    assert set(Finding._fields) <= set(found)
    assert set(Place._fields) == set(found["places"][0])
    assert set(Edit._fields) == set(found["repair"]["edits"][0])
    assert found["places"][0] == DIFFERS.places[0]._asdict()
    assert data["repos"][0] == {
        "alias": "training",
        "name": "acme/model-training",
        "read": "main (1a2b3c4)",
    }


def test_order_does_not_depend_on_the_order_of_findings() -> None:
    findings = list(REPORT.findings)
    for seed in range(10):
        random.Random(seed).shuffle(findings)
        assert render(REPORT._replace(findings=tuple(findings))) == render(REPORT)


def test_what_log_readers_obey_is_escaped_and_reads_the_same() -> None:
    report = CLEAN._replace(notices=("##[add-mask]x ###[y]",))
    assert "##" not in render(report)
    assert json.loads(render(report))["notices"] == ["##[add-mask]x ###[y]"]


def test_a_fingerprint_follows_the_identity_and_no_line() -> None:
    moved = DIFFERS._replace(places=(), message="other", severity="info", status="old")
    assert identity_hash(moved) == identity_hash(DIFFERS)
    others = (
        DIFFERS._replace(rule="x/y"),
        DIFFERS._replace(key="x"),
        DIFFERS._replace(field="x"),
        DIFFERS._replace(member="x"),
        DIFFERS._replace(repos=("x",)),
    )
    assert len({identity_hash(finding) for finding in (DIFFERS, *others)}) == 6
    # Parts do not run together.
    one = DIFFERS._replace(key="a", field="bc")
    assert identity_hash(one) != identity_hash(DIFFERS._replace(key="ab", field="c"))
