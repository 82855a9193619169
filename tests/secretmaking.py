"""Makes examples of credentials from a seed: none of them ever stands in a file of this project."""

from __future__ import annotations

import base64
import json
import random
import string
import zlib

LOWER_HEX = "0123456789abcdef"
ALNUM = string.ascii_letters + string.digits
WORD = ALNUM + "_"
B64 = ALNUM + "+/"
UP = string.ascii_uppercase + string.digits


def base62(number: int, width: int) -> str:
    digits = string.digits + string.ascii_uppercase + string.ascii_lowercase
    made = ""
    while number:
        number, rest = divmod(number, 62)
        made = digits[rest] + made
    return made.rjust(width, "0")


class Maker:
    """Credentials by type name; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def text(self, size: int, letters: str = ALNUM) -> str:
        return "".join(self._random.choice(letters) for _ in range(size))

    def summed(self, prefix: str) -> str:
        """A token in the form that GitHub and npm share."""
        body = self.text(30)
        return prefix + body + base62(zlib.crc32(body.encode()), 6)

    def github_classic(self) -> str:
        return self.summed("ghp_")

    def jwt(self) -> str:
        def part(value: object) -> str:
            return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

        return ".".join([part({"alg": "HS256"}), part({"sub": self.text(12)}), self.text(43)])

    def all(self) -> dict[str, str]:
        """One value of each type that its own look gives away."""
        t = self.text
        return {
            "github-classic": self.github_classic(),
            "github-fine-grained": "github_pat_" + t(22) + "_" + t(59),
            "gitlab": "glpat-" + t(20),
            "slack-token": "xoxb-"
            + t(12, string.digits)
            + "-"
            + t(12, string.digits)
            + "-"
            + t(24),
            "stripe": "sk_live_" + t(24),
            "aws-access-key": "AKIA" + t(16, string.ascii_uppercase + "234567"),
            "gcp-api-key": "AIza" + t(35),
            "azure-ad-secret": t(3) + "8Q~" + t(34),
            "npm": self.summed("npm_"),
            "pypi": "pypi-AgEIcHlwaS5vcmc" + t(120, WORD),
            "openai": "sk-proj-" + t(74) + "T3BlbkFJ" + t(74),
            "anthropic": "sk-ant-api03-" + t(93) + "AA",
            "huggingface": "hf_" + t(34, string.ascii_letters),
            "databricks": "dapi" + t(32, LOWER_HEX),
            "wandb-v1": "wandb_v1_" + t(77, WORD),
            "pinecone": "pcsk_" + t(6) + "_" + t(63),
            "groq": "gsk_" + t(52),
            "replicate": "r8_" + t(37),
            "langsmith": "lsv2_pt_" + t(32, LOWER_HEX) + "_" + t(10, LOWER_HEX),
            "nvidia": "nvapi-" + t(64),
            "xai": "xai-" + t(80),
            "openrouter": "sk-or-v1-" + t(64, LOWER_HEX),
            "docker-hub": "dckr_pat_" + t(27),
            "prefect": "pnu_" + t(36),
            "jwt": self.jwt(),
        }

    def keyed(self) -> dict[str, tuple[str, str]]:
        """Names and values of what only its name gives away."""
        t = self.text
        return {
            "aws secret": ("AWS_SECRET_ACCESS_KEY", t(39, B64) + "7"),
            "azure key": ("AZURE_STORAGE_ACCOUNT_KEY", t(86, B64) + "=="),
            "wandb": ("WANDB_API_KEY", t(40, LOWER_HEX)),
            "kaggle": ("KAGGLE_KEY", t(32, LOWER_HEX)),
            "comet": ("COMET_API_KEY", t(24) + "4"),
            "clearml": ("CLEARML_API_SECRET_KEY", t(50)),
            "mlflow": ("MLFLOW_TRACKING_PASSWORD", t(10) + "!9" + t(4)),
            "snowflake": ("SNOWFLAKE_PASSWORD", t(12) + "#4"),
            "fernet": ("AIRFLOW__CORE__FERNET_KEY", base64.urlsafe_b64encode(
                bytes(self._random.randrange(256) for _ in range(32))).decode()),
            "cohere": ("COHERE_API_KEY", t(40)),
            "dd": ("DATADOG_API_KEY", t(32, LOWER_HEX)),
        }  # fmt: skip
