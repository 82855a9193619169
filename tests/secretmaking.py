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


def base36(number: int, width: int) -> str:
    digits = string.digits + string.ascii_lowercase
    made = ""
    while number:
        number, rest = divmod(number, 36)
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

    def gitlab_routable(self) -> str:
        """A payload, its length and CRC-32 of all that, both in base 36."""
        payload = self.text(27)
        head = f"glpat-{payload}.01.{base36(len(payload), 2)}"
        return head + base36(zlib.crc32(head.encode()), 7)

    def grafana(self) -> str:
        head = "glsa_" + self.text(32)
        return head + "_" + zlib.crc32(head.encode()).to_bytes(4, "little").hex()

    def atlassian(self) -> str:
        head = "ATATT3xFfGF0" + self.text(176, WORD) + "="
        return head + f"{zlib.crc32(head.encode()):08X}"

    def services(self) -> dict[str, str]:
        """One value of each further type with a form of its own."""
        t = self.text
        x = LOWER_HEX
        uuid = "-".join(t(n, x) for n in (8, 4, 4, 4, 12))
        return {
            "gitlab": self.gitlab_routable(),
            "grafana": self.grafana(),
            "atlassian": self.atlassian(),
            "cloudflare-scannable": "cfut_" + t(40) + t(8, x),
            "digitalocean": "dop_v1_" + t(64, x),
            "supabase": "sbp_" + t(40, x),
            "neon": "napi_" + t(64, string.ascii_lowercase + string.digits),
            "netlify": "nfp_" + t(36),
            "pulumi": "pul-" + t(40, x),
            "doppler": "dp.pt." + t(43),
            "tailscale": "tskey-auth-" + t(12) + "-" + t(32),
            "azure-key": t(52) + "JQQJ99BCAC" + t(5) + "XJ3w3AAABACOG" + t(4),
            "planetscale": "pscale_tkn_" + t(43),
            "aws-session-prefixed": "IQoJb3JpZ2lu" + t(300, B64),
            "square": "sq0csp-" + t(43, WORD),
            "brevo": "xkeysib-" + t(64, x) + "-" + t(16),
            "mailchimp": t(32, x) + "-us12",
            "new-relic": "NRAK-" + t(27, UP),
            "sentry": "sntryu_" + t(64, x),
            "postman": "PMAK-" + t(24, x) + "-" + t(34, x),
            "figma": "figd_" + t(40),
            "hubspot": "pat-na1-" + uuid,
            "buildkite": "bkua_" + t(40),
            "circleci": "CCIPAT_" + t(22) + "_" + t(40, x),
            "sourcegraph": "sgp_" + t(16, x) + "_" + t(40, x),
            "dynatrace": "dt0c01." + t(24, UP) + "." + t(64, UP),
            "sendgrid": "SG." + t(22) + "." + t(43),
            "telegram": "1" + t(9, string.digits) + ":AA" + t(33),
            "shopify": "shpat_" + t(32, x),
            "linear": "lin_api_" + t(40),
            "notion": "ntn_" + t(11, string.digits) + t(35),
            "vault": "hvs." + t(90),
            "terraform-cloud": t(14) + ".atlasv1." + t(67),
            "cerebras": "csk-" + t(48, string.ascii_lowercase + string.digits),
            "deepseek": "sk-" + t(32, x),
            "together": "tgp_v1_" + t(43),
            "jina": "jina_" + t(60),
            "llamacloud": "llx-" + t(48),
            "perplexity": "pplx-" + t(48),
            "tavily": "tvly-dev-" + t(32),
            "langfuse": "sk-lf-" + uuid,
            "anyscale": "esecret_" + t(26),
            "dbt-cloud": "dbtc_" + t(42),
            "nuget": "oy2" + t(43, string.ascii_lowercase + string.digits),
            "clojars": "CLOJARS_" + t(60, string.ascii_lowercase + string.digits),
            "rubygems": "rubygems_" + t(48, x),
            "artifactory": "AKCp" + t(69),
            "cursor": "crsr_" + t(64, x),
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
