"""YAML 1.2: what each scalar means, where everything stands, and what is wrong with a file."""

from __future__ import annotations

import math
from typing import Any

import pytest

from interlock.documents import yaml_events
from interlock.documents.base import Document, Node
from interlock.documents.read import read_document


def read(text: str) -> Document:
    return read_document("a.yaml", text.encode())


def value(text: str) -> Any:
    document = read(text)
    assert document.problems == ()
    assert len(document.values) == 1
    return document.values[0]


def at(document: Document, *steps: str | int) -> tuple[str, Node]:
    node, exact = document.node(0, steps)
    assert exact, steps
    return document.text[slice(*node.span)], node


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null", None),
        ("~", None),
        ("", None),
        ("true", True),
        ("TRUE", True),
        ("tRue", "tRue"),
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("0", 0),
        ("-0", 0),
        ("0123", 123),
        ("+12", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("-0x1F", "-0x1F"),
        ("0x", "0x"),
        ("0b1", "0b1"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("1.", 1.0),
        (".5", 0.5),
        ("-1.5e3", -1500.0),
        ("1e3", 1000.0),
        ("1e", "1e"),
        ("e3", "e3"),
        (".", "."),
        ("+", "+"),
        ("-.inf", -math.inf),
        (".Inf", math.inf),
        ("inf", "inf"),
        ("nan", "nan"),
        ("2024-01-31", "2024-01-31"),
        ("2024-01-31T10:00:00Z", "2024-01-31T10:00:00Z"),
        ("1.2.3", "1.2.3"),
        ("٣", "٣"),
        ("'1'", "1"),
        ('"true"', "true"),
        ("!!str 1", "1"),
        ("!!str", ""),
        ("!!int '7'", 7),
        ("!!float 1", 1.0),
        ("!!float " + "9" * 400, math.inf),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("!Ref 12", 12),
        ("!Sub '12'", "12"),
        ("!!timestamp 2024-01-31", "2024-01-31"),
        ("=", "="),
    ],
)
def test_scalar(text: str, expected: Any) -> None:
    got = value(f"a: {text}\n")["a"]
    assert got == expected
    assert type(got) is type(expected)


def test_nan() -> None:
    assert math.isnan(value("a: .NaN")["a"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1: x", {"1": "x"}),
        ("0x1F: x", {"0x1F": "x"}),
        ("yes: x", {"yes": "x"}),
        ("null: x", {"null": "x"}),
        ("~: x", {"~": "x"}),
        ("?\n: x", {"": "x"}),
        ("'a b': x", {"a b": "x"}),
        ('"a\\u0041": x', {"aA": "x"}),
        ("? a\n? b\n", {"a": None, "b": None}),
        ("? a\n: 1", {"a": 1}),
        ("[a, b]: x", {"[a, b]": "x"}),
        ("? - a\n  - b\n: x", {"- a\n  - b": "x"}),
        ("{{ .Values.x }}: 1", {"{{ .Values.x }}": 1}),
        ("v: {{ .Values.x }}", {"v": {"{ .Values.x }": None}}),
        ("a: &k n\n*k : 1", {"a": "n", "n": 1}),
        ("a: &k [1]\n*k : 1", {"a": [1], "*k": 1}),
        ("'<<': 1", {"<<": 1}),
    ],
)
def test_member_names_are_text_as_written(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x {p: 1}\nb: *x", {"a": {"p": 1}, "b": {"p": 1}}),
        ("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}", {"a": {"p": 1, "q": 2}, "b": {"p": 1, "q": 3}}),
        ("a: &x {p: 1, q: 2}\nb: {q: 3, <<: *x}", {"a": {"p": 1, "q": 2}, "b": {"p": 1, "q": 3}}),
        ("b: {<<: [{p: 1}, {p: 2, q: 2}]}", {"b": {"p": 1, "q": 2}}),
        ("b: {<<: {p: 1}, <<: {p: 2}}", {"b": {"p": 2}}),
        ("b:\n  <<:\n    p: 1\n  q: 2", {"b": {"p": 1, "q": 2}}),
        ("a: &x 1\nb: &x 2\nc: *x", {"a": 1, "b": 2, "c": 2}),
    ],
)
def test_aliases_and_merge_keys(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (None,)),
        ("# only a comment\n", (None,)),
        ("---\n", (None,)),
        ("a: 1\n---\n---\nb: 2\n...\n", ({"a": 1}, None, {"b": 2})),
        ("--- 1\n--- 2\n", (1, 2)),
        ("%YAML 1.2\n---\na: 1\n", ({"a": 1},)),
    ],
)
def test_streams(text: str, expected: Any) -> None:
    document = read(text)
    assert document.values == expected
    assert len(document.nodes) == len(expected)
    assert document.problems == ()


def test_anchors_belong_to_one_document() -> None:
    document = read("a: &x 1\n---\nb: *x\n")
    assert document.values == ()
    assert document.problems[0].fatal
    assert "*x" in document.problems[0].message


TEXT = """\
# plan
a: &base   # shared
  # inside - here
  n: 1   # one
  lit: |
    hi
      there

  # after
list:
- x
-
- {p: , q, 'r s': "u", t: [1, z: 3]}
none:
empty: ''
keep: |+
  k

? bare
tag: !Ref  foo
str: !!str 12
alias: *base
merged: {<<: *base, own: 2}
fold: >-
  one
  two
last: 9  # end

# trailing
"""


@pytest.mark.parametrize(
    ("steps", "text", "style", "name", "shared"),
    [
        (("a",), "n: 1   # one\n  lit: |\n    hi\n      there", "block", "a", True),
        (("a", "n"), "1", "plain", "n", True),
        (("a", "lit"), "|\n    hi\n      there", "literal", "lit", True),
        (("list",), "- x\n-\n- {p: , q, 'r s': \"u\", t: [1, z: 3]}", "block", "list", False),
        (("list", 0), "x", "plain", None, False),
        (("list", 1), "", "plain", None, False),
        (("list", 2), "{p: , q, 'r s': \"u\", t: [1, z: 3]}", "flow", None, False),
        (("list", 2, "p"), "", "plain", "p", False),
        (("list", 2, "q"), "", "plain", "q", False),
        (("list", 2, "r s"), '"u"', "double", "'r s'", False),
        (("list", 2, "t"), "[1, z: 3]", "flow", "t", False),
        (("list", 2, "t", 1), "z: 3", "flow", None, False),
        (("none",), "", "plain", "none", False),
        (("empty",), "''", "single", "empty", False),
        (("keep",), "|+\n  k\n", "literal", "keep", False),
        (("bare",), "", "plain", "bare", False),
        (("tag",), "foo", "plain", "tag", False),
        (("str",), "!!str 12", "plain", "str", False),
        (("alias",), "*base", "alias", "alias", True),
        (("alias", "n"), "1", "plain", "n", True),
        (("merged",), "{<<: *base, own: 2}", "flow", "merged", False),
        (("merged", "own"), "2", "plain", "own", False),
        (("merged", "n"), "1", "plain", "n", True),
        (("fold",), ">-\n  one\n  two", "folded", "fold", False),
        (("last",), "9", "plain", "last", False),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("native", [True, False])
def test_places(
    steps: tuple[str | int, ...],
    text: str,
    style: str,
    name: str | None,
    shared: bool,
    ending: str,
    native: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not native:
        monkeypatch.setattr(yaml_events, "parse", yaml_events._pure)
    document = read(TEXT.replace("\n", ending))
    assert document.problems == ()
    got, node = at(document, *steps)
    assert got == text.replace("\n", ending)
    assert node.style == style
    assert node.shared is shared
    assert (node.name and document.text[slice(*node.name)]) == name


@pytest.mark.parametrize(
    ("text", "steps", "before"),
    [
        ("a:\nb: 1\n", ("a",), "a:"),
        ("a:   # note: x\n\nb: 1\n", ("a",), "a:"),
        ("{a: , b: 1}", ("a",), "{a:"),
        ("{a, b: 1}", ("a",), "{a"),
        ("? a\n# note: x\nb: 1\n", ("a",), "? a"),
        ("- \n- 1\n", (0,), "-"),
        ("---\n# c\n", (), "---"),
        ("a: &x\nb: 1", ("a",), "a: &x"),
        ("a: !t &x # c\nb: 1", ("a",), "a: !t &x"),
    ],
)
def test_a_missing_value_stands_behind_its_name(text: str, steps: Any, before: str) -> None:
    _, node = at(read(text), *steps)
    assert node.span == (len(before), len(before))


def test_a_missing_value_with_a_tag_of_its_own_has_the_tag_as_its_place() -> None:
    assert at(read("a: !!str   # c\nb: 1"), "a")[0] == "!!str"


def test_the_root_begins_at_its_first_name_and_ends_with_its_last_value() -> None:
    got, _ = at(read(TEXT))
    assert got.startswith("a: &base")
    assert got.endswith("last: 9")


def test_astral_characters_and_a_byte_order_mark_keep_offsets() -> None:
    document = read_document("a.yaml", b"\xef\xbb\xbf" + "'😀': '🎉x'\nb: 2\n".encode())
    assert document.bom
    assert document.values == ({"😀": "🎉x", "b": 2},)
    assert at(document, "😀")[0] == "'🎉x'"
    assert at(document, "b")[0] == "2"
    assert document.line_column(at(document, "b")[1].span.start) == (2, 4)


@pytest.mark.parametrize(
    ("text", "value_", "message", "place"),
    [
        ("x: 1\ny:\n  a: 1\n  a: 2\n", {"x": 1, "y": {"a": 2}}, "lines 3 and 4", "a"),
        ("{a: 1, a: 2}", {"a": 2}, "in line 1", "a"),
        ("'a': 1\n\"a\": 2\n", {"a": 2}, "lines 1 and 2", '"a"'),
        ("a: !!int x", {"a": "x"}, "tagged !!int", "!!int x"),
        ("a: {<<: 5, b: 1}", {"a": {"b": 1}}, "not a mapping", "5"),
        ("a: {<<: [{c: 1}, 5], b: 1}", {"a": {"b": 1, "c": 1}}, "not a mapping", "["),
    ],
)
def test_problems_that_leave_values(text: str, value_: Any, message: str, place: str) -> None:
    document = read(text)
    assert document.values == (value_,)
    (problem,) = document.problems
    assert not problem.fatal
    assert message in problem.message
    assert document.text[slice(*problem.span)] == place


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("a: 1\n  b: 2\n", "quote text that holds", 2, 4),
        ("a: b: c\n", "quote text that holds", 1, 5),
        ("a:\n\t- 1\n", "a tab is used for indentation", 2, 1),
        ("a: @x\n", "may not start with '@'", 1, 4),
        ("a: 'x\nb: 1\n", "ends inside a quoted text", 3, 1),
        ("a: [1, 2\nb: 1\n", "a ',' or ']' is missing", 2, 2),
        ("a: 1\nb\n", "a key without ':'", 3, 1),
        ("a:\n  - 1\n b: 2\n", "does not line up", 3, 2),
        ("a: \x07\n", "control character", 1, 4),
        ("é: \x07\n", "control character", 1, 4),
        ("a: *x\n", "the alias *x, which no anchor", 1, 4),
        ("a: &x [*x]\n", "inside the value it names", 1, 8),
        ("a: &x {<<: *x}\n", "inside the value it names", 1, 12),
        ("a: " + "1" * 4301, "more than 4,300 digits", 1, 4),
        ("a: 0x" + "f" * 4000, "more than 4,300 digits", 1, 4),
    ],
)
def test_problems_that_leave_nothing(text: str, message: str, line: int, column: int) -> None:
    document = read(text)
    assert document.values == ()
    (problem,) = document.problems
    assert problem.fatal
    assert message in problem.message
    assert document.line_column(problem.span.start) == (line, column)


def test_the_problem_says_where_the_broken_part_begins() -> None:
    (problem,) = read("a: 1\nb: [1,\n  2\nc: 3\n").problems
    assert "in what begins on line 2" in problem.message


def test_no_more_than_a_hundred_problems_are_listed() -> None:
    assert len(read("a: 1\n" * 500).problems) == 100
