"""What of a finding may be shown where another repository's content must not be."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportsamples import DAY, DIFFERS, MISSING, PLAN, REPORT, TRAINING, UNKNOWN, WAIVED
from worldrun import findings, policy_of

from interlock.model import Change, Edit, Finding, Place, Repair
from interlock.report.identity_hash import identity_hash
from interlock.report.places import page_of, web_address
from interlock.report.sharing import (
    REFUSAL,
    finding_for,
    findings_for,
    notices_for,
    report_for,
    visible_to,
)
from interlock.report.table import render

POLICY = """
repos:
  plans: acme/plans
  serving: Acme/Serving
  envs: [acme/env-a, acme/env-b]
  outside: other/tools
{}
"""


def visible(alias: str, words: str = "", name: str = "", **classes: str) -> set[str]:
    names = {
        "plans": "acme/plans",
        "serving": "acme/serving",
        "a": "acme/env-a",
        "b": "acme/env-b",
        "outside": "other/tools",
    }
    known = {names[one]: visibility for one, visibility in classes.items()}
    return set(visible_to(policy_of(POLICY.format(words)), alias, known, name))


def test_nothing_is_shown_elsewhere_unless_something_allows_it() -> None:
    assert visible("plans") == {"plans"}
    assert visible("") == set()
    assert visible("nowhere") == set()


def test_share_with_names_those_who_may_see_it_and_only_in_that_direction() -> None:
    words = "share-with: {plans: [serving], envs: '*'}"
    assert visible("serving", words) == {"serving", "plans", "envs"}
    assert visible("plans", words) == {"plans", "envs"}
    assert visible("", words) == {"envs"}


@pytest.mark.parametrize(
    ("here", "there", "shown"),
    [
        ("public", "public", True),
        ("internal", "public", True),
        ("private", "public", True),
        ("", "public", True),
        ("public", "internal", False),
        ("internal", "internal", True),
        ("private", "internal", False),
        ("", "internal", False),
        ("public", "private", False),
        ("internal", "private", False),
        ("private", "private", False),
        ("internal", "", False),
        ("INTERNAL", "Internal", True),
    ],
)
def test_visibility_classes(here: str, there: str, shown: bool) -> None:
    classes = {one: text for one, text in (("plans", here), ("serving", there)) if text}
    assert ("serving" in visible("plans", **classes)) is shown


def test_internal_means_the_same_owner() -> None:
    assert "outside" not in visible("plans", plans="internal", outside="internal")
    assert "outside" in visible("plans", plans="internal", outside="public")


def test_an_alias_of_several_is_as_visible_as_the_least_visible_of_them() -> None:
    assert "envs" not in visible("plans", a="public")
    assert "envs" not in visible("plans", a="public", b="private")
    assert "envs" in visible("plans", a="public", b="public")
    assert "envs" in visible("plans", a="public", b="internal", plans="internal")
    # What is shown there is read by those who read either of them.
    assert "serving" not in visible("envs", a="internal", b="public", serving="internal")


def test_one_of_several_repos_of_an_alias_is_not_shown_in_another() -> None:
    assert visible("envs") == {"envs"}
    assert visible("envs", name="acme/Env-A") == {"acme/env-a"}
    assert visible("envs", "share-with: {envs: [envs]}", name="acme/env-a") == {"envs"}
    assert visible("plans", name="acme/plans") == {"plans"}


PLANS = frozenset({"pipelines"})


def test_a_laptop_and_a_finding_of_one_shown_repo_are_left_alone() -> None:
    assert finding_for(DIFFERS, None) is DIFFERS
    assert report_for(REPORT, None) is REPORT
    both = frozenset({"pipelines", "training"})
    assert finding_for(DIFFERS, both) is DIFFERS
    alone = DIFFERS._replace(relation="pattern", repos=("pipelines",), places=(PLAN,), repair=None)
    assert finding_for(alone, PLANS) is alone


def test_the_other_side_keeps_only_its_name() -> None:
    told = finding_for(DIFFERS, PLANS)
    assert told.message == "`ranker-v2`: `params` differs between training and pipelines"
    assert told.key == "ranker-v2"  # the path of the plan says so
    assert (told.rule, told.field, told.repos) == (DIFFERS.rule, "params", DIFFERS.repos)
    assert (told.why, told.owner, told.docs) == (DIFFERS.why, DIFFERS.owner, DIFFERS.docs)
    assert told.values == ("0.4",)
    assert told.member == "boost"
    assert told.places[1] == PLAN
    there = told.places[0]
    assert (there.repo, there.name) == ("training", "acme/model-training")
    assert there[2:8] == ("", 0, 0, 0, 0, "")
    assert "0.5" not in repr(told)
    assert TRAINING.path not in repr(told)
    assert TRAINING.revision not in repr(told)
    assert told.repair == Repair((), REFUSAL)


def test_what_only_the_hidden_side_shows_goes() -> None:
    told = finding_for(DIFFERS, frozenset({"serving"}))
    assert (told.key, told.member, told.values) == ("", "", ())
    assert told.message == "`params` of an entry differs between training and pipelines"
    assert told.identity.key == ""
    for secret in ("ranker-v2", "boost", "0.4", "0.5", "experiments/", "conf/"):
        assert secret not in repr(told), secret


def test_a_key_stays_where_a_shown_repo_has_a_record_of_that_name() -> None:
    nested = PLAN._replace(path="all.yaml")
    finding = DIFFERS._replace(places=(TRAINING, nested))
    assert finding_for(finding, PLANS).key == ""
    both = finding_for(finding._replace(known_in=("pipelines", "training")), PLANS)
    assert both.key == "ranker-v2"
    assert both.known_in == ("pipelines",)
    assert finding_for(finding._replace(known_in=("training",)), PLANS).key == ""


def test_a_check_tells_which_repos_have_a_record_of_that_name() -> None:
    policy = """
    sources:
      plan: {repo: a, files: "{env}/{key}.yaml", key: ["{env}", "{key}"], fields: {v: $.v}}
      conf: {repo: b, files: "{env}/{key}.yaml", key: ["{env}", "{key}"], fields: {v: $.v}}
    consistency:
      - {id: same, each: plan.v, equal: conf.v}
      - {id: there, each: plan, exists-in: conf}
      - {id: even, each: conf.v, pattern: "^[02468]$"}
    """
    plans = {"prod/x.yaml": "v: 1", "prod/y.yaml": "v: 1"}
    told = findings(policy, {"a": plans, "b": {"prod/x.yaml": "v: 3"}})
    assert {(one.rule.partition("/")[2], one.key): one.known_in for one in told} == {
        ("same", "prod/x"): ("a", "b"),
        ("there", "prod/y"): ("a",),
        ("even", "prod/x"): ("b",),
    }


def test_a_value_that_stands_beside_the_marked_one_is_no_evidence() -> None:
    line = "{control: 0.5, boost: 0.4}"
    column = line.index("0.4") + 1
    beside = PLAN._replace(excerpt=line, column=column, end_column=column + 3)
    told = finding_for(DIFFERS._replace(places=(TRAINING, beside)), PLANS)
    assert told.values == ("0.4",)
    part = DIFFERS._replace(values=("0.4", "4"))
    assert finding_for(part, PLANS).values == ("0.4",)


def test_a_part_of_a_word_is_no_evidence() -> None:
    for key in ("ranker", "v2", "anker-v2"):
        assert finding_for(DIFFERS._replace(key=key), PLANS).key == "", key


def test_where_something_is_missing_neither_path_nor_note_tells_what() -> None:
    gap = Place(
        "pipelines", "acme/feature-pipelines", "experiments/secret-v9.yaml", 0, 0, 0, 0, "",
        "no `secret-v9` in plan", "main",
    )  # fmt: skip
    finding = DIFFERS._replace(
        relation="exists-in", key="secret-v9", field="", member="plan", values=("secret-v9",),
        places=(TRAINING, gap), repair=None,
    )  # fmt: skip
    told = finding_for(finding, PLANS)
    assert "secret" not in repr(told)
    assert told.message == "an entry is in training, but not in pipelines"
    assert told.places[1].repo == "pipelines"
    assert told.places[1].revision == "main"
    near = finding._replace(places=(TRAINING, PLAN._replace(note="`x` is close to `secret-v9`")))
    assert finding_for(near, PLANS).places[1] == PLAN._replace(
        path="", line=0, column=0, end_line=0, end_column=0, excerpt="", note=""
    )
    real = finding_for(finding._replace(places=(TRAINING, MISSING)), frozenset({"serving"}))
    assert real.places[1].path == MISSING.path


def test_a_note_stays_where_its_place_shows_all_that_it_quotes() -> None:
    shown = finding_for(DIFFERS, PLANS).places[1]
    assert shown.note == PLAN.note
    for note in ("`treatment` is missing here", 'not "0.5"', "is 0.5 elsewhere", "{a: b}"):
        place = PLAN._replace(note=note)
        told = finding_for(DIFFERS._replace(places=(TRAINING, place)), PLANS)
        assert told.places[1] == place._replace(note=""), note
    kept = PLAN._replace(note="no `params` here")  # a field is a word of the policy
    assert finding_for(DIFFERS._replace(places=(TRAINING, kept)), PLANS).places[1] == kept


def test_edits_that_would_carry_a_hidden_value_are_dropped() -> None:
    into = Edit("pipelines", PLAN.path, 8, 11, "0.5", 7)
    change = Change(0, "set", ("params", "boost"), "", {"x": 1}, "yaml", "acme/feature-pipelines")

    def repaired(*edits: Edit) -> Finding:
        return finding_for(DIFFERS._replace(repair=Repair(edits, "", (change,))), PLANS)

    assert repaired(into).repair == Repair((), REFUSAL)
    removal = into._replace(text="")
    kept = repaired(removal).repair
    assert kept is not None
    assert kept.edits == (removal,)
    assert repaired(removal, removal._replace(repo="training")).repair == Repair((), REFUSAL)
    refused = DIFFERS._replace(repair=Repair((), "conf/x.toml: the value has an anchor"))
    assert finding_for(refused, PLANS).repair == Repair((), REFUSAL)
    assert finding_for(DIFFERS._replace(repair=None), PLANS).repair is None


def test_a_finding_of_hidden_repos_alone_says_only_which() -> None:
    broken = DIFFERS._replace(
        rule="experiment/unreadable-file", relation="", key=TRAINING.path, field="", member="",
        repos=("training",), repair_in=("training",), places=(TRAINING,), values=(), repair=None,
        message=f"`{TRAINING.path}` has a tab in line 3", hint="mend the file", why="",
    )  # fmt: skip
    told = finding_for(broken, PLANS)
    assert told.message == "training breaks this rule"
    assert told.hint.startswith("training has to change")
    assert "conf" not in repr(told)
    assert finding_for(broken, frozenset({"training"})) is broken


def test_what_the_policy_itself_says_is_shown() -> None:
    here = Place("policy", "", "interlock.yaml", 4, 3, 4, 9, "  plan: {}", "declared here", "")
    empty = DIFFERS._replace(
        rule="experiment/empty-source", relation="", key="plan", repos=("training",),
        places=(here,), message="source `plan` matches no file: `x/*.yaml` in acme/model-training",
    )  # fmt: skip
    assert finding_for(empty, PLANS) is empty
    wanted = DIFFERS._replace(relation="pattern", places=(TRAINING, here), repos=("training",))
    assert finding_for(wanted, PLANS).places[1] == here


def test_notes_on_why_it_does_not_count_stay() -> None:
    waived = WAIVED._replace(repos=("pipelines", "serving"))
    assert finding_for(waived, PLANS).note == WAIVED.note
    old = finding_for(DIFFERS._replace(status="old", age=DAY), PLANS)
    assert (old.status, old.age) == ("old", DAY)


def test_why_a_hidden_repo_could_not_be_read_is_not_told_but_what_it_takes() -> None:
    told = finding_for(UNKNOWN, PLANS)
    assert told.message == UNKNOWN.message
    assert UNKNOWN.hint not in told.hint
    assert "may read serving" in told.hint
    assert finding_for(UNKNOWN, frozenset({"serving"})) is UNKNOWN


def test_one_of_several_repos_of_an_alias_is_told_by_its_name() -> None:
    other = PLAN._replace(name="acme/other-pipelines", path="x/hidden.yaml", excerpt="boost: 0.5")
    finding = DIFFERS._replace(repos=("pipelines",), places=(PLAN, other), repair=None)
    told = finding_for(finding, frozenset({"acme/feature-pipelines"}))
    assert "acme/feature-pipelines and acme/other-pipelines" in told.message
    assert "hidden" not in repr(told)
    assert told.places[0] == PLAN
    alone = finding._replace(relation="known-keys", places=(PLAN,))
    assert finding_for(alone, frozenset({"acme/feature-pipelines"})) is alone


def test_findings_that_look_alike_are_told_once_with_their_number() -> None:
    ones = [DIFFERS._replace(member=f"m{at}", message=f"m{at} differs") for at in range(3)]
    told = findings_for([*ones, WAIVED, WAIVED], frozenset({"serving"}))
    hidden = [one for one in told if one.rule == DIFFERS.rule]
    assert [one.message[-9:] for one in hidden] == ["(3 times)"]
    # What is shown whole is never put together.
    assert findings_for([ones[0], ones[0]], None) == (ones[0], ones[0])
    whole = frozenset({"pipelines", "training", "serving"})
    assert findings_for([ones[0], ones[0]], whole) == (ones[0], ones[0])


def test_the_fingerprint_is_of_what_is_shown_and_does_not_change_with_what_is_not() -> None:
    hidden = frozenset({"serving"})
    prints = {
        identity_hash(finding_for(DIFFERS._replace(key=key, member=member), hidden))
        for key in ("ranker-v2", "other")
        for member in ("boost", "lr")
    }
    assert len(prints) == 1
    shown = {identity_hash(finding_for(DIFFERS._replace(key=key), PLANS)) for key in ("a", "b")}
    assert len(shown) == 1
    assert identity_hash(finding_for(DIFFERS, PLANS)) not in shown


def test_a_report_loses_branches_links_and_notices_of_hidden_repos() -> None:
    rows = (
        ("training", "acme/model-training", "secret-branch (1a2b3c4)"),
        ("pipelines", "acme/feature-pipelines", "staged"),
        ("serving", "acme/model-serving", "not read"),
    )
    notices = (
        "training: secret-branch in /srv/x was fetched 3 days ago",
        "acme/model-training could not be fetched: secret",
        "the policy acme/policy//x.yaml was read at 123456789012",
    )
    links = (
        *REPORT.links,
        ("acme/model-training", "https://github.com/acme/model-training/blob/1a2b3c4/"),
        ("acme/model-serving", "https://odd.example/secret"),
        ("acme/feature-pipelines", "https://github.com/acme/feature-pipelines/blob/5/"),
    )
    report = report_for(REPORT._replace(repos=rows, notices=notices, links=links), PLANS)
    assert "secret" not in repr(report)
    assert "1a2b3c4" not in repr(report)
    assert report.repos == (
        ("training", "acme/model-training", "read"), rows[1], rows[2],
    )  # fmt: skip
    assert report.notices[1] == notices[2]
    assert len(report.notices) == 2
    assert dict(report.links) == {
        "training": "https://github.com/acme/model-training",
        "acme/model-training": "https://github.com/acme/model-training",
        "acme/feature-pipelines": links[-1][1],
    }
    there = next(
        place for finding in report.findings for place in finding.places if place.repo == "training"
    )
    assert web_address(report, there) == "https://github.com/acme/model-training"
    assert web_address(report, there._replace(repo="pipelines", name="")) == ""


@pytest.mark.parametrize(
    ("root", "page"),
    [
        ("https://github.com/acme/serving/blob/1a2b3c4/", "https://github.com/acme/serving"),
        ("https://ghe.example/blob/blob/blob/release/v1/", "https://ghe.example/blob/blob"),
        ("https://github.com/acme/serving", "https://github.com/acme/serving"),
        ("https://github.com/acme/serving/", ""),
        ("https://odd.example/x/y/z/", ""),
        ("", ""),
    ],
)
def test_the_page_of_a_repository(root: str, page: str) -> None:
    assert page_of(root) == page


def test_the_documentation_shows_what_is_printed() -> None:
    links = (("training", "https://github.com/acme/model-training/blob/1a2b3c4/"),)
    plan = PLAN._replace(revision="main (1a2b3c4)")
    finding = DIFFERS._replace(places=(TRAINING, plan), why="", owner="", docs="", repair=None)
    report = report_for(REPORT._replace(findings=(finding,), links=links), PLANS)
    block = render(report, "text").partition("\n\n")[0]
    docs = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
    assert f"```text\n{block}\n```" in docs, block


def test_notices_that_name_no_hidden_repo_stay() -> None:
    hidden = [("plan", "acme/plan")]
    told = "what there is to say of how plan was read is not shown here"
    assert notices_for(["planned", "re-plan", "in Plan:"], hidden) == ("planned", "re-plan", told)
    assert notices_for(["plan: a", "acme/plan b"], hidden) == (told,)
