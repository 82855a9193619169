"""Files that look full of secrets and hold none."""

# ruff: noqa: E501  the texts of files stand here as they are
from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from secretcorpus import drawing as d
from secretcorpus.kinds import KINDS
from secretcorpus.lookalikes import TEXTS, drawn
from secretcorpus.notebooks import cell, notebook, picture, result, stream

#: How often each is drawn: more than a hundred forms give several hundred files.
TIMES = 4


class Negative(NamedTuple):
    """``write`` gives a text in which nothing may be flagged."""

    id: str
    name: str
    write: Callable[[Random], str]


def _hex(rng: Random, length: int) -> str:
    return d.draw(rng, d.HEX, length)


def _json(value: object) -> str:
    return json.dumps(value, indent=2) + "\n"


def _key(rng: Random) -> str:
    return rng.choice(KINDS).key


def package_lock(rng: Random) -> str:
    sums = {f"node_modules/p{n}": "sha512-" + d.encoded(rng.randbytes(64)) for n in range(4)}
    packages = {name: {"version": "1.0.2", "integrity": text} for name, text in sums.items()}
    return _json({"lockfileVersion": 3, "packages": packages})


def yarn_lock(rng: Random) -> str:
    link = f"https://registry.yarnpkg.com/js-tokens/-/js-tokens-4.0.0.tgz#{_hex(rng, 40)}"
    return f'js-tokens@^4.0.0:\n  version "4.0.0"\n  resolved "{link}"\n  integrity sha512-{d.encoded(rng.randbytes(64))}\n'


def poetry_lock(rng: Random) -> str:
    entry = f'{{file = "tokenizers-0.15.0.whl", hash = "sha256:{_hex(rng, 64)}"}}'
    return f'[[package]]\nname = "tokenizers"\nversion = "0.15.0"\nfiles = [\n    {entry},\n]\n'


def uv_lock(rng: Random) -> str:
    place = f"https://files.pythonhosted.org/packages/{_hex(rng, 2)}/{_hex(rng, 2)}/{_hex(rng, 60)}/a.whl"
    return f'[[package]]\nname = "a"\nwheels = [\n  {{ url = "{place}", hash = "sha256:{_hex(rng, 64)}", size = 9 }},\n]\n'


def requirements(rng: Random) -> str:
    return f"keyring==25.0.0 \\\n    --hash=sha256:{_hex(rng, 64)} \\\n    --hash=sha256:{_hex(rng, 64)}\n"


def go_sum(rng: Random) -> str:
    return f"github.com/golang-jwt/jwt/v5 v5.2.0 h1:{d.encoded(rng.randbytes(32))}\n"


def dvc_lock(rng: Random) -> str:
    outs = f"    - path: models/token_model.pt\n      hash: md5\n      md5: {_hex(rng, 32)}\n      size: 812\n"
    return f"schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    outs:\n{outs}"


def dvc_pointer(rng: Random) -> str:
    return f"outs:\n- md5: {_hex(rng, 32)}.dir\n  size: 120\n  nfiles: 3\n  path: secrets_dataset\n"


def lfs_pointer(rng: Random) -> str:
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{_hex(rng, 64)}\nsize 1204\n"


def mlmodel(rng: Random) -> str:
    return f"artifact_path: model\nflavors:\n  python_function:\n    env: conda.yaml\nmodel_uuid: {_hex(rng, 32)}\nrun_id: {_hex(rng, 32)}\n"


def pinned_action(rng: Random) -> str:
    steps = f"      - uses: actions/checkout@{_hex(rng, 40)} # v4\n      - uses: acme/secret-scan@{_hex(rng, 40)}\n"
    return f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"


def workflow_lookup(rng: Random) -> str:
    key = _key(rng)
    env = f"      {key}: ${{{{ secrets.{key} }}}}\n      TOKEN: ${{{{ github.token }}}}\n"
    return f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    env:\n{env}"


def pre_commit(rng: Random) -> str:
    return f"repos:\n- repo: https://github.com/acme/hooks\n  rev: {_hex(rng, 40)}\n  hooks:\n  - id: detect-private-key\n"


def docker_digest(rng: Random) -> str:
    return f"FROM python@sha256:{_hex(rng, 64)}\nARG TOKEN\nENV API_KEY=${{TOKEN}}\n"


def env_lookup(rng: Random) -> str:
    key = _key(rng)
    lines = (
        f'a = os.environ["{key}"]',
        f'b = os.getenv("{key}")',
        f'c = os.environ.get("{key}", "")',
    )
    return "import os\n\n" + "\n".join(lines) + "\n"


def argument_lookup(rng: Random) -> str:
    key = _key(rng)
    call = f"connect(password=settings.{key.lower()}, token=get_secret('{key}'))"
    return f"from acme import connect, get_secret, settings\n\nclient = {call}\n"


def vault_path(rng: Random) -> str:
    return f"database:\n  password: vault:secret/data/ml/{rng.randrange(99)}#password\n  token_file: /run/secrets/token\n"


def placeholders(rng: Random) -> str:
    words = (
        "your-api-key-here",
        "<password>",
        "changeme",
        "xxxxxxxxxxxxxxxx",
        "REPLACE_ME",
        "${TOKEN}",
        "TODO",
    )
    return "".join(f"{_key(rng)}={word}\n" for word in words)


def shaped_placeholders(rng: Random) -> str:
    forms = (
        "hf_" + "x" * 34,
        "sk-" + "X" * 48,
        "ghp_" + "x" * 36,
        "AKIA" + "EXAMPLE" * 2 + "EX",
        "dapi" + "0" * 32,
    )
    key = _key(rng)
    return f"# Example\n\n    export {key}={rng.choice(forms)}\n"


def url_placeholders(rng: Random) -> str:
    users = rng.choice(["user", "username", "<user>"])
    forms = (
        f"postgresql://{users}:password@localhost:5432/db",
        f"https://{users}:${{PASSWORD}}@git.acme.io/a.git",
    )
    return "Connect:\n\n" + "".join(f"    {form}\n" for form in forms)


def wrong_checksum(rng: Random) -> str:
    prefix = rng.choice(["ghp_", "gho_", "ghs_"])
    return f"SAMPLE = '{d.with_wrong_crc(prefix, d.draw(rng, d.ALNUM, 30))}'\n"


def tokenizer_json(rng: Random) -> str:
    vocab = {d.draw(rng, d.LETTERS, rng.randrange(3, 9)): n for n in range(40)}
    tokens = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<|endoftext|>"}
    return _json({"model": {"type": "BPE", "vocab": vocab}, **tokens})


def tokenizer_config(_: Random) -> str:
    tokens = {
        "bos_token": "<|begin_of_text|>",
        "mask_token": "[MASK]",
        "additional_special_tokens": [],
    }
    return _json({**tokens, "tokenizer_class": "LlamaTokenizer", "add_prefix_space": False})


def merges(rng: Random) -> str:
    lines = (f"{d.draw(rng, d.LETTERS, 3)} {d.draw(rng, d.LETTERS, 4)}" for _ in range(60))
    return "#version: 0.2\n" + "\n".join(lines) + "\n"


def test_vectors(rng: Random) -> str:
    rows = "".join(f'    ("{_hex(rng, 32)}", "{_hex(rng, 64)}"),\n' for _ in range(6))
    return f"# FIPS-197 vectors: plain text, digest\nVECTORS = [\n{rows}]\n"


def uuids(rng: Random) -> str:
    return "".join(
        f"{name}_id: {d.uuid(rng)}\n" for name in ("run", "tenant", "client", "subscription")
    )


def checksums(rng: Random) -> str:
    return "".join(f"{_hex(rng, 64)}  weights-{n}.safetensors\n" for n in range(5))


def base64_data(rng: Random) -> str:
    return f'ICON = "data:image/png;base64,{d.encoded(rng.randbytes(400))}"\n'


def minified(rng: Random) -> str:
    names = [d.draw(rng, d.LETTERS, 2) for _ in range(300)]
    body = "".join(f"function {n}(t,e){{return t.token=e.key,t.password||{n}(e)}};" for n in names)
    return f'!function(){{"use strict";{body}}}();\n'


def source_map(rng: Random) -> str:
    return (
        json.dumps(
            {"version": 3, "sources": ["a.js"], "mappings": d.draw(rng, d.ALNUM + ",;", 2000)}
        )
        + "\n"
    )


def public_key(rng: Random) -> str:
    return d.pem(rng, "PUBLIC KEY", 6) + "\n"


def certificate(rng: Random) -> str:
    return d.pem(rng, "CERTIFICATE", 16) + "\n"


def ssh_public(rng: Random) -> str:
    wire = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + rng.randbytes(32)
    return f"ssh-ed25519 {d.encoded(wire)} ci@acme\n"


def known_hosts(rng: Random) -> str:
    salt, mac = d.encoded(rng.randbytes(20)), d.encoded(rng.randbytes(20))
    return f"|1|{salt}|{mac} ssh-rsa {d.encoded(rng.randbytes(270))}\n"


def code_words(_: Random) -> str:
    lines = (
        "def tokenize(text, max_tokens=512, token_type='word'):",
        "    password_field = 'password'",
        "    secret_name = 'ml/prod/db'",
        "    return text.split()",
    )
    return "\n".join(lines) + "\n"


def type_hints(rng: Random) -> str:
    name = _key(rng).lower()
    return f"class Settings:\n    {name}: str | None = None\n    password: SecretStr = Field(default=...)\n"


def schema(rng: Random) -> str:
    name = _key(rng).lower()
    text = {"type": "string", "format": "password", "description": "The secret to log in with"}
    return _json({"properties": {name: text}, "required": [name]})


def terraform_lookup(rng: Random) -> str:
    name = _key(rng).lower()
    return f'resource "db" "main" {{\n  password = var.{name}\n  token    = data.vault_secret.main.data["{name}"]\n}}\n'


def notebook_pictures(rng: Random) -> str:
    return notebook(rng, [cell("code", "plot()\n", [picture(rng), picture(rng)]) for _ in range(3)])


def notebook_widgets(rng: Random) -> str:
    data = {
        "application/vnd.jupyter.widget-view+json": {"model_id": _hex(rng, 32), "version_major": 2}
    }
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    return notebook(rng, [cell("code", "tqdm()\n", [output])])


def notebook_lookup(rng: Random) -> str:
    key = _key(rng)
    text = f"import os, getpass\ntoken = os.environ['{key}']\npassword = getpass.getpass('password: ')\n"
    return notebook(rng, [cell("code", text, [stream(f"run {_hex(rng, 32)}\n")])])


def notebook_hashes(rng: Random) -> str:
    return notebook(rng, [cell("code", "digest(model)\n", [result(f"'sha256:{_hex(rng, 64)}'")])])


def git_log(rng: Random) -> str:
    return "".join(
        f"commit {_hex(rng, 40)}\n\n    Rotate the token of the api key\n\n" for _ in range(4)
    )


def translations(_: Random) -> str:
    return _json(
        {"password": "Contraseña", "forgot_password": "¿Olvidó su contraseña?", "token": "Ficha"}
    )


NEGATIVES = (
    Negative("package-lock", "package-lock.json", package_lock),
    Negative("yarn-lock", "yarn.lock", yarn_lock),
    Negative("poetry-lock", "poetry.lock", poetry_lock),
    Negative("uv-lock", "uv.lock", uv_lock),
    Negative("requirements", "requirements.txt", requirements),
    Negative("go-sum", "go.sum", go_sum),
    Negative("dvc-lock", "dvc.lock", dvc_lock),
    Negative("dvc-pointer", "data.dvc", dvc_pointer),
    Negative("lfs-pointer", "model.safetensors", lfs_pointer),
    Negative("mlmodel", "MLmodel", mlmodel),
    Negative("pinned-action", ".github/workflows/ci.yml", pinned_action),
    Negative("workflow-look-up", ".github/workflows/cd.yml", workflow_lookup),
    Negative("pre-commit", ".pre-commit-config.yaml", pre_commit),
    Negative("docker-digest", "Dockerfile", docker_digest),
    Negative("env-look-up", "env.py", env_lookup),
    Negative("argument-look-up", "client.py", argument_lookup),
    Negative("vault-path", "values.yaml", vault_path),
    Negative("placeholders", ".env.example", placeholders),
    Negative("shaped-placeholders", "README.md", shaped_placeholders),
    Negative("url-placeholders", "docs/connect.md", url_placeholders),
    Negative("wrong-checksum", "tests/sample.py", wrong_checksum),
    Negative("tokenizer-json", "tokenizer.json", tokenizer_json),
    Negative("tokenizer-config", "tokenizer_config.json", tokenizer_config),
    Negative("merges", "merges.txt", merges),
    Negative("test-vectors", "tests/vectors.py", test_vectors),
    Negative("uuids", "ids.yaml", uuids),
    Negative("checksums", "SHA256SUMS", checksums),
    Negative("base64-data", "icons.py", base64_data),
    Negative("minified", "app.min.js", minified),
    Negative("source-map", "app.js.map", source_map),
    Negative("public-key", "key.pub.pem", public_key),
    Negative("certificate", "ca.crt", certificate),
    Negative("ssh-public", "id_ed25519.pub", ssh_public),
    Negative("known-hosts", "known_hosts", known_hosts),
    Negative("code-words", "tokenize.py", code_words),
    Negative("type-hints", "settings.py", type_hints),
    Negative("schema", "schema.json", schema),
    Negative("terraform-look-up", "main.tf", terraform_lookup),
    Negative("notebook-pictures", "plots.ipynb", notebook_pictures),
    Negative("notebook-widgets", "bars.ipynb", notebook_widgets),
    Negative("notebook-look-up", "login.ipynb", notebook_lookup),
    Negative("notebook-hashes", "digest.ipynb", notebook_hashes),
    Negative("git-log", "history.txt", git_log),
    Negative("translations", "es.json", translations),
    *(Negative(name, path, drawn(text)) for name, path, text in TEXTS),
)
