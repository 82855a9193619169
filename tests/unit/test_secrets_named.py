"""Values whose name stands apart: behind `or`, after a flag, on the line above, in pieces."""

from __future__ import annotations

import pytest
from secretmaking import LOWER_HEX, Maker

from interlock.secrets.content import text_of
from interlock.secrets.model import Hit, Text
from interlock.secrets.scan import scan, scanner
from interlock.secrets.table import TABLE

USING = scanner(TABLE, b"k" * 32)
PASSWORD = Maker(1).text(6) + "!4" + Maker(2).text(8)
TOKEN = Maker(3).text(38) + "7x"
HEX = Maker(4).text(40, LOWER_HEX)
UUID = "-".join(Maker(5).text(n, LOWER_HEX) for n in (8, 4, 4, 4, 12))
DJANGO = Maker(6).text(44, "abcdefghijkmnopqrs0123456789") + "!#(&)*"


def found(path: str, content: str) -> list[Hit]:
    text = text_of(path, content.encode())
    assert isinstance(text, Text)
    return list(scan([text], USING))


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.py", f'redis_password = os.environ.get("REDIS_PASSWORD") or "{PASSWORD}"\n'),
        ("a.py", f"api_key = cfg.get('k') or '{TOKEN}'\n"),
        ("a.js", f'const apiKey = process.env.API_KEY || "{TOKEN}";\n'),
        ("a.ts", f"const token = process.env.TOKEN ?? '{TOKEN}'\n"),
        ("a.sh", f"acme login --api-key '{TOKEN}'\n"),
        ("a.sh", f"acme login --password '{PASSWORD}' --region eu\n"),
        ("README.md", f"    acme deploy --auth-token {TOKEN}\n"),
        ("a.py", f'p.add_argument("--db-password", type=str, default="{PASSWORD}")\n'),
        ("a.py", f'@click.option("--api-key", default="{TOKEN}")\n'),
        ("Makefile", f"DB_PASSWORD ?= {PASSWORD}\n"),
        ("sub/Makefile", f"export API_KEY := {TOKEN}\n"),
        ("settings.py", f'SECRET_KEY = "{DJANGO}"\n'),
        ("a.yaml", f"secret_key: {DJANGO}\n"),
        ("a.py", f'AZURE_OPENAI_KEY = "{HEX[:32]}"\n'),
        ("a.yaml", f"  azure_openai_key: {HEX[:32]}\n"),
        ("a.py", f'PINECONE_API_KEY = "{UUID}"\n'),
        ("a.py", f'pinecone.init(api_key="{UUID}")\n'),
        ("call.sh", f'curl -H "Api-Key: {UUID}" https://h.io\n'),
        ("tape.yaml", f"    Authorization:\n    - Bearer {TOKEN}\n"),
        ("tape.yaml", f"    authorization:\n      - Token {HEX}\n"),
        ("a.py", f'BODY = """\napi_key = {HEX}\n"""\n'),
        ("core-site.xml", f"<name>fs.s3a.secret.key</name>\n  <value>{TOKEN}</value>\n"),
        ("core-site.xml", f"<name>fs.s3a.secret.key</name><value>{TOKEN}</value>\n"),
        ("env.json", f'      "key": "dbt_password",\n      "value": "{PASSWORD}",\n'),
        ("a.py", f'requests.get(url, auth=("admin", "{PASSWORD}"))\n'),
        ("a.py", f'session.auth = ("svc", "{HEX}")\n'),
        ("a.py", f'connect("dbname=ml user=etl password={PASSWORD} host=db.h.io")\n'),
        ("a.py", f'h = {{"Authorization": "Bearer {TOKEN}"}}\n'),
        ("a.gradle", f'buildConfigField "String", "API_KEY", "\\"{TOKEN}\\""\n'),
        ("a.json", '{"a": 1, ' + '"b": [1, 2, 3], ' * 900 + f'"password": "{PASSWORD}"}}\n'),
    ],
)
def test_it_is_found(path: str, content: str) -> None:
    assert len(found(path, content)) == 1


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.py", 'password = os.environ.get("P") or "password"\n'),
        ("a.py", 'tokenizer_path = args.path or "acme/ranker-7b-v2"\n'),
        ("a.py", 'api_key = os.environ.get("K") or ""\n'),
        ("a.js", 'const token = process.env.TOKEN || "";\n'),
        ("a.sh", 'acme login --api-key "$API_KEY" --password $PASSWORD\n'),
        ("a.md", "acme login --password PASSWORD --token <token>\n"),
        ("a.md", "acme login --password-file ./secret2024.txt\n"),
        ("a.py", 'p.add_argument("--password", default="")\n'),
        ("a.py", 'p.add_argument("--token-type", default="word_2_piece_v3")\n'),
        ("a.py", 'p.add_argument("--secret", help="default=none", default=None)\n'),
        ("Makefile", "DB_PASSWORD ?= $(shell pass show db)\nTOKEN :=\nAPI_KEY ?= changeme\n"),
        ("a.py", f'run_id = "{UUID}"\ntoken_id = "{UUID}"\nidempotency_key = "{UUID}"\n'),
        ("a.yaml", f"client_id: {UUID}\nsecret_id: {UUID}\nkey: {UUID}\n"),
        ("a.yaml", f"primary_key: {HEX}\npublic_key: {HEX}\n"),
        ("tape.yaml", "Authorization:\n- Bearer REDACTED\n"),
        ("tape.yaml", f"X-Request-Id:\n- Token {HEX}\n"),
        ("a.py", f"commit = {HEX}\n"),
        ("a.xml", "<name>password</name>\n<value>${db.password}</value>\n"),
        ("a.yaml", "key: secretkey\n- name: IMAGE\n  value: ghcr.io/acme/driver:2.17.0\n"),
        ("a.py", 'requests.get(u, auth=("user", "password"))\n'),
        ("a.py", 'requests.get(u, auth=("me", os.environ["P"]))\n'),
        ("a.py", 'connect("dbname=ml user=prefect password=prefect host=localhost")\n'),
        ("a.py", 'h = {"Authorization": f"Bearer {token}"}\n'),
    ],
)
def test_it_is_none(path: str, content: str) -> None:
    assert found(path, content) == []


@pytest.mark.parametrize("sign", ["", " +", " \\"])
def test_a_literal_in_pieces_is_told_where_it_begins(sign: str) -> None:
    token = Maker(9).all()["aws-access-key"]
    content = f'x = 1\nKEY = ("{token[:9]}"{sign}\n       "{token[9:]}")\n'
    assert [(hit.rule, hit.line, hit.column) for hit in found("a.py", content)] == [
        ("aws-access-key", 2, 9)
    ]


def test_neighbours_in_a_list_are_no_pieces() -> None:
    token = Maker(9).all()["aws-access-key"]
    assert found("a.py", f'x = [\n    "{token[:9]}",\n    "{token[9:]}",\n]\n') == []
