"""Names and values that look like credentials and are none, next to those that are."""

from __future__ import annotations

from base64 import b64encode

import pytest
from secretmaking import LOWER_HEX, Maker

from interlock.secrets.context import keyed

_MADE = Maker(17)
HASH = _MADE.text(40, LOWER_HEX)
TOKEN = _MADE.text(32)


def found(line: str, path: str = "a.json") -> list[str]:
    return [one.value for one in keyed(line, path)]


@pytest.mark.parametrize("key", ["AWS::SecretsManager::Secret", "AWS::ApiGateway::ApiKey"])
def test_the_hash_of_a_type_is_no_secret(key: str) -> None:
    assert found(f'"{key}": "{HASH}",') == []
    assert found(f'"{key}": "{TOKEN}",') == [TOKEN]


@pytest.mark.parametrize("key", ["checksum/secret", "reloader/token"])
def test_the_hash_of_an_annotation_is_no_secret(key: str) -> None:
    assert found(f"  {key}: {HASH}", "a.yaml") == []
    assert found(f"  token: {HASH}", "a.yaml") == [HASH]
    assert found(f"http://localhost:8888/token={HASH}", "a.md") == [HASH]


@pytest.mark.parametrize(
    "name",
    [
        "nextForwardToken",
        "NextContinuationToken",
        "ChangeToken",
        "ClientToken",
        "PolicyUpdateToken",
        "sync_token",
        "resume_token",
        "confirmationToken",
        "X-Goog-Credential",
    ],
)
def test_a_token_that_finds_a_place_or_a_call_is_no_secret(name: str) -> None:
    assert found(f'"{name}": "{TOKEN}"') == []


@pytest.mark.parametrize("name", ["accessToken", "refresh_token", "AuthToken", "env_client_token"])
def test_a_token_that_opens_something_is_a_secret(name: str) -> None:
    assert found(f'"{name}": "{TOKEN}"') == [TOKEN]


@pytest.mark.parametrize("end", ["", "T21:47:36Z", "T21:47:36+00:00"])
def test_a_date_is_no_password(end: str) -> None:
    assert found(f'"PasswordLastUsed": "2016-09-08{end}"') == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", '("User:Pass", "www.1x.org:080")'),
        ("a.py", '"-passout", "x9", "in:passwd", "pass:b-42z"'),
        ("a.c", '"kadmin/passwd", "kadmin/1server",'),
        ("a.md", "lines with `_password`, `_Auth9`"),
        ("a.py", '("_auth", "_password", "_Auth")'),
    ],
)
def test_a_text_that_only_ends_in_password_names_no_text_after_it(path: str, line: str) -> None:
    assert found(line, path) == []


@pytest.mark.parametrize("line", ["define('DB_PASSWORD', 'VALUE')", 'setenv("API_TOKEN", "VALUE")'])
def test_a_text_that_is_a_name_names_the_text_after_it(line: str) -> None:
    assert found(line.replace("VALUE", TOKEN), "a.php") == [TOKEN]


@pytest.mark.parametrize(
    "value",
    [
        "[concat(parameters('cache9'),'.redis.net')]",
        "[listKeys(variables('id9'), '2021-04-01').key]",
        "[!#$%&*+.^_|~0-9A-Za-z]{1,}",
        "^[A-Za-z0-9+/=]{8,}",
        "Contrase\\\\u00f1a",
    ],
)
def test_expressions_are_no_passwords(value: str) -> None:
    assert found(f'password = "{value}"', "a.py") == []


def test_an_attribute_for_the_keyboard_is_no_key() -> None:
    text = _MADE.text(20)
    assert found(f'<a href="#x" accesskey="1">{text}</a>', "a.html") == []
    assert found(f"<accesskey>{text}</accesskey>", "a.html") == [text]
    assert found(f'<x name="accesskey">{text}</x>', "a.xml") == [text]


@pytest.mark.parametrize("plain", ["password", "changeme", "your-password-here"])
def test_a_placeholder_behind_base64_is_no_password(plain: str) -> None:
    assert found("  password: " + b64encode(plain.encode()).decode(), "a.yaml") == []


def test_a_password_behind_base64_is_one() -> None:
    inner = b64encode(_MADE.text(14).encode()).decode()
    assert found("  password: " + inner, "a.yaml") == [inner]
