"""TOML: values, places of every kind of table, and what is wrong with a file."""

from __future__ import annotations

import datetime as dt

import pytest
import tomli

from interlock.documents.base import Document, Node, Value
from interlock.documents.read import read_document


def read(text: str) -> Document:
    return read_document("a.toml", text.encode())


TEXT = '''\
# plan
"t\\u0069tle" = "x" # c
dotted.a . "b c" = 1
dotted.z = 2020-01-01 10:11:12
multi = """
a"b"""""
raw = \'\'\'
it's\'\'\'

[long.way.home] # c
list = [1, # one
  {p.q = 1, 'r' = []}, [],
]
# after

[[study]]
name = 'one'
[[study.group]]
w = 0.5
[[study.group]]
w = 1e-1

[between]
x = +inf

[[study]]
name = "two"
[long.way]
late = 0x_f
'''.replace("0x_f", "0xf")


@pytest.mark.parametrize(
    ("steps", "text", "style", "name"),
    [
        (("title",), '"x"', "double", '"t\\u0069tle"'),
        (("dotted",), 'dotted.a . "b c" = 1\ndotted.z = 2020-01-01 10:11:12', "implicit", "dotted"),
        (("dotted", "a"), 'dotted.a . "b c" = 1', "implicit", "a"),
        (("dotted", "a", "b c"), "1", "plain", '"b c"'),
        (("dotted", "z"), "2020-01-01 10:11:12", "plain", "z"),
        (("multi",), '"""\na"b"""""', "multi-double", "multi"),
        (("raw",), "'''\nit's'''", "multi-single", "raw"),
        (("long", "way", "home", "list"), "[1, # one\n  {p.q = 1, 'r' = []}, [],\n]", "array",
         "list"),
        (("long", "way", "home", "list", 1), "{p.q = 1, 'r' = []}", "inline", None),
        (("long", "way", "home", "list", 1, "p"), "p.q = 1", "implicit", "p"),
        (("long", "way", "home", "list", 1, "r"), "[]", "array", "'r'"),
        (("long", "way"), "[long.way]\nlate = 0xf", "table", "way"),
        (("study", 0),
         "[[study]]\nname = 'one'\n[[study.group]]\nw = 0.5\n[[study.group]]\nw = 1e-1",
         "table", None),
        (("study", 0, "group"), "[[study.group]]\nw = 0.5\n[[study.group]]\nw = 1e-1", "tables",
         "group"),
        (("study", 0, "group", 1), "[[study.group]]\nw = 1e-1", "table", None),
        (("study", 1), '[[study]]\nname = "two"', "table", None),
        (("between",), "[between]\nx = +inf", "table", "between"),
        (("between", "x"), "+inf", "plain", "x"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_places(
    steps: tuple[str | int, ...], text: str, style: str, name: str | None, ending: str
) -> None:
    document = read(TEXT.replace("\n", ending))
    assert document.problems == ()
    node, exact = document.node(0, steps)
    assert exact
    assert document.text[slice(*node.span)] == text.replace("\n", ending)
    assert node.style == style
    assert (node.name and document.text[slice(*node.name)]) == name


def test_values_are_tomlis() -> None:
    assert read(TEXT).values == (tomli.loads(TEXT),)


def same_shape(value: Value, node: Node) -> bool:
    if isinstance(value, dict):
        return (
            isinstance(node.children, dict)
            and value.keys() == node.children.keys()
            and all(same_shape(value[name], node.children[name]) for name in value)
        )
    if isinstance(value, list):
        return (
            isinstance(node.children, list)
            and len(value) == len(node.children)
            and all(map(same_shape, value, node.children))
        )
    return node.children is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment",
        TEXT,
        "a = [[], [[]], {}, {b = {c = [1]}}]",
        "a = 'x' # = [y]\nb = \"]}\"",
        "[a]\n[a.b.c]\n[a.b]\nx = 1\n",
        "[a.b]\nx = 1\n[a]\ny = 1\n[a.c]\nz = 1",
        "[[a]]\n[a.b]\nc = 1\n[[a]]\n[[a.d]]\n[a.d.e]\n[a.b]\n",
        "a.b.c = 1\na.b.d = 2\n[a.e]\n",
        "1.2 = 3\n-_- = 4\n'' = 5",
        'a = \'\'\'x\'\'\'\'\nb = """y"""""\nc = """"""\nd = \'\'\'\'\'\'',
        'a = """\\\n  x \\""" y"""\nb = "\\""',
        "t = 07:32:00\nd = 1979-05-27\no = 1979-05-27T07:32:00.5-07:00 # c",
        "l = [1979-05-27 07:32:00,1]",
        "a = -nan\nb = 1_000\nc = 0b1\nd = 0o7\ne = 6.0e+2",
        "[ a . 'b' ] \n[[ c ]]\n",
        "a={b=1,c.d=2,c.e=3}",
    ],
)
def test_nodes_have_the_shape_of_values(text: str) -> None:
    document = read(text)
    assert document.problems == ()
    assert same_shape(document.values[0], document.nodes[0])


def test_times_are_kept() -> None:
    assert read("a = 1979-05-27").values == ({"a": dt.date(1979, 5, 27)},)


@pytest.mark.parametrize(
    ("text", "message", "line", "place"),
    [
        ("a = 1\na = 2\nb = 3", "stands twice", 2, "a = 2"),
        ("[a]\n\n[a]\nb = 1", "stands twice", 3, "[a]"),
        ("[a]\nb = 1\n[a.b]\n", "stands twice", 3, "[a.b]"),
        ("a = {b = 1, b = 2}", "duplicate inline table key 'b'", 1, None),
        ("a = 1 b = 2", "expected newline", 1, "b"),
        ("é = 1", "invalid statement", 1, "é"),
        ('a = 1\r\n\r\nb = "\\q"', "unescaped", 3, None),
        ("a = [1,\n2\nb = 3", "unclosed array", 3, "b"),
        ("a = 2020-02-30", "invalid date", 1, None),
        ("a = " + "1" * 4301, "4,300 digits", 1, "1" * 4301),
        ("a = 0x" + "f" * 4000, "4,300 digits", 1, "0x" + "f" * 4000),
        ("a = " + "[" * 100_000, "nested more than 200 levels", 1, "["),
        ("a = " + "[" * 200 + "]" * 200, "nested more than 200 levels", 1, "[]"),
        (".".join("a" * 201) + " = 1", "nested more than 200 levels", 1, None),
        ("x = 1\n[" + ".".join("a" * 100_000) + "]", "nested more than 200 levels", 2, None),
        (".".join("a" * 150) + " = " + "{b=" * 60 + "1" + "}" * 60, "nested more", 1, None),
    ],
)
def test_problems(text: str, message: str, line: int, place: str | None) -> None:
    document = read(text)
    assert document.values == ()
    (problem,) = document.problems
    assert problem.fatal
    assert message in problem.message
    assert document.line_column(problem.span.start)[0] == line
    if place is not None:
        assert document.text[slice(*problem.span)] == place


@pytest.mark.parametrize(
    "text",
    [
        'a = "' + "f." * 5000 + '"',
        "a = '''\n" + "x.y.z " * 5000 + "\n'''",
        "# " + "." * 5000 + "\na = 1",
        '["x]' + ".".join("a" * 4000) + '"]',
        "a = '0x" + "f" * 5000 + "'",
    ],
)
def test_dots_and_digits_in_text_are_no_bound(text: str) -> None:
    assert read(text).problems == ()


def test_a_long_table_name_over_many_values_is_refused_before_it_takes_minutes() -> None:
    text = "[" + ".".join("a" * 150) + "]\n" + "".join(f"x{i}=1\n" for i in range(200_000))
    (problem,) = read(text).problems
    assert "a table name of 150 parts over 200,000 values" in problem.message


def test_text_that_was_not_accepted_has_no_places() -> None:
    assert read("a = [1, {b = 2}").nodes == ()
