"""Edits that would not be safe are refused with the reason, and layouts are kept where they are."""

from __future__ import annotations

import pytest

from interlock.documents.base import Steps, Value
from interlock.documents.read import read_document
from interlock.documents.rehearse import misread, spliced
from interlock.documents.splice import CannotSplice, removed, renamed, replaced
from interlock.documents.splice_insert import inserted
from interlock.model import Change


def edited(form: str, text: str, action: str, steps: Steps, name: str, value: Value) -> str:
    """The text after an edit of the last document, proved as repairs are."""
    document = read_document("", text.encode(), form)
    index = len(document.values) - 1
    node, exact = document.node(index, steps)
    assert exact
    if action == "insert":
        splice = inserted(document, index, steps, name, value)
    elif action == "remove":
        splice = removed(document, index, steps)
    elif action == "rename":
        splice = renamed(document, node, steps, name)
    else:
        old: Value = document.values[index]
        for step in steps:
            old = old[step]
        splice = replaced(document, node, value, old)
    new = spliced(document.text, [splice])
    change = Change(index, action, steps, name, value, form, "")  # type: ignore[arg-type]
    assert not misread(document, new, [change])
    return new


REFUSED = [
    ("yaml", "a: &x 1\nb: *x\n", "set", ("a",), "shared by an anchor"),
    ("yaml", "a: &x 1\nb: *x\n", "set", ("b",), "shared by an anchor"),
    ("yaml", "x: &x {a: 1}\nb:\n  <<: *x\n  c: 2\n", "set", ("b", "a"), "merge key"),
    ("yaml", "x: &x {a: 1}\nb:\n  <<: *x\n  c: 2\n", "insert", ("b",), "merge keys"),
    ("yaml", "x: &x {a: 1}\nb:\n  c: 2\n", "insert", ("x",), "shared by an anchor"),
    ("yaml", "b:\n  a: &y 1\n  c: 2\n", "insert", ("b",), "anchors"),
    ("yaml", "a: |\n  x\n  y\n", "set", ("a",), "a block of several lines"),
    ("yaml", "a: !Ref x\n", "set", ("a",), "carries a tag"),
    ("yaml", "a: !<tag:x,1:y> x\n", "set", ("a",), "carries a tag"),
    ("yaml", "a: {b: !Ref x}\n", "set", ("a", "b"), "carries a tag"),
    ("yaml", "? a\n", "set", ("a",), "missing together with the ':'"),
    ("yaml", "b: 1\n? a\n", "set", ("a",), "missing together with the ':'"),
    ("yaml", "? a\n: 1\n", "insert", (), "shares its line"),
    ("yaml", "b: 1\n? a\n", "insert", (), "shares its line"),
    ("yaml", "a: {b: 1}\n", "set", ("a",), "whole mapping or list"),
    ("yaml", "a:\n  b: 1\n", "remove", ("a", "b"), "the only entry"),
    ("yaml", "- a: 1\n  b: 2\n", "remove", (0, "a"), "shares its line"),
    ("yaml", "a: {b: 1, # c\n  c: 2}\n", "remove", ("a", "b"), "a comment"),
    ("yaml", "a: {\n  # none yet\n}\n", "insert", ("a",), "a comment stands"),
    ("yaml", "a: 1\nb:\n", "insert", ("b",), "no entry beside which"),
    ("json", '{"a": 1e400}', "insert", (), ""),
    ("json5", "{a: {/* none */}}", "insert", ("a",), "a comment stands"),
    ("toml", "[a]\nb = 1\n[c]\n[c.d]\n", "remove", ("a",), "a whole table"),
    ("toml", "a = 1\n", "set-null", ("a",), "toml cannot write null"),
    ("toml", "[t.a]\n", "insert", ("t",), "no entry beside it is of the same kind"),
    ("dotenv", "A=1\n", "set-odd", ("A",), "would need quotes"),
    ("dotenv", "A=1\n", "insert-odd", (), "cannot be written in this format"),
    ("ini", "[s]\na=1\n", "insert", (), "not a single value"),
]


@pytest.mark.parametrize(("form", "text", "action", "steps", "why"), REFUSED)
def test_what_is_not_safe_is_refused(
    form: str, text: str, action: str, steps: Steps, why: str
) -> None:
    kind, _, odd = action.partition("-")
    value: Value = {"": 5, "null": None, "odd": "a b"}[odd]
    if not why:
        edited(form, text, kind, steps, "new", value)
        return
    with pytest.raises(CannotSplice) as caught:
        edited(form, text, kind, steps, "a b" if odd else "new", value)
    assert why in str(caught.value)


B = {"weight": 2, "note": "a: b"}
KEPT = [
    ("yaml", "v:\n- a: 1\n  b: 2\n", ("v", 0), "c", 3, "v:\n- a: 1\n  b: 2\n  c: 3\n"),
    ("yaml", "v:\n- a: 1\n", ("v", 0), "c", 3, "v:\n- a: 1\n  c: 3\n"),
    ("yaml", "a: 1\n---\na: 2\n...\n", (), "c", 3, "a: 1\n---\na: 2\nc: 3\n...\n"),
    ("yaml", "v: {}\n", ("v",), "c", 3, "v: {c: 3}\n"),
    ("yaml", "v: []\n", ("v",), "", "c", "v: [c]\n"),
    (
        "yaml",
        "v:\n   'a':\n      weight: 1\n\n   # z\nw: 1\n",
        ("v",),
        "b",
        B,
        (
            "v:\n   'a':\n      weight: 1\n"
            "   'b':\n      weight: 2\n      note: \"a: b\"\n\n   # z\nw: 1\n"
        ),
    ),
    (
        "yaml",
        "v:\n  a:\n    - x: 1\n      y: 2\n",
        ("v",),
        "b",
        [{"y": 1, "x": 2}],
        'v:\n  a:\n    - x: 1\n      y: 2\n  b:\n    - x: 2\n      "y": 1\n',
    ),
    ("json", '{"a":{"weight":1}}', (), "b", B, '{"a":{"weight":1},"b":{"weight":2,"note":"a: b"}}'),
    (
        "json",
        '{\r\n\t"a": [\r\n\t\t1\r\n\t]\r\n}\r\n',
        (),
        "b",
        [1, 2],
        '{\r\n\t"a": [\r\n\t\t1\r\n\t],\r\n\t"b": [\r\n\t\t1,\r\n\t\t2\r\n\t]\r\n}\r\n',
    ),
    (
        "json5",
        "{\n  a: {weight: 1}, // one\n}\n",
        (),
        "b",
        B,
        '{\n  a: {weight: 1}, // one\n  b: {weight: 2, note: "a: b"},\n}\n',
    ),
    (
        "json5",
        "{\n  'a': 1 // one\n}\n",
        (),
        "b",
        2,
        "{\n  'a': 1, // one\n  'b': 2\n}\n",
    ),
    (
        "toml",
        "[v]\na = {weight = 1}  # c\n\n[w]\n",
        ("v",),
        "b",
        B,
        '[v]\na = {weight = 1}  # c\nb = {weight = 2, note = "a: b"}\n\n[w]\n',
    ),
    (
        "toml",
        "[v.a]\nweight = 1\n[v.a.sub]\nx = 1\n[w]\n",
        ("v",),
        "b",
        {"weight": 2, "sub": {"x": 2}},
        "[v.a]\nweight = 1\n[v.a.sub]\nx = 1\n[v.b]\nweight = 2\n[v.b.sub]\nx = 2\n[w]\n",
    ),
    (
        "toml",
        "v.a.weight = 1\n[w]\n",
        ("v",),
        "b",
        {"weight": 2},
        "v.a.weight = 1\nv.b.weight = 2\n[w]\n",
    ),
    (
        "toml",
        "[[m]]\nid = 1\n\n[[m]]\nid = 2\n",
        ("m",),
        "",
        {"id": 3},
        "[[m]]\nid = 1\n\n[[m]]\nid = 2\n\n[[m]]\nid = 3\n",
    ),
    ("dotenv", "export A='x'", (), "B", "y", "export A='x'\nexport B='y'"),
    (
        "ini",
        "[s]\r\na = 1\r\n\r\n[t]\r\n",
        ("s",),
        "b",
        "x",
        "[s]\r\na = 1\r\nb = x\r\n\r\n[t]\r\n",
    ),
]


@pytest.mark.parametrize(("form", "text", "steps", "name", "value", "wanted"), KEPT)
def test_a_new_entry_is_laid_out_as_its_neighbours(
    form: str, text: str, steps: Steps, name: str, value: Value, wanted: str
) -> None:
    assert edited(form, text, "insert", steps, name, value) == wanted


SET = [
    ("yaml", "a:\n", ("a",), 5, "a: 5\n"),
    ("yaml", "a: # none\n", ("a",), 5, "a: 5 # none\n"),
    ("yaml", "-\n", (0,), 5, "- 5\n"),
    ("yaml", "a: 'x'\n", ("a",), "no", "a: 'no'\n"),
    ("yaml", "a: 2026-01-01 # d\n", ("a",), "2026-02-01", "a: 2026-02-01 # d\n"),
    ("yaml", "a: 1\n", ("a",), 1e16, "a: 1.0e+16\n"),
    ("yaml", "a: !!str 5\n", ("a",), 5, "a: 5\n"),
    ("toml", "a = 'x' # c\n", ("a",), "y\\z", "a = 'y\\z' # c\n"),
    ("dotenv", "A=\nB=1\n", ("A",), "x", "A=x\nB=1\n"),
    ("dotenv", 'A="x" # c\n', ("A",), "y", 'A="y" # c\n'),
]


@pytest.mark.parametrize(("form", "text", "steps", "value", "wanted"), SET)
def test_a_value_is_set_in_its_own_style(
    form: str, text: str, steps: Steps, value: Value, wanted: str
) -> None:
    assert edited(form, text, "set", steps, "", value) == wanted


RENAMED = [
    (
        "[v.a]\nw = 1\n[v.a.sub]\nx = 1\n[v.b]\n[v.'a'.more]\n",
        "[v.new]\nw = 1\n[v.new.sub]\nx = 1\n[v.b]\n[v.'new'.more]\n",
    ),
    ("[v]\na.w = 1\nb = 2\na.sub.x = 1 # a\n", "[v]\nnew.w = 1\nb = 2\nnew.sub.x = 1 # a\n"),
    ("v.a.w = 1\n[v.a.t]\na = 1\n", "v.new.w = 1\n[v.new.t]\na = 1\n"),
    ("[[v.a]]\nx = 1\n[[v.a]]\nx = 2\n", "[[v.new]]\nx = 1\n[[v.new]]\nx = 2\n"),
    ("v = {a = {a = 1}}\n", "v = {new = {a = 1}}\n"),
]


@pytest.mark.parametrize(("text", "wanted"), RENAMED)
def test_a_table_is_renamed_wherever_it_is_named(text: str, wanted: str) -> None:
    assert edited("toml", text, "rename", ("v", "a"), "new", None) == wanted
