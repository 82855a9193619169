"""Which lines are looked at: each with a word of a rule, long ones in pieces that cut nothing."""

from __future__ import annotations

import random
import time

import pytest
from secretmaking import Maker

from interlock.secrets.model import Text
from interlock.secrets.prefilter import MAX_LINE, candidates, pattern
from interlock.secrets.scan import scan, scanner
from interlock.secrets.table import TABLE

ALL = scanner(TABLE, b"key")


def found(body: bytes, path: str = "a.js") -> list[tuple[int, int, str]]:
    return [(hit.line, hit.column, hit.type) for hit in scan([Text(path, body)], ALL)]


def test_lines_are_numbered_and_given_once() -> None:
    body = b"a\ntoken: ghp_ token: x\n\nb\nsecret=1\n"
    lines = [(line.number, line.text, line.start) for line in candidates(body, pattern(TABLE))]
    assert lines == [(1, "token: ghp_ token: x", 2), (4, "secret=1", 26)]


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_the_last_line_needs_no_end(end: bytes) -> None:
    (line,) = candidates(b"a\ntoken: x" + end, pattern(TABLE))
    assert line.text == "token: x"


def test_an_address_without_a_user_is_not_looked_at() -> None:
    body = b"see https://example.org/a?b=c\nhttps://me:pass-word1@example.org\n"
    assert [line.number for line in candidates(body, pattern(TABLE))] == [1]


def test_a_rule_of_a_policy_for_addresses_is_heeded() -> None:
    own = TABLE[0]._replace(id="own", pattern="(https://hooks.example/[a-z]+)", keywords=("://",))
    body = b"https://hooks.example/abc\n"
    assert len(list(candidates(body, pattern([*TABLE, own])))) == 1


def test_no_value_of_a_long_line_is_cut() -> None:
    """Names close to each other: wherever one piece ends, the next one's values are whole."""
    pick = random.Random(7)
    words = ["é" * pick.randrange(90) + f"k{at}" for at in range(400)]
    values = [Maker(at).github_classic() for at in range(400)]
    line = ",".join(f'"{w}_token":"{v}"' for w, v in zip(words, values, strict=True))
    assert len(line) > 2 * MAX_LINE
    columns = [line.index(value) + 1 for value in values]
    body = f"first\n{{{line}}}\n".encode()
    assert found(body) == [(2, column + 1, "github-token") for column in columns]


def test_a_value_far_behind_its_window_s_first_word_is_whole() -> None:
    """The second name stands near the end of what is looked at around the first one."""
    for gap in range(900, 1010, 7):
        token = Maker(gap).github_classic()
        line = "x;" * 3000 + "token=f(1);" + "y" * gap + f'token="{token}";' + "z;" * 3000
        assert found(line.encode() + b"\n") == [(1, line.index(token) + 1, "github-token")]


def test_a_line_full_of_words_takes_no_longer_than_its_length_asks_for() -> None:
    def spent(size: int) -> float:
        body = b"token=f(1);" * size + b"\n"
        start = time.process_time()
        assert found(body) == []
        return time.process_time() - start

    spent(1_000)
    assert spent(40_000) < 12 * spent(10_000)
