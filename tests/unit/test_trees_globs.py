"""Globs: what they match, what they capture, and what they refuse."""

from __future__ import annotations

import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.trees.globs import compile_glob


@pytest.mark.parametrize(
    ("glob", "path", "captures"),
    [
        ("experiments/{key}.yaml", "experiments/ranker.yaml", {"key": "ranker"}),
        ("experiments/{key}.yaml", "experiments/a.b.yaml", {"key": "a.b"}),
        ("experiments/{key}.yaml", "experiments/.yaml", None),
        ("experiments/{key}.yaml", "experiments/sub/ranker.yaml", None),
        ("experiments/{key}.yaml", "experiments/ranker.yaml.bak", None),
        ("experiments/{key}.yaml", "experiments/ranker-yaml", None),
        ("env/{env}/{app}.yaml", "env/prod/ranker.yaml", {"env": "prod", "app": "ranker"}),
        ("{key}/{key}.toml", "a/a.toml", {"key": "a"}),
        ("{key}/{key}.toml", "a/b.toml", None),
        ("{a}-{b}.json", "x-y-z.json", {"a": "x", "b": "y-z"}),
        ("models/registry.json", "models/registry.json", {}),
        ("models/registry.json", "models/Registry.json", None),
        ("src/**/*.py", "src/a.py", {}),
        ("src/**/*.py", "src/x/y/a.py", {}),
        ("src/**/*.py", "srcx/a.py", None),
        ("**/x.yaml", "x.yaml", {}),
        ("**/x.yaml", "a/b/x.yaml", {}),
        ("**/x.yaml", "ax.yaml", None),
        ("conf/**", "conf/a/b", {}),
        ("conf/**", "config/a", None),
        ("**", "a/b", {}),
        ("*.yaml", "a/b.yaml", None),
        ("?.yaml", "a.yaml", {}),
        ("?.yaml", "ab.yaml", None),
        ("a?b", "a/b", None),
        ("v[0-9].txt", "v7.txt", {}),
        ("v[0-9].txt", "vx.txt", None),
        ("v[!0-9].txt", "vx.txt", {}),
        ("v[!0-9].txt", "v/.txt", None),
        ("v[^0-9].txt", "v7.txt", None),
        ("[[&&~~||].txt", "[.txt", {}),
        ("a+(b).txt", "a+(b).txt", {}),
        ("{key}.yaml", "line\nbreak.yaml", {"key": "line\nbreak"}),
        ("{key}.yaml", "qu\"ote'.yaml", {"key": "qu\"ote'"}),
        ("{key}.yaml", "\udcff.yaml", {"key": "\udcff"}),
        ("{ab-c}.yaml", "x.yaml", {"ab-c": "x"}),
    ],
)
def test_what_a_glob_matches(glob: str, path: str, captures: dict[str, str] | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compile_glob(glob).match(path) == captures


@pytest.mark.parametrize(
    ("glob", "prefix"),
    [
        ("models/registry.json", "models/registry.json"),
        ("registry.json", "registry.json"),
        ("env/{env}/values.yaml", "env"),
        ("a/b/c*.yaml", "a/b"),
        ("a[bc]/d", ""),
        ("*.yaml", ""),
        ("src/**/*.py", "src"),
    ],
)
def test_every_match_lies_below_the_prefix(glob: str, prefix: str) -> None:
    assert compile_glob(glob).prefix == prefix


@pytest.mark.parametrize(
    ("glob", "reason"),
    [
        ("", "relative path"),
        ("/etc/passwd", "relative path"),
        ("a\\b", "forward slashes"),
        ("../x", "segments"),
        ("a/./b", "segments"),
        ("a//b", "empty segment"),
        ("conf/", "a folder"),
        ("a.{yaml,yml}", "list of globs"),
        ("{}.yaml", "list of globs"),
        ("{key.yaml", "list of globs"),
        ("a[b", "list of globs"),
        ("a[]", "list of globs"),
        ("a[z-a]", "bracket"),
        ("a[+--]", "bracket"),
        ("\0", "relative path"),
    ],
)
def test_what_a_glob_may_not_be(glob: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as raised:
        compile_glob(glob)
    assert repr(glob) in str(raised.value)


@given(st.text(min_size=1, max_size=20))
def test_no_text_breaks_the_compiler(text: str) -> None:
    try:
        glob = compile_glob(text)
    except ValueError:
        return
    assert set(glob.match("a/b") or {}) <= set(glob.captures)


@given(st.text("ab*?{}[]/.-k", min_size=1, max_size=12), st.text("abk/.-", min_size=1, max_size=8))
def test_a_match_always_lies_below_the_prefix(text: str, path: str) -> None:
    try:
        glob = compile_glob(text)
    except ValueError:
        return
    if glob.match(path) is not None and glob.prefix:
        assert path == glob.prefix or path.startswith(f"{glob.prefix}/")


TOKENS = st.sampled_from(["*", "**/", "a", "b", "-", "/", "?", "{x}", "{y}", "[ab]", "/**"])


@given(st.lists(TOKENS, min_size=1, max_size=9), st.text("ab-/", min_size=1, max_size=12))
def test_what_is_never_tried_again_would_not_have_matched(tokens: list[str], path: str) -> None:
    try:
        glob = compile_glob("".join(tokens))
    except ValueError:
        return
    if glob.regex is None:
        return
    patient = re.compile(glob.regex.pattern.replace("(?>", "(?:"), re.DOTALL).fullmatch(path)
    found = glob.regex.fullmatch(path)
    assert (found is None) == (patient is None)
    if found is not None and patient is not None:
        assert found.groups() == patient.groups()


@pytest.mark.parametrize("glob", ["a*a*a*a*a*a*a*b", "{x}a{y}a*a*a*a*a*b", "*a?a*a?a*a?a*b.yaml"])
def test_crafted_names_take_no_time(glob: str) -> None:
    assert compile_glob(glob).match("a" * 4_000) is None
