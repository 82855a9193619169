"""Order, counts, exit codes and words that every format shares."""

from __future__ import annotations

import subprocess
import sys

import pytest
from reportsamples import CLEAN, DEFERRED, DIFFERS, GRACE, OLD, REPORT, SUM, UNKNOWN, WAIVED

from interlock.model import Finding, Problem, Severity
from interlock.report.exit_code import exit_code
from interlock.report.order import Counts, count, ordered
from interlock.report.problems import render_problems
from interlock.report.table import FORMATS, render, reporter
from interlock.report.wording import age, many

INFO = SUM._replace(severity="info")


@pytest.mark.parametrize(
    ("findings", "fail_level", "require_all", "code"),
    [
        ((), "error", True, 0),
        ((DIFFERS,), "error", False, 1),
        ((SUM,), "error", False, 0),
        ((SUM,), "warning", False, 1),
        ((INFO,), "warning", False, 0),
        ((INFO,), "info", False, 1),
        ((DIFFERS,), "info", False, 1),
        ((DIFFERS,), "off", False, 0),
        ((OLD, GRACE, WAIVED), "info", True, 0),
        ((UNKNOWN,), "error", False, 0),
        ((UNKNOWN,), "error", True, 1),
        ((UNKNOWN._replace(severity="info"),), "error", True, 1),
        ((DEFERRED,), "info", True, 0),
        ((SUM, DIFFERS), "error", False, 1),
    ],
)
def test_exit_code(
    findings: tuple[Finding, ...], fail_level: Severity, require_all: bool, code: int
) -> None:
    report = CLEAN._replace(findings=findings, fail_level=fail_level, require_all=require_all)
    assert exit_code(report) == code


def test_worst_first_then_by_experiment() -> None:
    later = DIFFERS._replace(key="zz")
    other = DIFFERS._replace(rule="experiment/other")
    first = DIFFERS._replace(rule="experiment/zzz", key="aaa")
    findings = (WAIVED, OLD, INFO, SUM, later, GRACE, DEFERRED, DIFFERS, UNKNOWN, other, first)
    assert ordered(CLEAN._replace(findings=findings)) == [
        first, other, DIFFERS, later, SUM, INFO, UNKNOWN, DEFERRED, GRACE, OLD, WAIVED,
    ]  # fmt: skip


def test_counts() -> None:
    assert count(REPORT._replace(own="training")) == Counts(
        error=1, warning=1, info=0, unknown=1, deferred=0, grace=1, old=1, waived=1,
        mendable=1, oldest=OLD.age,
    )  # fmt: skip
    assert count(REPORT).mendable == 0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than a minute"),
        (60, "1 minute"),
        (3_599, "59 minutes"),
        (7_200, "2 hours"),
        (86_399, "23 hours"),
        (86_400, "1 day"),
        (12 * 86_400, "12 days"),
    ],
)
def test_age(seconds: int, text: str) -> None:
    assert age(seconds) == text


def test_many() -> None:
    assert [many(0, "rule"), many(1, "rule"), many(1_234, "rule"), many(2, "info")] == [
        "0 rules",
        "1 rule",
        "1,234 rules",
        "2 info",
    ]


def test_problems_are_told_by_their_place() -> None:
    problems = [
        Problem("there is no source `plam`", "interlock.yaml", 9, 11, 9, 15, "  - each: plam",
                "did you mean `plan`?"),
        Problem("the file is empty", "a.yaml", 0, 0, 0, 0, "", ""),
    ]  # fmt: skip
    assert render_problems(problems) == (
        "policy the file is empty\n"
        " --> a.yaml\n"
        "\n"
        "policy there is no source `plam`\n"
        " --> interlock.yaml:9:11\n"
        "  |\n"
        "9 |   - each: plam\n"
        "  |           ^^^^\n"
        "  = help: did you mean `plan`?\n"
        "\n"
        "2 problems in the policy: nothing was checked\n"
    )


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_the_table_renders_whole_lines(name: str) -> None:
    text = render(REPORT, name, colour=False, show_all=True)
    assert text == reporter(name)(REPORT, show_all=True)
    assert text.endswith("\n")


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(KeyError):
        reporter("html5")


def loaded(statement: str) -> set[str]:
    """The modules that ``statement`` imports in a fresh interpreter."""
    code = f"import sys; before = set(sys.modules); {statement}; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_run_without_findings_loads_no_reporter() -> None:
    ours = {name for name in loaded("import interlock.report.exit_code") if "report" in name}
    assert ours == {"interlock.report", "interlock.report.exit_code"}


def test_the_table_loads_no_reporter() -> None:
    ours = {name for name in loaded("import interlock.report.table") if "report" in name}
    assert ours == {"interlock.report", "interlock.report.table"}


def test_the_text_reporter_loads_nothing_heavy() -> None:
    heavy = {"json", "hashlib", "urllib.parse", "html", "logging", "dataclasses", "argparse"}
    assert not loaded("import interlock.report.text") & heavy
