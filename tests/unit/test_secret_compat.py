"""The compat mode gives what detect-secrets gives: file, line, type and hash."""

from __future__ import annotations

import json
import os
import random
import sysconfig
from pathlib import Path

import pytest
from secretcorpus import drawing
from secretcorpus.corpus import generate, write

from interlock.errors import UsageError
from interlock.secrets.compat import Failed, Found, scan, scan_content
from interlock.secrets.compatsettings import engine

pytest.importorskip("detect_secrets")


DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
LEAKY = os.environ.get("SECRETS_LEAKY_REPO", "")


def original(paths: list[str]) -> set[Found]:
    """The same files through detect-secrets' own scan: every plugin, its default settings."""
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import default_settings

    with default_settings():
        return {
            Found(path, s.line_number, s.type, s.secret_hash)
            for path in paths
            for s in scan_file(path)
        }


def files(root: Path) -> list[str]:
    return sorted(
        str(path) for path in root.rglob("*") if path.is_file() and ".git" not in path.parts
    )


def test_the_generated_corpus_gives_the_same(tmp_path: Path) -> None:
    small = [made for made in generate() if len(made.text) < 8_000]
    write(random.Random(3).sample(small, 300), tmp_path)
    expected = original(files(tmp_path))
    assert len(expected) > 150
    assert set(scan(files(tmp_path))) == expected


def test_real_files_give_the_same() -> None:
    """Python's own library holds many look-alikes."""
    library = Path(sysconfig.get_path("stdlib"))
    names = ("configparser", "uuid", "hashlib", "netrc", "getpass", "base64")
    paths = [str(library / f"{name}.py") for name in names]
    expected = original(paths)
    assert expected
    assert set(scan(paths)) == expected


@pytest.mark.skipif(not LEAKY, reason="SECRETS_LEAKY_REPO names no checkout of leaky-repo")
def test_leaky_repo_gives_the_same() -> None:
    paths = files(Path(LEAKY))
    expected = original(paths)
    assert len(expected) > 40
    assert set(scan(paths)) == expected


@pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not here")
def test_real_configuration_gives_the_same() -> None:
    small = [path for path in files(DATA) if os.path.getsize(path) < 4_000]
    paths = random.Random(5).sample(small, 60)
    paths += [path for path in small if path.endswith((".yaml", ".yml", ".ini", ".example"))]
    assert set(scan(paths)) == original(paths)


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
        ("crlf.yaml", f"a:\r\n  password: {WORD}\r\n  b: '{HEXES}'\r\n"),
        ("crlf.env", f"A={WORD}\r\nB_SECRET={WORD}\r\n\r\n# C={HEXES}\r\n"),
        ("old.txt", f"password = '{WORD}'\rtoken = '{HEXES}'\r"),
        ("plain.env", f"# c\nA_KEY={HEXES}\nB={WORD}\nexport C='{WORD}'\nD:{HEXES}\n"),
        ("long.js", "var a = 1; " * 5_000 + f'var secret = "{WORD}";\nvar b = "{HEXES}"\n'),
        ("reference.js", f'api_key = get("{WORD}")' + " " * 1_000 + f'; secret="{WORD}"\n'),
        ("minified.json", '{"a":' * 50 + f'{{"password":"{WORD}","k":"{HEXES}"}}' + "}" * 50),
        ("flow.yaml", f"a: {{password: {WORD}, b: {{c: {HEXES}}}}}\nd: [{WORD}, {{e: {WORD}}}]\n"),
        ("alias.yaml", f"a: &x\n  password: {WORD}\nb: *x\nc:\n  <<: *x\n"),
        ("twice.yaml", f"a: {WORD}\nsecret: {WORD}\na: {HEXES}\n'a': {WORD}\n"),
        ("question.yaml", f"? password\n: {WORD}\n"),
        ("typed.yaml", f"on: push\n1: {WORD}\nno: {HEXES}\nwhen: 2020-01-01\nn: 0x1F\n"),
        ("late.yaml", f"a:\n\n\n  # c\n  password:\n    {WORD}\nb: >-\n  {WORD}\n  {WORD}\n"),
        ("comment.yaml", f"token: {WORD} # pragma: allowlist secret\nsecret: {WORD}  # c\n"),
        ("two.yaml", f"a: {WORD}\n---\nb: {HEXES}\n"),
        ("lost.ini", f"[a]\nx: {WORD}\n[b]\nx : {HEXES}\ny = '{WORD}'\n z\n[DEFAULT]\nw={WORD}\n"),
        ("allowed.ini", f"[a]\n# pragma: allowlist nextline secret\nb = {WORD}\nc = {HEXES}\n"),
        ("twice.ini", f"[a]\nx={WORD}\nx={HEXES}\n"),
        ("section.md", f"[link](x): {WORD}\ntext = {HEXES}\n"),
        ("swagger.json", f'{{"password": "{WORD}"}}\n'),
        ("poetry.lock", f"hash = '{HEXES}'\n"),
        ("e.ipynb", f'{{"cells": [{{"source": ["k = \\"{WORD}\\"\\n", "password=1"]}}]}}\n'),
        ("art.txt", f"AKC{WORD}\n:AP5{WORD}\nAP\u0665{WORD}\n"),
        ("cloud.txt", f"cloudant_password = '{HEXES + HEXES[:24]}'\nsl_key: {HEXES}{HEXES[:24]}\n"),
        (
            "iam.txt",
            f'ibm_cloud_iam_key = {WORD}abcdefghijklmn\nx["key"] => {WORD}_bcdefghijklm-\n',
        ),
        (
            "cos.txt",
            f"cos_hmac_secret_access_key = {HEXES}abcdef01\nsecret-key: {HEXES}abcdef01x\n",
        ),
        ("chimp.txt", f"{HEXES[:32]}-us12 and sq0csp-{WORD}{WORD[:13]}\n"),
        ("bot.txt", f"M{WORD[:24]}.{WORD[:6]}.{WORD[:27]}\nN{WORD[:24]}.{WORD[:6]}.{WORD[:26]}\n"),
        ("aws.txt", f"AWS key = '{WORD}{WORD[:10]}'\nd\u0131aws token \"{WORD}{WORD[:10]}\"\n"),
    ],
)
def test_what_a_prefilter_gets_wrong_easily(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode())
    assert set(scan([str(path)])) == original([str(path)])


def test_bytes_that_are_no_text_and_missing_files_give_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"password = '\xff\xfe'\n")
    (tmp_path / "b.py").write_text(f"password = '{WORD}'\n", encoding="utf-16")
    (tmp_path / "c.py").write_text(f"password = '{WORD}\u00e9'\n", encoding="latin-1")
    (tmp_path / "d.py").write_bytes(b"\xef\xbb\xbfpassword = '" + WORD.encode() + b"'\0\n")
    paths = [*files(tmp_path), str(tmp_path / "none.py"), os.fspath(tmp_path)]
    expected = original(paths)
    assert {found.path for found in expected} == {str(tmp_path / "d.py")}
    assert set(scan(paths)) == expected


def test_a_file_on_which_detect_secrets_raises_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"password: {WORD}\nwhen: 2020-99-99\n", encoding="utf-8")
    with pytest.raises(ValueError, match="month"):
        original([str(path)])
    assert scan([str(path)]) == []
    with engine() as ready, pytest.raises(Failed, match="ValueError"):
        list(scan_content(str(path), path.read_bytes(), ready))


def test_a_baseline_chooses_plugins_limits_and_filters(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"password = '{WORD}'\nkey = '{HEXES}'\n", encoding="utf-8")
    settings = {
        "plugins_used": [
            {"name": "HexHighEntropyString", "limit": 2.5},
            {"name": "JwtTokenDetector"},
        ],
        "filters_used": [{"path": "detect_secrets.filters.heuristic.is_sequential_string"}],
    }
    (tmp_path / "base").write_text(json.dumps(settings), encoding="utf-8")
    with engine(str(tmp_path / "base")) as ready:
        found = list(scan_content("a.py", (tmp_path / "a.py").read_bytes(), ready))
    assert [(one.line, one.type) for one in found] == [(2, "Hex High Entropy String")]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"plugins_used": [{"name": "Mine", "path": "file://x.py"}]}, "code of its own"),
        ({"filters_used": [{"path": "file://x.py::f"}]}, "code or files of its own"),
        ({"filters_used": [{"path": "os.system"}]}, "code or files of its own"),
        (
            {"filters_used": [{"path": "detect_secrets.filters.wordlist.should_exclude_secret"}]},
            "code or files of its own",
        ),
        ({"plugins_used": [{"name": "Unknown"}]}, "does not take its settings"),
        ({"plugins_used": [{}]}, "needs a `name`"),
        ([], "is no baseline"),
    ],
)
def test_a_baseline_that_names_code_is_refused(tmp_path: Path, settings: object, said: str) -> None:
    (tmp_path / "base").write_text(json.dumps(settings), encoding="utf-8")
    with pytest.raises(UsageError, match=said), engine(str(tmp_path / "base")):
        pass


def services(rng: random.Random) -> list[str]:
    """Tokens as the plugins look for them, and such that are a letter short."""
    shapes = [
        ("AKIA", "ABCDEFGH2345", 16),
        ("AKC", drawing.ALNUM, 10),
        ("AP5", drawing.ALNUM, 8),
        ("ghp_", drawing.ALNUM, 36),
        ("glpat-", drawing.ALNUM, 20),
        ("GR1348941", drawing.ALNUM, 20),
        ("AccountKey=", drawing.ALNUM, 88),
        ("12345678:", drawing.ALNUM, 35),
        ("pypi-AgEIcHlwaS5vcmc", drawing.ALNUM, 70),
        ("sq0csp-", drawing.ALNUM, 43),
        ("sk_live_", drawing.ALNUM, 24),
        ("AC", drawing.HEX, 32),
        ("cl_apikey: ", "abcdefgh", 24),
        ("softlayer_key = ", drawing.HEX, 64),
        ("ibm_cloud_iam_key=>", drawing.ALNUM, 44),
        ("cos_hmac_secret_access_key ", drawing.HEX, 48),
    ]
    made = [
        head + drawing.draw(rng, letters, size - short)
        for head, letters, size in shapes
        for short in (0, 1)
    ]
    dotted = [drawing.draw(rng, drawing.ALNUM, size) for size in (22, 43, 24, 6, 27, 20, 20)]
    made.append(f"SG.{dotted[0]}.{dotted[1]}")
    made.append(f"M{dotted[2]}.{dotted[3]}.{dotted[4]}")
    made.append(f"sk-{dotted[5]}T3BlbkFJ{dotted[6]}")
    made.append(drawing.draw(rng, drawing.HEX, 32) + "-us1")
    return [*made, "BEGIN RSA PRIVATE KEY", "//a/:_authToken=npm_b", "u:p@h", "8.8.4.4:53"]


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
    parts += services(rng)
    for number, end in enumerate(
        [".py", ".yaml", ".ini", ".txt", ".js", ".go", ".cpp", ".toml", ".json"] * 4
    ):
        lines = []
        for _ in range(40):
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
    assert len(expected) > 50
    assert set(scan(files(tmp_path))) == expected
