"""The compat mode gives what detect-secrets gives: file, line, type and hash."""

from __future__ import annotations

import os
import random
import sysconfig
from pathlib import Path

import pytest
from secretcorpus import drawing
from secretcorpus.corpus import generate, write

from interlock.secrets.compat import Found, scan

pytest.importorskip("detect_secrets")


def original(paths: list[str]) -> set[Found]:
    """The same files through detect-secrets' own scan."""
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import default_settings

    with default_settings() as settings:
        settings.disable_filters(
            "detect_secrets.filters.common.is_ignored_due_to_verification_policies"
        )
        return {
            Found(path, s.line_number, s.type, s.secret_hash)
            for path in paths
            for s in scan_file(path)
        }


def files(root: Path) -> list[str]:
    return sorted(str(path) for path in root.rglob("*") if path.is_file())


def test_the_generated_corpus_gives_the_same(tmp_path: Path) -> None:
    made = generate()
    chosen = random.Random(3).sample(made, 500)
    write(chosen, tmp_path)
    expected = original(files(tmp_path))
    assert len(expected) > 200
    assert set(scan(files(tmp_path))) == expected


def test_real_files_give_the_same() -> None:
    """Python's own library: tests of email, ssl and config files hold many look-alikes."""
    library = Path(sysconfig.get_path("stdlib"))
    paths = [
        str(p)
        for name in ("email", "http", "json", "urllib")
        for p in (library / name).glob("*.py")
    ]
    paths += [
        str(library / name) for name in ("ssl.py", "configparser.py", "uuid.py", "hashlib.py")
    ]
    expected = original(paths)
    assert expected
    assert set(scan(paths)) == expected


WORD = drawing.draw(random.Random(5), drawing.ALNUM, 30)
ARABIC = "\u0661"  # a decimal digit to Python
HEXES = drawing.draw(random.Random(6), drawing.HEX, 40)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("folded.yaml", f'a:\n  password: >\n    one\n    {WORD}\n  b: "\\x70assword: {WORD}"\n'),
        ("binary.yaml", f"a: !!binary |\n  {WORD}\n  {WORD}aa==\n"),
        ("half.yaml", f'a: "\\ud800 {WORD}"\npassword: "{WORD}"\n'),
        ("block.yml", f"a: |\n  password = '{WORD}'\n  'x' == '{HEXES}'\n"),
        ("split.cfg", f"[a]\nkey =\n  {WORD}\n  {HEXES}\npass%%word = 1\n"),
        ("joined.ini", f"[a]\nx = {WORD[:15]}\ny = %(x)s{WORD[15:]}\n"),
        ("eager.txt", f"one = {WORD}\ntwo = {HEXES}\n"),
        ("quotes.txt", f'one = {WORD[:22]}"b\n'),
        ("turkish.py", f"ap\u0131key = '{WORD}'\n\u017fecret = '{WORD}'\nSoft\u212aey = 1\n"),
        ("spanish.js", f'contraseña: "{WORD}"\nCONTRASEÑA = "{WORD}"\n'),
        ("digits.py", f"t = '{ARABIC * 8}:{WORD}abcde'\nAP{ARABIC}{WORD}\n"),
        (
            "breaks.py",
            f"a = 1\x0b password = '{WORD}'\x0c\npassword\u2028= '{WORD}'\r\nx='{HEXES}'\r",
        ),
        ("pragma.py", f"# pragma: allowlist nextline secret\na = '{WORD}'\nb = '{HEXES}'\n"),
        ("indirect.py", f"c = connect(key='{WORD}')\nd = '{WORD}'\n"),
        ("compare.py", f"if '{WORD}' == my_password:\n    pass\nif 'abc' != secret: pass\n"),
        ("ips.txt", "host 8.8.8.8:53 and 10.0.0.1 and 1.2.3.4.5\n"),
        ("go.go", f'password := "{WORD}"\nsecret = `abc`\n'),
        ("c.cpp", f'std::string secret("{WORD}"); secret.assign("{WORD}",17);\n'),
        ("empty.yaml", ""),
    ],
)
def test_what_a_prefilter_gets_wrong_easily(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode())
    assert set(scan([str(path)])) == original([str(path)])


def test_bytes_that_are_no_text_and_missing_files_give_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"password = '\xff\xfe'\n")
    paths = [str(tmp_path / "a.py"), str(tmp_path / "none.py"), os.fspath(tmp_path)]
    assert scan(paths) == []


def test_seeded_lines_give_the_same(tmp_path: Path) -> None:
    """Lines put together from what the plugins look for, in every kind of file."""
    rng = random.Random(11)
    parts = [
        "password",
        "api_key",
        "aws_key",
        "'",
        '"',
        "=",
        ":",
        ":=",
        "=>",
        "==",
        "(",
        ")",
        ";",
        " ",
        "[",
        "]",
        "{",
        "}",
        "@",
        "://",
        "AKIA",
        "xoxb-12-",
        "eyJ",
        ".",
        "token",
        "cl_key",
        "# pragma: allowlist secret",
        "_id",
        "\\",
        "%",
        "$",
        "\t",
        "-",
        "\u0131",
        "é",
        "10.1.",
        "AKC",
    ]
    for number, end in enumerate(
        [".py", ".yaml", ".ini", ".txt", ".js", ".go", ".cpp", ".toml", ".json"] * 6
    ):
        lines = []
        for _ in range(120):
            drawn = [rng.choice(parts) for _ in range(rng.randrange(1, 7))]
            drawn.append(
                drawing.draw(
                    rng,
                    rng.choice([drawing.HEX, drawing.ALNUM]),
                    rng.choice([8, 10, 24, 32, 40, 64]),
                )
            )
            drawn += [rng.choice(parts) for _ in range(rng.randrange(3))]
            lines.append("".join(drawn))
        head = "[a]\n" if number % 2 and end != ".json" else ""
        (tmp_path / f"f{number}{end}").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    expected = original(files(tmp_path))
    assert len(expected) > 200
    assert set(scan(files(tmp_path))) == expected
