"""For any value that a format can hold: what is read is what was written, and every place is right.

"Right" means that the text of a node's span, put where its value stands, reads as that value
again, and that the text of a name's span reads as that name.
"""

from __future__ import annotations

import io
import json
import math
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import ruamel.yaml
import ruamel.yaml.error
import tomlkit
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from interlock.documents.base import Document, Node, Value
from interlock.documents.read import read_document

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["no", "on", "1", "1.0", "null", "~", "", " a ", "a: b", "a #b", "-", "- a", "? x", "<<", "=",
     "0o7", "0x1", "1e3", "2024-01-31", "é😀", "a\nb", "a\n", "\n\n a", "a\n\n", "'", '"', "\\",
     "*a", "&a", "!a", "@", "%", "a,b", "[a]", "{a}", "x" * 130, "x y " * 40]
)  # fmt: skip
numbers = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)
PROFILE = settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def same(left: Value, right: Value) -> bool:
    """Equal and of equal types all the way down; NaN equals itself."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right) or (isinstance(left, float) and math.isnan(left) and left != right)


def below(
    value: Value, node: Node, steps: tuple[str | int, ...] = (), parent: Node | None = None
) -> Iterator[tuple[Value, Node, tuple[str | int, ...], Node | None]]:
    """Each value with its node, its steps and the node above; checks that the shapes agree."""
    yield value, node, steps, parent
    if isinstance(value, dict):
        assert isinstance(node.children, dict)
        assert value.keys() == node.children.keys()
        for name, member in value.items():
            assert node.children[name].name is not None or node.style == "alias"
            yield from below(member, node.children[name], (*steps, name), node)
    elif isinstance(value, list):
        assert isinstance(node.children, list)
        assert len(value) == len(node.children)
        for at, member in enumerate(value):
            yield from below(member, node.children[at], (*steps, at), node)
    else:
        assert node.children is None


def one(text: str, form: str) -> Value:
    document = read_document("x", text.encode(), form)
    assert document.problems == (), (text, document.problems)
    (value,) = document.values
    return value


def vary(text: str, crlf: bool, bom: bool, form: str) -> Document:
    if crlf:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    document = read_document("x", (b"\xef\xbb\xbf" if bom else b"") + text.encode(), form)
    assert document.problems == (), text
    assert document.bom is bom
    assert document.text == text
    return document


# JSON and JSON5


def check_json(document: Document, expected: Value) -> None:
    assert same(document.values[0], expected)
    for value, node, steps, _ in below(expected, document.nodes[0]):
        assert same(one(document.text[slice(*node.span)], "json5"), value)
        if node.name is not None:
            assert one(f"{{{document.text[slice(*node.name)]}:0}}", "json5") == {steps[-1]: 0}


@PROFILE
@given(values, st.booleans(), st.sampled_from([None, 0, 2]), st.booleans(), st.booleans())
def test_json(value: Value, ascii_: bool, indent: int | None, crlf: bool, bom: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_, indent=indent)
    document = vary(text, crlf, bom, "json")
    check_json(document, value)
    check_json(vary(text, crlf, bom, "json5"), value)


class Json5:
    """Writes a value as JSON5, each time in another way."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw

    def pick(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def blank(self) -> str:
        return str(self.pick("", "", " ", "\n", "\t\v\f\u00a0\ufeff", "// a, ] }\n", "/* { ' */"))

    def text(self, text: str) -> str:
        quote = self.pick('"', "'")
        shown = json.dumps(text, ensure_ascii=self.pick(True, False))[1:-1].replace('\\"', '"')
        shown = re.sub(r"\\u00([0-9a-f]{2})", self.pick(r"\\x\1", r"\\u00\1"), shown)
        if self.pick(True, False):
            shown += "\\\n"
        return str(quote + shown.replace(quote, "\\" + quote) + quote)

    def name(self, text: str) -> str:
        bare = re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", text)
        return text if bare and self.pick(True, False) else self.text(text)

    def number(self, value: float) -> str:
        if isinstance(value, int):
            sign = "-" if value < 0 else self.pick("", "+")
            return f"{sign}{self.pick(str(abs(value)), hex(abs(value)))}"
        shown = repr(value)
        return shown.replace("0.", ".") if re.fullmatch(r"-?0\.\d+", shown) else shown

    def write(self, value: Value) -> str:
        pad = self.blank
        if isinstance(value, dict):
            members = [f"{pad()}{self.name(k)}{pad()}:{self.write(v)}" for k, v in value.items()]
            return f"{pad()}{{{self.joined(members)}}}{pad()}"
        if isinstance(value, list):
            return f"{pad()}[{self.joined([self.write(v) for v in value])}]{pad()}"
        if isinstance(value, str):
            return pad() + self.text(value) + pad()
        if value is None or isinstance(value, bool):
            return pad() + json.dumps(value) + pad()
        return pad() + self.number(value) + pad()

    def joined(self, members: list[str]) -> str:
        tail = self.pick("", ",") if members else ""
        return ",".join(members) + tail + self.blank()


@PROFILE
@given(st.data(), values)
def test_json5(data: st.DataObject, value: Value) -> None:
    check_json(vary(Json5(data.draw).write(value), crlf=False, bom=False, form="json5"), value)


# YAML


def aliased(node: Node) -> bool:
    """True where the text cannot stand alone, since an alias in it may point out of it."""
    members = node.children or ()
    inner = members.values() if isinstance(members, dict) else members
    return node.style == "alias" or any(map(aliased, inner))


def check_yaml(document: Document, expected: tuple[Value, ...]) -> None:
    assert same(list(document.values), list(expected))
    for root, value in zip(document.nodes, expected, strict=True):
        for inner, node, steps, parent in below(value, root):
            if parent is not None and parent.style == "alias":
                continue  # its text stands in the anchored value, where it is checked too
            if not aliased(node):
                got = reread(document, node, parent)
                assert same(got, inner), (document.text, steps, document.text[slice(*node.span)])
            if node.name is not None and parent is not None:
                assert reread_name(document, node, parent) == steps[-1], (document.text, steps)


def lead(document: Document, node: Node) -> str:
    return " " * (document.line_column(node.span.start)[1] - 1)


def reread(document: Document, node: Node, parent: Node | None) -> Value:
    """The value of a node's text, put at the same column into a parent of the same kind."""
    newline = "\r\n" if "\r\n" in document.text else "\n"
    text = document.text[slice(*node.span)]
    if parent is None:
        between = newline + lead(document, node) if node.style == "block" else " "
        return one(f"---{between}{text}{newline}", "yaml")
    if parent.style == "flow":
        return one(f"[{text or 'null'}]", "yaml")[0]
    key = "-" if isinstance(parent.children, list) else "k:"
    between = newline + lead(document, node) if node.style == "block" else " "
    got = one(f"{lead(document, parent)}{key}{between}{text}{newline}", "yaml")
    return got[0] if key == "-" else got["k"]


def reread_name(document: Document, node: Node, parent: Node) -> str:
    newline = "\r\n" if "\r\n" in document.text else "\n"
    assert node.name is not None
    name = document.text[slice(*node.name)]
    if parent.style == "flow":
        (got,) = one(f"{{? {name} : 0}}", "yaml")
    else:
        left = lead(document, parent)
        (got,) = one(f"{left}? {name}{newline}{left}: 0", "yaml")
    return str(got)


def reads_otherwise_in_1_2(value: Value) -> bool:
    """True where PyYAML, which follows YAML 1.1, writes a text plain that 1.2 reads as a number."""
    if isinstance(value, dict):
        return any(map(reads_otherwise_in_1_2, (*value, *value.values())))
    if isinstance(value, list):
        return any(map(reads_otherwise_in_1_2, value))
    return isinstance(value, str) and bool(re.match(r"[-+.]*[0-9]", value))


def by_pyyaml(data: st.DataObject, streams: list[Value]) -> str:
    return str(
        yaml.safe_dump_all(
            streams,
            default_flow_style=data.draw(st.sampled_from([None, True, False])),
            default_style=data.draw(st.sampled_from([None, None, "'", '"', "|", ">"])),
            allow_unicode=data.draw(st.booleans()),
            width=data.draw(st.sampled_from([20, 80, 10_000])),
            indent=data.draw(st.sampled_from([2, 4, 7])),
            explicit_start=True,
            sort_keys=False,
        )
    )


def by_ruamel(data: st.DataObject, streams: list[Value]) -> str:
    writer = ruamel.yaml.YAML(typ="safe", pure=True)
    writer.default_flow_style = data.draw(st.sampled_from([None, True, False]))
    writer.width = data.draw(st.sampled_from([20, 80, 10_000]))
    writer.explicit_start = True
    stream = io.StringIO()
    writer.dump_all(streams, stream)
    return stream.getvalue()


def read_back(write: Any, text: str) -> Value:
    """What the writing library itself reads: both write some values as something else."""
    reader = ruamel.yaml.YAML(typ="safe", pure=True)
    try:
        return list(yaml.safe_load_all(text) if write is by_pyyaml else reader.load_all(text))
    except (yaml.YAMLError, ruamel.yaml.error.YAMLError):
        return None


@PROFILE
@given(st.data(), st.lists(values, min_size=1, max_size=3), st.booleans(), st.booleans())
@pytest.mark.parametrize("write", [by_pyyaml, by_ruamel])
def test_yaml(write: Any, data: st.DataObject, streams: list[Value], crlf: bool, bom: bool) -> None:
    if data.draw(st.booleans()):
        streams = [{"first": value, "again": [value, {"x": value}]} for value in streams]
    assume(write is not by_pyyaml or not reads_otherwise_in_1_2(streams))
    text = write(data, streams)
    assume(same(read_back(write, text), streams))
    check_yaml(vary(text, crlf, bom, "yaml"), tuple(streams))


# TOML

#: A backslash at the end of a line, which leaves out the blanks that follow.
CONTINUED = "\\\n  "

toml_values = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | texts
    | st.dates()
    | st.times()
    | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)


class Toml:
    """Writes a table as TOML, each time in another way."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.lines: list[str] = []

    def pick(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def name(self, text: str) -> str:
        if re.fullmatch(r"[A-Za-z0-9_-]+", text) and self.pick(True, False):
            return text
        if text.isprintable() and "'" not in text and self.pick(True, False):
            return f"'{text}'"
        return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

    def text(self, text: str) -> str:
        plain = text.isprintable() and "'" not in text
        if plain and self.pick(True, False):
            return str(self.pick(f"'{text}'", f"'''\n{text}'''"))
        quoted = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
        if self.pick(True, False):
            return f'""{quoted[:-1]}{self.pick("", CONTINUED)}"""'
        return quoted

    def inline(self, value: Value) -> str:
        pad = self.pick("", " ")
        if isinstance(value, dict):
            members = [f"{self.name(k)}{pad}={pad}{self.inline(v)}" for k, v in value.items()]
            return f"{{{pad}{', '.join(members)}{pad}}}"
        if isinstance(value, list):
            gap = self.pick("", "\n  ", " # [ , ' \n")
            return f"[{gap}{f'{gap},'.join(map(self.inline, value))}{gap}]"
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int | float):
            return repr(value)
        return str(value.isoformat(self.pick("T", " "))) if hasattr(value, "date") else str(value)

    def pair(self, name: str, value: Value) -> None:
        if isinstance(value, dict) and value and self.pick(True, False):
            for inner, member in value.items():
                self.pair(f"{name}{self.pick('.', ' . ')}{self.name(inner)}", member)
            return
        tail = self.pick("", " # = [x]", "\n\n# [y]")
        self.lines.append(f"{self.pick('', '  ')}{name} = {self.inline(value)}{tail}")

    def table(self, table: dict[str, Value], above: tuple[str, ...] = ()) -> None:
        later = []
        for name, value in table.items():
            is_list = isinstance(value, list) and value and all(isinstance(v, dict) for v in value)
            if (is_list or isinstance(value, dict)) and self.pick(True, False):
                later.append((name, value))
            else:
                self.pair(self.name(name), value)
        for name, value in later:
            path = (*above, self.name(name))
            for one_ in value if isinstance(value, list) else [value]:
                count = len(self.lines)
                marks = "[[", "]]" if isinstance(value, list) else "]"
                header = f"{'[[' if isinstance(value, list) else '['}{'.'.join(path)}{marks[-1]}"
                self.lines.append(header)
                self.table(one_, path)
                added = self.lines[count + 1 :]
                implied = isinstance(value, dict) and added and added[0].startswith("[")
                if implied and self.pick(True, False):
                    del self.lines[count]  # the tables below it imply it


def reach(value: Value, steps: tuple[str | int, ...]) -> Value:
    """What ``steps`` lead to in the text of one section, where an array has one element."""
    for step in steps:
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, dict) else None
        elif isinstance(value, list):
            value = value[0] if value else None
    return value


def check_toml(document: Document, expected: Value) -> None:
    assert same(document.values[0], expected)
    for value, node, steps, _ in below(expected, document.nodes[0]):
        text = document.text[slice(*node.span)]
        if node.style in ("table", "tables", "implicit"):
            parsed = one(text, "toml")
            ways = [reach(parsed, steps[at:]) for at in range(len(steps) + 1)]
            assert any(same(way, value) for way in ways), (document.text, steps, text)
        else:
            assert same(one(f"x = {text}", "toml"), {"x": value}), (document.text, steps, text)
        if node.name is not None:
            name = document.text[slice(*node.name)]
            assert one(f"{name} = 0", "toml") == {steps[-1]: 0}


@PROFILE
@given(st.data(), st.dictionaries(texts, toml_values, max_size=5), st.booleans(), st.booleans())
def test_toml(data: st.DataObject, table: dict[str, Value], crlf: bool, bom: bool) -> None:
    writer = Toml(data.draw)
    writer.table(table)
    text = "\n".join(writer.lines)
    assume(same(tomllib.loads(text), table))
    check_toml(vary(text, crlf, bom, "toml"), table)


@PROFILE
@given(st.dictionaries(texts, toml_values, max_size=5))
def test_toml_by_tomlkit(table: dict[str, Value]) -> None:
    text = tomlkit.dumps(table)
    assume(same(_read_toml(text), table))
    check_toml(vary(text, crlf=False, bom=False, form="toml"), table)


def _read_toml(text: str) -> Value:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None  # tomlkit wrote what is not TOML


# dotenv


@PROFILE
@given(
    st.dictionaries(st.from_regex(r"[A-Za-z_][A-Za-z0-9_.]{0,8}", fullmatch=True), texts),
    st.sampled_from(["", "export "]),
    st.sampled_from(["", " # it's", "\n\n#x"]),
)
def test_dotenv(table: dict[str, str], prefix: str, tail: str) -> None:
    table = {name: text.replace("\r", "") for name, text in table.items()}
    lines = []
    for name, text in table.items():
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        quoted = f"'{text}'" if "'" not in text else f'"{escaped}"'
        bare = re.fullmatch(r"[\w./:-]+", text)
        lines.append(f"{prefix}{name}={text if bare else quoted}{tail}\n")
    assume("\0" not in "".join(lines))
    document = vary("".join(lines), crlf=False, bom=False, form="dotenv")
    assert document.values == (table,)
    for value, node, steps, parent in below(table, document.nodes[0]):
        if parent is not None:
            assert node.name is not None
            assert document.text[slice(*node.name)] == steps[-1]
            assert one(f"x={document.text[slice(*node.span)]}", "dotenv") == {"x": value}


# Anything at all

broken = st.text(
    st.sampled_from("{}[]:,'\"\\/#*&!|>-?=.<~ab01eE+_ \t\n\r\ufeff\u2028é😀$%@`;") , max_size=40
) | st.lists(
    st.sampled_from(
        ["a: 1\n", "- ", "  ", "&x ", "*x", "<<: ", "{", "}", "[", "]", ",", "? ", ": ", "|\n",
         "---\n",
         "'", '"', '"""', "a = 1\n", "[a]\n", "[[a]]\n", "a.b = ", "//", "/*", "*/", "!!int ",
         "\\u00",
         "export ", "# c\n", "0x", "1e", "...\n", "%YAML 1.2\n", "\r\n", "true", "null", "a"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@settings(PROFILE, max_examples=1000)
@given(broken, st.sampled_from(["yaml", "json", "json5", "toml", "dotenv", "ini", "text"]))
def test_whatever_it_is_it_is_read_or_told_why_not(text: str, form: str) -> None:
    document = read_document("x", text.encode(), form)
    size = len(document.text)
    assert all(0 <= p.span.start <= p.span.end <= size for p in document.problems)
    assert any(p.fatal for p in document.problems) == (document.values == ())
    assert len(document.nodes) == len(document.values)
    for root, value in zip(document.nodes, document.values, strict=True):
        for _, node, steps, _ in below(value, root):
            assert 0 <= node.span.start <= node.span.end <= size, steps
            if node.name is not None:
                assert 0 <= node.name.start <= node.name.end <= size, steps


@settings(PROFILE, max_examples=500)
@given(broken)
def test_json_is_what_the_standard_library_takes(text: str) -> None:
    document = read_document("x", text.encode(), "json")
    text = text.removeprefix("\ufeff")
    try:
        expected = json.loads(text)
    except ValueError:
        assert document.values == ()
    else:
        if not re.search("NaN|Infinity", text):
            assert same(document.values[0], expected)


@settings(PROFILE, max_examples=500)
@given(broken)
def test_toml_is_what_the_standard_library_takes(text: str) -> None:
    document = read_document("x", text.encode(), "toml")
    try:
        expected = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        return  # tomli may know a newer TOML than the standard library
    assert same(document.values[0], expected)
