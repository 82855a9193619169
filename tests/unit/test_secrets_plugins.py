"""Services that only detect-secrets' plugins know; they are imported where a line names one."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest
from secretcorpus import drawing

from interlock.secrets.model import Text
from interlock.secrets.pages import ids, pages
from interlock.secrets.plugins import KINDS
from interlock.secrets.scan import scan, scanner
from interlock.secrets.table import TABLE

RNG = random.Random(20261121)
HEX = drawing.draw(RNG, drawing.HEX, 64)
TOKEN = drawing.draw(RNG, drawing.ALNUM, 44)
AWS = "AKIA" + drawing.draw(RNG, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)
CASES = {
    "cloudant-credential": f'cloudant_password = "{HEX}"',
    "softlayer-credential": f"SOFTLAYER_API_KEY: {HEX}",
    "ibm-cos-hmac-secret": f'ibm_cos_hmac_secret_access_key="{HEX[:48]}"',
    "ibm-cloud-api-key": f"ibm_cloud_iam_apikey = {TOKEN}",
}


def found(line: str, path: str = "settings.txt") -> list[tuple[str, int]]:
    text = Text(path, f"first line\n{line}\nlast line\n".encode())
    hits = scan([text], scanner(TABLE, b"k" * 32))
    return [(hit.type, hit.line) for hit in hits]


@pytest.mark.parametrize("kind", CASES)
def test_a_plugins_service_is_found_under_its_own_type(kind: str) -> None:
    assert found(CASES[kind]) == [(kind, 2)]


def test_every_plugin_has_a_case_and_a_page() -> None:
    assert {kind.type for kind in KINDS} == set(CASES)
    assert {f"secret/{kind}" for kind in CASES} <= {page.id for page in pages()}
    assert {f"secret/{kind}" for kind in CASES} <= set(ids())


def test_the_place_is_the_values_own() -> None:
    line = CASES["softlayer-credential"]
    hits = list(scan([Text("a.txt", line.encode())], scanner(TABLE, b"k" * 32)))
    assert [hit.column for hit in hits] == [line.index(HEX) + 1]


@pytest.mark.parametrize(
    "line",
    [
        'cloudant_password = os.environ["CLOUDANT_PASSWORD"]',
        f"cloudant_password = {'x' * 64}",
        f"softlayer_api_key: {'0123' * 16}",
        "ibm_cloud_iam_apikey = your-ibm-cloud-iam-api-key-goes-here-xxxxxxxx",
        "import ibm_cloud_sdk_core.authenticators.iam_authenticator as authenticator",
        f"ibm_model_digest: sha256:{HEX}",
    ],
)
def test_placeholders_look_ups_and_hashes_are_none(line: str) -> None:
    assert found(line) == []


def test_spaces_without_end_cost_nothing() -> None:
    line = "cloudant_password" + " " * 3_000 + f"= {HEX[:40]}"
    before = time.process_time()
    found(line)
    assert time.process_time() - before < 1


SCRIPT = """
import sys
from interlock.secrets.model import Text
from interlock.secrets.scan import scan, scanner
from interlock.secrets.table import TABLE
found = list(scan([Text("a.txt", sys.stdin.buffer.read())], scanner(TABLE, b"k" * 32)))
print(len(found), "detect_secrets" in sys.modules, "requests" in sys.modules)
"""


@pytest.mark.parametrize(
    ("line", "said"), [(f"id = {AWS}", "1 False False"), (HEX, "0 False False")]
)
def test_detect_secrets_is_imported_only_for_its_own_services(line: str, said: str) -> None:
    assert run(line) == said


def test_detect_secrets_is_imported_for_its_own_services() -> None:
    assert run(CASES["cloudant-credential"]).startswith("1 True")


def run(line: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], input=line.encode(), capture_output=True, check=True
    )
    return done.stdout.decode().strip()
