"""Globs: what they match, what they capture, and what they refuse."""

from __future__ import annotations

import re
import time
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.errors import TreeError
from interlock.trees.glob_search import covering, search
from interlock.trees.globs import PIECES, compile_glob, translate


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


TOKENS = st.sampled_from(
    ["*", "**/", "**", "a", "b", "-", "/", "?", "{x}", "{y}", "{z}", "[ab]", "[!/b]", "/**"]
)


@given(
    st.lists(TOKENS, min_size=1, max_size=9),
    st.lists(st.text("ab-", min_size=1, max_size=6), min_size=1, max_size=4),
)
def test_what_is_never_tried_again_would_not_have_matched(
    tokens: list[str], segments: list[str]
) -> None:
    """The regex, the search and the naive regex give one answer, down to what is captured."""
    text, path = "".join(tokens), "/".join(segments)
    try:
        glob = compile_glob(text)
    except ValueError:
        return
    if glob.regex is None:
        return
    names: list[str] = []
    pieces = [translate(text, one[0], one[1], names) for one in re.finditer(PIECES, text)]
    found = re.compile("".join(pieces), re.DOTALL).fullmatch(path)
    answer = None if found is None else dict(zip(names, found.groups(), strict=False))
    assert glob.match(path) == search(text, path) == answer
    if answer is not None:
        assert re.compile(covering(text), re.DOTALL).fullmatch(path)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("a*a*a*a*a*a*a*b", "a" * 4_000),
        ("{x}a{y}a*a*a*a*a*b", "a" * 4_000),
        ("*a?a*a?a*a?a*b.yaml", "a" * 4_000),
        ("*a*a*a*a*{key}b", "a" * 4_000),
        ("{a}{b}{c}{d}{e}x", "a" * 4_000),
        ("**a**a**a**a**b", "a" * 4_000),
        ("**/a/**/a/**/a/**/a/**/b", "a/" * 2_000 + "a"),
        ("**/*a*/**/*a*/**/{key}/b", "aa/" * 1_300 + "a"),
        ("{key}*/{key}/x", "a" * 255 + "/" + "a" * 255 + "/y"),
    ],
)
def test_crafted_names_take_no_time(glob: str, path: str) -> None:
    began = time.process_time()
    assert compile_glob(glob).match(path) is None
    assert re.compile(covering(glob), re.DOTALL).fullmatch(path) is None
    assert time.process_time() - began < 5  # a glob that tries again would take years


def test_a_name_that_cannot_be_decided_in_time_is_refused() -> None:
    """Captures that occur twice have no bounded search: a name made for them is told."""
    with pytest.raises(TreeError, match="too many ways"):
        compile_glob("{a}{b}{c}-{c}{a}{b}x").match("a" * 1_000 + "-" + "a" * 1_000)
