"""More files without a secret, each a text with places to draw into: `<<hex:64>>`, `<<key>>`.

Kinds of places: hex, b64, alnum, digits and upper with a length; uuid; key and name (a credential's
usual variable, and the same in lower case); word (a word of prose); aws_id and aws_secret.
"""

# ruff: noqa: E501  the texts of files stand here as they are
from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from secretcorpus import drawing as d
from secretcorpus.kinds import KINDS

_WORDS = ("metrics", "feature", "ranker", "cluster", "window", "holdout", "sample", "vector")
_DIGITS = "0123456789"
#: The ones that AWS uses in its own documentation, put together here.
_SAMPLES = {
    "aws_id": "AKIA" + "IOSFODNN7" + "EXAMPLE",
    "aws_secret": "wJalrXUtnFEMI" + "/K7MDENG/bPxRfiCY" + "EXAMPLEKEY",
}


def _place(kind: str, length: int, rng: Random) -> str:
    if kind == "b64":
        return d.encoded(rng.randbytes(length))
    alphabets = {"hex": d.HEX, "alnum": d.ALNUM, "digits": _DIGITS, "upper": d.UPPER + _DIGITS}
    if kind in alphabets:
        return d.draw(rng, alphabets[kind], length)
    if kind in _SAMPLES:
        return _SAMPLES[kind]
    key = rng.choice(KINDS).key
    return {"uuid": d.uuid(rng), "key": key, "name": key.lower(), "word": rng.choice(_WORDS)}[kind]


def drawn(text: str) -> Callable[[Random], str]:
    """A writer that fills the places of ``text``."""

    def write(rng: Random) -> str:
        def fill(found: re.Match[str]) -> str:
            return _place(found[1], int(found[2] or 0), rng)

        return re.sub(r"<<(\w+)(?::(\d+))?>>", fill, text)

    return write


#: The id, the file's name, and its text.
TEXTS = (
    ("cargo-lock", "Cargo.lock", '[[package]]\nname = "secrecy"\nversion = "0.8.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "<<hex:64>>"\n'),
    ("pnpm-lock", "pnpm-lock.yaml", "packages:\n  /js-tokens@4.0.0:\n    resolution: {integrity: sha512-<<b64:64>>}\n    dev: true\n"),
    ("pipfile-lock", "Pipfile.lock", '{\n  "_meta": {"hash": {"sha256": "<<hex:64>>"}},\n  "default": {"keyring": {"hashes": ["sha256:<<hex:64>>", "sha256:<<hex:64>>"], "version": "==25.0.0"}}\n}\n'),
    ("conda-lock", "conda-lock.yml", "package:\n- name: tokenizers\n  version: 0.15.0\n  url: https://conda.anaconda.org/conda-forge/linux-64/tokenizers-0.15.0-py311h<<hex:7>>_0.conda\n  hash:\n    md5: <<hex:32>>\n    sha256: <<hex:64>>\n"),
    ("conda-explicit", "explicit.txt", "@EXPLICIT\nhttps://conda.anaconda.org/conda-forge/noarch/keyring-25.0-pyhd8ed1ab_0.conda#<<hex:32>>\n"),
    ("gemfile-lock", "Gemfile.lock", "CHECKSUMS\n  jwt (2.8.1) sha256=<<hex:64>>\n  bcrypt (3.1.20) sha256=<<hex:64>>\n"),
    ("flake-lock", "flake.lock", '{\n  "nodes": {"nixpkgs": {"locked": {"lastModified": 1711, "narHash": "sha256-<<b64:32>>", "rev": "<<hex:40>>"}}}\n}\n'),
    ("terraform-lock", ".terraform.lock.hcl", 'provider "registry.terraform.io/hashicorp/vault" {\n  version = "3.25.0"\n  hashes = [\n    "h1:<<b64:32>>",\n    "zh:<<hex:64>>",\n  ]\n}\n'),
    ("composer-lock", "composer.lock", '{\n    "content-hash": "<<hex:32>>",\n    "packages": [{"name": "firebase/php-jwt", "source": {"type": "git", "reference": "<<hex:40>>"}}]\n}\n'),
    ("pip-hashes", "requirements-token.txt", "pyjwt==2.8.0 --hash=sha256:<<hex:64>> --hash=sha256:<<hex:64>>\nauthlib==1.3.0 --hash=sha256:<<hex:64>>\n"),
    ("sri", "index.html", '<script src="https://cdn.acme.io/auth-token.js" integrity="sha384-<<b64:48>>" crossorigin="anonymous"></script>\n<link rel="stylesheet" href="/static/app.<<hex:8>>.css">\n'),
    ("asset-manifest", "asset-manifest.json", '{"files": {"main.js": "/static/js/main.<<hex:20>>.js", "token.css": "/static/css/token.<<hex:8>>.chunk.css"}}\n'),
    ("css", "theme.css", ".password-field { background: url(data:image/svg+xml;base64,<<b64:90>>); }\n.token-<<hex:8>> { color: #<<hex:6>>; }\n"),
    ("css-module", "login.module.js", 'export default { password: "password_<<alnum:5>>", token: "token__<<alnum:5>>" };\n'),
    ("translations-de", "de.json", '{\n  "login": {"password": "Passwort", "password_repeat": "Passwort wiederholen", "token": "Zugangsschlüssel", "secret": "Geheimnis"}\n}\n'),
    ("translations-fr", "fr.yml", 'fr:\n  password: "Mot de passe"\n  password_confirmation: Confirmez le mot de passe\n  api_key: "Clé API"\n  token_expired: "Le jeton a expiré"\n'),
    ("translations-ja", "ja.json", '{"password": "パスワード", "api_key": "APIキー", "forgot_password": "パスワードをお忘れですか"}\n'),
    ("translations-pt", "messages.properties", "login.password=Palavra-passe\nlogin.password.wrong=A palavra-passe n\\u00e3o est\\u00e1 certa\nlogin.token=C\\u00f3digo\n"),
    ("cli-docs", "docs/cli.md", "```\nacme login [OPTIONS]\n\n  --user TEXT            Name of the user.\n  --password TEXT        Password; asked for where it is left out.\n  --token TEXT           A token from https://acme.io/settings/tokens.  [env var: <<key>>]\n  --api-key-file PATH    File that holds the key.\n```\n\nacme login --user anna --password <password>\nexport <<key>>=$(pass show acme/token)\n"),
    ("cli-man", "docs/usage.rst", '.. code-block:: console\n\n   $ acme deploy --token=$<<key>> --password-stdin < password.txt\n   $ curl -u "$USER:$PASSWORD" https://api.acme.io/v1/models\n   $ curl -H "Authorization: Bearer $TOKEN" https://api.acme.io/\n   $ docker login -u ci -p "$DOCKER_PASSWORD" registry.acme.io\n'),
    ("model-card", "README.md", "---\nlicense: apache-2.0\nbase_model: acme/<<word>>-7b\nrevision: <<hex:40>>\n---\n# Model card\n\nUses the `pad_token` and `eos_token` of the tokenizer; log in with `huggingface-cli login --token $HF_TOKEN`.\n\n| file | sha256 |\n| --- | --- |\n| model.safetensors | <<hex:64>> |\n"),
    ("from-pretrained", "load.py", 'from transformers import AutoModel\n\nmodel = AutoModel.from_pretrained("acme/<<word>>-7b", revision="<<hex:40>>", token=True)\nother = AutoModel.from_pretrained("acme/<<word>>", use_auth_token=HF_TOKEN)\n'),
    ("generation-config", "generation_config.json", '{"bos_token_id": 128000, "eos_token_id": [128001, 128009], "pad_token_id": 0, "max_new_tokens": 512}\n'),
    ("added-tokens", "special_tokens_map.json", '{"additional_special_tokens": ["<|im_start|>", "<|reserved_special_token_<<digits:2>>|>"], "pad_token": {"content": "<|finetune_right_pad_id|>"}}\n'),
    ("safetensors-index", "model.safetensors.index.json", '{"metadata": {"total_size": 4<<digits:8>>}, "weight_map": {"model.embed_tokens.weight": "model-00001-of-00004.safetensors"}}\n'),
    ("wandb-metadata", "wandb-metadata.json", '{"git": {"remote": "https://github.com/acme/train.git", "commit": "<<hex:40>>"}, "executable": "/opt/conda/bin/python", "startedAt": "2026-02-01T10:00:00.<<digits:6>>"}\n'),
    ("mlflow-run", "meta.yaml", "artifact_uri: s3://acme-ml/artifacts/<<hex:32>>/artifacts\nexperiment_id: '<<digits:18>>'\nrun_id: <<hex:32>>\nrun_uuid: <<hex:32>>\nsource_version: <<hex:40>>\n"),
    ("mlflow-tags", "run.py", 'TAGS = {"mlflow.source.git.commit": "<<hex:40>>", "mlflow.parentRunId": "<<hex:32>>"}\nclient.get_run("<<hex:32>>")\n'),
    ("airflow-dag", "dag.py", 'with DAG("<<word>>_daily") as dag:\n    load = PythonOperator(task_id="load_token_counts", op_kwargs={"secret_name": "ml/<<word>>/db", "conn_id": "warehouse_default"})\n'),
    ("dbt-look-up", "profiles.yml", "acme:\n  target: prod\n  outputs:\n    prod:\n      type: snowflake\n      password: \"{{ env_var('DBT_PASSWORD') }}\"\n      private_key_passphrase: \"{{ env_var('DBT_PASSPHRASE', '') }}\"\n      token: \n"),
    ("npmrc-look-up", ".npmrc", "registry=https://npm.acme.io/\n//npm.acme.io/:_authToken=${NPM_TOKEN}\nalways-auth=true\n"),
    ("pypirc-look-up", ".pypirc", "[acme]\nrepository = https://pypi.acme.io/\nusername = __token__\npassword = ${PYPI_TOKEN}\n"),
    ("netrc-look-up", ".netrc", "machine api.acme.io\n  login ci\n  password $API_PASSWORD\n"),
    ("pip-look-up", "pip.conf", "[global]\nindex-url = https://${PIP_USER}:${PIP_PASSWORD}@pypi.acme.io/simple\nextra-index-url = https://pypi.org/simple\n"),
    ("docker-helper", ".docker/config.json", '{\n  "auths": {"registry.acme.io": {}},\n  "credsStore": "osxkeychain",\n  "credHelpers": {"gcr.io": "gcloud"}\n}\n'),
    ("kube-exec", ".kube/config", "apiVersion: v1\nkind: Config\nusers:\n- name: train\n  user:\n    exec:\n      command: aws\n      args: [eks, get-token, --cluster-name, <<word>>]\n    tokenFile: /var/run/secrets/token\nclusters:\n- cluster:\n    certificate-authority-data: <<b64:300>>\n"),
    ("wp-sample", "wp-config-sample.php", "<?php\ndefine( 'DB_PASSWORD', 'password_here' );\ndefine( 'AUTH_KEY',         'put your unique phrase here' );\ndefine( 'SECURE_AUTH_SALT', 'put your unique phrase here' );\n"),
    ("airflow-empty", "airflow.cfg", "[core]\nfernet_key =\nsql_alchemy_conn = sqlite:////opt/airflow/airflow.db\n[webserver]\nsecret_key = temporary_key\n[smtp]\nsmtp_password =\n"),
    ("secret-key-ref", "deployment.yaml", "env:\n  - name: <<key>>\n    valueFrom:\n      secretKeyRef:\n        name: <<word>>-credentials\n        key: <<name>>\n"),
    ("sealed-secret", "sealed.yaml", "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n  encryptedData:\n    value: AgB<<b64:300>>\n"),
    ("sops", "values.enc.yaml", 'db:\n    password: ENC[AES256_GCM,data:<<b64:24>>,iv:<<b64:32>>,tag:<<b64:16>>,type:str]\nsops:\n    lastmodified: "2026-01-01T00:00:00Z"\n    mac: ENC[AES256_GCM,data:<<b64:88>>,iv:<<b64:32>>,tag:<<b64:16>>,type:str]\n'),
    ("ansible-vault", "group_vars/all.yml", "db_password: !vault |\n          $ANSIBLE_VAULT;1.1;AES256\n          <<hex:80>>\n          <<hex:80>>\n"),
    ("compose-look-up", "docker-compose.yml", "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it}\n      <<key>>: ${<<key>>:-}\n    secrets: [db_password]\nsecrets:\n  db_password:\n    file: ./db_password.txt\n"),
    ("gha-output", ".github/workflows/oidc.yml", "permissions:\n  id-token: write\nsteps:\n  - uses: aws-actions/configure-aws-credentials@<<hex:40>>\n    with:\n      role-to-assume: arn:aws:iam::<<digits:12>>:role/ci\n      token: ${{ steps.app.outputs.token }}\n"),
    ("terraform-output", "outputs.tf", 'output "db_password" {\n  value     = random_password.main.result\n  sensitive = true\n}\nresource "random_password" "main" {\n  length = 24\n}\n'),
    ("tfvars-example", "terraform.tfvars.example", 'db_password = "<replace me>"\napi_key     = ""\nkms_key_id  = "arn:aws:kms:eu-west-1:<<digits:12>>:key/<<uuid>>"\n'),
    ("openapi", "openapi.yaml", "components:\n  securitySchemes:\n    bearer: {type: http, scheme: bearer, bearerFormat: JWT}\n    key: {type: apiKey, in: header, name: X-Api-Key}\n  schemas:\n    Login:\n      properties:\n        password: {type: string, format: password, example: '********'}\n        token: {type: string, format: uuid, example: <<uuid>>}\n"),
    ("validator-code", "forms.py", 'MIN = 12\n\n\ndef check(password: str, password_confirmation: str) -> None:\n    if password != password_confirmation:\n        raise ValueError("the passwords differ; choose one of 12 letters or more")\n    token = generate_token(length=40)\n    secret = secrets.token_urlsafe(32)\n'),
    ("secret-patterns", "rules.toml", "[[rules]]\nid = \"acme-token\"\nregex = '''\\b(acme_[A-Za-z0-9]{36})\\b'''\nkeywords = [\"acme_\", \"secret\", \"password\"]\n"),
    ("secret-regexes", "patterns.py", 'import re\n\nTOKEN = re.compile(r"ghp_[A-Za-z0-9]{36}")\nPASSWORD = re.compile(r"(?i)password\\s*=\\s*[\'\\"]([^\'\\"]{8,})")\nKEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")\n'),
    ("aws-docs", "docs/aws.md", "Set `aws_access_key_id = <<aws_id>>` and\n`aws_secret_access_key = <<aws_secret>>` in the profile.\n"),
    ("masked-log", "ci.log", '2026-01-01T00:00:00Z login with password ********\n2026-01-01T00:00:01Z <<key>>=***\n2026-01-01T00:00:02Z token: [REDACTED], request <<uuid>>\n2026-01-01T00:00:03Z etag "<<hex:32>>" key=models/<<word>>-v2/part-000<<digits:2>>.parquet\n'),
    ("trace-log", "trace.log", '{"trace_id": "<<hex:32>>", "span_id": "<<hex:16>>", "session_id": "<<uuid>>", "idempotency_key": "<<uuid>>"}\n'),
    ("cache-keys", ".github/workflows/cache.yml", "- uses: actions/cache@v4\n  with:\n    key: pip-${{ runner.os }}-${{ hashFiles('requirements.txt') }}-v<<digits:2>>\n    restore-keys: pip-${{ runner.os }}-\n"),
    ("ids-in-code", "ids.py", 'PROJECT_ID = "acme-ml-<<digits:6>>"\nCLIENT_ID = "<<digits:12>>-<<alnum:32>>.apps.googleusercontent.com"\nTENANT_ID = "<<uuid>>"\nKEY_ID = "<<hex:16>>"\nPRIMARY_KEY = "user_id"\nPARTITION_KEY = "event_date_2026"\n'),
    ("sort-keys", "query.py", 'rows.sort(key="created_at")\nkey = "features/v2/2026-01-01/part-0001.parquet"\nkeys = ["user_id", "item_id", "ts_1h"]\njoin_key = "session_user_v2"\n'),
    ("pubsub", "events.json", '{"event_token": "checkout_completed_v2", "key": "user.signup.2026", "token_type": "Bearer", "secret_name": "ml/prod/db2"}\n'),
    ("protobuf", "auth.proto", "message Login {\n  string password = 1;\n  string api_key = 2;\n  bytes token = 3;\n}\n"),
    ("sql-schema", "schema.sql", "CREATE TABLE users (\n  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),\n  password_hash varchar(60) NOT NULL,\n  api_token text UNIQUE\n);\nALTER USER app WITH PASSWORD :'password';\n"),
    ("sql-query", "query.sql", "SELECT password, token FROM users WHERE api_key = :api_key AND secret = '${SECRET}';\n"),
    ("env-example", ".env.example", "DATABASE_URL=postgresql://user:password@localhost:5432/app\n<<key>>=\nSECRET_KEY=change-me-in-production\nREDIS_URL=redis://localhost:6379/0\nAPI_TOKEN=<your token>\n"),
    ("test-double", "tests/test_login.py", 'def test_login(client):\n    client.login("user@example.com", "password")\n    assert client.get("/", headers={"Authorization": "Bearer test-token"}).ok\n    settings = Settings(api_key="test", password="secret", token="dummy-token")\n'),
    ("jwt-parts", "jwt_test.py", 'HEADER = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"\nassert decode(HEADER)["alg"] == "HS256"\n'),
    ("aes-vectors", "vectors.json", '[\n  {"key": "<<hex:32>>", "iv": "<<hex:24>>", "pt": "<<hex:32>>", "ct": "<<hex:32>>", "tag": "<<hex:32>>"}\n]\n'),
    ("hash-vectors", "hashes_test.go", 'var vectors = []struct{ in, out string }{\n\t{"abc", "<<hex:64>>"},\n\t{"", "<<hex:64>>"},\n}\n'),
    ("proto-descriptor", "auth_pb2.py", "DESCRIPTOR = _pool().AddSerializedFile(b'\\n\\x0c\\x61uth.proto\\x12\\x04\\x61uth\\\"+\\n\\x05Login\\x12\\x10\\n\\x08password\\x18\\x01')\n"),
    ("git-submodule", ".gitmodules", '[submodule "secrets-scanner"]\n\tpath = third_party/secrets\n\turl = https://github.com/acme/secrets.git\n'),
    ("vcr", "cassette.yaml", "interactions:\n- request:\n    headers:\n      Authorization: ['Bearer REDACTED']\n      X-Request-Id: [<<uuid>>]\n    uri: https://api.acme.io/v1/models?page_token=\n"),
    ("changelog", "CHANGELOG.md", "- Rotate the api key of the ranker (<<hex:7>>)\n- Password rules: 12 letters, 1 digit (#<<digits:4>>)\n- secret/rotation: `token_ttl: 3600`\n"),
    ("grafana-board", "dashboard.json", '{"uid": "<<alnum:9>>", "panels": [{"targets": [{"expr": "sum(rate(token_errors_total{job=\\"<<word>>\\"}[5m]))", "refId": "A"}]}], "datasource": {"uid": "${DS_PROMETHEUS}"}}\n'),
    ("helm-defaults", "values.yaml", 'auth:\n  existingSecret: <<word>>-credentials\n  existingSecretPasswordKey: postgres-password\n  password: ""\n  secretKeys:\n    adminPasswordKey: admin-password\n'),
    ("xml-config", "web.xml", '<property name="javax.jdo.option.ConnectionPassword" value="${db.password}"/>\n<password>${env.DB_PASSWORD}</password>\n<token-type>bearer</token-type>\n'),
    ("hex-colours", "palette.json", '{"primary_key_colour": "#<<hex:6>>", "token_colours": ["#<<hex:6>>", "#<<hex:8>>"], "session_key": "light"}\n'),
    ("ssh-fingerprint", "hosts.md", "The key's fingerprint is SHA256:<<b64:32>> (ED25519).\n"),
    ("nvd", "cves.json", '{"id": "CVE-2026-<<digits:5>>", "descriptions": [{"value": "A hard-coded password in ACME 2.1 allows..."}], "secret": false}\n'),
)  # fmt: skip
