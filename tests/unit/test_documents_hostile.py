"""Input made to hurt: every case ends in bounded time and memory, with a problem to show.

Each case runs in a process of its own, so that a crash in C code or a hang is seen as such.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

#: Far above what any case takes on a slow machine, far below a hang.
SECONDS = 60
#: Address space for one case, in bytes; the bound on a file's values keeps it below.
MEMORY = 2 << 30

CHILD = """
import json, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
except (ImportError, ValueError, OSError):
    pass  # not every system can bound it
from interlock.documents.excerpt import excerpt
from interlock.documents.read import read_document
document = read_document(sys.argv[2], eval(sys.argv[3]))
shown = [(p.fatal, p.message, excerpt(document, p.span).line) for p in document.problems]
if document.values:
    document.nodes
print(json.dumps({"values": len(document.values), "problems": shown}))
"""


def run(path: str, expression: str) -> tuple[int, list[tuple[bool, str, int]]]:
    """How many values, and each problem's fatality, message and line."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(MEMORY), path, expression],
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    answer = json.loads(done.stdout)
    return answer["values"], [tuple(row) for row in answer["problems"]]


LAUGHS = (
    "b'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\\n' + b''.join("
    "b'a%d: &a%d [%s]\\n' % (i, i, b', '.join([b'*a%d' % (i - 1)] * 10)) for i in range(1, 30))"
)
MERGES = (
    "b'a0: &a0 {x: 1, y: 2}\\n' + b''.join("
    "b'a%d: &a%d {<<: [%s]}\\n' % (i, i, b', '.join([b'*a%d' % (i - 1)] * 20)) "
    "for i in range(1, 30))"
)
CHAIN = "b'- &a0 []\\n' + b''.join(b'- &a%d [*a%d]\\n' % (i, i - 1) for i in range(1, 5000))"
WIDE_MERGE = (
    "b'a: &a {' + b', '.join(b'k%d: 1' % i for i in range(2000)) + b'}\\n'"
    " + b''.join(b'm%d: {<<: [%s]}\\n' % (i, b', '.join([b'*a'] * 500)) for i in range(2000))"
)


@pytest.mark.parametrize(
    ("path", "expression", "message"),
    [
        # Depth.
        ("a.yaml", "b'[' * 100_000", "200 levels"),
        ("a.yaml", "b'{a: ' * 100_000", "200 levels"),
        ("a.yaml", "b'- ' * 100_000", "200 levels"),
        ("a.yaml", "b'? ' * 100_000", "200 levels"),
        ("a.yaml", "b'{? ' * 100_000", "200 levels"),
        ("a.yaml", "b''.join(b' ' * i + b'a:\\n' for i in range(3000))", "200 levels"),
        ("a.yaml", CHAIN, "200 levels deep once its aliases"),
        ("a.json", "b'[' * 100_000", "200 levels"),
        ("a.json", "b'[' * 100_000 + b']' * 100_000", "200 levels"),
        ("a.json", "b'{\"a\":' * 100_000", "200 levels"),
        ("a.json", "b'[' * 500 + b']' * 500", "200 levels"),
        ("a.json5", "b'[' * 100_000 + b']' * 100_000", "200 levels"),
        ("a.json5", "b'{a:' * 100_000", "200 levels"),
        ("a.toml", "b'a=' + b'[' * 100_000", "200 levels"),
        ("a.toml", "b'a=' + b'{a=' * 100_000", "200 levels"),
        ("a.toml", "b'.'.join([b'a'] * 5_000_000) + b'=1'", "1,000,000 values"),
        ("a.toml", "b'.'.join([b'a'] * 100_000) + b'=1'", "200 levels"),
        ("a.toml", "b'[' + b'.'.join([b'a'] * 900) + b']'", "200 levels"),
        # More values than text.
        ("a.yaml", LAUGHS, "1,000,000 values once its aliases"),
        ("a.yaml", MERGES, "1,000,000 values once its aliases"),
        ("a.yaml", WIDE_MERGE, "1,000,000 values once its aliases"),
        ("a.yaml", "b'a: &a [*a, *a]'", "has no end"),
        ("a.yaml", "b'a: &a {<<: *a}'", "has no end"),
        # More values than any configuration has.
        ("a.yaml", "b'[' + b'[],' * 3_000_000 + b']'", "1,000,000 values"),
        ("a.json", "b'[' + b'[],' * 4_000_000 + b'[]]'", "1,000,000 values"),
        ("a.json5", "b'[' + b'[],' * 1_000_000 + b']'", "1,000,000 values"),
        ("a.toml", "b'a=[' + b'1,' * 4_000_000 + b']'", "1,000,000 values"),
        ("a.toml", "b''.join(b'[a%d' % i + b'.a' * 199 + b']\\n' for i in range(30_000))",
         "1,000,000 values"),
        # Numbers.
        ("a.yaml", "b'a: ' + b'1' * 3_000_000", "4,300 digits"),
        ("a.yaml", "b'a: 0x' + b'f' * 3_000_000", "4,300 digits"),
        ("a.yaml", "b'a: !!float ' + b'1' * 3_000_000", "4,300 digits"),
        ("a.json", "b'1' * 3_000_000", "4,300 digits"),
        ("a.json", "b'[-' + b'1' * 3_000_000 + b']'", "4,300 digits"),
        ("a.json5", "b'0x' + b'1' * 3_000_000", "4,300 digits"),
        ("a.toml", "b'a=' + b'1' * 3_000_000", "4,300 digits"),
        ("a.toml", "b'a=0x' + b'1' * 3_000_000", "4,300 digits"),
        # Tokens that never end, or backtrack.
        ("a.yaml", "b'a: \"' + b'\\\\n' * 4_000_000", "ends inside a quoted text"),
        ("a.yaml", "b'&a ' * 1_000_000", "not valid YAML"),
        ("a.yaml", "b'\\t' * 4_000_000 + b'a'", "not valid YAML"),
        ("a.yaml", "b'a: ' * 1_000_000", "not valid YAML"),
        ("a.yaml", "b'%' * 4_000_000", "not valid YAML"),
        ("a.json", "b'[\"' + b'\\\\u00e9' * 2_000_000", "not valid JSON"),
        ("a.json5", "b'[\"' + b'\\\\u00e9' * 2_000_000", "a quote is not closed"),
        ("a.json5", "b'/*' * 4_000_000", "not valid JSON5"),
        ("a.json5", "b'/*' + b'* ' * 4_000_000", "a comment is not closed"),
        ("a.json5", "b'a' * 8_000_000", "is neither a number"),
        ("a.json5", "b'\\\\' * 8_000_000", "not valid JSON5"),
        ("a.toml", "b'a=\"\"\"' + b'\\\\n\"' * 3_000_000", "not valid TOML"),
        ("a.toml", "b\"a='''\" + b\"''a\" * 3_000_000", "not valid TOML"),
        ("a.toml", "b'a' * 8_000_000", "not valid TOML"),
        # Not text.
        ("a.yaml", "bytes(range(256)) * 1000", "is a binary file"),
        ("a.json", "'{}'.encode('utf-16')", "is UTF-16"),
        ("a.json", "'{}'.encode('utf-16-le')", "is a binary file"),
        ("a.toml", "b'a = \"caf\\xe9\"'", "is not UTF-8 text (byte 0xe9 at byte 8)"),
        ("a.txt", "b'\\xff'", "is not UTF-8 text"),
    ],
)  # fmt: skip
def test_ends_with_one_fatal_problem(path: str, expression: str, message: str) -> None:
    values, problems = run(path, expression)
    assert values == 0
    ((fatal, text, line),) = problems
    assert fatal
    assert message in text
    assert line >= 1
    assert len(text) < 300


@pytest.mark.parametrize(
    ("path", "expression"),
    [
        ("a.yaml", "b'a: ' + b'x' * 15_000_000"),
        ("a.yaml", "b'a: |\\n' + b'  x\\n' * 3_000_000"),
        ("a.yaml", "b'#' * 15_000_000"),
        ("a.yaml", "b'\\n' * 15_000_000"),
        ("a.yaml", "b'- &a x\\n' * 100_000"),
        ("a.yaml", "b'a: 1.' + b'1' * 3_000_000"),
        ("a.json", "b'[\"' + b'\\\\n' * 7_000_000 + b'\"]'"),
        ("a.json", "b'1.' + b'1' * 3_000_000"),
        ("a.json", "b' ' * 15_000_000 + b'1'"),
        ("a.json5", "b'/**/' * 2_000_000 + b'1'"),
        ("a.json5", "b'\"' + b'\\\\n' * 1_000_000 + b'\"'"),
        ("a.toml", "b'#.\\n' * 1_000_001"),
        ("a.toml", "b'a=\"' + b'.' * 15_000_000 + b'\"'"),
        ("a.env", "b'A=' + b' ' * 15_000_000 + b'#'"),
        ("a.env", "b'A=\"' + b'\\\\n' * 1_000_000 + b'\"'"),
        ("a.env", "b'A=\"\\\\\"\\n' * 100"),
        ("a.ini", "b'a=1\\n' + b' b\\n' * 300_000"),
        ("a.ini", "b'a=\\\\\\n' * 300_000"),
        ("a.ini", "b'a' + b' ' * 10_000_000 + b'=1'"),
        ("a.py", "b'x\\n' * 7_000_000"),
    ],
)
def test_large_and_odd_but_readable(path: str, expression: str) -> None:
    values, problems = run(path, expression)
    assert values >= 1
    assert not any(fatal for fatal, _, _ in problems)


@pytest.mark.parametrize(
    ("path", "expression"),
    [
        ("a.yaml", "b'a: 1\\n' * 30_000"),
        ("a.yaml", "b'a: {<<: 1}\\n' * 20_000"),
        ("a.json", "b'{' + b'\"a\":1,' * 30_000 + b'\"a\":1}'"),
        ("a.json5", "b'{' + b'a:1,' * 30_000 + b'}'"),
        ("a.env", "b'junk\\n' * 30_000"),
        ("a.ini", "b'a=1\\n' * 30_000"),
    ],
)
def test_no_more_than_a_hundred_problems(path: str, expression: str) -> None:
    values, problems = run(path, expression)
    assert values == 1
    assert len(problems) == 100
