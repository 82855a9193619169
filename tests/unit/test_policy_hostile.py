"""Policy files that mean harm: time and memory stay bounded, and only problems come out."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policyfiles import load, refused

from interlock.errors import PolicyError
from interlock.policy.extend import MAX_BYTES, MAX_NESTING, MAX_VALUES
from interlock.policy.member import load_member


def _bomb(depth: int, width: int) -> str:
    """Aliases that stand for width ** depth values."""
    lines = ["version: 1", f"a0: &a0 [{', '.join('x' * width)}]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, depth)]
    return "\n".join([*lines, f"waivers: *a{depth - 1}", ""])


def _merges(depth: int) -> str:
    lines = ["version: 1", "a0: &a0 {k0: 1, j0: 1}"]
    lines += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}], k{n}: 1}}" for n in range(1, depth)]
    return "\n".join([*lines, f"rules: *a{depth - 1}", ""])


HOSTILE: dict[str, Callable[[], str | bytes]] = {
    "aliases": lambda: _bomb(9, 10),
    "merge keys": lambda: _merges(40),
    "aliases below the bound": lambda: _bomb(4, 10),
    "deep flow": lambda: "version: 1\nwaivers: " + "[" * 100_000,
    "deep block": lambda: "version: 1\nrules:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 999)),
    "deep path": lambda: _source(f'$.a{"[?@.b" * 3_000}{"]" * 3_000}'),
    "long path": lambda: _source("$" + ".a" * 100_000),
    "many filters": lambda: _source("$" + "[?@.a > 1]" * 2_000),
    "long glob": lambda: _source("$.a", "{a}*" * 20_000),
    "backtracking glob": lambda: _source("$.a", "*" * 500 + "b"),
    "huge pattern": lambda: _pattern("(a{1,1000}){1,1000}"),
    "nested pattern": lambda: _pattern("(" * 20_000 + "a" + ")" * 20_000),
    "many groups": lambda: _pattern("(?:a|b)" * 40_000),
    "huge number": lambda: "version: " + "9" * 3_000_000,
    "huge grace": lambda: _rule(f"grace: {'9' * 100_000}d"),
    "huge requires": lambda: "version: 1\nrequires: interlock>=" + "9" * 100_000 + "\n",
    "infinite sum": lambda: _rule("sum: .inf"),
    "many unknown words": lambda: "version: 1\n" + "".join(f"word{n}: 1\n" for n in range(20_000)),
    "long unknown word": lambda: f"version: 1\n? {'s' * 200_000}\n: 1\n",
    "many rules": lambda: "version: 1\nconsistency:\n" + "  - {id: a, each: b}\n" * 10_000,
    "many problems of one rule": lambda: _rule("on: [" + "q, " * 50_000 + "]"),
    "control characters": lambda: 'version: 1\nrules: {"\\e[31m\\0\\u202e": off}\n',
    "NUL": lambda: b"version: 1\n\0",
    "lone surrogate": lambda: b'version: 1\nrules: {"\xed\xa0\x80": off}\n',
    "too large": lambda: b"#" * (MAX_BYTES + 1),
    "a tag that builds objects": lambda: "!!python/object/apply:os.system ['echo']\n",
}  # fmt: skip


def _source(path: str, files: str = "x") -> str:
    return f"version: 1\nrepos: {{a: o/a}}\nsources: {{s: {{files: '{files}', each: '{path}'}}}}\n"


def _pattern(pattern: str) -> str:
    return f"version: 1\nrepos: {{a: o/a}}\nsources: {{s: {{files: x, pattern: '{pattern}'}}}}\n"


def _rule(text: str) -> str:
    return (
        "version: 1\nrepos: {a: o/a}\nsources: {s: {files: x, fields: {f: $.f}}}\n"
        f"consistency: [{{id: r, each: s.f, unique: in-source, {text}}}]\n"
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_bounded_time_and_memory(name: str) -> None:
    data = HOSTILE[name]()
    tracemalloc.start()
    began = time.process_time()
    try:
        found = refused(data)
    finally:
        spent, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert found
    assert len(found) <= 101
    # Tracing memory makes this some five times slower than it is.
    assert spent < 20
    assert peak < 200 << 20


def test_long_paths_and_globs_are_refused() -> None:
    assert refused(_source("$" + ".a" * 250)) == ["3:33 `each`: a path has at most 500 characters"]
    wanted = "3:22 `files`: a glob has at most 500 characters and 12 wildcards and captures"
    assert refused(_source("$.a", "*" * 13)) == [wanted]
    assert refused(_source("$.a", "a" * 501)) == [wanted]
    assert refused(_source("$.a", "{a}/{b}/*/**/x*.yaml")) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_member_file_is_no_easier_prey(name: str) -> None:
    data = HOSTILE[name]()
    with pytest.raises(PolicyError):
        load_member(data if isinstance(data, bytes) else data.encode())


def test_the_bounds_are_told() -> None:
    assert refused(b"#" * (MAX_BYTES + 1)) == [
        "1:1 `interlock.yaml` is larger than a policy can be (1,048,577 of 1,048,576 bytes)"
    ]
    nested = "version: 1\nrules: " + "[" * (MAX_NESTING + 2) + "]" * (MAX_NESTING + 2)
    assert refused(nested) == ["1:1 `interlock.yaml` is nested more than 40 levels deep"]
    rows = "[" + "1, " * 1_000 + "]"
    wide = f"version: 1\na: &a {rows}\nb: [{', '.join(['*a'] * (MAX_VALUES // 1_000 + 1))}]\n"
    assert refused(wide) == [
        "1:1 `interlock.yaml` holds more than 100,000 values (every alias counted as a copy)"
    ]


def test_a_policy_of_a_thousand_rules_still_loads() -> None:
    rows = "".join(f"  - {{id: r{n}, each: s.f, unique: in-source}}\n" for n in range(1_000))
    text = "version: 1\nrepos: {a: o/a}\nsources: {s: {files: x, fields: {f: $.f}}}\n"
    assert len(load(f"{text}consistency:\n{rows}").consistency) == 1_000


WORDS = st.sampled_from(
    ["version", "extends", "repos", "sources", "consistency", "rules", "waivers", "id", "each",
     "equal", "files", "fields", "a", "plan", "plan.x", "$.x", "{key}", "interlock:recommended",
     "experiment/*", "lower", "+", "files+", "null", "off", "2027-01-01", ""]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(WORDS, VALUES, max_size=8))
def test_any_mapping_loads_or_is_refused(policy: dict[str, object]) -> None:
    import json

    refused(json.dumps({"version": 1, **policy}).replace("NaN", ".nan").replace("Infinity", ".inf"))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_load_or_are_refused(data: bytes) -> None:
    refused(data)
    with pytest.raises(PolicyError):
        load_member(data)
