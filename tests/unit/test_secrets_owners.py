"""CODEOWNERS as GitHub reads it: its page's own examples, and what it leaves out."""

from __future__ import annotations

import pytest

from interlock.secrets.owners import MAX_BYTES, owners_of


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [
        ("*", ["a", "a/b", ".interlock-secrets"], []),
        ("*.js", ["x.js", "a/b/x.js"], ["x.jsx", "x.js2"]),
        ("/build/logs/", ["build/logs/a", "build/logs/a/b"], ["x/build/logs/a", "build/logs"]),
        ("docs/*", ["docs/a.md"], ["docs/build/a.md", "x/docs/a.md"]),
        ("apps/", ["apps/a", "x/apps/a/b"], ["apps", "xapps/a"]),
        ("/docs/", ["docs/a/b"], ["x/docs/a"]),
        ("/scripts/", ["scripts/a"], ["scripts"]),
        ("**/logs", ["logs", "build/logs", "deeply/nested/logs/x"], ["logsx"]),
        ("/apps/", ["apps/github/x"], ["x/apps/y"]),
        ("/.interlock-secrets", [".interlock-secrets"], ["a/.interlock-secrets", ".interlock"]),
        (".interlock-secrets", [".interlock-secrets", "a/.interlock-secrets"], ["xinterlock-s"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/xb", "ab"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "b/a/c"]),
        ("a?c", ["abc", "x/abc"], ["a/c", "abbc"]),
        (r"a\ b", ["a b"], ["a", "b"]),
        ("a+(b", ["a+(b"], ["aab"]),
    ],
)
def test_patterns(pattern: str, fits: list[str], fits_not: list[str]) -> None:
    content = f"{pattern} @acme/team\n".encode()
    assert [p for p in fits if not owners_of(p, content)] == []
    assert [p for p in fits_not if owners_of(p, content)] == []


def test_the_last_line_that_fits_decides() -> None:
    content = b"* @acme/all\n\n# note\n/b @acme/own me@acme.io  # why @not\n/c @acme/c\n/d\n"
    assert owners_of("a", content) == ("@acme/all",)
    assert owners_of("b", content) == ("@acme/own", "me@acme.io")
    assert owners_of("d", content) == ()


@pytest.mark.parametrize("line", ["!/b @x", "/[ab] @x", "/b no-owner", "\\#b @x", "#/b @x"])
def test_what_github_does_not_read_names_nobody(line: str) -> None:
    assert owners_of("b", f"/b @acme/own\n{line}\n".encode()) == ("@acme/own",)


def test_a_file_that_github_does_not_load() -> None:
    content = b"* @acme/all\n"
    assert owners_of("b", content + b"#" * (MAX_BYTES - len(content))) == ("@acme/all",)
    assert owners_of("b", content + b"#" * MAX_BYTES) == ()


def test_a_path_of_any_bytes_and_a_hostile_pattern() -> None:
    assert owners_of("a\udcff\n", b"* @x\n") == ("@x",)
    assert owners_of("a" * 4000, b"*a" * 2000 + b"*b @x\n") == ()
