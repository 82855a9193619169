"""JSON and JSON5: values, places, and what is said about text that is neither."""

from __future__ import annotations

import math
from typing import Any

import pytest

from interlock.documents.base import Document
from interlock.documents.read import read_document


def read(text: str, name: str = "a.json5") -> Document:
    return read_document(name, text.encode())


def at(document: Document, *steps: str | int) -> str:
    node, exact = document.node(0, steps)
    assert exact, steps
    return document.text[slice(*node.span)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", {}),
        ("[]", []),
        (" 'x' ", "x"),
        ("{a: 1, 'b': 2, \"c\": 3,}", {"a": 1, "b": 2, "c": 3}),
        ("[1, 2,]", [1, 2]),
        ("// c\n{/* a: 1, */ b: 2} // d", {"b": 2}),
        ("/* ** / */ 1", 1),
        ("[+1, -1, -0, 0x1F, -0xa]", [1, -1, 0, 31, -10]),
        ("[.5, 5., -.5e1, 5.e2, 1E-2, 1.0]", [0.5, 5.0, -5.0, 500.0, 0.01, 1.0]),
        ("[Infinity, -Infinity, +Infinity]", [math.inf, -math.inf, math.inf]),
        ("[null, true, false]", [None, True, False]),
        ("{null: 1, Infinity: 2, $a_b1: 3, é: 4, \\u0061b: 5}",
         {"null": 1, "Infinity": 2, "$a_b1": 3, "é": 4, "ab": 5}),
        (r"'\b\f\n\r\t\v\0\x41\u00e9\'\"\\\/\a'", "\b\f\n\r\t\v\0A\u00e9'\"\\/a"),
        ("'a\\\nb\\\r\nc\\\u2028d'", "abcd"),
        (r"'\ud83d\ude00'", "😀"),
        ("'a//b /* c */'", "a//b /* c */"),
        ("\ufeff\u00a0\u2003{a\v:\f1}", {"a": 1}),
        ("\"it's\"", "it's"),
    ],
)  # fmt: skip
def test_json5_values(text: str, expected: Any) -> None:
    document = read(text)
    assert document.problems == ()
    assert document.values == (expected,)
    assert [type(v) for v in [document.values[0]]] == [type(expected)]


def test_json5_has_nan() -> None:
    assert all(math.isnan(value) for value in read("[NaN, +NaN, -NaN]").values[0])


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "is empty", ""),
        ("// c", "is empty", ""),
        ("{", "a member name or '}' is missing at the end, to close the '{' of line 1", ""),
        ("\n[1,\n{a: 2", "to close the '{' of line 3", ""),
        ("[1 2]", "'2' stands where ',' or ']' should", "2"),
        ("[1,,2]", "',' stands where", ","),
        ("{,}", "',' stands where a member name", ","),
        ("{a 1}", "'1' stands where ':'", "1"),
        ("{a: 1]", "']' stands where ',' or '}'", "]"),
        ("{a:}", "'}' stands where a value", "}"),
        ("1 2", "where the end of the file", "2"),
        ("]", "']' stands where a value", "]"),
        ("{1: 2}", "the name '1' needs quotes", "1"),
        ("{a-b: 2}", "the name 'a-b' needs quotes", "a-b"),
        ("[010]", "'010' is neither", "010"),
        ("[1e]", "'1e' is neither", "1e"),
        ("[0x]", "'0x' is neither", "0x"),
        ("[yes]", "'yes' is neither", "yes"),
        ("'a\nb'", "a quote is not closed on its line", "'"),
        ("/* a", "a comment is not closed", "/"),
        ("[#]", "'#' stands where", "#"),
        (r"'\u12'", "begins no escape", r"'\u12'"),
        (r"'\1'", "begins no escape", r"'\1'"),
        (r"'\01'", "begins no escape", r"'\01'"),
        (r"'\ud83d'", "half a character", r"'\ud83d'"),
        ("[" + "1" * 4301 + "]", "4,300 digits", "1" * 4301),
        ("[0x" + "f" * 4000 + "]", "4,300 digits", "0x" + "f" * 4000),
    ],
)
def test_what_is_not_json5(text: str, message: str, place: str) -> None:
    document = read(text)
    assert document.values == ()
    (problem,) = document.problems
    assert problem.fatal
    assert message in problem.message
    assert document.text[slice(*problem.span)] == place
    assert document.nodes == ()


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ('{"a": 1,}', "a ',' before the closing '}'", ","),
        ("[1\n,\n]", "a ',' before the closing ']'", ","),
        ('{"a": 1 // x\n}', "JSON has no comments; name the file .json5 or .jsonc", "/"),
        ("{'a': 1}", "JSON needs double quotes", "'"),
        ("['a']", "JSON needs double quotes", "'"),
        ("{a: 1}", "a member name in double quotes is missing here", "a"),
        ('{"a" 1}', "a ':' is missing here", "1"),
        ("[1 2]", "a ',' is missing here", "2"),
        ("[1", "the file ends too early", ""),
        ('{"a":', "the file ends too early", ""),
        ("  \n", "is empty", ""),
        ("1 2", "after the end of the value", "2"),
        ('["a\nb"]', "a line break or control character", "\n"),
        ('["a', "a quote is not closed", '"'),
        ('["NaN", NaN]', "NaN is not a JSON number", "NaN"),
        ("[-Infinity]", "-Infinity is not a JSON number", "-Infinity"),
        ('["\\ud83d"]', "half a character", '"\\ud83d"'),
        ("[" + "1" * 4301 + "]", "4,300 digits", "1" * 4301),
        ("[" * 201 + "]" * 201, "nested more than 200 levels", "["),
    ],
)  # fmt: skip
def test_what_is_not_json(text: str, message: str, place: str) -> None:
    document = read(text, "a.json")
    assert document.values == ()
    (problem,) = document.problems
    assert problem.fatal
    assert message in problem.message
    assert document.text[slice(*problem.span)] == place


@pytest.mark.parametrize("name", ["a.json", "a.json5"])
@pytest.mark.parametrize(
    ("text", "values", "lines", "places"),
    [
        ('{"a": 1,\n"a": 2}', {"a": 2}, ["lines 1 and 2"], ['"a"']),
        ('{"x": [{"a": 1, "\\u0061": {"a": 2}}]}', {"x": [{"a": {"a": 2}}]}, ["line 1"],
         ['"\\u0061"']),
        ('{"a": 1,\n"a": 2,\n"a": 3}', {"a": 3}, ["1 and 2", "2 and 3"], ['"a"', '"a"']),
    ],
)  # fmt: skip
def test_duplicate_names(
    name: str, text: str, values: Any, lines: list[str], places: list[str]
) -> None:
    document = read(text, name)
    assert document.values == (values,)
    assert [document.text[slice(*p.span)] for p in document.problems] == places
    for problem, line in zip(document.problems, lines, strict=True):
        assert not problem.fatal
        assert line in problem.message


TEXT = """\
// plan
{
  'a b': {c: [1, "x", -.5, ], /* none */ d: 'y'},
  last: +0x1F, // end
}
"""


@pytest.mark.parametrize(
    ("steps", "text", "style", "name"),
    [
        (("a b",), "{c: [1, \"x\", -.5, ], /* none */ d: 'y'}", "flow", "'a b'"),
        (("a b", "c"), '[1, "x", -.5, ]', "flow", "c"),
        (("a b", "c", 1), '"x"', "double", None),
        (("a b", "c", 2), "-.5", "plain", None),
        (("a b", "d"), "'y'", "single", "d"),
        (("last",), "+0x1F", "plain", "last"),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_places(
    steps: tuple[str | int, ...], text: str, style: str, name: str | None, ending: str
) -> None:
    document = read(TEXT.replace("\n", ending))
    node, exact = document.node(0, steps)
    assert exact
    assert document.text[slice(*node.span)] == text
    assert node.style == style
    assert not node.shared
    assert (node.name and document.text[slice(*node.name)]) == name


def test_the_root_leaves_comments_out() -> None:
    assert at(read(TEXT))[0] == "{"
    assert at(read(TEXT))[-1] == "}"


def test_commas_in_text_are_not_counted_as_values() -> None:
    document = read('["' + "," * 1_000_001 + '"]', "a.json")
    assert document.problems == ()
