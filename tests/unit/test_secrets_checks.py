"""Issuers' checksums: right ones are found, wrong ones not, and nothing else takes them either."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from secretmaking import Maker

from interlock.secrets.checks import CHECKS, is_filled, is_stored
from interlock.secrets.content import text_of
from interlock.secrets.model import Text
from interlock.secrets.scan import scan, scanner
from interlock.secrets.table import TABLE

USING = scanner(TABLE, b"k" * 32)


def rules(content: str) -> list[str]:
    text = text_of("a.txt", content.encode())
    assert isinstance(text, Text)
    return [hit.rule for hit in scan([text], USING)]


def changed(value: str, at: int) -> str:
    """``value`` with another character at ``at``, of the same kind."""
    old = value[at]
    new = chr(ord(old) + 1) if old not in "9zZfF" else chr(ord(old) - 1)
    return value[:at] + new + (value[at + 1 :] if at != -1 else "")


SUMMED: dict[str, Callable[[Maker], str]] = {
    "github-classic": Maker.github_classic,
    "npm": lambda maker: maker.summed("npm_"),
    "gitlab": Maker.gitlab_routable,
    "grafana": Maker.grafana,
    "atlassian": Maker.atlassian,
}


@pytest.mark.parametrize("rule", SUMMED)
@pytest.mark.parametrize("seed", range(5))
def test_a_wrong_checksum_is_no_token(rule: str, seed: int) -> None:
    value = SUMMED[rule](Maker(seed))
    assert rules(f"x {value}\n") == [rule]
    for at in (-1, -4, 12):
        assert rules(f"x {changed(value, at)}\n") == []


def test_no_key_name_takes_what_github_never_issued() -> None:
    value = Maker(5).github_classic()
    assert rules(f'token = "{value}"\n') == ["github-classic"]
    assert rules(f'token = "{changed(value, -1)}"\n') == []


def test_older_tokens_of_gitlab_have_no_checksum() -> None:
    assert rules("glpat-" + Maker(1).text(20) + "\n") == ["gitlab"]


def test_a_discord_token_begins_with_a_number() -> None:
    number = base64.urlsafe_b64encode(b"100000000000000012").decode().rstrip("=")
    rest = ".GabcdE." + Maker(2).text(38)
    assert rules(f"discord {number}{rest}\n") == ["discord-bot"]
    assert rules(f"discord M{Maker(3).text(23)}{rest}\n") == []


@pytest.mark.parametrize(
    "value",
    ["x" * 36, "your-token-here-a1b2c3", "sk-your_key_9f8e7d6c5b4a", "hf_" + "X" * 34, "<token>"],
)
def test_a_form_filled_by_hand(value: str) -> None:
    assert is_filled(value)


def test_a_short_word_in_the_middle_of_random_letters_fills_nothing() -> None:
    t = Maker(6).text
    for word in ("mock", "Fake", "TEST", "todo", "your"):
        value = "github_pat_" + t(22) + "_" + t(20) + word + t(35)
        assert rules(value + "\n") == ["github-fine-grained"]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "${X}",
        "$TOKEN",
        "{{ x }}",
        "<set me>",
        "****",
        "None",
        "%(x)s",
        "vault:a/b",
        "/run/secrets/a",
    ],
)
def test_what_a_file_of_credentials_does_not_store(value: str) -> None:
    assert not is_stored(value)
    assert is_stored("hunter2")


def test_each_check_that_a_rule_names_is_one_that_it_may_name() -> None:
    assert {rule.checksum for rule in TABLE} - {""} <= set(CHECKS)
