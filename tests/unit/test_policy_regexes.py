"""Patterns that are checked without RE2 are patterns that RE2 takes, with the same groups."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.documents.patterns import PatternError, compile_pattern
from interlock.policy import regexes
from interlock.policy.regexes import group_names, pattern_error

PIECES = [
    "a", "-", " ", "\\w", "\\d", "\\s", "\\b", "\\B", "\\.", "\\(", "\\\\", "[\\w-]", "[^a-z]",
    "[z-a]", "[a", "]", "[]", "[^]", "[[]", "[\\b]", "(?P<key>", "(?P<b>", "(?:", "(", ")", "|",
    "*", "+", "?", "*?", "++", "{2}", "{2,1}", "{", "}", "^", "$", ".", "\\A", "\\z", "\\Z", "\\1",
    "(?=", "(?<!", "(?i)", "(?P=key)", "(?P<key", "\\pL", "\\x41", "é", "[é]", "#", "\n", "'",
]  # fmt: skip


@settings(max_examples=3_000, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_what_passes_without_re2_passes_with_it(pattern: str) -> None:
    plain = regexes._plain(pattern)
    if plain is not None:
        compiled = compile_pattern(pattern)
        assert set(plain.groupindex) == set(compiled.groupindex)


@pytest.mark.parametrize(
    "pattern",
    [r'experiment\("(?P<key>[\w-]+)"', r"^[a-z][a-z0-9-]+$", r"(?:a|b)*?c+", r"#\s*use: (.)"],
)
def test_plain_patterns_need_no_re2(pattern: str) -> None:
    code = (
        "import sys; from interlock.policy.regexes import pattern_error, group_names; "
        f"assert not pattern_error({pattern!r}); group_names({pattern!r}); "
        "assert 're2' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(", "(?=a)", "a**", "[z-a]", "\\1", "a{2,1}"])
def test_what_re2_refuses_is_refused_with_its_reason(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern)
    assert "is not valid RE2 syntax" in pattern_error(pattern)


@pytest.mark.parametrize("pattern", [r"\pL+(?P<x>a)", r"(?i)(?P<x>a)", r"(?P<x>é){2,3}"])
def test_the_rest_is_left_to_re2(pattern: str) -> None:
    assert pattern_error(pattern) == ""
    assert group_names(pattern) == ("x",)
