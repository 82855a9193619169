"""The comment on a pull request: what it says, that it fits, and that nothing in it comes alive."""

from __future__ import annotations

import re

import pytest
from changeworld import BASE, NEW, ground, landed, member, only
from livemarkdown import live
from reportsamples import HOSTILE

from interlock.changes.change_set import ChangeSet
from interlock.changes.gate import Standing, gates
from interlock.github.comments import MAX_BODY
from interlock.model import Finding, Place
from interlock.report.reminder import Home, Told, alarm, comment, headline, left, reminding

PAGE = "https://github.com/acme/x"
HOMES = {
    alias: Home(f"acme/{alias}", f"https://github.com/acme/{alias}", "main", "main")
    for alias in ("pipelines", "training", "serving")
}
ALL = frozenset(HOMES)
GREEN = Standing(approved=True, checks="green")
#: A row of our own: nothing but code, plain words and links to GitHub.
CELL = (
    r"<t[dh]>(<a href=\"https://github\.com/acme/[^\"<>]*\">)?"
    r"(<code>[^<>]+</code>|[a-z ]+)?(</a>)?( \(this one\))?</t[dh]>"
)
ROW = re.compile(rf"</?table>|<tr>({CELL}){{4}}</tr>")
OWN = re.compile(r"</?details>|<details><summary>[A-Za-z ?]+</summary>")


def told(found: ChangeSet, *, visible: frozenset[str] = ALL, own: int = 0) -> Told:
    """As the first member is told, where everything may be shown."""
    standings = {one.label: GREEN for one in found.members}
    links = {one.label: f"https://github.com/acme/{one.alias}/pull/1" for one in found.members}
    create = {alias: f"{HOMES[alias].url}/compare/main...x" for alias in found.verdict.missing}
    return Told(
        found, own, gates(found, standings, 0), links, HOMES, create, visible, 0,
        1_795_269_720, f"{PAGE}/blob/main/interlock.yaml", f"{PAGE}/issues/new",
    )  # fmt: skip


def missing() -> ChangeSet:
    on = ground()
    return only(on, member(on, "pipelines"), member(on, "training"))


def alive(body: str) -> list[str]:
    """What is live in a comment besides our own table, folds and links to GitHub."""
    lines = [
        "" if ROW.fullmatch(line) or OWN.fullmatch(line) else line for line in body.split("\n")
    ]
    found = live("\n".join(lines), ("https://github.com/acme/",))
    return [one for one in found if one != "bullet_list_open"]


def test_the_headline_says_who_is_missing_and_the_table_where_to_click() -> None:
    body = comment(told(missing()))
    assert body.startswith("### 2 of 3 pull requests for experiment `new`: serving is missing\n")
    assert '<a href="https://github.com/acme/serving/compare/main...x">create it</a>' in body
    assert "**Next for serving:** push the change to `interlock/new` of `acme/serving`" in body
    assert 'key: "new"' in body
    assert "issues/new" in body


def test_an_archived_repository_has_no_link_to_create_anything() -> None:
    homes = {**HOMES, "serving": HOMES["serving"]._replace(archived=True)}
    body = comment(told(missing())._replace(homes=homes, create={}))
    assert "`acme/serving` is archived: nothing can be changed there" in body
    assert "compare" not in body


def test_a_set_that_is_half_landed_says_since_when() -> None:
    after = landed(BASE, ("pipelines", NEW["pipelines"]))
    on = ground(files=after)
    gone = member(on, "pipelines", state="merged", label="pipelines#1")
    found = only(on, gone._replace(base=gone.base, head=gone.head), member(on, "training"))
    one = told(found, own=1)
    assert alarm(one) == (
        "Half landed since 2026-11-21 14:02 UTC: pipelines#1 landed, training change has not "
        "landed; serving has none"
    ).replace("training change", found.members[1].label)
    assert "**Half landed since" in comment(one)
    assert "Half landed since" in reminding(one)


def test_a_set_that_is_done_is_one_line() -> None:
    after = landed(BASE, *NEW.items())
    on = ground(files=after)
    members = [member(on, alias, state="merged") for alias in NEW]
    body = comment(told(only(on, *members)))
    assert body == "Interlock: all 3 pull requests for experiment `new` have landed.\n"
    assert alive(left()) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_hostile_mentions_closes_links_or_runs(text: str) -> None:
    found = missing()
    verdict = found.verdict

    def spoilt(one: Finding) -> Finding:
        def place(each: Place) -> Place:
            return each._replace(path=text, excerpt=text, note=text, revision=text)

        places = tuple(place(each) for each in one.places)
        return one._replace(key=text, message=text, hint=text, why=text, member=text, places=places)

    findings = tuple(spoilt(one) for one in verdict.findings)
    needs = tuple(
        tuple(n._replace(findings=tuple(spoilt(f) for f in n.findings)) for n in of)
        for of in found.needs
    )
    hostile = found._replace(
        keys=(text,),
        touches=tuple((text,) for _ in found.members),
        needs=needs,
        ignored=((found.members[0]._replace(label=text), text),),
        verdict=verdict._replace(findings=findings, unread=(("serving", text),)),
    )
    one = told(hostile)
    gate = one.gates[0]._replace(summary=text)
    one = one._replace(gates=(gate,) * len(one.gates), advisory=text)
    body = comment(one)
    assert len(body) < MAX_BODY
    assert alive(body) == []
    assert alive(reminding(one)) == []
    for line in body.split("\n"):
        assert not line.startswith("<tr>") or ROW.fullmatch(line)


def test_a_key_of_another_repository_is_not_named() -> None:
    found = missing()
    hidden = found._replace(touches=((), ("new",)))
    one = told(hidden, visible=frozenset({"pipelines"}))
    assert headline(one) == "2 of 3 pull requests for an experiment: serving is missing"
    assert "interlock/new" not in comment(one)
    assert headline(told(hidden)) == headline(told(found))
