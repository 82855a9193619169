"""Mended YAML is read by somebody else's reader before it is written."""

from __future__ import annotations

import pytest

from interlock.documents.read import read_document
from interlock.documents.second_reader import disagrees


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("v: 1\n", "v: 2\n", False),
        ("v: a\n", 'v: "1_000"\n', False),
        ("v: a\n", "v: 1_000\n", True),  # text to us, a thousand to ruamel.yaml
        ("a: 1\n---\nb: 2\n", "a: 1\n---\nb: x\n", False),
        ("d: 1_000\n", "d: 2_000\n", False),  # it saw a number before: no opinion
        ("v: 1\nv: 2\n", "v: 1_000\n", False),  # it refused the old text
        ("v: 1\n", "v: [1\n", True),
        ("x: 1\n" * 1 + "# " + "x" * 500_000, "x: 1_000\n", False),
    ],
)
def test_it_has_to_read_what_we_read(old: str, new: str, expected: bool) -> None:
    assert disagrees(read_document("a.yaml", old.encode()), new) is expected


def test_other_formats_are_none_of_its_business() -> None:
    assert not disagrees(read_document("a.json", b'{"v": 1}'), '{"v": 1_000}')
