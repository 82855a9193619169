"""Generated documents, edited: every other byte stays, and each reader finds the new value."""

from __future__ import annotations

import io
import json
import tomllib
from typing import Any

import tomlkit
import yaml
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from interlock.documents.base import Document, Steps, Value
from interlock.documents.read import read_document
from interlock.documents.rehearse import same, spliced
from interlock.documents.splice import CannotSplice, Splice, removed, renamed, replaced
from interlock.documents.splice_insert import inserted

HOSTILE = [
    "no",
    "On",
    "y",
    "1_000",
    "0o7",
    "0x1f",
    "012",
    "1e3",
    ".5",
    "1:30",
    "~",
    "null",
    "True",
    "2026-01-31",
    "<<",
    "=",
    "!",
    "&",
    "*",
    "|",
    ">",
    "@",
    "`",
    "%",
    "-",
    "?",
    ":",
    ",",
    "[",
    "]",
    "{",
    "}",
    "#",
    "'x'",
    '"x"',
    "\\",
    "\\n",
    "${X}",
    "%(x)s",
    "0.4",
    "1",
    "-1",
    "+1",
    ".inf",
    ".NaN",
    "",
    " ",
    "a: b",
    "a #b",
    "#a",
    "- a",
    " lead",
    "trail ",
    "two\nlines",
    "tab\tin",
    "\r\n",
    "it's",
    'say "no"',
    "naïve 🙂",
    "\x00",
    "\x7f",
    "\x85",
    "\u2028",
    "\ufeff",
    "---",
    "...",
    "key:",
]
TEXT = st.sampled_from(HOSTILE) | st.text(max_size=12)
NAME = st.sampled_from(["a", "weight", "treatment-b", "x.y", "no", "1", "a b", "ü"]) | st.text(
    "abc-_.9 #:'\"", min_size=1, max_size=6
)
SCALAR = (
    st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAME, inner, max_size=3),
    max_leaves=6,
)
MAP = st.dictionaries(NAME, VALUE, min_size=1, max_size=4)


def as_yaml(data: st.DataObject, value: Value) -> str:
    style = data.draw(st.sampled_from([True, False, None]), label="flow")
    text = yaml.safe_dump(
        value,
        default_flow_style=style,
        indent=data.draw(st.sampled_from([2, 4]), label="indent"),
        sort_keys=False,
        allow_unicode=True,
        width=data.draw(st.sampled_from([40, 10_000]), label="width"),
        explicit_start=data.draw(st.booleans(), label="start"),
    )
    return str(commented(data, text))


def as_ruamel(data: st.DataObject, value: Value) -> str:
    out, writer = io.StringIO(), YAML()
    mapping = data.draw(st.sampled_from([2, 4]), label="mapping")
    offset = data.draw(st.sampled_from([0, 2]), label="offset")
    writer.indent(mapping=mapping, sequence=offset + 2, offset=offset)
    writer.dump(value, out)
    return str(commented(data, out.getvalue()))


def as_json(data: st.DataObject, value: Value) -> str:
    indent = data.draw(st.sampled_from([None, 2, "\t"]), label="indent")
    separators = data.draw(st.sampled_from([None, (",", ":")]), label="separators")
    end = data.draw(st.sampled_from(["", "\n"]), label="end")
    return json.dumps(value, indent=indent, separators=separators) + end


def as_json5(data: st.DataObject, value: Value) -> str:
    text = json.dumps(value, indent=2)
    if data.draw(st.booleans(), label="trailing commas"):
        lines = text.split("\n")
        pairs = zip(lines, [*lines[1:], ""], strict=True)
        text = "\n".join(
            line + ("," if after.strip()[:1] in ("]", "}") and line[-1] not in "[{," else "")
            for line, after in pairs
        )
    lines = text.split("\n")
    noted = data.draw(st.sets(st.integers(0, len(lines))), label="comments")
    return "\n".join(f"{line} // c" if at in noted else line for at, line in enumerate(lines))


def as_toml(data: st.DataObject, value: Value) -> str:
    return str(commented(data, tomlkit.dumps(value)))


def commented(data: st.DataObject, text: str) -> str:
    lines = text.split("\n")
    noted = data.draw(st.sets(st.integers(0, len(lines)), max_size=3), label="comments")
    blanks = " " * data.draw(st.integers(0, 6), label="depth")
    text = "\n".join(
        f"{blanks}# c\n{line}" if at in noted else line for at, line in enumerate(lines)
    )
    if data.draw(st.booleans(), label="no final newline"):
        text = text.removesuffix("\n")
    return text.replace("\n", "\r\n") if data.draw(st.booleans(), label="crlf") else text


WRITERS = {
    "yaml": [as_yaml, as_ruamel],
    "json": [as_json],
    "json5": [as_json5, as_json],
    "toml": [as_toml],
}


def document(data: st.DataObject, form: str) -> tuple[Document, Value]:
    """A document with comments and its value; comments must not have changed it."""
    value = data.draw(MAP, label="value")
    try:
        text = data.draw(st.sampled_from(WRITERS[form]))(data, value)
    except (YAMLError, ValueError):
        assume(False)  # tomlkit and ruamel cannot write everything
        raise
    found = read_document("", text.encode(), form)
    assume(len(found.values) == 1 and not found.problems and same(found.values[0], value))
    return found, value


def paths(value: Value, steps: Steps = ()) -> list[Steps]:
    found: list[Steps] = [steps]
    if isinstance(value, dict):
        return found + [p for k, v in value.items() for p in paths(v, (*steps, k))]
    if isinstance(value, list):
        return found + [p for k, v in enumerate(value) for p in paths(v, (*steps, k))]
    return found


def at(value: Value, steps: Steps) -> Value:
    for step in steps:
        value = value[step]
    return value


def copied(value: Value) -> Any:
    if isinstance(value, dict):
        return {k: copied(v) for k, v in value.items()}
    return [copied(v) for v in value] if isinstance(value, list) else value


def held(before: Document, splice: Splice, wanted: Value) -> str:
    """The new text: nothing else was touched, and it says what is wanted."""
    start, end, _ = splice
    new = spliced(before.text, [splice])
    assert new.startswith(before.text[:start])
    assert new.endswith(before.text[end:])
    again = read_document("", new.encode(), before.format)
    assert not again.problems, again.problems
    assert same(list(again.values), [wanted]), new
    agreed(before.format, new, wanted)
    return new


def agreed(form: str, text: str, wanted: Value) -> None:
    """Other readers of the format find the same."""
    if form == "json":
        assert json.loads(text) == wanted
    elif form == "toml":
        assert tomllib.loads(text) == wanted


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(sorted(WRITERS)))
def test_a_scalar_is_replaced_alone(data: st.DataObject, form: str) -> None:
    before, value = document(data, form)
    targets = [p for p in paths(value) if p and not isinstance(at(value, p), (dict, list))]
    assume(targets)
    steps, new = data.draw(st.sampled_from(targets)), data.draw(SCALAR)
    wanted = copied(value)
    at(wanted, steps[:-1])[steps[-1]] = new
    try:
        node, exact = before.node(0, steps)
        assert exact
        splice = replaced(before, node, new, at(value, steps))
    except CannotSplice as error:
        event(f"{form}: {error}")
        return
    event(f"{form}: replaced")
    text = held(before, splice, wanted)
    again = read_document("", text.encode(), form)
    start, end, same_text = replaced(again, again.node(0, steps)[0], new, new)
    assert text[start:end] == same_text


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(sorted(WRITERS)))
def test_an_entry_of_any_depth_is_added_alone(data: st.DataObject, form: str) -> None:
    before, value = document(data, form)
    steps = data.draw(
        st.sampled_from([p for p in paths(value) if isinstance(at(value, p), (dict, list))])
    )
    new, name = data.draw(VALUE), data.draw(NAME)
    wanted = copied(value)
    holder = at(wanted, steps)
    if isinstance(holder, list):
        holder.append(new)
        name = ""
    else:
        assume(name not in holder)
        holder[name] = new
    try:
        splice = inserted(before, 0, steps, name, new)
    except CannotSplice as error:
        event(f"{form}: {error}")
        return
    event(f"{form}: added")
    held(before, splice, wanted)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(sorted(WRITERS)))
def test_an_entry_is_removed_or_renamed_alone(data: st.DataObject, form: str) -> None:
    before, value = document(data, form)
    targets = [p for p in paths(value) if p]
    steps = data.draw(st.sampled_from(targets))
    wanted = copied(value)
    holder = at(wanted, steps[:-1])
    try:
        if isinstance(steps[-1], str) and data.draw(st.booleans(), label="rename"):
            name = data.draw(NAME)
            assume(name not in holder)
            splice = renamed(before, before.node(0, steps)[0], steps, name)
            holder[name] = holder.pop(steps[-1])
        else:
            splice = removed(before, 0, steps)
            del holder[steps[-1]]
    except CannotSplice as error:
        event(f"{form}: {error}")
        return
    event(f"{form}: done")
    held(before, splice, wanted)


@settings(max_examples=200, deadline=None)
@given(TEXT, st.sampled_from(["a: x\n", "a: 'x'\n", 'a: "x"\n', "{a: x}\n", "- a: x\n  b: 1\n"]))
def test_text_is_text_to_readers_of_every_yaml(text: str, before: str) -> None:
    found = read_document("", before.encode(), "yaml")
    steps: Steps = (0, "a") if before.startswith("-") else ("a",)
    for splice in (
        replaced(found, found.node(0, steps)[0], text, "x"),
        inserted(found, 0, steps[:-1], "new", text),
        inserted(found, 0, steps[:-1], "new", [text, {"k": text}]),
    ):
        new = spliced(found.text, [splice])
        for loaded in (yaml.safe_load(new), YAML(typ="safe", pure=True).load(new)):
            holder = at(loaded, steps[:-1])
            got = holder.get("new", holder["a"])
            got = [got[0], got[1]["k"]] if isinstance(got, list) else [got]
            assert all(type(one) is str and one == text for one in got), new
