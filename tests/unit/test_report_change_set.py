"""Change sets as text, JSON and Markdown: what is said, and that nothing hostile is obeyed."""

from __future__ import annotations

import json
import re
import unicodedata
from importlib.resources import files
from typing import Any

import pytest
from changeworld import BASE, NEW, POLICY, ground, landed, member, only
from jsonschema import Draft202012Validator
from livemarkdown import live
from referencing import Registry, Resource
from reportsamples import HOSTILE
from workflowlog import OLD_STYLE, obeyed

from interlock.changes.change_set import ChangeSet, change_sets, single
from interlock.report.change_set import as_json, as_markdown, render
from interlock.report.change_set_words import Shown, headline, landing, listed, rows

OWN_TABLE = re.compile(r"</?table>|<tr>(<t[hd]>(<code>[^<>]+</code>|[a-z]*)</t[hd]>){4}</tr>")
REPOS = (("pipelines", "acme/plans"), ("training", "acme/training"), ("serving", "acme/serving"))


def shown(*sets: ChangeSet, window: int = 4 * 3600, changed: tuple[str, ...] = ()) -> Shown:
    return Shown("interlock/new", "pipelines", REPOS, sets, window, ("a note",), changed)


def two_of_three() -> ChangeSet:
    on = ground()
    return only(on, member(on, "pipelines"), member(on, "training"))


def test_the_whole_text() -> None:
    assert (
        render(shown(two_of_three()))
        == """\
2 of 3 changes for experiment `new`: serving is missing

repo       change                   state    wrong
pipelines  pipelines change         open     1 finding
training   training change          open     nothing
serving    no branch interlock/new  missing  1 finding

error experiment/everywhere  new
`new` is in plan, but not in serving
 --> pipelines: plans/new.yaml:1:1  (pipelines change on memory)
  |
1 | / rate: 2
2 | | model: m1
  | |_________^ plan has `new`
 --> serving: live.yaml  (memory)
  | no `new` in serving
  |
  = help: add `new` to serving, or take it out of plan

why: the change of pipelines needs training and serving: `experiment/everywhere`
next: make the change of serving on a branch `interlock/new` of acme/serving

note: a note
"""
    )


@pytest.mark.parametrize(
    ("states", "wanted", "order"),
    [
        ("ooo", "3 of 3 changes for experiment `new`: consistent only together",
         "training, then serving, then pipelines"),
        ("moo", "3 of 3 changes for experiment `new`: consistent only together",
         "training, then serving"),
        ("mmm", "3 of 3 changes for experiment `new`: all have landed", ""),
        ("o--", "1 of 3 changes for experiment `new`: training and serving are missing", ""),
        ("ooc", "2 of 3 changes for experiment `new`: serving is missing", ""),
        ("oou", "2 of 2 changes for experiment `new`: inconsistent, 1 finding when all have landed",
         ""),
    ],
)  # fmt: skip
def test_the_headline_and_the_order(states: str, wanted: str, order: str) -> None:
    words = {"o": "open", "m": "merged", "c": "closed", "u": "unknown"}
    every = {a: words[s] for a, s in zip(NEW, states, strict=True) if s != "-"}
    on = ground(files=landed(BASE, *((a, NEW[a]) for a in every if every[a] == "merged")))
    members = [
        member(on, a, state=s, branch="interlock/new")  # type: ignore[arg-type]
        for a, s in every.items()
    ]
    found = only(on, *members)
    assert headline(found) == wanted
    assert landing(found, 4 * 3600) == order


def test_a_half_landed_set_says_so() -> None:
    on = ground(files=landed(BASE, ("pipelines", NEW["pipelines"])))
    found = only(on, member(on, "pipelines", state="merged"), member(on, "training"))
    text = render(shown(found))
    assert "now: half landed: pipelines landed, training and serving did not; 2 findings" in text


def test_a_set_of_two_of_the_same_repository_names_each() -> None:
    on = ground()
    other = member(on, "training", {"conf/new.yaml": "rate: 2\nmore: 1\n"}, label="training#2")
    found = only(on, member(on, "pipelines"), member(on, "training"), other, member(on, "serving"))
    assert {row.alias for row in rows(shown(found), found)} == {"pipelines", "training", "serving"}
    assert found.verdict.kind == "inconsistent"  # both add the same file


def test_no_order_says_what_the_policy_accepts() -> None:
    on = ground()
    found = only(
        on,
        member(on, "pipelines", {"plans/old.yaml": "rate: 2\nmodel: m1\n"}),
        member(on, "training", {"conf/old.yaml": "rate: 2\n"}),
    )
    assert landing(found, 4 * 3600) == "none is safe: land all of them within 4 hours"
    assert "accepts no window" in landing(found, 0)


def test_what_could_not_be_read_is_told_with_what_to_do() -> None:
    on = ground(unread=("serving",))
    found = only(on, member(on, "pipelines"), member(on, "training"))
    text = render(shown(found))
    assert text.startswith("2 of 2 changes for ")
    assert "unknown, serving could not be read\n" in text
    assert re.search(r"^serving +not read  no access$", text, re.MULTILINE)
    assert "next: serving: no access\n" in text


def test_where_there_is_no_set_that_is_said_in_a_line() -> None:
    assert render(shown()._replace(notices=())) == (
        "branch `interlock/new` holds nothing that the default branches have not\n"
    )
    some = shown(changed=("serving",))._replace(notices=())
    assert render(some) == (
        "the change of serving on branch `interlock/new` needs none in another repository\n"
    )
    assert as_markdown(some).startswith("### Interlock: the change of serving on branch")


def test_companions_and_what_is_left_out_are_told() -> None:
    on = ground(POLICY + "companions: [{repo: serving, paths: 's/**', needs: training, why: w}]\n")
    one = member(on, "serving", {"s/a": "b"}, branch="x")
    claimer = member(on, "training", {}, branch="x")
    text = render(shown(only(on, one, claimer)))
    assert (
        "why: the change of serving needs training: `companion serving-needs-training` (w)" in text
    )
    assert "left out: training training#1 changes no record of the set" in text


def test_json_holds_all_of_it() -> None:
    data = json.loads(as_json(shown(two_of_three())))
    assert (data["schema"], data["branch"], data["window"]) == (1, "interlock/new", 14400)
    (found,) = data["sets"]
    assert (found["verdict"], found["missing"], found["order"]) == (
        "inconsistent",
        ["serving"],
        None,
    )
    assert [one["repo"] for one in found["members"]] == ["pipelines", "training"]
    assert found["members"][0]["needs"][0] == {
        "repo": "training",
        "rules": ["experiment/everywhere"],
        "companions": [],
    }
    assert [one["rule"] for one in found["findings"]] == ["experiment/everywhere"]


def test_json_has_the_documented_shape_and_nothing_else() -> None:
    half = ground(files=landed(BASE, ("pipelines", NEW["pipelines"])))
    forked = member(half, "serving", {}, branch="b", fork=True)
    many = [
        two_of_three(),
        only(half, member(half, "pipelines", state="merged", branch="b"), forked),
        only(ground(unread=("serving",)), member(ground(), "pipelines")),
    ]
    shapes = {
        name: closed(json.loads(files("interlock.schemas").joinpath(name).read_text("utf-8")))
        for name in ("change-set.json", "report.json")
    }
    registry: Registry[Any] = Registry().with_resources(
        [(name, Resource.from_contents(shape)) for name, shape in shapes.items()]
    )
    Draft202012Validator.check_schema(shapes["change-set.json"])
    data = json.loads(as_json(shown(*many)))
    Draft202012Validator(shapes["change-set.json"], registry=registry).validate(data)
    assert all(data["sets"][1][word] for word in ("half_landed", "ignored", "members", "missing"))
    assert data["sets"][2]["unread"]
    del data["sets"][0]["verdict"]
    assert not Draft202012Validator(shapes["change-set.json"], registry=registry).is_valid(data)


def closed(schema: Any) -> Any:
    """The schema, allowing no member that it does not describe."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    more = {"additionalProperties": False} if "properties" in schema else {}
    return {**{name: closed(one) for name, one in schema.items()}, **more}


def test_many_findings_are_cut_in_markdown_and_counted() -> None:
    on = ground()
    many = {f"plans/n{at}.yaml": "rate: 1\nmodel: m1\n" for at in range(40)}
    text = as_markdown(shown(only(on, member(on, "pipelines", many))))
    assert "60 findings did not fit here." in text
    assert len(text) < 65_000


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("write", [render, as_json, as_markdown])
def test_nothing_that_an_author_controls_is_obeyed(write: object, text: str) -> None:
    on = ground()
    key = text.replace("/", "").replace("\x00", "") or "x"
    edits = {"live.yaml": json.dumps({key: {"w": {text or "x": 1}}})}
    odd = [
        member(on, "pipelines", label=text or "x", branch=text)._replace(trailers=(text,)),
        member(on, "serving", edits, label=text or "y", branch=text),
        member(on, "training", state="unknown", branch=text)._replace(problem=text, label=text),
    ]
    sets = [*change_sets(on, odd), *filter(None, (single(on, one) for one in odd))]
    assert sets
    output = write(  # type: ignore[operator]
        Shown(text, "pipelines", REPOS, tuple(sets), 0, (text,), (text,))
    )
    assert isinstance(output, str)
    output.encode()
    unseen = {c for c in output if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert unseen <= {"\n"}
    assert not OLD_STYLE.search(output)
    assert obeyed(output) == []
    if write is as_markdown:
        found = [one for one in live(output) if not OWN_TABLE.fullmatch(one.removeprefix("html "))]
        assert found == []


def test_names_are_listed_as_people_do() -> None:
    assert [listed(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]
