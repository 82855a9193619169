"""What is a secret by its name: values are made at test time, lines are as people write them."""

from __future__ import annotations

import string
from random import Random

import pytest

from interlock.secrets.context import keyed, later, name_of_open


def drawn(seed: int, length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    rng = Random(seed)
    return "".join(rng.choice(alphabet) for _ in range(length))


#: No word, a token, a password: as a machine or a careful person makes them.
LETTERS = "x" + drawn(7, 11, "bcdfghjklmnpqrstvwxz")
TOKEN = drawn(11, 32)
PASSWORD = drawn(13, 12) + "!"


def values(line: str, path: str) -> list[str]:
    return [found.value for found in keyed(line, path)]


@pytest.mark.parametrize("value", [LETTERS, TOKEN, PASSWORD])
@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", 'password = "VALUE"'),
        ("a.py", 'if user.password == "VALUE":'),
        ("a.py", 'os.environ.setdefault("DB_PASSWORD", "VALUE")'),
        ("a.py", 'url = "https://h/login?password=VALUE&next=1"'),
        ("a.py", "# export DB_PASSWORD=VALUE"),
        ("a.scala", 'password = Some("VALUE"),'),
        ("a.java", 'Credential password = new StringCredential("VALUE");'),
        ("a.m", '[zip openAt:path password:@"VALUE" error:&error];'),
        ("a.go", 'sharedPassword := []byte("VALUE")'),
        ("a.rb", "set :db_password, 'VALUE'"),
        ("a.ts", "//   password: VALUE"),
        ("a.js", "login({ user: 'me', pass: 'VALUE' })"),
        ("a.yml", "  - MYSQL_PASSWORD=VALUE"),
        ("a.conf", "  {user: me, password: VALUE}"),
        ("a.toml", "  DB_PASSWORD=VALUE \\"),
        (".env", "SMTP_PASS=VALUE"),
    ],
)
def test_a_password_is_found_where_people_write_it(path: str, line: str, value: str) -> None:
    assert values(line.replace("VALUE", value), path) == [value]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", 'config.consumer_key = "VALUE"'),
        ("a.py", 'URL = "https://h/api?private_token=VALUE&ref=main"'),
        ("a.java", 'String body = "access_token=VALUE&expires=1";'),
        ("a.go", 'want := &Registration{Token: String("VALUE")}'),
        ("a.sh", "TOKEN+='VALUE'"),
        ("a.json", r'"Apitoken": "{\"name\":\"me\",\"sig\":\"VALUE\"}",'),
    ],
)
def test_a_token_is_found_where_people_write_it(path: str, line: str) -> None:
    assert values(line.replace("VALUE", TOKEN), path) == [TOKEN]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.scala", 'md.update(password.getBytes("UTF-8"))'),
        ("a.ts", "expected = password.toString('base64-1')"),
        ("a.md", "WHERE password_uuid=encrypted_value.uuid)"),
        ("a.storyboard", '<action selector="hasPassword:" destination="X1-38-tr"/>'),
        ("a.py", 'setValue(password, "hello@9")'),
        ("a.py", 'assert_equal(config.password, "unit3!test")'),
        ("a.cs", 'sb.Append("password=").Append(Password1).Append("\\n");'),
        ("a.rb", "# reset_password_within = 5.days and sent_at = 4.days.ago"),
        ("a.ts", "password: 'required|min:8',"),
        ("a.yml", "pam_passwdqc_options: 'min=disabled,16,12,8'"),
        ("a.py", 'credentials = f"{quote(parts[0])}:{quote(parts[1])}"'),
        ("a.py", '"time_token.mlp.0.weight": "time_token.linear_1.weight",'),
        ("a.py", 'blocks = ["MiniMaxH3TokenBlock", "MiniMaxH3AdaLayerNormOut"]'),
        ("a.md", 'a reference pass (`kv_cache_mode="extract-1"`) that'),
        ("a.go", 'chain := createCredentialChain("minio:9000", user)'),
        ("a.py", "storage_key = f'files/{sha256_hash}.zip'"),
        ("a.md", "[Secrets: Roadmap](https://docs.invalid/d/1JAwPuZg47UhfRV/edit)"),
        ("a.json", r'"secret3-1":"secret3-1-value"'),
        ("a.py", 'c.NotebookApp.password = u"sha1:c6bbcba2d04b:f969e4"'),
    ],
)
def test_what_only_looks_like_a_password(path: str, line: str) -> None:
    assert values(line, path) == []


def test_a_bare_word_in_code_is_an_expression() -> None:
    assert values(f"password = {LETTERS}", "a.go") == []
    assert values(f"password: {LETTERS}", "a.yml") == [LETTERS]


def test_the_column_is_that_of_the_value() -> None:
    line = f"  {{user: me, password: {LETTERS}}}"
    (found,) = keyed(line, "a.conf")
    assert line[found.start : found.end] == LETTERS


@pytest.mark.parametrize("line", ["  options:", "USER=admin2x", "```bash"])
def test_the_next_name_is_no_value(line: str) -> None:
    assert later("password", line, "a.yml") is None


def test_a_value_below_its_name_is_found() -> None:
    assert name_of_open("password:") == "password"
    found = later("password", f"  {PASSWORD}", "a.yml")
    assert found is not None
    assert found.value == PASSWORD


@pytest.mark.parametrize("width", [64, 76])
def test_a_line_of_a_key_s_body_is_none(width: int) -> None:
    body = drawn(17, width)
    assert later("private_key", body, "a.yml") is None
    assert later("private_key", f'"{body}\\n"', "a.java") is None
    found = later("secret_key", drawn(17, width - 1), "a.yml")
    assert found is not None
