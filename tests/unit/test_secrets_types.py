"""Each type is found where people put it, and what only looks like one is not."""

from __future__ import annotations

import base64
from functools import cache

import pytest
from secretmaking import Maker

from interlock.secrets.content import text_of
from interlock.secrets.model import Hit, Text
from interlock.secrets.scan import scan, scanner
from interlock.secrets.table import TABLE

USING = scanner(TABLE, b"k" * 32)
#: Where a value stands: a path and a line around it. NAME is its key, VALUE the credential.
PLACES = {
    "assigned": ("a.py", 'NAME = "VALUE"\n'),
    "single quotes": ("a.py", "NAME = 'VALUE'\n"),
    "argument": ("a.py", 'client = connect("h", NAME="VALUE")\n'),
    "look-up default": ("a.py", 'x = os.getenv("NAME", "VALUE")\n'),
    "set in environ": ("a.py", 'os.environ["NAME"] = "VALUE"\n'),
    "typed": ("a.py", 'NAME: str = "VALUE"\n'),
    "dictionary": ("a.py", 'c = {"NAME": "VALUE"}\n'),
    "json": ("a.json", '  "NAME": "VALUE",\n'),
    "yaml": ("a.yaml", "  NAME: VALUE\n"),
    "quoted yaml": ("a.yaml", '  NAME: "VALUE"\n'),
    "named entry": ("a.yaml", "  - name: NAME\n    value: VALUE\n"),
    "toml": ("a.toml", 'NAME = "VALUE"\n'),
    "dotenv": (".env", "NAME=VALUE\n"),
    "shell": ("a.sh", "export NAME=VALUE\n"),
    "quoted shell": ("a.sh", 'export NAME="VALUE"\n'),
    "dockerfile": ("Dockerfile", "ENV NAME=VALUE\n"),
    "dockerfile with space": ("Dockerfile", "ENV NAME VALUE\n"),
    "terraform": ("a.tf", 'NAME = "VALUE"\n'),
    "markdown": ("README.md", "Run `export NAME=VALUE` first.\n"),
    "log": ("run.log", "2024-01-01 INFO env NAME=VALUE\n"),
    "next line": ("a.py", 'NAME = (\n    "VALUE"\n)\n'),
    "escaped json": ("run.log", '{"m": "{\\"NAME\\": \\"VALUE\\"}"}\n'),
    "terraform variable": ("a.tf", 'variable "NAME" {\n  default = "VALUE"\n}\n'),
    "docker run": ("a.sh", "docker run -e NAME=VALUE image\n"),
}


@cache
def tokens(seed: int) -> dict[str, str]:
    """One value of each type that its own look gives away."""
    return {**Maker(seed).all(), **Maker(seed + 1).services()}


TOKENS = tuple(tokens(0))


def found(path: str, content: str) -> list[Hit]:
    text = text_of(path, content.encode())
    assert isinstance(text, Text)
    return list(scan([text], USING))


@pytest.mark.parametrize("rule", TOKENS)
def test_tokens_are_found_by_their_look(rule: str) -> None:
    value = tokens(7)[rule]
    told = {}
    for place, (path, line) in PLACES.items():
        hits = found(path, line.replace("NAME", "SETTING").replace("VALUE", value))
        told[place] = [(hit.rule, hit.line) for hit in hits]
    assert told == {
        place: [(rule, 1 + line[: line.index("VALUE")].count("\n"))]
        for place, (_, line) in PLACES.items()
    }


@pytest.mark.parametrize("name", Maker(0).keyed())
def test_values_are_found_by_their_names(name: str) -> None:
    key, value = Maker(9).keyed()[name]
    told = {
        place: len(found(path, line.replace("NAME", key).replace("VALUE", value)))
        for place, (path, line) in PLACES.items()
    }
    assert told == dict.fromkeys(PLACES, 1)


def test_tokens_are_found_behind_base64() -> None:
    told = {}
    for rule, value in tokens(13).items():
        wrapped = base64.b64encode(f"token: {value}\n".encode()).decode()
        told[rule] = len(found("secret.yaml", f"data:\n  config: {wrapped}\n"))
    assert told == dict.fromkeys(TOKENS, 1)


@pytest.mark.parametrize(
    "line",
    [
        "postgresql://svc:{}@db.internal:5432/app",
        "mysql+pymysql://root:{}@10.0.0.1/app",
        "redis://:{}@cache:6379/0",
        "mongodb+srv://svc:{}@cluster0.abcde.mongodb.net/app",
        "https://ci:{}@git.internal/org/repo.git",
        "jdbc:postgresql://db:5432/app?user=svc&password={}",
        "Server=tcp:db,1433;User ID=svc;Password={};Encrypt=true",
    ],
)
def test_connection_strings(line: str) -> None:
    value = Maker(3).text(14) + "7x"
    assert len(found("settings.py", f'url = "{line.format(value)}"\n')) == 1
    assert len(found("pip.conf", f"index-url = {line.format(value)}\n")) == 1


@pytest.mark.parametrize(
    "line",
    [
        'api_key = os.environ["API_KEY"]',
        'api_key = os.getenv("API_KEY", "")',
        "api_key = settings.openai_api_key",
        'password = getpass.getpass("Password: ")',
        'password = "changeme"',
        '"password": "Contrase\\u00f1a",',
        '"password": "Kennwort",',
        'token = "<your-token-here>"',
        'api_key = "YOUR_API_KEY"',
        'api_key: "${{ secrets.OPENAI_API_KEY }}"',
        'password: "{{ vault_db_password }}"',
        'secret_name = "prod/db/password-2024"',
        'tokenizer = "bert-base-uncased-v2"',
        'pad_token = "<|endoftext|>"',
        "max_tokens=4096",
        "- uses: actions/checkout@b4ffde65f46336ab88eb53be808477a3936bae11",
        "md5: d41d8cd98f00b204e9800998ecf8427e",
        "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393",
        'run_id = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"',
        'token = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"',
        "postgresql://user:password@localhost/db",
        "postgresql://user:${DB_PASSWORD}@localhost/db",
        'password_field = "user_password_2"',
        "SECRET_KEY_FILE=/run/secrets/key_2024_prod",
    ],
)
@pytest.mark.parametrize("path", ["a.py", "a.yaml", "a.md", ".env"])
def test_what_is_no_secret(path: str, line: str) -> None:
    assert found(path, line + "\n") == []


def test_a_key_header_alone_is_no_key() -> None:
    assert found("a.py", 'HEADER = "-----BEGIN RSA PRIVATE KEY-----"\nx = 1\n') == []


def test_the_table_is_made_from_the_families() -> None:
    from gen_secrets import table

    from interlock.secrets import table as made

    assert made.__file__ is not None
    with open(made.__file__, encoding="utf-8") as stream:
        assert stream.read() == table()
