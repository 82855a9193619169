"""Rules on real lines: what they take, and the look-alikes that they leave."""

from __future__ import annotations

import json
import string
from base64 import b64encode
from random import Random
from urllib.parse import quote

import pytest

from interlock.secrets.model import Text
from interlock.secrets.scan import scan, scanner
from interlock.secrets.table import TABLE

ALNUM = string.ascii_letters + string.digits


def drawn(seed: int, length: int, alphabet: str = ALNUM) -> str:
    rng = Random(seed)
    return "".join(rng.choice(alphabet) for _ in range(length))


def rules(path: str, text: str) -> list[tuple[int, str]]:
    hits = scan([Text(path, text.encode())], scanner(TABLE, b"k" * 32))
    return [(hit.line, hit.rule) for hit in hits]


def test_the_private_half_of_a_jwk_is_found_and_the_public_one_is_not() -> None:
    public = {"kty": "EC", "crv": "P-256", "x": drawn(1, 43), "y": drawn(2, 43)}
    assert rules("jwk.json", json.dumps(public, indent=1)) == []
    private = json.dumps({**public, "d": drawn(3, 43)}, indent=1)
    line = next(n for n, text in enumerate(private.split("\n"), 1) if '"d"' in text)
    assert rules("jwk.json", private) == [(line, "jwk-private")]


@pytest.mark.parametrize(
    "line", ['if auth != "Basic VALUE" {', "Authorization: Basic VALUE", "header: 'Basic VALUE',"]
)
def test_a_basic_value_is_judged_by_what_it_holds(line: str) -> None:
    good = b64encode(f"svc:{drawn(4, 12)}".encode()).decode()
    assert rules("a.go", line.replace("VALUE", good)) == [(1, "basic-header")]
    for weak in (b"user:password1", b"me:your-password", b"no colon in it"):
        assert rules("a.go", line.replace("VALUE", b64encode(weak).decode())) == []


def test_words_after_basic_are_none() -> None:
    assert rules("a.md", "Basic authentication and Basic understanding of keys\n") == []


@pytest.mark.parametrize("sign", ["@", "!", "/", "%"])
def test_a_url_s_password_is_judged_as_decoded(sign: str) -> None:
    address = "postgresql://app:VALUE@db.internal/app"
    good = quote(f"{drawn(5, 9)}{sign}7", safe="")
    assert rules("a.py", address.replace("VALUE", good)) == [(1, "url-password")]
    weak = quote(f"p{sign}ss!word", safe="").replace("p", "p", 1)
    typed = weak.replace(quote(sign, safe=""), "%40")
    assert rules("a.py", address.replace("VALUE", typed)) == []


@pytest.mark.parametrize("value", ["my-personal-token", "deploy_token_value", "wrong_pass", "pwd1"])
def test_a_url_s_password_in_plain_words_is_an_example(value: str) -> None:
    assert rules("a.py", f"https://oauth2:{value}@git.internal/a.git") == []


def test_image_data_holds_no_keys() -> None:
    inside = drawn(6, 120) + "/" + drawn(7, 86) + "=="
    assert rules("a.md", f"azure blob key: data:image/png;base64,{inside}") == []
    inside = drawn(8, 90) + "//1//0" + drawn(9, 60) + "/" + drawn(10, 50)
    assert rules("a.md", f"data:image/png;base64,{inside}") == []


def test_an_old_aws_key_id_may_hold_any_digit() -> None:
    old = "AKIA" + "I44QH8D1" + drawn(11, 8, string.ascii_uppercase + "0189")
    assert rules("a.py", f"key = '{old}'") == [(1, "aws-access-key")]


def test_a_name_at_a_line_s_start_is_told_on_its_own_line() -> None:
    text = f'USER="admin"\nPASS="{drawn(12, 14)}!"\n'
    assert rules("a.sh", text) == [(2, "password")]


def test_a_key_s_body_is_not_told_besides_its_header() -> None:
    body = "\n".join(f"  {drawn(seed, 64)}" for seed in range(4))
    text = f"private_key: |\n  -----BEGIN RSA PRIVATE KEY-----\n{body}\n"
    assert rules("a.yml", text) == [(2, "private-key")]
