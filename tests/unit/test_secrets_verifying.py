"""Issuers are asked only where a user says so; a scan opens no connection otherwise."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from secretcorpus import drawing

from interlock.cli.main import main
from interlock.secrets import verifying
from interlock.secrets.verifying import ISSUERS, asker

RNG = random.Random(20261122)
LIVE = "sk_live_" + drawing.draw(RNG, drawing.ALNUM, 24)
DEAD = "sk_live_" + drawing.draw(RNG, drawing.ALNUM, 24)
BOT = (
    "".join(RNG.choice("123456789") for _ in range(9))
    + ":AA"
    + drawing.draw(RNG, drawing.ALNUM, 33)
)
CHIMP = drawing.draw(RNG, drawing.HEX, 32) + "-us7"
KEY_ID = "AKIA" + drawing.draw(RNG, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)
KEY = drawing.draw(RNG, drawing.ALNUM, 40)
CLOUDANT = drawing.draw(RNG, drawing.HEX, 64)
VALUES = (LIVE, DEAD, BOT, CHIMP, KEY_ID, KEY, CLOUDANT)


class Issuer(BaseHTTPRequestHandler):
    """Answers as the issuers do; the host is told by a header of the test's transport."""

    def do_GET(self) -> None:
        from base64 import b64decode

        host = self.headers["X-Host"]
        self.server.asked.append(host)  # type: ignore[attr-defined]
        said = b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        if host == "api.stripe.com":
            self._answer(200 if said == f"{LIVE}:" else 401)
        elif host == "api.telegram.org":
            self._answer(200 if self.path == f"/bot{BOT}/getMe" else 404)
        elif host == "acct.cloudant.com":
            self._answer(200 if said == f"acct:{CLOUDANT}" else 401)
        else:
            self._answer(503)

    def do_POST(self) -> None:
        host = self.headers["X-Host"]
        self.server.asked.append(host)  # type: ignore[attr-defined]
        self.rfile.read(int(self.headers["Content-Length"]))
        signed = f"Credential={KEY_ID}/" in self.headers.get("Authorization", "")
        self._answer(200 if host == "sts.amazonaws.com" and signed else 403)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Nothing: a log would hold values."""


@pytest.fixture
def issuers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The hosts that were asked: all of them are one server here, behind the plugins' own code."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    send = requests.adapters.HTTPAdapter.send

    def redirected(self: Any, request: Any, **options: Any) -> Any:
        assert request.url.startswith("https://")
        assert options["timeout"] == (10, 10)
        host, _, path = request.url.removeprefix("https://").partition("/")
        request.headers["X-Host"] = host.rpartition("@")[2]
        request.url = f"http://127.0.0.1:{server.server_port}/{path}"
        return send(self, request, **{**options, "proxies": {}})

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", redirected)
    yield server.asked  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


FILE = f"""\
dead = "{DEAD}"
chimp = "{CHIMP}"
bot = "{BOT}"
live = "{LIVE}"
aws_access_key_id = "{KEY_ID}"
aws_secret_access_key = "{KEY}"
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "first")
    (tmp_path / "a.py").write_text(FILE, encoding="utf-8")
    git("add", ".")
    return tmp_path


def git(*arguments: str) -> None:
    name = ("-c", "user.name=a", "-c", "user.email=a@b.invalid")
    subprocess.run(["git", *name, *arguments], check=True, capture_output=True)


def scan(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["secrets", "scan", *arguments]) == 1
    said = capsys.readouterr()
    assert not any(value in said.out + said.err for value in VALUES)
    return said.out


@pytest.mark.usefixtures("repository")
def test_issuers_answers_are_told_and_live_ones_come_first(
    issuers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(scan(capsys, "--verify", "--format", "json", "a.py"))
    said = [(hit["line"], hit.get("verified")) for hit in told["hits"]]
    assert sorted(said[:3]) == [(3, "live"), (4, "live"), (5, "live")]
    assert sorted(said[3:]) == [(1, "not live"), (2, "could not ask"), (6, None)]
    assert sorted(set(issuers)) == [
        "api.stripe.com",
        "api.telegram.org",
        "sts.amazonaws.com",
        "us7.api.mailchimp.com",
    ]


@pytest.mark.usefixtures("repository", "issuers")
def test_the_text_says_what_the_issuer_said(capsys: pytest.CaptureFixture[str]) -> None:
    told = scan(capsys, "--verify", "--staged")
    first, *_ = [line for line in told.splitlines() if "holds a credential" in line]
    assert "its issuer says that it is live" in first
    assert "its issuer says that it is not live" in told
    assert "its issuer could not be asked" in told


def test_a_second_value_is_looked_for_around(issuers: list[str]) -> None:
    around = ["cloudant_host = acct", f"cloudant_password = {CLOUDANT}"]
    assert asker()("cloudant-credential", CLOUDANT, around) == "live"
    assert asker()("cloudant-credential", CLOUDANT[::-1], around) == "not live"
    assert asker()("cloudant-credential", CLOUDANT, ["nothing"]) == "could not ask"
    assert issuers == ["acct.cloudant.com"] * 2


def test_a_value_is_asked_about_once_and_not_without_end(
    issuers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = asker()
    assert [ask("stripe-key", LIVE, []) for _ in range(3)] == ["live"] * 3
    assert len(issuers) == 1
    for number in range(20):
        assert ask("mailchimp-key", f"{number:032x}-us1", []) == "could not ask"
    assert len(issuers) == 1 + 5
    monkeypatch.setattr(verifying, "_MOST", 2)
    ask = asker()
    assert [ask("stripe-key", LIVE[:-1] + c, []) for c in "abc"][2] == "could not ask"


def test_what_no_plugin_can_ask_about_is_not_asked(issuers: list[str]) -> None:
    ask = asker()
    assert ask("password", LIVE, []) == ""
    assert ask("stripe-key", "c2tfbGl2ZV8", []) == ""
    assert issuers == []


def test_every_plugin_that_can_ask_is_used() -> None:
    from detect_secrets.plugins.base import BasePlugin
    from detect_secrets.settings import default_settings, get_plugins

    with default_settings():
        able = {type(p).__name__ for p in get_plugins() if type(p).verify is not BasePlugin.verify}
    assert {issuer.plugin for issuer in ISSUERS.values()} == able


@pytest.mark.parametrize(
    "arguments",
    [
        ["."],
        ["a.py", "--format", "json"],
        ["--staged"],
        ["--from", "HEAD~1", "--to", "HEAD"],
        ["--history", "--format", "sarif"],
        ["--compat"],
        ["--compat", "--staged"],
    ],
)
def test_without_verify_no_connection_is_opened(
    repository: Path,
    arguments: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (repository / "b.txt").write_text(f"cloudant_password = {CLOUDANT}\n", encoding="utf-8")
    git("add", ".")
    if "--staged" not in arguments:
        git("commit", "-qm", "second")

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the network is used")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket.socket, "connect_ex", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    assert scan(capsys, *arguments)
