"""Files that other people wrote: every one reads as the reference libraries read it.

Skipped where the data is not beside the project; the other tests of documents need none of it.
"""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import ruamel.yaml

from interlock.documents.base import Node, Value
from interlock.documents.read import format_of, read_document

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FORMATS = ("yaml", "json", "json5", "toml")
FILES = sorted(
    path for path in DATA.rglob("*") if path.is_file() and format_of(path.name) in FORMATS
)
#: How many there are at least, so that a moved folder does not pass as an empty one.
COUNTS = {"yaml": 20, "json": 30, "json5": 131, "toml": 438}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"there is no {DATA}")


def files(form: str) -> list[Path]:
    found = [path for path in FILES if format_of(path.name) == form]
    assert len(found) >= COUNTS[form]
    return found


def texts(value: Value) -> Any:
    """The value with its member names as text, as a reference library's are not always."""
    if isinstance(value, dict):
        return {str(name): texts(member) for name, member in value.items()}
    return [texts(member) for member in value] if isinstance(value, list) else value


def by_ruamel(data: bytes) -> list[Value]:
    reader = ruamel.yaml.YAML(typ="safe", pure=True)
    # A date is text in the core schema of YAML 1.2; ruamel.yaml keeps the timestamps of 1.1.
    reader.constructor.add_constructor(
        "tag:yaml.org,2002:timestamp", lambda constructor, node: constructor.construct_scalar(node)
    )
    return [texts(value) for value in reader.load_all(data.decode())]


REFERENCES: dict[str, Callable[[bytes], list[Value]]] = {
    "yaml": by_ruamel,
    "json": lambda data: [json.loads(data)],
    "toml": lambda data: [tomllib.loads(data.decode())],
}


def below(value: Value, node: Node) -> Iterator[tuple[Value, Node]]:
    yield value, node
    if isinstance(value, dict):
        assert isinstance(node.children, dict)
        assert value.keys() == node.children.keys()
        for name, member in value.items():
            yield from below(member, node.children[name])
    elif isinstance(value, list):
        assert isinstance(node.children, list)
        assert len(value) == len(node.children)
        for member, child in zip(value, node.children, strict=True):
            yield from below(member, child)


#: How a scalar's text is read again, alone.
AGAIN = {"yaml": "- {}\n", "json": "[{}]", "json5": "[{}]", "toml": "x = [{}]"}


@pytest.mark.parametrize("form", FORMATS)
def test_every_file_is_read_and_every_scalar_stands_where_it_is_said_to(form: str) -> None:
    for path in files(form):
        data = path.read_bytes()
        if len(data) > 500_000:
            continue  # read below
        document = read_document(path.name, data)
        assert document.problems == (), path
        if form in REFERENCES:
            assert list(document.values) == REFERENCES[form](data), path
        for root, value in zip(document.nodes, document.values, strict=True):
            for inner, node in below(value, root):
                text = document.text[slice(*node.span)]
                if node.children is None and node.style != "alias" and "\n" not in text:
                    (again,) = read_document("x", AGAIN[form].format(text).encode(), form).values
                    assert (again["x"] if form == "toml" else again) == [inner], (path, text)


def test_the_large_file_is_read_fast_enough() -> None:
    (path,) = [path for path in files("yaml") if path.name == "flag-config-big.yaml"]
    data = path.read_bytes()
    begin = time.process_time()
    document = read_document(path.name, data)
    taken = time.process_time() - begin
    assert document.problems == ()
    assert len(document.values[0]) > 1000
    assert taken < 10  # about 0.5 s; ten times that is another algorithm
    for inner, node in below(document.values[0], document.nodes[0]):
        if isinstance(inner, bool):
            assert document.text[slice(*node.span)] == str(inner).lower()
