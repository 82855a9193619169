"""Each type is found where people put it, and what only looks like one is not."""

from __future__ import annotations

import base64
import json

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


def found(path: str, content: str) -> list[Hit]:
    text = text_of(path, content.encode())
    assert isinstance(text, Text)
    return list(scan([text], USING))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("rule", Maker(0).all())
def test_tokens_are_found_by_their_look(rule: str, place: str) -> None:
    value = Maker(7).all()[rule]
    path, line = PLACES[place]
    hits = found(path, line.replace("NAME", "SETTING").replace("VALUE", value))
    assert [hit.rule for hit in hits] == [rule]
    assert hits[0].line == 1 + line[: line.index("VALUE")].count("\n")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", Maker(0).keyed())
def test_values_are_found_by_their_names(name: str, place: str) -> None:
    key, value = Maker(9).keyed()[name]
    path, line = PLACES[place]
    assert len(found(path, line.replace("NAME", key).replace("VALUE", value))) == 1


@pytest.mark.parametrize("rule", Maker(0).all())
def test_tokens_are_found_in_notebooks(rule: str) -> None:
    value = Maker(11).all()[rule]
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n"]},
        {
            "cell_type": "code",
            "source": ["import os\n", f'k = "{value}"\n'],
            "outputs": [{"output_type": "stream", "text": [f"using {value}\n"]}],
        },
    ]
    hits = found("n.ipynb", json.dumps({"cells": cells, "metadata": {}}, indent=1))
    assert [(hit.rule, hit.cell) for hit in hits] == [(rule, 2), (rule, 2)]
    assert hits[0].line < hits[1].line


@pytest.mark.parametrize("rule", Maker(0).all())
def test_tokens_are_found_behind_base64(rule: str) -> None:
    value = Maker(13).all()[rule]
    wrapped = base64.b64encode(f"token: {value}\n".encode()).decode()
    assert len(found("secret.yaml", f"data:\n  config: {wrapped}\n")) == 1


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


def test_a_github_token_with_a_wrong_checksum_is_none() -> None:
    value = Maker(5).github_classic()
    wrong = value[:-1] + ("a" if value[-1] != "a" else "b")
    assert len(found("a.txt", value + "\n")) == 1
    assert found("a.txt", wrong + "\n") == []


def test_files_that_say_by_their_form_what_is_secret() -> None:
    t = Maker(21).text
    basic = base64.b64encode(f"svc:{t(12)}".encode()).decode()
    key = "\n".join(t(64) for _ in range(4))
    files = {
        "kaggle.json": f'{{"username":"me","key":"{t(32, "0123456789abcdef")}"}}\n',
        ".netrc": f"machine h\nlogin me\npassword {t(12)}\n",
        ".npmrc": f"//registry.npmjs.org/:_authToken={t(36)}\n",
        ".pypirc": f"[pypi]\nusername = me\npassword = {t(14)}9\n",
        ".docker/config.json": f'{{"auths": {{"h": {{"auth": "{basic}"}}}}}}\n',
        "kube.yaml": f"kind: Config\nusers:\n- user:\n    client-key-data: {t(400)}==\n",
        "call.sh": f'curl -H "Authorization: Basic {basic}" https://h/\n',
        "id_rsa": f"-----BEGIN RSA PRIVATE KEY-----\n{key}\n-----END RSA PRIVATE KEY-----\n",
        "sa.json": f'{{"private_key": "-----BEGIN PRIVATE KEY-----\\n{t(64)}\\n"}}\n',
        "profiles.yml": f"dev:\n  type: postgres\n  password: {t(10)}8\n",
        ".pgpass": f"db:5432:app:me:{t(12)}\n",
        ".condarc": f"channels:\n  - https://me:{t(12)}@conda.internal/main\n",
    }
    assert {path: len(found(path, text)) for path, text in files.items()} == dict.fromkeys(files, 1)


def test_a_key_header_alone_is_no_key() -> None:
    assert found("a.py", 'HEADER = "-----BEGIN RSA PRIVATE KEY-----"\nx = 1\n') == []


def test_the_table_is_made_from_the_families() -> None:
    from gen_secrets import table

    from interlock.secrets import table as made

    assert made.__file__ is not None
    with open(made.__file__, encoding="utf-8") as stream:
        assert stream.read() == table()
