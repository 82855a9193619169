"""What people said in a real baseline of detect-secrets comes along, and nothing else does."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from detect_secrets.core import baseline as theirs
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings
from secretmaking import Maker

from interlock.cli.main import main
from interlock.secrets.baseline import NAME, Entry
from interlock.secrets.baseline_text import read_baseline
from interlock.secrets.importing import read_old

MAKE = Maker(8)
TOKEN, PASSWORD, HEX = (
    MAKE.github_classic(),
    MAKE.text(12) + "#4",
    MAKE.text(40, "0123456789abcdef"),
)
FILES = {
    "a.py": f'x = 1\ntoken = "{TOKEN}"\npassword = "{PASSWORD}"\n',
    "sub/key.pem": f"-----BEGIN RSA PRIVATE KEY-----\n{MAKE.text(64)}\n{MAKE.text(64)}\n",
    "sub/db.yaml": f"db: postgres://me:{MAKE.text(12)}@db.acme.io/x\n",
    "c.yaml": f'commit: "{HEX}"\n',
}


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    subprocess.run(("git", "init", "-q"), cwd=tmp_path, check=True)
    subprocess.run(("git", "config", "user.email", "me@acme.io"), cwd=tmp_path, check=True)
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def baseline(said: dict[tuple[str, str], bool], *, slim: bool = False) -> None:
    """A baseline as detect-secrets writes it, with what a person said of (path, type)."""
    found = SecretsCollection()
    with default_settings() as settings:
        settings.disable_filters(
            "detect_secrets.filters.common.is_ignored_due_to_verification_policies"
        )
        for path in FILES:
            found.scan_file(path)
        made: dict[str, Any] = theirs.format_for_output(found, is_slim_mode=slim)
    for path, every in made["results"].items():
        for one in every:
            if (path, one["type"]) in said:
                one["is_secret"] = said[path, one["type"]]
    Path(".secrets.baseline").write_text(json.dumps(made), encoding="utf-8")


def verdicts() -> dict[tuple[str, str], Entry]:
    found = read_baseline(Path(NAME).read_bytes(), NAME)
    return {(entry.path, entry.type): entry for entry in found.entries}


@pytest.mark.parametrize("slim", [False, True])
def test_verdicts_come_along(repo: Path, *, slim: bool, capsys: pytest.CaptureFixture[str]) -> None:
    del repo
    said = {
        ("a.py", "Secret Keyword"): False,
        (os.path.join("sub", "key.pem"), "Private Key"): True,
        ("sub/db.yaml", "Basic Auth Credentials"): False,
        ("c.yaml", "Hex High Entropy String"): False,
    }
    baseline(said, slim=slim)
    assert main(["secrets", "baseline", "--import", ".secrets.baseline"]) == 0
    told = capsys.readouterr().out
    assert "c.yaml: Hex High Entropy String (still there, but not one credential" in told
    found = verdicts()
    assert {path for path, _ in found} == {"a.py", "sub/key.pem", "sub/db.yaml"}
    token, password = found["a.py", "github-token"], found["a.py", "password"]
    assert (token.verdict, token.owner) == ("unreviewed", "")
    assert (password.verdict, password.until, password.owner, password.reason) == (
        "not-a-secret",
        "",
        "me@acme.io",
        "imported from .secrets.baseline",
    )
    key = found["sub/key.pem", "private-key"]
    if slim:  # no line says which key it was
        assert (key.verdict, key.owner) == ("unreviewed", "")
    else:
        assert (key.verdict, key.owner, bool(key.until)) == ("live", "me@acme.io", True)
    assert found["sub/db.yaml", "url-password"].verdict == "not-a-secret"


def test_another_value_is_not_taken_over(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    baseline({("a.py", "GitHub Token"): False})
    other = Maker(9).github_classic()
    (repo / "a.py").write_text(f'token = "{other}"\n', encoding="utf-8")
    assert main(["secrets", "baseline", "--import", ".secrets.baseline"]) == 0
    told = capsys.readouterr().out
    assert "a.py: GitHub Token (its hash does not say which value it was" in told
    assert "a.py: Secret Keyword (no longer there)" in told
    assert verdicts()["a.py", "github-token"].verdict == "unreviewed"


def test_a_verdict_given_here_stays(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del repo
    main(["secrets", "baseline"])
    text = Path(NAME).read_text(encoding="utf-8")
    until = verdicts()["a.py", "github-token"].until
    mine = text.replace(
        f"github-token a.py unreviewed {until} - -", "github-token a.py rotated - me here"
    )
    Path(NAME).write_text(mine, encoding="utf-8")
    baseline({("a.py", "GitHub Token"): True})
    main(["secrets", "baseline", "--import", ".secrets.baseline", "--owner", "you"])
    assert verdicts()["a.py", "github-token"].reason == "here"
    assert "1 live" in capsys.readouterr().out


def test_of_two_values_on_a_line_neither_is_guessed(repo: Path) -> None:
    (repo / "sub" / "db.yaml").write_text(
        FILES["sub/db.yaml"].rstrip() + f" # {TOKEN}\n", encoding="utf-8"
    )
    baseline({("sub/db.yaml", "Basic Auth Credentials"): False})
    main(["secrets", "baseline", "--import", ".secrets.baseline"])
    assert {e.verdict for (path, _), e in verdicts().items() if path == "sub/db.yaml"} == {
        "unreviewed"
    }


@pytest.mark.parametrize("content", [b"[]", b'{"results": {"a": [{}]}}', b"[" * 100_000, b"\xff"])
def test_what_is_no_baseline(
    repo: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (repo / "x.json").write_bytes(content)
    assert main(["secrets", "baseline", "--import", "x.json"]) == 2
    assert "x.json is no baseline of detect-secrets" in capsys.readouterr().err


def test_paths_of_windows_and_of_here_are_the_same() -> None:
    one = {"type": "t", "hashed_secret": "AB", "is_secret": "maybe"}
    content = json.dumps({"results": {"a\\b.py": [one], "./a/b.py": [one]}}).encode()
    assert [(o.path, o.digest, o.judged) for o in read_old(content, "f")] == [
        ("a/b.py", "ab", None)
    ]


def test_no_file_outside_is_read(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "a.py"
    outside.write_text(FILES["a.py"], encoding="utf-8")
    one = {"type": "GitHub Token", "hashed_secret": "0" * 40, "is_secret": False}
    path = os.path.relpath(outside, repo)
    results = {path: [one], str(outside): [one], "\0": [one], "\udfff": [one]}
    (repo / "x.json").write_text(json.dumps({"results": results}), encoding="utf-8")
    assert main(["secrets", "baseline", "--import", "x.json"]) == 0
    assert {path for path, _ in verdicts()} == {"a.py", "sub/key.pem", "sub/db.yaml"}
