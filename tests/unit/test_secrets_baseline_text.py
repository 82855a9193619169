"""The baseline's text: what is written is read again, moves with nothing, and hides no mistake."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import UsageError
from interlock.secrets.baseline import Baseline, Entry
from interlock.secrets.baseline_text import MAX_BYTES, line_of, read_baseline, written

KEY = bytes(range(32))
HASH = "ab" * 32

texts = st.text(st.characters(codec="utf-8"), max_size=30).map(str.strip)
paths = st.binary(min_size=1, max_size=20).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
silent = st.tuples(st.sampled_from(["not-a-secret", "rotated"]), st.just(""))
timed = st.tuples(st.just("live"), st.dates().map(lambda day: day.isoformat()))
entries = st.builds(
    lambda raw, kind, path, verdict, owner, reason: Entry(
        raw.hex(), kind, path, verdict[0], verdict[1], owner, reason
    ),
    st.binary(min_size=32, max_size=32),
    st.sampled_from(["password", "github-token"]),
    paths,
    silent | timed,
    texts.filter(bool),
    texts.filter(bool),
)


def lines(*more: str) -> bytes:
    return "\n".join((f"key {KEY.hex()}", *more, "")).encode()


def entry(**changes: str) -> Entry:
    usual = Entry(HASH, "password", "a.py", "unreviewed", "2027-01-01", "", "")
    return usual._replace(**changes)


@settings(max_examples=60, deadline=None)
@given(st.lists(entries, max_size=5))
def test_what_is_written_is_read_again(given_: list[Entry]) -> None:
    data = written(Baseline("b", KEY, tuple(given_)))
    again = read_baseline(data, "b")
    assert again.key == KEY
    unique = {one.identity: one for one in given_}
    if len(unique) == len(given_):
        assert sorted(e._replace(line=0) for e in again.entries) == sorted(given_)
    assert written(again) == data
    assert len(data.split(b"\n")) == 6 + 1 + 256 + len(unique) + 1


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80) | st.text(max_size=80).map(lambda text: f"{HASH} {text}".encode()))
def test_whatever_stands_there_is_read_or_told(content: bytes) -> None:
    for data in (content, lines() + content):
        try:
            found = read_baseline(data, "b")
        except UsageError:
            continue
        assert written(read_baseline(written(found), "b")) == written(found)


def test_order_and_copies_of_lines_change_no_byte() -> None:
    every = [
        entry(hash=Random(n).randbytes(32).hex(), path=f"{n % 3}/ä b.py", reason='a "b"\\')
        for n in range(40)
    ]
    data = written(Baseline("b", KEY, tuple(every)))
    head, body = data.split(b"\n00\n")
    shuffled = body.split(b"\n")
    Random(1).shuffle(shuffled)
    mixed = b"\n".join([head, *shuffled, *shuffled[:9], b"00", b""])
    assert written(read_baseline(mixed, "b")) == data
    assert written(read_baseline(data.replace(b"\n", b"\r\n"), "b")) == data
    rows = data.removesuffix(b"\n").split(b"\n")[7:]
    assert rows == sorted(rows)


def test_of_two_lines_for_one_value_the_stricter_holds() -> None:
    kept = entry(verdict="live", until="2027-01-01", owner="o", reason="r")
    others = (
        kept._replace(until="2027-06-01"),
        kept._replace(verdict="not-a-secret", until=""),
        kept._replace(verdict="rotated", until=""),
    )
    for other in others:
        for pair in ((kept, other), (other, kept)):
            found = read_baseline(lines(*map(line_of, pair)), "b").entries
            assert [one._replace(line=0) for one in found] == [kept]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("<<<<<<< HEAD", "markers"),
        (">>>>>>> other", "markers"),
        (f"{HASH} password a.py unreviewed 2027-01-01 -", "7 fields, this one 6"),
        (f"{HASH} password a.py unreviewed 2027-01-01 - - x", "7 fields, this one 8"),
        (f"{HASH[1:]} password a.py unreviewed 2027-01-01 - -", "64 hex digits"),
        (f"{HASH.upper()} password a.py unreviewed 2027-01-01 - -", "64 hex digits"),
        (f"{HASH} - a.py unreviewed 2027-01-01 - -", "cannot be empty"),
        (f"{HASH} password - unreviewed 2027-01-01 - -", "cannot be empty"),
        (f"{HASH} password a.py fine 2027-01-01 - -", "not-a-secret, rotated, live, unreviewed"),
        (f"{HASH} password a.py unreviewed - - -", "YYYY-MM-DD"),
        (f"{HASH} password a.py live 2027-02-30 me x", "YYYY-MM-DD"),
        (f"{HASH} password a.py live 2027-02-01 - x", "an owner and a reason"),
        (f"{HASH} password a.py rotated - me -", "an owner and a reason"),
        (f'{HASH} password "a.py unreviewed 2027-01-01 - -', "quote"),
        (f'{HASH} password "a"b unreviewed 2027-01-01 - -', "quote"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(line: str, word: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_baseline(lines("# a comment", "", line), "some/file")
    assert str(caught.value).startswith("some/file:4: ")
    assert word in str(caught.value)


def test_the_message_about_a_line_holds_nothing_of_it() -> None:
    with pytest.raises(UsageError) as caught:
        read_baseline(lines("hunter2 swordfish \x1b[31m"), "b")
    assert not any(word in str(caught.value) for word in ("hunter2", "sword", "\x1b"))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no line `key`"),
        (b"key abc\n", "no line `key`"),
        (lines(f"key {'00' * 32}"), "2 keys"),
        (b"#" * (MAX_BYTES + 1), "too large"),
    ],
)
def test_a_file_that_is_no_baseline(content: bytes, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        read_baseline(content, "b")


def test_the_same_key_twice_is_one_key() -> None:
    assert read_baseline(lines(f"key {KEY.hex()}"), "b").key == KEY
