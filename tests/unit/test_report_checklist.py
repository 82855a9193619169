"""The checklist in GitHub's Markdown, in Atlassian's documents and in wiki markup."""

from __future__ import annotations

import json
import re
import unicodedata
from html import unescape
from typing import Any

import adfschema
import pytest
from livemarkdown import live, parser
from reportsamples import HOSTILE

from interlock.changes.checklist import Checklist, Line
from interlock.report.checklist import as_markdown
from interlock.report.checklist_jira import as_document, as_wiki

WEB = "https://github.com/acme"
LANDED = Line("training", "acme/model-training", f"{WEB}/model-training", "training#7",
              f"{WEB}/model-training/pull/7", "landed")  # fmt: skip
OPEN = LANDED._replace(
    alias="serving",
    name="acme/model-serving",
    repo_url=f"{WEB}/model-serving",
    change="serving#12",
    change_url=f"{WEB}/model-serving/pull/12",
    state="open",
)
MISSING = Line(
    "pipelines", "acme/feature-pipelines", f"{WEB}/feature-pipelines", "", "", "missing",
    ("experiments/ranker-v2.yaml", "conf.toml"),
    f"{WEB}/feature-pipelines/compare/interlock/ranker-v2?expand=1&title=Experiment+ranker-v2",
)  # fmt: skip
FOUND = Checklist("ranker-v2", "interlock/ranker-v2", (LANDED, OPEN, MISSING))

MARKDOWN = f"""\
### Interlock: experiment `ranker-v2`: 1 of 3 done

- [x] [`training`]({WEB}/model-training): [`training#7`]({WEB}/model-training/pull/7) has landed
- [ ] [`serving`]({WEB}/model-serving): [`serving#12`]({WEB}/model-serving/pull/12) is open
- [ ] [`pipelines`]({WEB}/feature-pipelines): missing. Change `experiments/ranker-v2.yaml` and \
`conf.toml` on a branch `interlock/ranker-v2`, push it, then [create the pull request]\
({WEB}/feature-pipelines/compare/interlock/ranker-v2?expand=1&title=Experiment+ranker-v2)

Interlock keeps this list up to date: ticks made by hand do not last.
"""


def test_the_whole_markdown() -> None:
    assert as_markdown(FOUND) == MARKDOWN


def test_the_whole_wiki_markup() -> None:
    assert as_wiki(FOUND) == (
        "*Interlock:* experiment {{ranker&#45;v2}}: 1 of 3 done\n\n"
        f"* (/) [training|{WEB}/model-training]: "
        f"[training&#35;7|{WEB}/model-training/pull/7] has landed\n"
        f"* (x) [serving|{WEB}/model-serving]: "
        f"[serving&#35;12|{WEB}/model-serving/pull/12] is open\n"
        f"* (x) [pipelines|{WEB}/feature-pipelines]: missing. "
        "Change {{experiments&#47;ranker&#45;v2&#46;yaml}} and {{conf&#46;toml}} "
        "on a branch {{interlock&#47;ranker&#45;v2}}, push it, then [create the pull request|"
        f"{WEB}/feature-pipelines/compare/interlock/ranker-v2?expand=1&title=Experiment+ranker-v2]"
        "\n\nInterlock keeps this list up to date: ticks made by hand do not last."
    )


def test_the_document_has_a_ticked_task_for_what_has_landed() -> None:
    title, tasks, footer = as_document(FOUND)["content"]
    assert spoken(title) == "Interlock: experiment ranker-v2: 1 of 3 done"
    assert [one["attrs"]["state"] for one in tasks["content"]] == ["DONE", "TODO", "TODO"]
    assert [spoken(one) for one in tasks["content"]] == [
        "training: training#7 has landed",
        "serving: serving#12 is open",
        (
            "pipelines: missing. Change experiments/ranker-v2.yaml and conf.toml on a branch "
            "interlock/ranker-v2, push it, then create the pull request"
        ),
    ]
    assert linked(tasks) == [
        LANDED.repo_url, LANDED.change_url, OPEN.repo_url, OPEN.change_url, MISSING.repo_url,
        MISSING.create_url,
    ]  # fmt: skip
    assert spoken(footer).startswith("Interlock keeps")
    assert as_document(FOUND) == as_document(FOUND)


def spoken(node: Any) -> str:
    return str(node.get("text", "")) + "".join(spoken(one) for one in node.get("content", ()))


def linked(node: Any) -> list[str]:
    own = [m["attrs"]["href"] for m in node.get("marks", ()) if m["type"] == "link"]
    return own + [url for one in node.get("content", ()) for url in linked(one)]


def test_each_state_says_what_it_is() -> None:
    states = {
        "landed": "serving#12` has landed",
        "open": "serving#12` is open",
        "draft": "serving#12` is a draft",
        "closed": "serving#12` was closed without landing",
        "unknown": "serving#12`, could not be read",
        "missing": "serving#12`, missing",
    }
    for state, wanted in states.items():
        line = OPEN._replace(state=state, change_url="")  # type: ignore[arg-type]
        assert wanted in as_markdown(Checklist("x", "interlock/x", (line,)))
    bare = {
        "there": "[x] `a`: nothing is left to change",
        "spare": "[x] `a`: no rule asks for a change",
        "differs": "[ ] `a`: what it says of the experiment has to change",
        "unknown": "[ ] `a`: could not be read (no access)",
    }
    for state, wanted in bare.items():
        note = "no access" if state == "unknown" else ""
        line = Line("a", "acme/a", "", "", "", state, note=note)  # type: ignore[arg-type]
        assert f"- {wanted}\n" in as_markdown(Checklist("x", "interlock/x", (line,)))


def test_the_headline_says_when_all_is_done_and_when_nothing_is_known() -> None:
    assert "experiment `x`: all done\n" in as_markdown(Checklist("x", "b", (LANDED,)))
    assert "no rule of the policy says what it takes" in as_markdown(Checklist("x", "b", ()))
    assert [one["type"] for one in as_document(Checklist("x", "b", ()))["content"]] == [
        "paragraph",
        "paragraph",
    ]


def test_a_ticket_that_names_no_experiment_is_asked_for_it() -> None:
    found = Checklist("", "", (), "it has no field `Experiment` and no @acme/x")
    assert as_markdown(found) == (
        "### Interlock: which experiment is this about?\n\n"
        "it has no field `Experiment` and no `@acme/x`\n\n"
        "Once this names its experiment, Interlock writes here what is left to do.\n"
    )
    assert "&#64;acme&#47;x" in as_wiki(found)
    assert [spoken(one) for one in as_document(found)["content"]][1] == found.problem


def test_several_lines_of_an_alias_name_the_repository() -> None:
    other = OPEN._replace(name="acme/other", change="acme/other#3")
    text = as_markdown(Checklist("x", "interlock/x", (OPEN, other, MISSING)))
    assert "[`acme/model-serving`]" in text
    assert "[`acme/other`]" in text
    assert "[`pipelines`]" in text


def test_many_files_are_cut_and_counted() -> None:
    line = MISSING._replace(files=tuple(f"f{at}.yaml" for at in range(8)))
    assert "`f4.yaml` and 3 files more on a branch" in as_markdown(Checklist("x", "b", (line,)))


@pytest.mark.parametrize("write", [as_markdown, as_wiki, as_document])
def test_it_stays_within_what_a_comment_holds(write: Any) -> None:
    line = MISSING._replace(files=("x/" * 300,) * 9, note="a" * 5_000)
    output = write(Checklist("k" * 200, "b", (line,) * 1_000))
    size = len(output) if isinstance(output, str) else len(json.dumps(output))
    bound = 65_536 - 100 if write is as_markdown else 32_767
    assert bound * 0.8 < size < bound
    text = output if isinstance(output, str) else spoken(output)
    left = re.search(r"([\d,]+) lines did not fit here", text)
    assert left is not None
    shown = text.count("create the pull request")
    assert shown + int(left[1].replace(",", "")) == 1_000


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://x) [y](https://z", "https://x|y]", "http://x y", "x" * 5_000],
)
def test_an_address_that_is_none_is_no_link(url: str) -> None:
    found = Checklist("x", "b", (OPEN._replace(repo_url=url, change_url=url), MISSING))
    assert "[`serving`]" not in as_markdown(found)
    assert "[serving|" not in as_wiki(found)
    assert url not in json.dumps(as_document(found))


def hostile(text: str) -> Checklist:
    line = Line(text, text, WEB, text, WEB, "missing", (text, text), WEB, text)
    return Checklist(text, text, (line, line._replace(change="", state="unknown")))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_hostile_is_live_in_markdown(text: str) -> None:
    output = as_markdown(hostile(text))
    found = [one for one in live(output, (WEB,)) if one != "bullet_list_open"]
    assert found == []
    kinds = [token.type for token in parser().parse(output)]
    assert kinds.count("list_item_open") == 2
    assert kinds.count("bullet_list_open") == 1
    assert_seen(output)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_hostile_is_obeyed_in_wiki_markup(text: str) -> None:
    output = as_wiki(hostile(text))
    assert_seen(output)
    own = output.replace(f"|{WEB}]", "]")
    for part in ("* (x) ", "*Interlock:*", "&#", "create the pull request"):
        own = own.replace(part, "")
    # What is left of markup is ours: code, links, and the punctuation of sentences.
    assert set(re.findall(r"[^\w\s]", own, re.ASCII)) <= set("{}[].:;,") | {
        char for char in own if ord(char) > 127
    }
    for inside in re.findall(r"\{\{(.*?)\}\}|\[(.*?)\]", own):
        assert not re.search(r"[{}\[\]|]", "".join(inside))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_document_of_hostile_text_is_text_and_one_that_jira_takes(text: str) -> None:
    document = as_document(hostile(text))
    assert_seen(spoken(document))
    assert set(linked(document)) <= {WEB}
    assert {one for node in nodes(document) for one in [node["type"]]} <= {
        "doc", "paragraph", "taskList", "taskItem", "text",
    }  # fmt: skip
    errors = adfschema.validator().iter_errors(document)
    assert [error.message for error in errors] == []


def nodes(node: Any) -> list[Any]:
    return [node, *(inner for one in node.get("content", ()) for inner in nodes(one))]


def test_atlassians_schema_refuses_what_is_no_document() -> None:
    document = as_document(FOUND)
    assert adfschema.validator().is_valid(document)
    del document["content"][1]["attrs"]["localId"]
    assert not adfschema.validator().is_valid(document)


def assert_seen(output: str) -> None:
    unseen = {c for c in output if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert unseen <= {"\n"}
    output.encode()


def test_wiki_markup_reads_as_what_was_written() -> None:
    text = unescape(as_wiki(Checklist("a_b-c.d/e (f) *g* {h} [i] !j! :)", "b", ())))
    assert "{{a_b-c.d/e (f) *g* {h} [i] !j! :)}}" in text
