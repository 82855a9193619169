"""Running git: environment, errors, both ways of starting a process."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from gitrepos import Repository, hide

from interlock.errors import TreeError
from interlock.trees import process as process_module
from interlock.trees.process import environment, git, last_complaint
from interlock.trees.spawn import Fallback, Process, start

Start = Callable[[Sequence[str], Mapping[str, str]], Process]
STARTS: list[Start] = [start, Fallback]


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch)


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", code]


def all_of(process: Process) -> bytes:
    return b"".join(iter(lambda: process.read(1 << 16), b""))


@pytest.mark.parametrize("begin", STARTS)
def test_input_output_complaint_and_code_come_back(begin: Start) -> None:
    code = (
        "import sys; data = sys.stdin.buffer.read(); sys.stdout.buffer.write(data[::-1]);"
        "sys.stderr.write('oh\\nno'); sys.exit(7)"
    )
    process = begin(python(code), os.environ)
    process.write(b"abc\0\n")
    process.end_input()
    assert all_of(process) == b"\n\0cba"
    assert process.finish() == (7, "oh\nno")


@pytest.mark.parametrize("begin", STARTS)
def test_a_flood_of_complaints_does_not_block_the_output(begin: Start) -> None:
    code = "import sys\nfor i in range(20000): print('x' * 40, i, file=sys.stderr)\nprint('done')"
    process = begin(python(code), os.environ)
    assert all_of(process).strip() == b"done"
    exit_code, complaint = process.finish()
    assert exit_code == 0
    assert complaint.strip().endswith("19999")
    assert len(complaint) <= 64 * 1024


@pytest.mark.parametrize("begin", STARTS)
def test_finishing_early_ends_a_program_that_waits_for_input(begin: Start) -> None:
    process = begin(python("import sys; sys.stdin.read(); sys.exit(3)"), os.environ)
    assert process.finish()[0] == 3


@pytest.mark.parametrize("begin", STARTS)
def test_a_silent_program_is_given_up_at_the_deadline(begin: Start) -> None:
    process = begin(python("import time; time.sleep(60)"), os.environ)
    before = time.monotonic()
    with pytest.raises(TimeoutError):
        process.read(10, before + 0.3)
    process.kill()
    assert process.finish()[0] != 0
    assert time.monotonic() - before < 30


@pytest.mark.parametrize("begin", STARTS)
def test_writing_to_a_program_that_ended_is_a_broken_pipe(begin: Start) -> None:
    process = begin(python("pass"), os.environ)
    assert all_of(process) == b""
    with pytest.raises(BrokenPipeError):
        pour(process)
    assert process.finish()[0] == 0


def pour(process: Process) -> None:
    """Write in pieces: while a program is still ending, the first ones find room in the pipe."""
    for _ in range(2_000):
        process.write(b"x" * 4_096)


@pytest.mark.skipif(sys.platform == "win32", reason="a signal of POSIX")
def test_a_child_dies_of_a_closed_pipe_as_it_would_in_a_shell() -> None:
    # Python ignores the signal once it runs, so the kernel is asked about a shell.
    if not os.path.exists("/proc/self/status"):
        pytest.skip("no /proc here")
    process = start(["sh", "-c", "grep SigIgn /proc/$$/status"], os.environ)
    ignored = int(all_of(process).split()[1], 16)
    process.finish()
    assert not ignored & (1 << 12)


@pytest.mark.skipif(sys.platform == "win32", reason="streams are inherited otherwise there")
def test_a_caller_without_streams_can_run_git(tmp_path: Path) -> None:
    script = (
        "import os\nfor n in (0, 1, 2): os.close(n)\n"
        "from interlock.trees.process import git\n"
        "text = git('.', 'version')\n"
        f"open({str(tmp_path / 'out')!r}, 'wb').write(text)\n"
    )
    status = os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", script])  # noqa: S606
    assert status == 0
    assert (tmp_path / "out").read_bytes().startswith(b"git version")


def test_git_that_is_missing_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(TreeError, match="git is not installed, or not on PATH: install it"):
        git(str(tmp_path), "version")
    with pytest.raises(TreeError, match="git is not installed"):
        process_module._on_path("git.exe")


def test_a_program_of_the_current_folder_is_never_git(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "path").mkdir()
    (tmp_path / "here" / "git.exe").write_bytes(b"")
    (tmp_path / "path" / "git.exe").write_bytes(b"")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", str(tmp_path / "path")]))
    assert process_module._on_path("git.exe") == str(tmp_path / "path" / "git.exe")


def test_an_error_of_git_is_its_last_complaint(tmp_path: Path) -> None:
    with pytest.raises(TreeError) as raised:
        git(str(tmp_path), "rev-parse", "HEAD")
    assert str(raised.value).startswith("not a git repository")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("warning: x\nfatal: one\nfatal: two\nhint: y\n", "two hint: y"),
        ("error: a\nfatal: b\nerror: c", "b c"),
        ("only a line\n", "only a line"),
        ("", ""),
        (
            "git@host: Permission denied.\nfatal: Could not read from remote repository.\n\nPlease",
            "git@host: Permission denied. Could not read from remote repository. Please",
        ),
        (
            "fatal: unable to access 'https://u:pw@host/x/': no",
            "unable to access 'https://host/x/': no",
        ),
        ("fatal: \x1b[31mred\a", "[31mred"),
        ("fatal: " + "x" * 9000, "x" * 400),
    ],
)
def test_complaints_become_one_harmless_line(text: str, expected: str) -> None:
    assert last_complaint(text) == expected


def test_variables_for_our_repository_do_not_reach_a_sibling(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ours, theirs = Repository(tmp_path / "ours"), Repository(tmp_path / "theirs")
    ours_id, theirs_id = ours.commit({"a": "1"}), theirs.commit({"a": "2"})
    monkeypatch.setenv("GIT_DIR", str(ours.folder / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(ours.folder / ".git" / "index"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(ours.folder / ".git" / "objects"))
    assert git(theirs.path, "rev-parse", "HEAD").decode().strip() == theirs_id
    assert git(theirs.path, "rev-parse", "HEAD", own=True).decode().strip() == ours_id


def test_a_relative_git_dir_is_meant_from_where_we_stand(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ours = Repository(tmp_path / "ours")
    commit = ours.commit({"sub/a": "1"})
    monkeypatch.chdir(ours.folder / "sub")
    monkeypatch.setenv("GIT_DIR", "../.git")
    assert git(ours.path, "rev-parse", "HEAD", own=True).decode().strip() == commit


def test_settings_go_through_the_environment_after_those_that_are_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "interlock.first")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "1")
    Repository(tmp_path)
    settings = {"interlock.second": "s3cret", "interlock.third": "3"}
    shown = git(str(tmp_path), "config", "--get-regexp", "^interlock", settings=settings)
    assert shown.decode().split() == [
        "interlock.first",
        "1",
        "interlock.second",
        "s3cret",
        "interlock.third",
        "3",
    ]


def test_without_network_git_may_open_no_connection(tmp_path: Path) -> None:
    source = Repository(tmp_path / "source")
    source.commit({"a": "1"})
    other = Repository(tmp_path / "other")
    with pytest.raises(TreeError, match="not allowed"):
        git(other.path, "fetch", "-q", (source.folder).as_uri())
    git(other.path, "fetch", "-q", (source.folder).as_uri(), "main", network=True)
    assert other.git("rev-parse", "FETCH_HEAD") == source.git("rev-parse", "main")


def test_hooks_and_monitors_of_a_repository_do_not_run(tmp_path: Path) -> None:
    repo = Repository(tmp_path / "repo")
    repo.commit({"a": "1"})
    mark = tmp_path / "ran"
    script = repo.folder / ".git" / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch '{mark.as_posix()}'\n")
    script.chmod(0o755)
    repo.git("config", "core.fsmonitor", script.as_posix())
    git(repo.path, "ls-files", "-co", "--exclude-standard")
    assert not mark.exists()


def test_nobody_is_asked_for_a_password() -> None:
    env = environment(own=False, network=True)
    assert env["GIT_TERMINAL_PROMPT"] == "0"
    assert env["GIT_ASKPASS"] == "true"


def test_a_listing_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(process_module, "MAX_OUTPUT_BYTES", 100_000)
    repo = Repository(tmp_path)
    repo.commit({"a": b"x" * 400_000})
    assert len(git(repo.path, "show", "HEAD", "--stat")) < 100_000
    with pytest.raises(TreeError, match="lists more than 100,000 bytes"):
        git(repo.path, "cat-file", "blob", "HEAD:a")


@pytest.mark.parametrize("kind", ["here", "fallback"])
def test_much_can_be_said_to_a_program_that_answers_at_once(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than both pipes hold: neither side may wait for the other."""
    if kind == "fallback":
        monkeypatch.setattr("interlock.trees.process.start", lambda c, e, **_: Fallback(c, e))
    git(str(tmp_path), "init", "-q")
    ids = [f"{number:040x}" for number in range(20_000)]
    given = "".join(f"{oid}\n" for oid in ids).encode()
    lines = git(str(tmp_path), "cat-file", "--batch-check", given=given).decode().splitlines()
    assert [line.partition(" ")[0] for line in lines] == ids
