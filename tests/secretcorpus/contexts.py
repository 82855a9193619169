"""Where credentials stand: twenty-five and more kinds of files, each written round one value.

A writer gives a path's end and the text; ``MARK`` stands before each line's secret part and is
taken out when the file is laid down, which is how its line becomes known.
"""

# ruff: noqa: E501  the texts of files stand here as they are
from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from secretcorpus.drawing import encoded
from secretcorpus.kinds import Kind

#: No text that is written holds it; JSON would write it as an escape, so it is a plain letter.
MARK = "\ue000"
ALL = frozenset({"token", "password", "url", "pem"})
ONE_LINE = ALL - {"pem"}
WORDS = frozenset({"token", "password"})


class Context(NamedTuple):
    """``write(kind, value, rng)`` gives the text; ``shapes`` are those that can stand there."""

    id: str
    name: str
    shapes: frozenset[str]
    write: Callable[[Kind, str, Random], str]


def quoted(value: str) -> str:
    """A double-quoted string of Python, JSON, TOML or YAML."""
    return json.dumps(value, ensure_ascii=False)


def marked(value: str) -> str:
    return quoted(MARK + value)


def python_assignment(kind: Kind, value: str, rng: Random) -> str:
    name = kind.key if rng.random() < 0.5 else kind.key.lower()
    return f"import os\n\nRETRIES = {rng.randrange(9)}\n{name} = {marked(value)}\n\n\ndef main():\n    pass\n"


def python_argument(kind: Kind, value: str, rng: Random) -> str:
    call = f"connect(region={quoted(rng.choice(['eu', 'us']))}, {kind.key.lower()}={marked(value)})"
    return f"from acme import connect\n\nclient = {call}\nclient.ping()\n"


def python_getenv(kind: Kind, value: str, _: Random) -> str:
    return f"import os\n\nvalue = os.getenv({quoted(kind.key)}, {marked(value)})\n"


def python_dict(kind: Kind, value: str, rng: Random) -> str:
    body = f"    'timeout': {rng.randrange(90)},\n    '{kind.key.lower()}': {marked(value)},\n"
    return f"SETTINGS = {{\n{body}    'debug': False,\n}}\n"


def python_fstring(kind: Kind, value: str, _: Random) -> str:
    inner = quoted(f"{{host}} {kind.key.lower()}={MARK}{value} app={{app}}")
    return f"host, app = 'db', 'train'\nprint(f{inner})\n"


def python_multiline(kind: Kind, value: str, _: Random) -> str:
    if "\n" in value:
        return f'{kind.key} = """{MARK}{value}\n"""\n'
    return f"{kind.key} = (\n    {marked(value)}\n)\n"


def python_comment(kind: Kind, value: str, _: Random) -> str:
    return f"def load():\n    # {kind.key}={MARK}{value}\n    return None\n"


def yaml_value(kind: Kind, value: str, rng: Random) -> str:
    head = f"service:\n  replicas: {rng.randrange(1, 9)}\n  {kind.key.lower()}: "
    if "\n" in value:
        first, *rest = value.split("\n")
        return f"{head}|\n    {MARK}{first}\n" + "".join(f"    {line}\n" for line in rest)
    bare = value.isalnum() and rng.random() < 0.5
    return head + (MARK + value if bare else marked(value)) + "\n  region: eu-west-1\n"


def toml_value(kind: Kind, value: str, _: Random) -> str:
    return f'[remote]\nname = "prod"\n{kind.key.lower()} = {marked(value)}\nretries = 3\n'


def json_value(kind: Kind, value: str, rng: Random) -> str:
    fields = {"version": rng.randrange(9), kind.key.lower(): MARK + value, "enabled": True}
    return json.dumps({"remote": fields}, indent=2, ensure_ascii=False) + "\n"


def dotenv(kind: Kind, value: str, rng: Random) -> str:
    line = f'{kind.key}="{MARK}{value}"' if rng.random() < 0.5 else f"{kind.key}={MARK}{value}"
    return f"# local settings\nLOG_LEVEL=info\n{line}\nPORT={rng.randrange(8000, 9000)}\n"


def shell_export(kind: Kind, value: str, _: Random) -> str:
    return f"#!/bin/sh\nset -e\nexport {kind.key}='{MARK}{value}'\npython train.py\n"


def dockerfile_env(kind: Kind, value: str, _: Random) -> str:
    return f"FROM python:3.11-slim\nENV PYTHONUNBUFFERED=1\nENV {kind.key}={marked(value)}\nCMD python app.py\n"


def dockerfile_arg(kind: Kind, value: str, _: Random) -> str:
    return f"FROM python:3.11-slim\nARG {kind.key}={MARK}{value}\nRUN pip install .\n"


def compose(kind: Kind, value: str, _: Random) -> str:
    body = f"    environment:\n      - LOG_LEVEL=info\n      - {quoted(kind.key + '=' + MARK + value)}\n"
    return f"services:\n  train:\n    image: acme/train:1.4\n{body}"


def helm_values(kind: Kind, value: str, rng: Random) -> str:
    body = f"env:\n  - name: {kind.key}\n    value: {marked(value)}\n"
    return f"replicaCount: {rng.randrange(1, 5)}\nimage:\n  tag: 1.4.2\n{body}"


def terraform(kind: Kind, value: str, _: Random) -> str:
    if "\n" in value:
        return f'resource "acme_service" "main" {{\n  {kind.key.lower()} = <<EOT\n{MARK}{value}\nEOT\n}}\n'
    return (
        f'variable "{kind.key.lower()}" {{\n  type    = string\n  default = {marked(value)}\n}}\n'
    )


def markdown(kind: Kind, value: str, _: Random) -> str:
    return f"# Setup\n\nSet the variable first:\n\n```sh\nexport {kind.key}={MARK}{value}\n```\n"


def log_line(kind: Kind, value: str, rng: Random) -> str:
    stamp = f"2026-03-{rng.randrange(10, 28)}T08:11:{rng.randrange(10, 59)}"
    line = f"{stamp} DEBUG settings {kind.key}={MARK}{value} loaded from env"
    return f"{stamp} INFO start\n{line}\n{stamp} INFO epoch 1 loss 0.41\n"


def connection_string(kind: Kind, value: str, rng: Random) -> str:
    if kind.shape == "url":
        return f"from acme import engine\n\nengine.open({marked(value)})\n"
    safe = "".join(c if c.isalnum() or c in "-_." else f"%{ord(c):02X}" for c in value)
    host = f"{rng.choice(['db', 'warehouse', 'git'])}.acme.io"
    url = f"{rng.choice(['postgresql', 'https', 'mysql'])}://svc:{MARK}{safe}@{host}/runs"
    return f"[remote]\nurl = {url}\n"


def kubernetes_base64(kind: Kind, value: str, _: Random) -> str:
    name = kind.key.lower().replace("_", "-")
    head = (
        f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: train\ntype: Opaque\ndata:\n  {name}: "
    )
    return head + MARK + encoded(value.encode()) + "\n"


def workflow(kind: Kind, value: str, _: Random) -> str:
    head = "on: push\njobs:\n  train:\n    runs-on: ubuntu-latest\n    env:\n"
    steps = "    steps:\n      - run: python train.py\n"
    return f"{head}      {kind.key}: {marked(value)}\n{steps}"


def curl_header(kind: Kind, value: str, _: Random) -> str:
    if kind.shape == "password":
        header = f"-H 'X-{kind.key.title().replace('_', '-')}: {MARK}{value}'"
    else:
        header = f"-H 'Authorization: Bearer {MARK}{value}'"
    return f"#!/bin/sh\ncurl -sS {header} https://api.acme.io/v1/models\n"


def ini_value(kind: Kind, value: str, _: Random) -> str:
    return f"[core]\nparallelism = 8\n{kind.key.lower()} = {MARK}{value}\n"


FILES = (
    Context("python-assignment", "settings.py", ALL, python_assignment),
    Context("python-argument", "client.py", ALL, python_argument),
    Context("python-getenv-default", "env.py", ALL, python_getenv),
    Context("python-dict", "conf.py", ALL, python_dict),
    Context("python-fstring", "dsn.py", ALL, python_fstring),
    Context("python-multiline", "long.py", ALL, python_multiline),
    Context("python-comment", "todo.py", ONE_LINE, python_comment),
    Context("yaml", "config.yaml", ALL, yaml_value),
    Context("toml", "config.toml", ALL, toml_value),
    Context("json", "config.json", ALL, json_value),
    Context("dotenv", ".env", ONE_LINE, dotenv),
    Context("shell-export", "run.sh", ALL, shell_export),
    Context("dockerfile-env", "Dockerfile", ONE_LINE, dockerfile_env),
    Context("dockerfile-arg", "train.Dockerfile", ONE_LINE, dockerfile_arg),
    Context("compose", "docker-compose.yml", ONE_LINE, compose),
    Context("helm-values", "values.yaml", ALL, helm_values),
    Context("terraform", "main.tf", ALL, terraform),
    Context("markdown", "README.md", ONE_LINE, markdown),
    Context("log", "train.log", ONE_LINE, log_line),
    Context("connection-string", "remote.cfg", ONE_LINE, connection_string),
    Context("base64-wrapped", "secret.yaml", ALL, kubernetes_base64),
    Context("ci-workflow", ".github/workflows/train.yml", ALL, workflow),
    Context("curl-header", "call.sh", WORDS, curl_header),
    Context("ini", "service.cfg", ONE_LINE, ini_value),
)
