"""Files whose own form says where the credential stands: ~/.netrc, kaggle.json and their like."""

# ruff: noqa: E501  the texts of files stand here as they are
from __future__ import annotations

import base64
import json
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from secretcorpus import drawing as d
from secretcorpus.contexts import MARK


class LeakFile(NamedTuple):
    """``write`` gives the text with a mark before each secret."""

    id: str
    name: str
    write: Callable[[Random], str]


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def kaggle(rng: Random) -> str:
    return _json({"username": "annette", "key": MARK + d.draw(rng, d.HEX, 32)})


def netrc(rng: Random) -> str:
    word = d.draw(rng, d.HEX, 40)
    return f"machine api.wandb.ai\n  login user\n  password {MARK}{word}\n"


def pypirc(rng: Random) -> str:
    return f"[distutils]\nindex-servers = acme\n\n[acme]\nusername = ci\npassword = {MARK}{d.password(rng)}\n"


def npmrc(rng: Random) -> str:
    return f"registry=https://npm.acme.io/\n//npm.acme.io/:_authToken={MARK}{d.uuid(rng)}\n"


def pip_conf(rng: Random) -> str:
    word = d.draw(rng, d.ALNUM, 20)
    return f"[global]\nindex-url = https://ci:{MARK}{word}@pypi.acme.io/simple\n"


def condarc(rng: Random) -> str:
    word = d.draw(rng, d.ALNUM, 20)
    return f"channels:\n  - https://ci:{MARK}{word}@conda.acme.io/ml\n  - conda-forge\n"


def docker_auth(rng: Random) -> str:
    auth = d.encoded(f"ci:{d.password(rng)}".encode())
    return _json({"auths": {"registry.acme.io": {"auth": MARK + auth}}})


def kube_config(rng: Random) -> str:
    head = "apiVersion: v1\nkind: Config\nusers:\n- name: train\n  user:\n    token: "
    return f"{head}{MARK}{d.draw(rng, d.ALNUM, 48)}\n"


def service_account(rng: Random) -> str:
    fields = {
        "type": "service_account",
        "project_id": "acme-ml",
        "private_key_id": d.draw(rng, d.HEX, 40),
        "private_key": MARK + d.pem(rng, "PRIVATE KEY", 20) + "\n",
        "client_email": "train@acme-ml.iam.gserviceaccount.com",
    }
    return _json(fields)


def dbt_profile(rng: Random) -> str:
    head = "acme:\n  target: prod\n  outputs:\n    prod:\n      type: snowflake\n      user: dbt\n"
    return f"{head}      password: {MARK}{d.draw(rng, d.ALNUM, 18)}\n      account: ab12345\n"


def airflow_cfg(rng: Random) -> str:
    key = base64.urlsafe_b64encode(rng.randbytes(32)).decode()
    return f"[core]\nexecutor = LocalExecutor\nfernet_key = {MARK}{key}\n"


def clearml_conf(rng: Random) -> str:
    secret = d.draw(rng, d.ALNUM, 50)
    inner = f'    "access_key" = ${{CLEARML_ID}}\n    "secret_key" = "{MARK}{secret}"\n'
    return f"api {{\n  web_server: https://app.clear.ml\n  credentials {{\n{inner}  }}\n}}\n"


def aws_credentials(rng: Random) -> str:
    key = "AKIA" + d.draw(rng, d.UPPER + "234567", 16)
    secret = d.encoded(rng.randbytes(30))
    return f"[default]\naws_access_key_id = {MARK}{key}\naws_secret_access_key = {MARK}{secret}\n"


def databrickscfg(rng: Random) -> str:
    host = "https://dbc-1a2b3c4d-5e6f.cloud.databricks.com"
    return f"[DEFAULT]\nhost = {host}\ntoken = {MARK}dapi{d.draw(rng, d.HEX, 32)}\n"


def git_credentials(rng: Random) -> str:
    return f"https://ci:{MARK}{d.draw(rng, d.ALNUM, 24)}@git.acme.io\n"


def pgpass(rng: Random) -> str:
    return f"db.acme.io:5432:features:trainer:{MARK}{d.draw(rng, d.ALNUM, 16)}\n"


def snowsql(rng: Random) -> str:
    return f"[connections.prod]\naccountname = ab12345\nusername = dbt\npassword = {MARK}{d.password(rng)}\n"


def streamlit(rng: Random) -> str:
    return f'[connections.db]\nuser = "app"\npassword = "{MARK}{d.password(rng)}"\n'


def mlflow_credentials(rng: Random) -> str:
    head = "[mlflow]\nmlflow_tracking_username = ci\nmlflow_tracking_password = "
    return f"{head}{MARK}{d.password(rng)}\n"


LEAKS = (
    LeakFile("kaggle-json", ".kaggle/kaggle.json", kaggle),
    LeakFile("netrc", ".netrc", netrc),
    LeakFile("pypirc", ".pypirc", pypirc),
    LeakFile("npmrc", ".npmrc", npmrc),
    LeakFile("pip-conf", "pip.conf", pip_conf),
    LeakFile("condarc", ".condarc", condarc),
    LeakFile("docker-auth", ".docker/config.json", docker_auth),
    LeakFile("kube-config", ".kube/config", kube_config),
    LeakFile("gcp-service-account", "acme-ml-key.json", service_account),
    LeakFile("dbt-profile", "profiles.yml", dbt_profile),
    LeakFile("airflow-cfg", "airflow.cfg", airflow_cfg),
    LeakFile("clearml-conf", "clearml.conf", clearml_conf),
    LeakFile("aws-credentials", ".aws/credentials", aws_credentials),
    LeakFile("databrickscfg", ".databrickscfg", databrickscfg),
    LeakFile("git-credentials", ".git-credentials", git_credentials),
    LeakFile("pgpass", ".pgpass", pgpass),
    LeakFile("snowsql", ".snowsql/config", snowsql),
    LeakFile("streamlit-secrets", ".streamlit/secrets.toml", streamlit),
    LeakFile("mlflow-credentials", ".mlflow/credentials", mlflow_credentials),
)
