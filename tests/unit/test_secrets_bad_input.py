"""Files that nobody expects, in each kind of scan: found, or counted with the reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from gitrepos import run_git as git
from secretmaking import Maker

from interlock.cli.secrets_run import Asked, Found, look

TOKEN = Maker(1).github_classic()
OTHER = Maker(2).github_classic()
KINDS = ("staged", "range", "history", "paths")
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")


def asked(kind: str) -> Asked:
    return {
        "staged": Asked(staged=True),
        "range": Asked(base="HEAD~1"),
        "history": Asked(history=True),
        "paths": Asked(),
    }[kind]


def places(found: Found, path: str) -> list[int]:
    return [hit.line for hit in found.hits if hit.path == path]


def reasons(found: Found, path: str) -> list[str]:
    return [skip.reason for skip in found.scanned.skipped if skip.path == path]


def notebook(*sources: str) -> bytes:
    from json import dumps

    cells = [{"cell_type": "code", "source": [s], "outputs": [], "metadata": {}} for s in sources]
    return dumps({"cells": cells, "metadata": {}, "nbformat": 4}, indent=1).encode()


def base(repo: Path) -> None:
    """What was there before the change; none of it is a finding of the change."""
    (repo / "crlf.py").write_bytes(f"a = 1\r\nb = '{OTHER}'\r\n".encode())
    (repo / "cr.py").write_bytes(b"a\rb\r")
    (repo / "nofinal.py").write_bytes(b"a = 1")
    (repo / "called.bin").write_bytes(f"k = '{OTHER}'\nl = 1\n".encode())
    (repo / "wide.txt").write_bytes(f"k = '{OTHER}'\nl = 1\n".encode("utf-16"))
    (repo / "moved.py").write_bytes(f"k = '{OTHER}'\nl = 1\n".encode())
    (repo / "mode.py").write_bytes(f"k = '{OTHER}'\n".encode())
    (repo / "gone.py").write_bytes(b"x = 1\n")
    (repo / "turned.py").write_bytes(b"x = 1\n")
    (repo / "cells.ipynb").write_bytes(notebook(f"k = '{OTHER}'"))
    (repo / ".gitattributes").write_bytes(
        b"*.bin binary\n*.conv diff=evil\n*.png diff\n*.hide -diff\n"
    )


def change(repo: Path) -> None:
    """What is staged, then committed. The same names say what is expected of them."""
    token = TOKEN.encode()
    line = b"k = '" + token + b"'\n"
    (repo / "plain.py").write_bytes(b"x = 1\n" + line)
    (repo / "crlf.py").write_bytes(f"a = 1\r\nb = '{OTHER}'\r\nc = '{TOKEN}'\r\n".encode())
    (repo / "cr.py").write_bytes(b"a\rb\rword\r" + token + b"\rd\r")
    (repo / "nofinal.py").write_bytes(b"a = 1\n" + line.rstrip())
    (repo / "called.bin").write_bytes(f"k = '{OTHER}'\nl = 1\nm = '{TOKEN}'\n".encode())
    (repo / "wide.txt").write_bytes(f"k = '{OTHER}'\nl = 1\nm = '{TOKEN}'\n".encode("utf-16"))
    (repo / "bare16.txt").write_bytes(f"l = 1\nm = '{TOKEN}'\n".encode("utf-16-le"))
    (repo / "bare16be.txt").write_bytes(f"l = 1\nm = '{TOKEN}'\n".encode("utf-16-be"))
    (repo / "wide32.txt").write_bytes(f"l = 1\nm = '{TOKEN}'\n".encode("utf-32"))
    (repo / "mark.py").write_bytes(b"\xef\xbb\xbf" + line)
    (repo / "latin.py").write_bytes(b"# \xe4\xf6\n" + line)
    (repo / "data.raw").write_bytes(bytes(range(256)) * 20 + line)
    (repo / "late.txt").write_bytes(b"a\n" * 9000 + b"\0\n" + line)
    (repo / "forced.png").write_bytes(b"\x89PNG\n\0\0\n" * 9 + line)
    (repo / "x.conv").write_bytes(line)
    (repo / "x.hide").write_bytes(line)
    (repo / "line.js").write_bytes(b"x;" * 400_000 + token + b";y" * 100_000)
    (repo / "app.min.js").write_bytes(b"!function(e){var t={};" * 9_000 + b"k='" + token + b"'})")
    with (repo / "huge.txt").open("wb") as stream:
        stream.write((b"a" * 63 + b"\n") * (50 << 14) + line)
    (repo / "cells.ipynb").write_bytes(notebook(f"k = '{OTHER}'", f"k = '{TOKEN}'"))
    (repo / "broken.ipynb").write_bytes(b'{"cells": [\n "k = \\"' + token + b'\\"",\n')
    (repo / "empty.py").write_bytes(b"")
    git(repo, "mv", "moved.py", "moved-on.py")
    (repo / "mode.py").chmod(0o755)
    (repo / "gone.py").unlink()
    sub = repo / "sub"
    sub.mkdir()
    git(sub, "init", "-q")
    (sub / "inner.py").write_bytes(line)
    git(sub, "add", ".")
    git(sub, "commit", "-qm", "inner")
    if os.name != "nt":
        (repo / "line\nfeed.py").write_bytes(line)
        (repo / 'quo"te\\.py').write_bytes(line)
        (repo / "link").symlink_to("plain.py")
        (repo / "link-out").symlink_to("/etc/passwd")
        (repo / "link-folder").symlink_to("sub")
        (repo / "turned.py").unlink()
        (repo / "turned.py").symlink_to("plain.py")


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    repo = tmp_path_factory.mktemp("repo")
    git(repo, "init", "-q")
    ran = repo.parent / "ran"
    for name in ("command", "textconv"):
        git(repo, "config", f"diff.evil.{name}", f"touch {ran.as_posix()}; true")
    base(repo)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "base")
    change(repo)
    git(repo, "add", "-A")
    git(repo, "update-index", "--chmod=+x", "mode.py")
    found = {"staged": look(asked("staged"), str(repo))}
    git(repo, "commit", "-qm", "change")
    for kind in KINDS[1:]:
        found[kind] = look(asked(kind), str(repo))
    assert not ran.exists(), "a program that the repository names was run"
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("plain.py", 2),
        ("crlf.py", 3),
        ("nofinal.py", 2),
        ("called.bin", 3),
        ("wide.txt", 3),
        ("bare16.txt", 2),
        ("bare16be.txt", 2),
        ("wide32.txt", 2),
        ("mark.py", 1),
        ("latin.py", 2),
        ("late.txt", 9002),
        ("x.conv", 1),
        ("x.hide", 1),
        ("line.js", 1),
        ("app.min.js", 1),
        ("broken.ipynb", 2),
        pytest.param("line\nfeed.py", 1, marks=posix),
        pytest.param('quo"te\\.py', 1, marks=posix),
    ],
)
def test_found(scans: dict[str, Found], kind: str, path: str, line: int) -> None:
    found = places(scans[kind], path)
    if kind in ("history", "paths") and path in ("crlf.py", "called.bin", "wide.txt"):
        found = found[1:]  # what was there before
    assert found == [line]
    assert reasons(scans[kind], path) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("data.raw", "binary"),
        ("forced.png", "binary"),
        ("huge.txt", "too large (50 MiB)"),
        ("sub", "submodule"),
        pytest.param("link", "symbolic link", marks=posix),
        pytest.param("link-out", "symbolic link", marks=posix),
        pytest.param("link-folder", "symbolic link", marks=posix),
        pytest.param("turned.py", "symbolic link", marks=posix),
    ],
)
def test_skipped(scans: dict[str, Found], kind: str, path: str, reason: str) -> None:
    assert reasons(scans[kind], path) == [reason]
    assert places(scans[kind], path) == []


@pytest.mark.parametrize("kind", ["staged", "range"])
@pytest.mark.parametrize("path", ["moved.py", "moved-on.py", "mode.py", "gone.py"])
def test_moved_and_mode_add_nothing(scans: dict[str, Found], kind: str, path: str) -> None:
    assert places(scans[kind], path) == reasons(scans[kind], path) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_notebooks_new_cell(scans: dict[str, Found], kind: str) -> None:
    cells = [hit.cell for hit in scans[kind].hits if hit.path == "cells.ipynb"]
    assert cells == ([2] if kind in ("staged", "range") else [1, 2])


@pytest.mark.parametrize("kind", KINDS)
def test_old_line_ends(scans: dict[str, Found], kind: str) -> None:
    """Git sees one line where there are only carriage returns, an editor several."""
    assert places(scans[kind], "cr.py") == [4 if kind == "paths" else 1]


def test_nothing_else_is_found(scans: dict[str, Found]) -> None:
    for kind in ("staged", "range"):
        lines = [(hit.path, hit.line) for hit in scans[kind].hits]
        assert len(lines) == len(set(lines)) == len({path for path, _ in lines})


def test_inner_files_of_a_submodule_are_its_own(scans: dict[str, Found]) -> None:
    for found in scans.values():
        assert places(found, "sub/inner.py") == []
