"""Git's patches as lines that a change adds: nothing of what git lists may be lost."""

from __future__ import annotations

import pytest

from interlock.errors import TreeError
from interlock.secrets.patch import MAX_ADDED, Added, parse_patch

OLD, NEW, NONE = "1" * 40, "2" * 40, "0" * 40
LISTED = f":100644 100644 {OLD} {NEW} M\ta.py\n".encode()
HEAD = f"diff --git a/a.py b/a.py\nindex {OLD}..{NEW} 100644\n--- a/a.py\n+++ b/a.py\n".encode()


def parsed(patch: bytes, size: int = 1 << 16) -> list[Added]:
    return list(parse_patch(patch[at : at + size] for at in range(0, len(patch), size)))


HUNKS = b"@@ -2 +2,2 @@ def f():\n-x\n+y\n+:z\n@@ -9,0 +11 @@\n+diff --git\n"
PATCH = LISTED + b"\n" + HEAD + HUNKS


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_pieces_of_any_size(size: int) -> None:
    (one,) = parsed(PATCH, size)
    assert (one.path, one.oid, one.olds, one.kind) == ("a.py", NEW, (OLD,), "")
    assert (one.numbers, one.body) == ((2, 3, 11), b"y\n:z\ndiff --git\n")


def test_content_that_looks_like_a_patch_is_content() -> None:
    lines = [b"@@ -1 +1 @@", b"diff --git a/b b/b", b"++ b/x", b":100644", b"\\ No newline", b""]
    body = b"".join(b"+" + line + b"\n" for line in lines)
    (one,) = parsed(LISTED + b"\n" + HEAD + b"@@ -0,0 +1,%d @@\n" % len(lines) + body)
    assert one.body == b"".join(line + b"\n" for line in lines)


def test_no_newline_at_the_end_is_no_line() -> None:
    tail = b"@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+y\n\\ No newline at end of file\n"
    (one,) = parsed(LISTED + b"\n" + HEAD + tail)
    assert (one.numbers, one.body) == ((1,), b"y\n")


@pytest.mark.parametrize(
    "patch",
    [
        LISTED,
        LISTED + LISTED.replace(b"a.py", b"b.py") + b"\n" + PATCH[len(LISTED) + 1 :],
        PATCH[: PATCH.index(b"+:z")],
        PATCH.replace(b"+11 @@", b"+11,2 @@"),
        PATCH.replace(b"+2,2 @@", b"+2 @@"),
        PATCH[len(LISTED) :],
        b":100644 nonsense\n" + PATCH,
    ],
)
def test_what_is_listed_and_not_shown_whole_is_an_error(patch: bytes) -> None:
    with pytest.raises(TreeError):
        parsed(patch)


def test_a_half_of_a_type_change_is_an_error() -> None:
    listed = f":100644 120000 {OLD} {NEW} T\ta\n\n".encode()
    gone = f"diff --git a/a b/a\ndeleted file mode 100644\nindex {OLD}..{NONE}\n".encode()
    gone += b"--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
    made = f"diff --git a/a b/a\nnew file mode 120000\nindex {NONE}..{NEW}\n".encode()
    made += b"--- /dev/null\n+++ b/a\n@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n"
    (one,) = parsed(listed + gone + made)
    assert (one.path, one.kind) == ("a", "symbolic link")
    with pytest.raises(TreeError):
        parsed(listed + gone)


def test_a_merge_adds_what_no_parent_has() -> None:
    listed = f"::100644 100644 100644 {OLD} {NONE} {NEW} MM\tb\n"
    listed += f"::100644 100644 100644 {OLD} {NONE} {NEW} MM\ta\n\n"
    patch = f"diff --combined a\nindex {OLD},{NONE}..{NEW}\n--- a/a\n+++ b/a\n"
    patch += "@@@ -1,2 -1,2 +1,4 @@@\n+ one\n++both\n- gone\n -gone\n  same\n +two\n"
    (one,) = parsed((listed + patch).encode())
    assert (one.path, one.numbers, one.body) == ("a", (2,), b"both\n")
    # what git 2.39 says of a hunk at the end of some files
    wrong = (listed + patch).replace("-1,2 -1,2 +1,4", "-1,2 -1,2 +1,18446744073709551615")
    assert [one.numbers for one in parsed(wrong.encode())] == [(2,)]


def test_much_is_counted_and_not_kept() -> None:
    def pieces() -> object:
        yield LISTED + b"\n" + HEAD + b"@@ -0,0 +1,2 @@\n+a\n+"
        for _ in range(2 * MAX_ADDED >> 16):
            yield b"x" * (1 << 16)
        yield b"\n"
        yield LISTED.replace(b"a.py", b"b.py") + b"\n" + HEAD + b"@@ -0,0 +1 @@\n+k\n"

    large, small = parse_patch(pieces())  # type: ignore[arg-type]  a generator of pieces
    assert (large.kind, large.body) == ("too large", b"")
    assert (small.path, small.body) == ("b.py", b"k\n")


@pytest.mark.parametrize(
    ("quoted", "path"),
    [
        (rb'"a\nb\t\"\\.py"', 'a\nb\t"\\.py'),
        (rb'"\303\244\377"', "ä\udcff"),
        ("ä b.py".encode(), "ä b.py"),
        (b" and b/x ", " and b/x "),
    ],
)
def test_names_are_unquoted(quoted: bytes, path: str) -> None:
    (one,) = parsed(PATCH.replace(b"\ta.py", b"\t" + quoted))
    assert one.path == path
