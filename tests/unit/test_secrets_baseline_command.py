"""`interlock secrets baseline` as a person uses it: real repositories, the command, its files."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from secretmaking import Maker

from interlock.cli.main import main
from interlock.secrets.baseline import NAME, Entry
from interlock.secrets.baseline_text import read_baseline

ONE, TWO, THREE = (Maker(n).github_classic() for n in (1, 2, 3))
OWNED = "/.interlock-secrets @acme/security\n"


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    subprocess.run(("git", *identity, *arguments), cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "config", "user.email", "me@acme.io")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(repo: Path, path: str, *lines: str) -> None:
    (repo / path).parent.mkdir(parents=True, exist_ok=True)
    (repo / path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def commit(repo: Path) -> None:
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "x")


def entries(repo: Path) -> tuple[Entry, ...]:
    return read_baseline((repo / NAME).read_bytes(), NAME).entries


def day(ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(days=ahead)).strftime("%Y-%m-%d")


def scan(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """The exit code, and each hit's path and kind."""
    capsys.readouterr()
    code = main(["secrets", "scan", "--format", "json", *arguments])
    answer = json.loads(capsys.readouterr().out)
    return code, [f"{hit['path']} {hit['kind']}" for hit in answer["hits"]]


def answers(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_from_nothing_to_a_clean_scan(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(repo, "a b.py", "x = 1", f'k = "{ONE}"', f'again = "{ONE}"')
    put(repo, "sub/b.py", f'k = "{TWO}"')
    assert scan(capsys) == (1, ["a b.py found", "a b.py found", "sub/b.py found"])
    assert main(["secrets", "baseline"]) == 0
    assert "2 entries (2 new)" in capsys.readouterr().out
    assert [(e.path, e.verdict, e.until) for e in sorted(entries(repo), key=lambda e: e.path)] == [
        ("a b.py", "unreviewed", day(90)),
        ("sub/b.py", "unreviewed", day(90)),
    ]
    assert scan(capsys)[0] == 0
    answers(monkeypatch, "n", "a vector of the standard", "", "l", day(7), "in use", "@acme/ml")
    assert main(["secrets", "baseline", "--audit"]) == 0
    told = capsys.readouterr().out
    assert 'k = "●●●"' in told
    assert "2 judged and saved, 0 left" in told
    assert scan(capsys) == (0, ["sub/b.py live"])
    monkeypatch.chdir(repo / "sub")
    assert scan(capsys) == (0, ["b.py live"])
    assert scan(capsys, "../a b.py") == (0, [])
    found = {(e.verdict, e.until, e.owner, e.reason) for e in entries(repo)}
    assert found == {
        ("not-a-secret", "", "me@acme.io", "a vector of the standard"),
        ("live", day(7), "@acme/ml", "in use"),
    }


def test_lines_that_move_change_no_byte(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(repo, "a.py", f'k = "{ONE}"', f'l = "{TWO}"')
    main(["secrets", "baseline"])
    before = (repo / NAME).read_bytes()
    put(repo, "a.py", "", "x = 1", f'l = "{TWO}"', "", f'other = ["{ONE}"]', f'k = "{ONE}"')
    main(["secrets", "baseline"])
    assert (repo / NAME).read_bytes() == before
    assert scan(capsys)[0] == 0


def test_another_value_on_an_accepted_line_fails(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(repo, "a.py", f'k = "{ONE}"')
    main(["secrets", "baseline"])
    commit(repo)
    put(repo, "a.py", f'k = "{TWO}"')
    assert scan(capsys) == (1, ["a.py found"])
    git(repo, "add", ".")
    assert scan(capsys, "--staged") == (1, ["a.py found"])


def test_an_update_keeps_what_was_said_and_follows_a_file(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(repo, "a.py", f'k = "{ONE}"')
    put(repo, "b.py", f'k = "{TWO}"')
    main(["secrets", "baseline"])
    answers(monkeypatch, "r", "in May", "", "s")
    main(["secrets", "baseline", "--audit"])
    os.replace(repo / "a.py", repo / "moved.py")
    put(repo, "b.py", f'k = "{THREE}"')
    capsys.readouterr()
    assert scan(capsys) == (1, ["b.py found", "moved.py found"])
    main(["secrets", "baseline"])
    told = capsys.readouterr().out
    assert "2 entries (1 in another file than before, 1 new, 1 gone)" in told
    assert {(e.path, e.verdict) for e in entries(repo)} == {
        ("moved.py", "rotated"),
        ("b.py", "unreviewed"),
    }
    put(repo, "moved.py")
    put(repo, "b.py")
    main(["secrets", "scan"])
    assert "2 that nothing fits any more" in capsys.readouterr().out
    main(["secrets", "baseline"])
    assert entries(repo) == ()


def test_what_is_over_fails_and_is_asked_again(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(repo, "a.py", f'k = "{ONE}"')
    main(["secrets", "baseline"])
    old = (repo / NAME).read_bytes().replace(day(90).encode(), day(-1).encode())
    (repo / NAME).write_bytes(old)
    assert scan(capsys) == (1, ["a.py expired"])
    far = str(int(day(0)[:4]) + 2) + day(0)[4:]
    answers(monkeypatch, "l", far, "nonsense", day(30), "", "still in use", "")
    assert main(["secrets", "baseline", "--audit"]) == 0
    assert scan(capsys) == (0, ["a.py live"])
    (repo / NAME).write_bytes((repo / NAME).read_bytes().replace(day(30).encode(), far.encode()))
    assert scan(capsys) == (1, ["a.py too-far"])


def test_what_a_change_accepts_is_told_and_owned(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(repo, "a.py", f'k = "{ONE}"')
    commit(repo)
    main(["secrets", "baseline"])
    git(repo, "add", ".")
    assert scan(capsys, "--staged") == (1, [f"{NAME} entry"])
    git(repo, "reset", "-q")
    put(repo, ".github/CODEOWNERS", OWNED)
    git(repo, "add", ".")
    assert scan(capsys, "--staged")[0] == 1  # whom the change itself names decides nothing
    git(repo, "reset", "-q", NAME)
    git(repo, "commit", "-qm", "owners")
    git(repo, "add", ".")
    assert scan(capsys, "--staged") == (0, [f"{NAME} approve"])
    main(["secrets", "scan", "--staged"])
    assert "@acme/security must approve it" in capsys.readouterr().out
    commit(repo)
    assert scan(capsys, "--from", "HEAD~1") == (0, [f"{NAME} approve"])
    assert scan(capsys, "--from", "HEAD~2")[0] == 1
    put(repo, "b.py", "x = 1")
    commit(repo)
    assert scan(capsys, "--from", "HEAD~1") == (0, [])


def test_a_baseline_cannot_be_changed_out_of_sight(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A policy that leaves out dot files, attributes that call it binary, a link in its place."""
    put(repo, "a.py", f'k = "{ONE}"')
    put(repo, ".gitattributes", f"{NAME} binary")
    put(repo, "interlock.yaml", "version: 1", "repos: {a: acme/a}", 'secrets: {exclude: [".*"]}')
    commit(repo)
    main(["secrets", "baseline"])
    git(repo, "add", ".")
    assert scan(capsys, "--staged") == (1, [f"{NAME} entry"])
    if os.name != "nt":
        (repo / NAME).unlink()
        os.symlink("a.py", repo / NAME)
        git(repo, "add", ".")
        (repo / NAME).unlink()
        assert main(["secrets", "scan", "--staged"]) == 2


def test_a_merge_adds_nothing_that_the_other_side_accepts(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(repo, "a.py", f'k = "{ONE}"')
    put(repo, ".gitattributes", f"/{NAME} merge=union")
    main(["secrets", "baseline"])
    commit(repo)
    for branch, value in (("side", TWO), ("main", THREE)):
        git(repo, "checkout", "-q", "-B", branch, "main")
        put(repo, f"{branch}.py", f'k = "{value}"')
        main(["secrets", "baseline"])
        commit(repo)
    git(repo, "merge", "-q", "--no-commit", "--no-ff", "side")
    assert scan(capsys, "--staged") == (0, ["side.py unreviewed"])
    git(repo, "commit", "-qm", "both")
    assert scan(capsys) == (0, [f"{name}.py unreviewed" for name in ("a", "main", "side")])


def test_the_index_has_its_own_baseline(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(repo, ".github/CODEOWNERS", OWNED)
    put(repo, "a.py", f'k = "{ONE}"')
    main(["secrets", "baseline"])
    commit(repo)
    (repo / NAME).unlink()
    put(repo, "b.py", f'k = "{TWO}"')
    main(["secrets", "baseline"])  # another key, which is not staged
    put(repo, "a.py", "", f'k = "{ONE}"')
    git(repo, "add", "a.py")
    git(repo, "mv", "a.py", "c.py")
    assert scan(capsys, "--staged") == (1, ["c.py found"])
    git(repo, "mv", "c.py", "a.py")
    put(repo, "a.py", f'new = "{ONE}"')
    git(repo, "add", "a.py")
    assert scan(capsys, "--staged") == (0, ["a.py unreviewed"])


def test_the_first_commit_names_its_owners(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(repo, "a.py", f'k = "{ONE}"')
    main(["secrets", "baseline"])
    put(repo, "CODEOWNERS", OWNED)
    git(repo, "add", ".")
    assert scan(capsys, "--staged") == (1, [f"{NAME} approve", "a.py unseen"][::-1])


def test_a_pragma_that_a_change_adds(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(repo, ".github/CODEOWNERS", OWNED)
    put(repo, "a.py", "x = 1", f'k = "{ONE}"')
    commit(repo)
    put(repo, "b.py", f'k = "{TWO}"  # pragma: allowlist secret')
    put(repo, "a.py", "x = 1", "# pragma: allowlist nextline secret", f'k = "{ONE}"')
    git(repo, "add", ".")
    assert scan(capsys, "--staged") == (1, ["b.py pragma", "a.py pragma"])
    assert scan(capsys) == (0, [])
    commit(repo)
    assert scan(capsys, "--from", "HEAD~1") == (1, ["b.py pragma", "a.py pragma"])
    main(["secrets", "baseline"])
    assert not (repo / NAME).exists()  # what a pragma allows needs no entry
    main(["secrets", "baseline", "--pragmas"])
    text = (repo / NAME).read_text(encoding="utf-8")
    text = text.replace(f"unreviewed {day(90)} - -", 'not-a-secret - me "a vector"')
    (repo / NAME).write_text(text, encoding="utf-8")
    commit(repo)
    assert scan(capsys, "--from", "HEAD~2") == (0, [f"{NAME} approve"] * 2)


def test_audit_without_answers_and_with_few(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["secrets", "baseline", "--audit"]) == 2
    assert "there is no .interlock-secrets yet" in capsys.readouterr().err
    put(repo, "a.py", f'k = "{ONE}"', f'l = "{TWO}"')
    main(["secrets", "baseline"])
    before = (repo / NAME).read_bytes()
    answers(monkeypatch)
    assert main(["secrets", "baseline", "--audit"]) == 2
    assert "run it in a terminal" in capsys.readouterr().err
    answers(monkeypatch, "x", "n", "one")
    assert main(["secrets", "baseline", "--audit"]) == 2
    assert (repo / NAME).read_bytes() == before
    answers(monkeypatch, "n", "one", "", "q")
    assert main(["secrets", "baseline", "--audit"]) == 0
    assert "1 judged and saved, 1 left" in capsys.readouterr().out
    assert sorted(e.verdict for e in entries(repo)) == ["not-a-secret", "unreviewed"]

    class Interrupted(io.StringIO):
        def readline(self, *_: object) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Interrupted())
    assert main(["secrets", "baseline", "--audit"]) == 130
    assert "0 judged and saved, 1 left" in capsys.readouterr().out


def test_a_live_one_is_judged_again(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(repo, "a.py", f'k = "{ONE}"')
    main(["secrets", "baseline"])
    answers(monkeypatch, "l", "", "in use", "")
    main(["secrets", "baseline", "--audit"])
    capsys.readouterr()
    assert main(["secrets", "baseline", "--audit"]) == 0
    assert "nothing to judge" in capsys.readouterr().out
    answers(monkeypatch, "r", "done", "")
    main(["secrets", "baseline", "--audit", "--all"])
    assert f"(live until {day(90)})" in capsys.readouterr().out
    assert [(e.verdict, e.until) for e in entries(repo)] == [("rotated", "")]


def test_audit_follows_no_entry_out_of_the_tree(
    repo: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "a.py"
    outside.write_text(f'k = "{ONE}"\n', encoding="utf-8")
    put(repo, "a.py", f'k = "{ONE}"')
    main(["secrets", "baseline"])
    path = os.path.relpath(outside, repo).replace(os.sep, "/")
    for hostile in (path, str(outside).replace("\\", "/"), "link.py"):
        text = (repo / NAME).read_text(encoding="utf-8")
        (repo / NAME).write_text(text.replace(" a.py ", f" {hostile} "), encoding="utf-8")
        if hostile == "link.py":
            try:
                os.symlink(outside, repo / hostile)
            except OSError:  # Windows, without the right to
                continue
        capsys.readouterr()
        assert main(["secrets", "baseline", "--audit"]) == 0
        assert "nothing to judge" in capsys.readouterr().out
        (repo / NAME).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--until", "soon"], "YYYY-MM-DD"),
        (["--until", "2001-01-01"], "between today"),
        (["--until", "9999-01-01"], "between today"),
        (["--import", "none"], "cannot be read"),
        (["--file", "../out"], "no path in the repository"),
        (["--file", ".git/config"], "no path in the repository"),
        (["--file", "a.py"], "a.py:1: an entry has 7 fields"),
        (["--import", "a.py"], "no baseline of detect-secrets"),
    ],
)
def test_what_cannot_be_done(
    repo: Path, arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(repo, "a.py", f'k = "{ONE}"')
    assert main(["secrets", "baseline", *arguments]) == 2
    assert word in capsys.readouterr().err
    assert not (repo / NAME).exists()


def test_a_broken_baseline_is_an_error_with_its_line(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(repo, "a.py", f'k = "{ONE}"')
    main(["secrets", "baseline"])
    with (repo / NAME).open("a", encoding="utf-8") as file:
        file.write(f"{'0' * 64} password a.py fine\n")
    capsys.readouterr()
    assert main(["secrets", "scan"]) == 2
    assert f"{NAME}:265: " in capsys.readouterr().err
    git(repo, "add", ".")
    assert main(["secrets", "scan", "--staged"]) == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for a right to make links")
def test_a_baseline_is_no_link(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(repo, "a.py", f'k = "{ONE}"')
    main(["secrets", "baseline"])
    os.replace(repo / NAME, repo.parent / "elsewhere")
    os.symlink(repo.parent / "elsewhere", repo / NAME)
    capsys.readouterr()
    for command in ("scan", "baseline"):
        assert main(["secrets", command]) == 2
        assert "symbolic link" in capsys.readouterr().err


def test_there_is_no_baseline_outside_a_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["secrets", "baseline"]) == 2
    assert "git repository" in capsys.readouterr().err


def test_a_write_that_fails_leaves_the_old_file(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(repo, "a.py", f'k = "{ONE}"')
    main(["secrets", "baseline"])
    before = (repo / NAME).read_bytes()
    put(repo, "a.py", f'k = "{TWO}"')

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert main(["secrets", "baseline"]) == 2
    assert "No space left" in capsys.readouterr().err
    assert (repo / NAME).read_bytes() == before
    assert [p.name for p in repo.iterdir() if p.name.startswith(".interlock-")] == [NAME]


def test_code_scanning_knows_a_finding_again_in_another_clone(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def results() -> list[str]:
        capsys.readouterr()
        main(["secrets", "scan", "--format", "sarif"])
        run = json.loads(capsys.readouterr().out)["runs"][0]
        texts = [rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"]]
        assert texts == ["GitHub token in a file"]
        return sorted(one["partialFingerprints"]["interlock/identity/v1"] for one in run["results"])

    put(repo, "a.py", f'k = "{ONE}"', f'l = "{TWO}"')
    put(repo, "b.py", f'k = "{ONE}"')
    before = results()
    assert len(set(before)) == 3
    (repo / ".git" / "interlock" / "fingerprint-key").write_bytes(b"k" * 32)
    put(repo, "a.py", "", f'l = "{TWO}"', f'k = "{ONE}"')
    assert results() == before
