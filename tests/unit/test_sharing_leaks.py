"""No reporter shows of a repository that is not shared any name, value, line, path or branch."""

from __future__ import annotations

from functools import cache

import pytest
from sharingworlds import CANARIES, CASES, WORDS, Case, loaded, report_of

from interlock.cli.rule_texts import rule_texts
from interlock.experiments.relations.table import TABLE
from interlock.model import Report, Status
from interlock.report.policy_changes import compare
from interlock.report.policy_changes_shown import as_json, as_markdown
from interlock.report.policy_changes_shown import render as as_text
from interlock.report.sharing import report_for, visible_to
from interlock.report.table import FORMATS, render
from interlock.rules.table import SOURCE_RULES

OTHER = {"a": "b", "b": "a"}
SIDES = [(case, own) for case in CASES for own in ("a", "b")]
each_side = pytest.mark.parametrize(
    ("case", "own"), SIDES, ids=[f"{case.name}-in-{own}" for case, own in SIDES]
)


@cache
def whole(case: str, own: str, unread: str = "") -> Report:
    """The report before anything is left out."""
    found = next(one for one in CASES if one.name == case)
    report = report_of(found, loaded(found), own, unread)
    return report._replace(rules=rule_texts(report))


def shown(case: Case, own: str, share: str = "", unread: str = "") -> Report:
    return report_for(whole(case.name, own, unread), visible_to(loaded(case, share), own))


def outputs(report: Report) -> dict[str, str]:
    """Every format, with and without what does not count."""
    return {
        f"{name}{' --all' if show_all else ''}": render(report, name, show_all=show_all)
        for name in FORMATS
        for show_all in (False, True)
    }


@each_side
def test_nothing_of_the_other_repository_is_shown(case: Case, own: str) -> None:
    hidden = OTHER[own]
    report = shown(case, own)
    assert len(report.findings) > 0
    assert CANARIES[hidden].findall(repr(report)) == []
    for name, text in outputs(report).items():
        assert CANARIES[hidden].findall(text) == [], name


@each_side
def test_all_of_it_is_shown_where_the_policy_shares_it(case: Case, own: str) -> None:
    hidden = OTHER[own]
    report = shown(case, own, f"share-with: {{{hidden}: [{own}]}}")
    assert report == whole(case.name, own)
    for name, text in outputs(report._replace(notices=(), repos=(), links=())).items():
        assert bool(CANARIES[hidden].search(text)) is (hidden in case.shows), name


@each_side
def test_what_stands_in_the_repository_itself_stays(case: Case, own: str) -> None:
    before, after = whole(case.name, own), shown(case, own)
    kept = {place for finding in after.findings for place in finding.places if place.repo == own}
    for finding in before.findings:
        for place in finding.places:
            if place.repo == own and place.excerpt:
                assert any(place._replace(note="") == one._replace(note="") for one in kept)
    if own in case.shows:
        for name, text in outputs(after._replace(notices=(), repos=(), links=())).items():
            assert CANARIES[own].search(text), name
    told = {finding.rule for finding in before.findings}
    assert {finding.rule for finding in after.findings} == told


@each_side
def test_every_finding_that_is_cut_leads_to_the_other_repository(case: Case, own: str) -> None:
    report = shown(case, own)
    page = f"https://github.com/acme/{OTHER[own]}"
    cut = [f for f in report.findings if any(p.name == f"acme/{OTHER[own]}" for p in f.places)]
    for finding in cut:
        for name in ("text", "github", "markdown", "sarif"):
            assert page in render(report._replace(findings=(finding,)), name), name
    assert cut or not case.shows


@each_side
@pytest.mark.parametrize("status", ["old", "grace", "waived"])
def test_nor_in_findings_that_do_not_count(case: Case, own: str, status: Status) -> None:
    report = whole(case.name, own)
    quiet = tuple(one._replace(status=status, note="said") for one in report.findings)
    told = report_for(report._replace(findings=quiet), visible_to(loaded(case), own))
    for name, text in outputs(told).items():
        assert CANARIES[OTHER[own]].findall(text) == [], name


@each_side
def test_nor_where_the_other_one_cannot_be_read(case: Case, own: str) -> None:
    hidden = OTHER[own]
    for name, text in outputs(shown(case, own, unread=hidden)).items():
        assert CANARIES[hidden].findall(text) == [], name
    open_ones = shown(case, own, f"share-with: {{{hidden}: '*'}}", unread=hidden)
    told = [one for one in open_ones.findings if one.status == "unknown"]
    assert all(WORDS[hidden] in one.hint for one in told)


@each_side
def test_nor_in_what_a_changed_policy_does(case: Case, own: str) -> None:
    report = shown(case, own)
    changes = compare(report._replace(findings=()), report, ("old", "new"))
    for text in (as_json(changes), as_markdown(changes), as_text(changes)):
        assert CANARIES[OTHER[own]].findall(text) == []


@each_side
def test_fingerprints_are_hashes_of_what_is_shown(case: Case, own: str) -> None:
    """A hash of a hidden weight would be found out by trying a hundred."""
    hidden = OTHER[own]
    for finding in shown(case, own).findings:
        assert CANARIES[hidden].findall(repr(finding.identity)) == []


def test_every_relation_and_every_rule_about_sources_has_a_case() -> None:
    told = [finding for case in CASES for finding in whole(case.name, "a").findings]
    between = {
        finding.relation for finding in told if {place.repo for place in finding.places} != {"a"}
    }
    assert between == {*TABLE, ""}
    assert {one.rule for one in told} >= {rule.doc.id for rule in SOURCE_RULES}


def test_the_cases_hold_edits_suggestions_and_refusals_to_lose() -> None:
    told = [finding for case in CASES for finding in whole(case.name, "a").findings]
    assert any("did you mean" in one.hint for one in told)
    assert any(one.repair is not None and one.repair.edits for one in told)
    assert any(one.repair is not None and one.repair.refusal for one in told)
    for rule in ("exists-in", "same-set", "equal"):
        edits = [one for one in told if one.relation == rule and one.repair and one.repair.edits]
        assert edits, rule
