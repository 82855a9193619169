"""What is judged a password or a token by its own look: every value is made at test time."""

from __future__ import annotations

import string
from base64 import b64encode
from random import Random

import pytest

from interlock.secrets.judging import is_password, is_token
from interlock.secrets.wording import is_random

SEEDS = range(40)


def drawn(seed: int, length: int, alphabet: str = string.ascii_lowercase) -> str:
    rng = Random(seed)
    return "".join(rng.choice(alphabet) for _ in range(length))


def share(length: int, alphabet: str = string.ascii_lowercase) -> float:
    return sum(is_random(drawn(seed, length, alphabet)) for seed in SEEDS) / len(SEEDS)


def test_random_letters_are_told_from_words() -> None:
    assert share(9) >= 0.8
    assert share(24) >= 0.95
    assert share(24, string.ascii_letters) >= 0.8


@pytest.mark.parametrize(
    "word",
    [
        "postgres", "mysql", "mongodb", "kubernetes", "salasana", "wachtwoord", "motdepasse",
        "accessToken", "client-secret", "DB_PASSWORD", "qwerty", "nginx", "confirm_new_password",
        "ctx", "fn", "xkcd", "",
    ],
)  # fmt: skip
def test_words_and_what_is_too_short_are_not_random(word: str) -> None:
    assert not is_random(word)


def test_letters_that_are_no_word_are_a_password() -> None:
    values = [drawn(seed, 10) for seed in SEEDS]
    assert sum(map(is_password, values)) >= 0.8 * len(values)
    joined = [f"{drawn(seed, 6)}_{drawn(seed + 99, 7)}" for seed in SEEDS]
    assert sum(map(is_password, joined)) >= 0.8 * len(joined)


def test_letters_that_are_no_word_are_a_token() -> None:
    values = [drawn(seed, 26) for seed in SEEDS]
    assert sum(map(is_token, values)) >= 0.9 * len(values)


@pytest.mark.parametrize("stem", ["pass", "test", "user", "admin", "root", "foo"])
@pytest.mark.parametrize("tail", ["1", "123", "4321"])
def test_a_common_word_with_a_number_is_no_password(stem: str, tail: str) -> None:
    assert not is_password(stem + tail)


@pytest.mark.parametrize("value", ["mypassword9", "Wrong-Passwd1", "my_secret_7", "password-1:x"])
def test_a_password_that_names_itself_is_none(value: str) -> None:
    assert not is_password(value)


def test_a_person_s_password_is_one() -> None:
    for seed in SEEDS:
        assert is_password(f"{drawn(seed, 5).title()}{Random(seed).randrange(10, 99)}!")


@pytest.mark.parametrize("run", ["1234", "0987", "4321", "abcde", "qwert", "asdfg"])
def test_a_typed_run_is_in_no_token(run: str) -> None:
    made = drawn(3, 12, "246") + "zk" + drawn(4, 10, "ghjkprst68")
    assert is_token(made)
    assert not is_token(made[:9] + run + made[9:])


def test_four_digits_in_a_row_occur_by_chance_in_a_long_token() -> None:
    made = drawn(5, 60, "0123456789abcdef")
    assert is_token("f" + made[:30] + "1234" + made[30:])
    assert not is_token("f" + made[:30] + "123456" + made[30:])


@pytest.mark.parametrize("first", [")", ",", ";", "|"])
def test_a_password_may_start_with_any_sign(first: str) -> None:
    assert is_password(first + drawn(6, 6) + "7#" + drawn(8, 5).upper())


def test_a_typed_password_behind_base64_is_none() -> None:
    assert not is_token(b64encode(b"hello world").decode())
    assert not is_password(b64encode(b"mypass").decode())


def test_the_next_option_is_no_password() -> None:
    assert not is_password("--gecos")


def test_what_ruby_puts_into_a_string_is_no_secret() -> None:
    assert not is_password("#{" + "SecureRandom.hex(64)" + "}")
    assert not is_token("#{" + "SecureRandom.hex(64)" + "}")
