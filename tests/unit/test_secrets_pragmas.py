"""Pragmas are detect-secrets' own: the same lines are accepted, by its filter and by ours."""

from __future__ import annotations

from itertools import product

import pytest
from detect_secrets.filters.allowlist import is_line_allowlisted
from detect_secrets.util.code_snippet import CodeSnippet
from secretmaking import Maker

from interlock.secrets.model import Text
from interlock.secrets.pragmas import allowed, reaching_out
from interlock.secrets.scan import scan, scanner
from interlock.secrets.table import TABLE

MARKS = ("#", "//", "/*", "'", "--", "<!--", "<!-- #", ";", "", "%", "  #", "\t//")
WORDS = (
    "pragma: allowlist secret",
    "pragma: whitelist secret",
    "pragma:allowlist secret",
    "pragma:  allowlist secret",
    "pragma: allowlist-secret",
    "pragma: allowlist nextline secret",
    "pragma: allowlist-nextline-secret",
    "pragma: whitelist nextline secret",
    "Pragma: allowlist secret",
    "pragma: allow secret",
    "pragma: allowlist secret because it is a test",
)
ENDS = ("", " */", "*/", " -->", "-->", " #", "  ")
BEFORE = ("", "x = 1 ")
PATHS = ("a.py", "a.yaml", "a.yml")


@pytest.mark.parametrize("path", PATHS)
def test_the_same_lines_are_accepted_as_by_detect_secrets(path: str) -> None:
    agreed = set()
    for before, mark, gap, words, end in product(BEFORE, MARKS, ("", " ", "\t "), WORDS, ENDS):
        comment = before + mark + gap + words + end
        for lines, number in (((comment, "y"), 0), ((comment, "y"), 1)):
            body = "\n".join(lines).encode()
            snippet = CodeSnippet(list(lines), 0, number)
            theirs = is_line_allowlisted(path, lines[number].rstrip(), snippet)
            ours = allowed(Text(path, body), body.find(b"y") if number else 0, number)
            assert ours == theirs, (lines, number)
            agreed.add((number, ours))
    assert len(agreed) == 4  # lines and lines above, accepted and not


def _hits(text: Text) -> list[tuple[int, bool]]:
    return [(hit.line, hit.allowed) for hit in scan([text], scanner(TABLE, b"k" * 32))]


def test_a_hit_says_whether_it_is_allowed() -> None:
    make = Maker(1).github_classic
    body = (
        f'a = "{make()}"\n'
        f'b = "{make()}"  # pragma: allowlist secret\n'
        "# pragma: allowlist nextline secret\n"
        f'c = "{make()}"\n'
        f'd = "{make()}"\n'
    )
    assert _hits(Text("a.py", body.encode())) == [(1, False), (2, True), (4, True), (5, False)]


def test_a_pragma_that_was_cut_away_allows_nothing_below_a_gap() -> None:
    body = f'# pragma: allowlist nextline secret\nc = "{Maker(1).github_classic()}"\n'.encode()
    assert _hits(Text("a.py", body, (3, 4))) == [(4, True)]
    assert _hits(Text("a.py", body, (3, 9))) == [(9, False)]
    assert _hits(Text("a.ipynb", body, (3, 4), (1, 2))) == [(4, False)]


def test_the_end_of_a_long_line_is_read() -> None:
    body = "x;" * 4000 + f'k = "{Maker(1).github_classic()}"' + ";y" * 4000
    assert _hits(Text("a.js", body.encode())) == [(1, False)]
    assert _hits(Text("a.js", (body + " // pragma: allowlist secret").encode())) == [(1, True)]


def test_an_added_pragma_reaches_the_line_below_that_was_there() -> None:
    pragma = b"# pragma: allowlist nextline secret\n"
    assert reaching_out(Text("a.py", pragma, (7,))) == (8,)
    assert reaching_out(Text("a.py", pragma + b"x\n" + pragma + b"y\n", (1, 2, 7, 9))) == (8,)
    assert reaching_out(Text("a.py", pragma + b"x\n", (1, 2))) == ()
    assert reaching_out(Text("a.py", pragma)) == ()
