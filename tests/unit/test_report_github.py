"""Annotations: what the runner understands, in which order, and what the limit cut."""

from __future__ import annotations

import pytest
from reportsamples import CLEAN, DEFERRED, DIFFERS, EXPECTED, PLAN, REPORT, SUM, TRAINING, UNKNOWN
from workflowlog import obeyed

from interlock.model import Finding, Place
from interlock.report.github import PER_STEP, render
from interlock.report.workflow_command import MAX_MESSAGE, command


def of(*findings: Finding, **changes: object) -> str:
    return render(CLEAN._replace(findings=findings, **changes))  # type: ignore[arg-type]


def test_typical() -> None:
    assert render(REPORT) == (EXPECTED / "typical.github").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("properties", "message", "line"),
    [
        ({}, "x", "::error::x"),
        ({"file": "a.py", "line": 3}, "x", "::error file=a.py,line=3::x"),
        ({"file": "", "line": 0, "title": "t"}, "x", "::error title=t::x"),
        ({}, "100%\r\nb: c, d", "::error::100%25%0D%0Ab: c, d"),
        ({"title": "a: b, c\n100%"}, "", "::error title=a%3A b%2C c%0A100%25::"),
        ({"title": "%3A"}, "%0A", "::error title=%253A::%250A"),
    ],
)
def test_commands_are_escaped(properties: dict[str, str | int], message: str, line: str) -> None:
    assert command("error", properties, message) == line
    (found,) = obeyed(line)
    assert found.message == message
    assert found.properties == {k: str(v) for k, v in properties.items() if v}


def test_a_command_is_read_back_as_it_was_meant() -> None:
    path = "conf/a, b: 100%.toml"
    place = PLAN._replace(path=path)
    (found,) = obeyed(of(DIFFERS._replace(places=(TRAINING, place))))
    assert found.name == "error"
    assert found.properties == {
        "file": path, "line": "12", "endLine": "12", "col": "14", "endColumn": "16",
        "title": "experiment/same-params: ranker-v2",
    }  # fmt: skip
    assert found.message.split("\n")[0] == DIFFERS.message


def properties(*places: Place) -> dict[str, str]:
    (found,) = obeyed(of(SUM._replace(places=places)))
    return {name: value for name, value in found.properties.items() if name != "title"}


def test_an_annotation_stands_in_the_own_repository_or_nowhere() -> None:
    assert properties(TRAINING) == {}
    assert properties(TRAINING, PLAN)["file"] == PLAN.path
    assert properties(PLAN._replace(name="acme/other-pipelines")) == {}
    assert properties() == {}


def test_a_line_is_better_than_a_whole_file() -> None:
    whole = PLAN._replace(path="whole.yaml", line=0, end_line=0)
    assert properties(whole, PLAN)["file"] == PLAN.path
    assert properties(whole) == {"file": "whole.yaml"}


def test_several_lines_have_no_columns() -> None:
    found = properties(PLAN._replace(end_line=14))
    assert found == {"file": PLAN.path, "line": "12", "endLine": "14"}


def test_an_empty_span_is_one_column() -> None:
    found = properties(PLAN._replace(end_column=PLAN.column))
    assert (found["col"], found["endColumn"]) == ("14", "14")


def test_a_path_that_cannot_be_written_is_in_the_message_only() -> None:
    (found,) = obeyed(of(SUM._replace(places=(PLAN._replace(path="a\nb"),))))
    assert "file" not in found.properties
    assert "pipelines: a\\nb:12:14" in found.message


def test_kinds_go_worst_first() -> None:
    info = SUM._replace(severity="info", key="i")
    names = [one.name for one in obeyed(of(info, SUM, DIFFERS, UNKNOWN, DEFERRED, notices=("n",)))]
    assert names == ["error", "warning", "warning", "notice", "notice", "notice"]


@pytest.mark.parametrize(("require_all", "kind"), [(True, "error"), (False, "warning")])
def test_unknown_is_an_error_where_it_fails(require_all: bool, kind: str) -> None:
    log = of(UNKNOWN, require_all=require_all)
    assert [(one.name, one.properties) for one in obeyed(log)] == [(kind, {"title": "not checked"})]
    assert "clean" not in log


def test_deferred_is_a_notice_and_never_clean() -> None:
    log = of(DEFERRED)
    assert [one.name for one in obeyed(log)] == ["notice"]
    assert log.endswith(": no finding, but not complete\n")


def test_what_the_limit_cut_is_printed() -> None:
    findings = [DIFFERS._replace(key=f"e{at:02}") for at in range(13)]
    findings += [SUM._replace(key=f"w{at:02}") for at in range(11)]
    log = of(*findings)
    names = [one.name for one in obeyed(log)]
    assert names == [*["error"] * PER_STEP, *["warning"] * PER_STEP, "group", "endgroup"]
    tail = log.split("\n")[2 * PER_STEP :]
    assert tail[0] == (
        "::group::4 more that GitHub does not show as annotations (10 of a kind for each step)"
    )
    assert [line.split(":")[1].strip() for line in tail[1:5]] == ["e10", "e11", "e12", "w10"]
    assert tail[1].startswith("error experiment/same-params: e10: `ranker-v2`: `params.boost` is")
    assert "(training: conf/experiment/ranker-v2.toml:3:9" in tail[1]
    assert tail[5] == "::endgroup::"
    assert tail[6].endswith(": 13 errors, 11 warnings")


def test_ten_are_not_cut() -> None:
    log = of(*(DIFFERS._replace(key=f"e{at}") for at in range(PER_STEP)))
    assert "::group::" not in log


def test_an_unread_repository_is_not_what_the_limit_cuts() -> None:
    findings = [DIFFERS._replace(key=f"e{at:02}") for at in range(13)]
    log = of(*findings, UNKNOWN, require_all=True)
    assert obeyed(log)[0].properties == {"title": "not checked"}


def test_messages_are_bounded() -> None:
    places = (TRAINING._replace(note="n" * 300),) * 50
    (found,) = obeyed(of(DIFFERS._replace(places=places)))
    assert len(found.message) == MAX_MESSAGE
    assert found.message.endswith("…")


def test_old_findings_are_listed_on_request_and_never_annotated() -> None:
    log = render(REPORT, show_all=True)
    assert len([one for one in obeyed(log) if one.name in ("error", "warning")]) == 3
    assert (
        "[there for at least 12 days already] error experiment/same-params: ads: an older one"
        in log
    )
    assert "1 older finding (the oldest for at least 12 days), 1 within its grace" in render(REPORT)


def test_clean_is_one_line() -> None:
    assert render(CLEAN) == "12 rules over 48 records in 31 files of 2 repos: clean\n"
