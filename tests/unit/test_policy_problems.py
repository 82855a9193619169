"""What the loader says of bad policies: the exact message, line and column of each problem."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from policyfiles import load, refused

from interlock.documents.read import read_document
from interlock.errors import PolicyError

HEAD = """\
version: 1
repos: {a: acme/plans, b: acme/serving}
sources:
  plan: {repo: a, files: "plans/{key}.yaml", fields: {status: $.status, weights: $.weights, \
start: $.start, end: $.end}}
  live: {repo: b, files: live.json, each: "$.items.*", fields: {status: "@.status", env: "@.env"}}
"""
#: One block a bad policy: what is added to HEAD, and below it the problems.
TABLE = Path(__file__).with_name("policy_problems.txt").read_text(encoding="utf-8")
SCHEMA = Path(__file__).parents[2] / "schemas" / "policy.json"


def _blocks() -> list[tuple[str, str, str, list[str]]]:
    found = []
    for block in TABLE.strip().split("\n\n"):
        head, *problems = block.split("\n")
        kind, _, text = head.partition(": ")
        where, _, level = kind.partition(" ")
        found.append((where, level, text, [line.strip() for line in problems]))
    return found


def _policy(where: str, text: str) -> str:
    return (
        HEAD
        + {
            "rule": f"consistency:\n  - {{{text}}}\n",
            "source": f"  extra: {{{text}}}\n",
            "top": f"{text}\n",
        }[where]
    )


BLOCKS = _blocks()


@pytest.mark.parametrize(
    ("where", "text", "problems"), [(w, t, p) for w, _, t, p in BLOCKS], ids=lambda v: str(v)[:60]
)
def test_each_problem_is_told_with_its_place(where: str, text: str, problems: list[str]) -> None:
    assert refused(_policy(where, text)) == problems


@pytest.mark.parametrize(
    ("where", "level", "text"), [(w, lv, t) for w, lv, t, _ in BLOCKS], ids=lambda v: str(v)[:60]
)
def test_the_schema_refuses_shapes_and_leaves_meanings(where: str, level: str, text: str) -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    document = read_document("interlock.yaml", _policy(where, text).encode())
    assert validator.is_valid(document.values[0]) == (level == "meaning")


def test_the_table_is_read_whole() -> None:
    assert len(BLOCKS) > 140
    assert all(problems for *_, problems in BLOCKS)
    assert {level for _, level, _, _ in BLOCKS} == {"shape", "meaning"}


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["1:1 `interlock.yaml` must hold a mapping of words to values, not nothing"]),
        ("[]", ["1:1 `interlock.yaml` must hold a mapping of words to values, not a list"]),
        ("version: 2\n", ["1:10 `version` must be 1, the only one there is"]),
        ("version: true\n", ["1:10 `version` must be 1, the only one there is"]),
        ("repos: {}\n", ["1:1 a policy needs `version: 1`, so that it can change some day"]),
        (
            "version: 1\n---\nversion: 1\n",
            ["1:1 `interlock.yaml` holds 2 documents; a policy is one"],
        ),
        (
            "version: 1\nrepos: {1a: acme/x, b: acme/y/z}\nsources: {a b: {files: x, repo: b}}\n",
            [
                "2:9 `1a` cannot name a repo",
                "2:24 repo `b` must be `owner/name`, not `acme/y/z`",
                "3:11 `a b` cannot name a source",
            ],
        ),
        (
            "version: 1\nrepos:\n  a: acme/x\n  # a comment\n  a: acme/y\n",
            ["5:3 `interlock.yaml` has the key 'a' twice in lines 3 and 5; the last one wins"],
        ),
        ("version: 1\nrepos:\n", ["2:1 `repos` has no value; write one, or leave the word out"]),
    ],
)
def test_whole_files(text: str, problems: list[str]) -> None:
    assert refused(text) == problems


def test_a_file_that_is_no_yaml_says_where_it_stops() -> None:
    (problem,) = refused("version: [1\nrepos: {}\n")
    assert problem.startswith("2:")
    assert "is not valid YAML" in problem


def test_bytes_that_are_no_text_are_one_problem() -> None:
    (problem,) = refused(b"version: 1\nrepos: {a: \xff}\n")
    assert "is not UTF-8" in problem


def test_problems_come_in_the_order_of_lines_and_each_is_there() -> None:
    found = refused(
        "version: 1\nwaivers: [{rule: x}]\nrepos: {a: acme}\nsources: {s: {repo: c, files: x}}\n"
    )
    lines = [int(one.split(":")[0]) for one in found]
    assert lines == [2, 2, 2, 3, 4]


def test_a_problem_quotes_its_line_and_hints_at_what_to_do() -> None:
    with pytest.raises(PolicyError) as caught:
        load("version: 1\nsources:\n  plan:\n    files: x.yaml\n")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column, problem.end_line, problem.end_column) == (3, 3, 3, 7)
    assert problem.excerpt == "  plan:"
    assert problem.hint == "it names one of `repos`"
    assert problem.path == "interlock.yaml"


def test_names_that_exist_are_listed_where_none_is_close() -> None:
    with pytest.raises(PolicyError) as caught:
        load("version: 1\nrepos: {a: o/a, b: o/b}\nsources: {s: {repo: zzz, files: x}}\n")
    assert caught.value.problems[0].hint == "there are: `a`, `b`"


def test_columns_count_characters_behind_a_bom_and_in_crlf_files() -> None:
    assert refused("\ufeffversion: 1\r\nrepos: {é: o/a, a: oa}\r\n".encode()) == [
        "2:9 `é` cannot name a repo",
        "2:20 repo `a` must be `owner/name`, not `oa`",
    ]


def test_the_place_in_a_path_is_the_character_that_is_wrong() -> None:
    source = "version: 1\nrepos: {a: o/a}\nsources:\n  s:\n    files: x.yaml\n    each: PATH\n"
    assert refused(source.replace("PATH", "$.a.[0]")) == [
        "6:14 `each`: '$.a.[0]' has a '.' before '['; leave the '.' out"
    ]
    assert refused(source.replace("PATH", '"$.a.[0]"'))[0].startswith("6:15 ")
    assert refused(source.replace("PATH", "'$[''a''][x]'"))[0].startswith(
        "6:11 "
    )  # escaped: the value


def test_more_problems_than_a_person_mends_are_counted() -> None:
    rows = "\n".join(f"  - {{id: r{n}, each: nothing, exists-in: nothing}}" for n in range(200))
    found = refused(f"version: 1\nconsistency:\n{rows}\n")
    assert len(found) == 101
    assert found[-1] == "0:0 and 300 more problems"
