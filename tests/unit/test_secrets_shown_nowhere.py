"""No value, no piece of one and no length is ever told: not by a format, a file, an audit, a crash.

What is told of one corpus is compared with what is told of another one that differs in its values
alone: five characters of a value that stand in the one and not in the other have leaked.
"""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from secretcorpus.contexts import FILES
from secretcorpus.corpus import generate, write
from secretcorpus.kinds import KINDS
from secretcorpus.notebooks import NOTEBOOKS

from interlock.cli.main import main
from interlock.secrets.baseline import NAME

SEEDS = (11, 12)
FORMATS = ("text", "json", "sarif", "github")
#: Fingerprints and hashes: of a hex value, five digits stand in one of many by chance.
_HASHES = re.compile(r"\b[0-9a-f]{12,}\b")
_PIECE = 5


def value_of(seed: int, kind_id: str, context: str) -> str:
    """What the corpus drew: the first draw of the file's own source."""
    kind = next(kind for kind in KINDS if kind.id == kind_id)
    return kind.make(Random(f"{seed}:{kind_id}:{context}"))


def lay(seed: int, folder: Path) -> list[str]:
    """A part of the corpus with all its types; its values, as they are and in base64."""
    contexts = {context.id for context in (*FILES, *NOTEBOOKS)}
    made = [
        one
        for at, one in enumerate(generate(seed))
        if at % 31 == 0 and one.labels and one.labels[0].context in contexts
    ]
    write(made, folder)
    values = [value_of(seed, one.labels[0].kind, one.labels[0].context) for one in made]
    return values + [base64.b64encode(value.encode()).decode() for value in values]


def pieces(text: str) -> set[str]:
    return {text[at : at + _PIECE] for at in range(len(text) - _PIECE + 1)}


def leaked(values: list[str], told: str, other: str) -> set[str]:
    found = pieces(_HASHES.sub("", told)) - pieces(_HASHES.sub("", other))
    return {piece for value in values for piece in pieces(value)} & found


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, list[str]]]:
    found = []
    for seed in SEEDS:
        folder = tmp_path_factory.mktemp("corpus") / "repo"
        values = lay(seed, folder)
        subprocess.run(("git", "init", "-q"), cwd=folder, check=True)
        subprocess.run(("git", "config", "user.email", "a@b.c"), cwd=folder, check=True)
        found.append((folder, values))
    return found


def test_no_format_no_file_and_no_audit_shows_a_piece_of_a_value(
    corpora: list[tuple[Path, list[str]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told: list[dict[str, str]] = []
    for folder, _ in corpora:
        monkeypatch.chdir(folder)
        mine = {}
        for form in FORMATS:
            assert main(["secrets", "scan", "--format", form]) == 1
            mine[form] = "".join(capsys.readouterr())
        main(["secrets", "baseline"])
        mine["update"] = "".join(capsys.readouterr())
        mine["file"] = (folder / NAME).read_text(encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", io.StringIO("s\n" * 5000))
        main(["secrets", "baseline", "--audit"])
        mine["audit"] = "".join(capsys.readouterr())
        main(["secrets", "scan"])
        mine["accepted"] = "".join(capsys.readouterr())
        assert f"{NAME}:" not in mine["accepted"]  # the baseline itself looks like no credential
        kept = sorted((folder / ".git" / "interlock").rglob("*"))
        mine["kept"] = "\n".join(p.read_bytes().decode("latin-1") for p in kept if p.is_file())
        told.append(mine)
    assert told[0]["audit"].count("●●●") > 25
    for at, (_, values) in enumerate(corpora):
        for name, text in told[at].items():
            assert leaked(values, text, told[1 - at][name]) == set(), name


@pytest.mark.parametrize("where", ["entropy", "is_placeholder", "is_lookup"])
def test_a_crash_in_a_judge_shows_nothing(
    corpora: list[tuple[Path, list[str]]],
    where: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(value: str, *_: object) -> bool:
        raise ValueError(f"cannot judge {value}")

    for module in ("judging", "scan"):
        monkeypatch.setattr(f"interlock.secrets.{module}.{where}", fails, raising=False)
    folder, values = corpora[0]
    monkeypatch.chdir(folder)
    assert main(["secrets", "scan"]) == 3
    crash = "".join(capsys.readouterr())
    assert "ValueError" in crash
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    main(["secrets", "scan", "clean.txt"])
    assert leaked(values, crash, "ValueError in interlock, Python: bug in files report") == set()


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_tells_how_long_a_value_is(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(("git", "init", "-q"), cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    told = []
    for value in ("Xk4!tq9zB", "Xk4!tq9zB" * 4 + "w"):
        (tmp_path / "a.env").write_text(f"DB_PASSWORD={value}\n", encoding="utf-8")
        assert main(["secrets", "scan", "--format", form]) == 1
        told.append(re.sub(r"[0-9a-f]{12,}", "#", "".join(capsys.readouterr())))
    assert told[0] == told[1]
