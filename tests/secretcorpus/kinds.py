"""The types of credentials: how a value is drawn, and under which key it usually stands."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from secretcorpus import drawing as d


class Kind(NamedTuple):
    """``shape``: token (one word), password (only its key names it), url, or pem (many lines)."""

    id: str
    key: str
    shape: str
    make: Callable[[Random], str]


def _prefixed(prefix: str, alphabet: str, *parts: int, join: str = "") -> Callable[[Random], str]:
    return lambda rng: prefix + join.join(d.draw(rng, alphabet, n) for n in parts)


def _openai(prefix: str, alphabet: str, length: int) -> Callable[[Random], str]:
    middle = d.encoded(b"OpenAI")
    return lambda r: prefix + d.draw(r, alphabet, length) + middle + d.draw(r, alphabet, length)


def _jwt(rng: Random) -> str:
    head = {"alg": "HS256", "typ": "JWT"}
    claims = {
        "sub": d.draw(rng, "0123456789", 10),
        "iat": rng.randrange(1_600_000_000, 1_800_000_000),
    }
    return ".".join(d.segment(part) for part in (head, claims, rng.randbytes(32)))


def _neptune(rng: Random) -> str:
    address = "https://app.neptune.ai"
    fields = {"api_address": address, "api_url": address, "api_key": d.uuid(rng)}
    return d.encoded(json.dumps(fields, separators=(",", ":")).encode())


def _pypi(rng: Random) -> str:
    head = b"\x02\x01\x08pypi.org\x02\x24" + d.uuid(rng).encode()
    return "pypi-" + base64.urlsafe_b64encode(head + rng.randbytes(81)).decode().rstrip("=")


def _url(scheme: str, user: str, place: str) -> Callable[[Random], str]:
    return lambda rng: f"{scheme}://{user}:{d.draw(rng, d.ALNUM, 16)}@{place}"


def _slack_hook(rng: Random) -> str:
    team, channel = (letter + d.draw(rng, d.UPPER + "0123456789", 10) for letter in "TB")
    return f"https://hooks.slack.com/services/{team}/{channel}/{d.draw(rng, d.ALNUM, 24)}"


def _sas(rng: Random) -> str:
    sig = d.encoded(rng.randbytes(32)).replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    return (
        "https://acmeml.blob.core.windows.net/models?sv=2022-11-02&ss=b&srt=sco&sp=rl"
        f"&se=2031-01-01T00:00:00Z&spr=https&sig={sig}"
    )


def _storage(rng: Random) -> str:
    key = d.encoded(rng.randbytes(64))
    parts = "DefaultEndpointsProtocol=https;AccountName=acmeml;AccountKey="
    return f"{parts}{key};EndpointSuffix=core.windows.net"


def _crc(prefix: str) -> Callable[[Random], str]:
    return lambda rng: d.with_crc(prefix, d.draw(rng, d.ALNUM, 30))


def _slack_bot(rng: Random) -> str:
    numbers = [d.draw(rng, "123456789", 12) for _ in range(2)]
    return "-".join(["xoxb", *numbers, d.draw(rng, d.ALNUM, 24)])


def _ad_secret(rng: Random) -> str:
    return d.draw(rng, d.ALNUM, 3) + "8Q~" + d.draw(rng, d.ALNUM + "_~.-", 33) + rng.choice(d.ALNUM)


def _fernet(rng: Random) -> str:
    return base64.urlsafe_b64encode(rng.randbytes(32)).decode()


def _aws_secret(rng: Random) -> str:
    return d.encoded(rng.randbytes(30))


def _anthropic(rng: Random) -> str:
    return "sk-ant-api03-" + d.draw(rng, d.URLSAFE, 93) + "AA"


def _telegram(rng: Random) -> str:
    return d.draw(rng, "123456789", 10) + ":AA" + d.draw(rng, d.URLSAFE, 32) + rng.choice(d.ALNUM)


def _pinecone(rng: Random) -> str:
    return f"pcsk_{d.draw(rng, d.ALNUM, 6)}_{d.draw(rng, d.ALNUM, 63)}"


def _langsmith(rng: Random) -> str:
    return f"lsv2_pt_{d.draw(rng, d.HEX, 32)}_{d.draw(rng, d.HEX, 10)}"


def _rsa(rng: Random) -> str:
    return d.pem(rng, "RSA PRIVATE KEY", 8)


def _openssh(rng: Random) -> str:
    return d.pem(rng, "OPENSSH PRIVATE KEY", 6)


KINDS = (
    Kind(
        "aws-access-key-id", "AWS_ACCESS_KEY_ID", "token", _prefixed("AKIA", d.UPPER + "234567", 16)
    ),
    Kind("aws-secret-access-key", "AWS_SECRET_ACCESS_KEY", "password", _aws_secret),
    Kind("github-classic", "GITHUB_TOKEN", "token", _crc("ghp_")),
    Kind("github-app", "GH_APP_TOKEN", "token", _crc("ghs_")),
    Kind(
        "github-fine-grained",
        "GH_TOKEN",
        "token",
        _prefixed("github_pat_", d.ALNUM, 22, 59, join="_"),
    ),
    Kind("gitlab", "GITLAB_TOKEN", "token", _prefixed("glpat-", d.ALNUM, 20)),
    Kind("hugging-face", "HF_TOKEN", "token", _prefixed("hf_", d.LETTERS, 34)),
    Kind("openai-project", "OPENAI_API_KEY", "token", _openai("sk-proj-", d.URLSAFE, 74)),
    Kind("openai-service", "OPENAI_KEY", "token", _openai("sk-svcacct-", d.URLSAFE, 58)),
    Kind("openai-classic", "OPENAI_TOKEN", "token", _openai("sk-", d.ALNUM, 20)),
    Kind("anthropic", "ANTHROPIC_API_KEY", "token", _anthropic),
    Kind("databricks", "DATABRICKS_TOKEN", "token", _prefixed("dapi", d.HEX, 32)),
    Kind("wandb", "WANDB_API_KEY", "password", _prefixed("", d.HEX, 40)),
    Kind("wandb-v1", "WANDB_KEY", "token", _prefixed("wandb_v1_", d.WORD, 77)),
    Kind("google-api-key", "GOOGLE_API_KEY", "token", _prefixed("AIza", d.URLSAFE, 35)),
    Kind("azure-storage", "AZURE_STORAGE_CONNECTION_STRING", "url", _storage),
    Kind("azure-sas", "AZURE_SAS_URL", "url", _sas),
    Kind("azure-ad-secret", "AZURE_CLIENT_SECRET", "token", _ad_secret),
    Kind("snowflake-password", "SNOWFLAKE_PASSWORD", "password", d.password),
    Kind("pinecone", "PINECONE_API_KEY", "token", _pinecone),
    Kind("groq", "GROQ_API_KEY", "token", _prefixed("gsk_", d.ALNUM, 52)),
    Kind("replicate", "REPLICATE_API_TOKEN", "token", _prefixed("r8_", d.ALNUM, 37)),
    Kind("langsmith", "LANGSMITH_API_KEY", "token", _langsmith),
    Kind("nvidia", "NVIDIA_API_KEY", "token", _prefixed("nvapi-", d.URLSAFE, 64)),
    Kind("xai", "XAI_API_KEY", "token", _prefixed("xai-", d.ALNUM, 80)),
    Kind("openrouter", "OPENROUTER_API_KEY", "token", _prefixed("sk-or-v1-", d.HEX, 64)),
    Kind("docker-hub", "DOCKERHUB_TOKEN", "token", _prefixed("dckr_pat_", d.URLSAFE, 27)),
    Kind("prefect", "PREFECT_API_KEY", "token", _prefixed("pnu_", d.ALNUM, 36)),
    Kind("npm", "NPM_TOKEN", "token", _crc("npm_")),
    Kind("pypi", "PYPI_TOKEN", "token", _pypi),
    Kind("slack-bot", "SLACK_BOT_TOKEN", "token", _slack_bot),
    Kind("slack-webhook", "SLACK_WEBHOOK_URL", "url", _slack_hook),
    Kind("stripe", "STRIPE_KEY", "token", _prefixed("sk_live_", d.ALNUM, 24)),
    Kind("telegram", "TELEGRAM_TOKEN", "token", _telegram),
    Kind("sendgrid", "SENDGRID_API_KEY", "token", _prefixed("SG.", d.URLSAFE, 22, 43, join=".")),
    Kind("jwt", "SERVICE_JWT", "token", _jwt),
    Kind("rsa-private-key", "DEPLOY_KEY", "pem", _rsa),
    Kind("openssh-private-key", "SSH_KEY", "pem", _openssh),
    Kind(
        "postgres-url",
        "DATABASE_URL",
        "url",
        _url("postgresql", "features", "db.acme.io:5432/features"),
    ),
    Kind("mysql-url", "MYSQL_URL", "url", _url("mysql+pymysql", "trainer", "10.2.0.7:3306/runs")),
    Kind(
        "mongodb-url",
        "MONGO_URL",
        "url",
        _url("mongodb+srv", "ml", "cluster0.acme.mongodb.net/exp"),
    ),
    Kind("redis-url", "REDIS_URL", "url", _url("redis", "", "cache.acme.io:6379/0")),
    Kind("mlflow-password", "MLFLOW_TRACKING_PASSWORD", "password", d.password),
    Kind("kaggle", "KAGGLE_KEY", "password", _prefixed("", d.HEX, 32)),
    Kind("comet", "COMET_API_KEY", "password", _prefixed("", d.ALNUM, 25)),
    Kind("clearml", "CLEARML_API_SECRET_KEY", "password", _prefixed("", d.ALNUM, 50)),
    Kind("neptune", "NEPTUNE_API_TOKEN", "token", _neptune),
    Kind("airflow-fernet", "AIRFLOW__CORE__FERNET_KEY", "password", _fernet),
    Kind("database-password", "DB_PASSWORD", "password", d.password),
)
