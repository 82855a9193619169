"""dotenv, INI and properties files: values and places."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.documents import dotenv
from interlock.documents.read import read_document


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1", {"A": "1"}),
        ("A = 1 # c", {"A": "1"}),
        ("export A=1", {"A": "1"}),
        ("\texport  A=1", {"A": "1"}),
        ("A=", {"A": ""}),
        ("A= # c", {"A": ""}),
        ("A=#c", {"A": "#c"}),
        ("A=it's", {"A": "it's"}),
        ("A=a#b", {"A": "a#b"}),
        ("A='a # b' # c", {"A": "a # b"}),
        ('A="a\\n\\t\\$b\\q"', {"A": "a\n\t$b\\q"}),
        ("A='a\\nb'", {"A": "a\\nb"}),
        ('A=`it\'s "x"`', {"A": 'it\'s "x"'}),
        ("A='x\ny'\nB=2", {"A": "x\ny", "B": "2"}),
        ('A="x\r\ny"\r\nB=2\r\n', {"A": "x\ny", "B": "2"}),
        ("A='x'y", {"A": "'x'y"}),
        ('A="x\nB=2', {"A": '"x', "B": "2"}),
        ("a.b-c=1", {"a.b-c": "1"}),
        ("A=b=c", {"A": "b=c"}),
        ("A=no\nB=1\nC=null", {"A": "no", "B": "1", "C": "null"}),
        ("", {}),
        ("# c\n\n   # d", {}),
    ],
)
def test_dotenv(text: str, expected: Any) -> None:
    document = read_document(".env", text.encode())
    assert document.problems == ()
    assert document.values == (expected,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a]\nk = v\n[b.c] ; c\nk: w", {"a": {"k": "v"}, "b.c": {"k": "w"}}),
        ("top = 1\n[a]\nk = 1", {"top": "1", "a": {"k": "1"}}),
        ("! c\n; c\n# c\na.b.c=1", {"a.b.c": "1"}),
        ("k = v # kept", {"k": "v # kept"}),
        ("k = \"v\"\nl = 'w'\nm = 'w'x", {"k": "v", "l": "w", "m": "'w'x"}),
        ("p = C:\\new\\table", {"p": "C:\\new\\table"}),
        ("url = http://x/?a=b", {"url": "http://x/?a=b"}),
        ("two words = 1", {"two words": "1"}),
        ("k =\n  a\n  # c\n  b\n\n  c\nl = 1", {"k": "\na\nb\n\nc", "l": "1"}),
        ("k = a,\\\n    b,\\\n    c\nl = 1", {"k": "a,b,c", "l": "1"}),
        ("k = a\\\\\nl = 1", {"k": "a\\\\", "l": "1"}),
        ("[core]\n\ta = 1\n\tb = 2", {"core": {"a": "1", "b": "2"}}),
        ("[a]\nx = 1\n[b]\n[a]\ny = 2", {"a": {"x": "1", "y": "2"}, "b": {}}),
        ("k =", {"k": ""}),
        ("", {}),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_ini(text: str, expected: Any, ending: str) -> None:
    document = read_document("a.ini", text.replace("\n", ending).encode())
    assert document.problems == ()
    assert document.values == (expected,)


@pytest.mark.parametrize(
    ("path", "text", "values", "message", "place"),
    [
        (".env", "A=1\njunk\nB=2", {"A": "1", "B": "2"}, "neither NAME=value", "junk"),
        (".env", "A=1\nA=2", {"A": "2"}, "'A' twice in lines 1 and 2", "A"),
        ("a.ini", "junk\nA=1", {"A": "1"}, "neither a [section]", "junk"),
        ("a.ini", "[open\nA=1", {"A": "1"}, "neither a [section]", "[open"),
        ("a.ini", "= 1", {}, "neither a [section]", "= 1"),
        ("a.ini", "[a]\nk=1\n[b]\n[a]\nk=2", {"a": {"k": "2"}, "b": {}}, "lines 2 and 5", "k"),
        ("a.ini", "a=1\n[a]\nk=2", {"a": {"k": "2"}}, "'a' twice in lines 1 and 2", "a"),
    ],
)
def test_problems(path: str, text: str, values: Any, message: str, place: str) -> None:
    document = read_document(path, text.encode())
    assert document.values == (values,)
    (problem,) = document.problems
    assert not problem.fatal
    assert message in problem.message
    assert document.text[slice(*problem.span)] == place


@pytest.mark.parametrize(
    ("path", "text", "steps", "place", "style", "name"),
    [
        (".env", "export A=1 # c", ("A",), "1", "plain", "A"),
        (".env", "A='x\ny' # c", ("A",), "'x\ny'", "single", "A"),
        (".env", 'A = "\\n"', ("A",), '"\\n"', "double", "A"),
        (".env", "A=   # c", ("A",), "", "plain", "A"),
        ("a.ini", "[ s ]\nk : v\n\n[t]", ("s",), "[ s ]\nk : v", "table", " s "),
        ("a.ini", "[s]\nk : v  \r\n", ("s", "k"), "v", "plain", "k"),
        ("a.ini", "k =\n  a\n  b\nl=1", ("k",), "\n  a\n  b", "plain", "k"),
        ("a.ini", "k = 'v'", ("k",), "'v'", "single", "k"),
    ],
)
def test_places(  # a row of the table
    path: str, text: str, steps: tuple[str, ...], place: str, style: str, name: str
) -> None:
    document = read_document(path, text.encode())
    node, exact = document.node(0, steps)
    assert exact
    assert document.text[slice(*node.span)] == place
    assert node.style == style
    assert node.name is not None
    assert document.text[slice(*node.name)] == name


@pytest.mark.parametrize("path", [".env", "a.ini"])
def test_values_are_bounded(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dotenv, "MAX_NODES", 3)
    assert read_document(path, b"a=1\nb=2\nc=3").problems == ()
    document = read_document(path, b"a=1\nb=2\nc=3\nd=4")
    assert document.values == ()
    assert document.nodes == ()
    (problem,) = document.problems
    assert problem.fatal
    assert document.text[slice(*problem.span)] == "4"
