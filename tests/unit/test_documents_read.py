"""From bytes to a document: formats, encodings, line endings, positions and excerpts."""

from __future__ import annotations

import subprocess
import sys

import pytest

from interlock.documents.base import Span
from interlock.documents.excerpt import MAX_LINES, MAX_WIDTH, excerpt
from interlock.documents.read import FORMATS, format_of, read_document


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.yaml", "yaml"),
        ("x/y.YML", "yaml"),
        ("a.json", "json"),
        ("a.json5", "json5"),
        ("a.jsonc", "json5"),
        ("a.toml", "toml"),
        (".env", "dotenv"),
        ("x/.env.local", "dotenv"),
        ("prod.env", "dotenv"),
        ("a.ini", "ini"),
        ("setup.cfg", "ini"),
        ("a.properties", "ini"),
        ("a.py", "text"),
        ("yaml", "text"),
        ("x.yaml/README", "text"),
        (".environment", "text"),
        ("Makefile", "text"),
    ],
)
def test_format_of(path: str, expected: str) -> None:
    assert format_of(path) == expected


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_every_format_reads_without_the_byte_order_mark(form: str, bom: bytes) -> None:
    data = b'{"a": "1"}' if form in ("json", "json5") else b"a = '1'\n"
    if form == "yaml":
        data = b"a: '1'\n"
    document = read_document("x", bom + data, form)
    assert document.format == form
    assert document.bom is bool(bom)
    assert document.problems == ()
    assert document.text == data.decode()
    if form == "text":
        assert document.values == (document.text,)
        assert document.nodes[0].span == (0, len(data))
    else:
        assert document.values == ({"a": "1"},)
        node, exact = document.node(0, ("a",))
        assert exact
        assert document.text[slice(*node.span)].strip("'\"") == "1"


def test_the_format_can_be_said() -> None:
    assert read_document("values.yaml.tmpl", b"a: 1", "yaml").values == ({"a": 1},)
    with pytest.raises(ValueError, match="no format 'xml'"):
        read_document("a.xml", b"", "xml")


@pytest.mark.parametrize(
    ("data", "message", "line", "column"),
    [
        (b"a: 1\nb: caf\xe9\n", "byte 0xe9 at byte 11", 2, 7),
        ("é: 1\n".encode() + b"b: \xff", "byte 0xff at byte 9", 2, 4),
        (b"a: 1\nb: \x00", "a binary file (a zero byte at byte 8)", 2, 4),
        ("a".encode("utf-16"), "UTF-16", 1, 1),
        (b"\xef\xbb\xbf\xff", "byte 0xff at byte 3", 1, 1),
    ],
)
def test_what_is_not_text(data: bytes, message: str, line: int, column: int) -> None:
    document = read_document("a.yaml", data)
    assert document.values == document.nodes == ()
    (problem,) = document.problems
    assert problem.fatal
    assert message in problem.message
    found = excerpt(document, problem.span)
    assert (found.line, found.column) == (line, column)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lines_and_columns(ending: str) -> None:
    document = read_document("a.txt", ending.join(["ab", "", "😀d", "x"]).encode())
    at = document.text.index
    assert document.line_column(0) == (1, 1)
    assert document.line_column(at("b")) == (1, 2)
    assert document.line_column(at("d")) == (3, 2)
    assert document.line_column(at("x") + 1) == (4, 2)
    assert document.offset_of_line(3) == at("😀")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_an_excerpt_quotes_whole_lines(ending: str) -> None:
    document = read_document("a.txt", ending.join(["one", "two", "three", ""]).encode())
    span = Span(document.text.index("wo"), document.text.index("ree"))
    assert excerpt(document, span) == (2, 2, 3, 3, "two\nthree", 0)


def test_an_excerpt_is_bounded() -> None:
    document = read_document("a.txt", ("x" * 1000 + "\n").encode() * 10)
    found = excerpt(document, Span(0, len(document.text)))
    assert found.text == "\n".join(["x" * MAX_WIDTH] * MAX_LINES)
    assert (found.end_line, found.end_column) == (10, 1001)


def test_an_excerpt_shows_what_a_terminal_would_act_on() -> None:
    document = read_document("a.txt", "a\x1b[31m\x07\x7f\u202e\u2066\x9b\tb\rc\r\n".encode())
    shown = excerpt(document, Span(0, 1)).text
    assert shown == "a␛[31m␇␡���\tb␍c"


def test_the_end_of_an_empty_file_has_a_place() -> None:
    assert excerpt(read_document("a.json", b""), Span(0, 0)) == (1, 1, 1, 1, "", 0)


#: What must not be loaded by reading one format, for the others or for nothing.
FOREIGN = {
    "yaml": {"json", "tomli", "tomllib"},
    "json": {"yaml", "tomli"},
    "json5": {"yaml", "tomli"},
    "toml": {"yaml", "json"},
    "dotenv": {"yaml", "json", "tomli"},
    "text": {"yaml", "json", "tomli"},
}
COSTLY = {"ruamel", "tomlkit", "tree_sitter", "jsonschema", "dataclasses", "argparse", "logging"}


@pytest.mark.parametrize(("form", "foreign"), FOREIGN.items())
def test_a_format_loads_only_its_own_modules(form: str, foreign: set[str]) -> None:
    code = (
        "import sys; before = set(sys.modules)\n"
        "from interlock.documents.read import read_document\n"
        f"document = read_document('a', b'{{}}', {form!r})\n"
        "print(' '.join({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert not set(done.stdout.decode().split()) & (foreign | COSTLY)


def test_a_span_far_into_a_long_line_is_in_what_is_quoted() -> None:
    text = '{"a": "' + "x" * 5_000 + '", "b": "here", "c": "' + "y" * 5_000 + '"}'
    document = read_document("a.json", text.encode())
    start = text.index("here")
    found = excerpt(document, Span(start, start + 4))
    assert (found.line, found.column) == (1, start + 1)
    at = found.column - 1 - found.cut
    assert found.text[at : at + 4] == "here"
    assert len(found.text) <= 200
