"""Files that nobody wrote on purpose, or somebody did: bounded time, a clear word, no traceback."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from gitrepos import NO_TEXT, Repository, clean_environment

POLICY = """\
version: 1
repos: {a: acme/a, b: acme/b}
sources:
  plan: {repo: a, files: "plan/*", key: "{name}", fields: {v: $.v}}
  good: {repo: b, files: good.yaml, each: "$.*", fields: {v: "@.v"}}
consistency:
  - {id: value, each: plan.v, pattern: "ok.*"}
  - {id: other, each: good.v, pattern: "ok.*"}
""".replace('files: "plan/*", key: "{name}"', 'files: "plan/{name}", key: "{name}"')
#: Seconds and MiB that no bad file may take; a clean run takes a tenth of it.
SECONDS, MEMORY = 20, 1_024
CHECK = ("check", "--policy", "interlock.yaml", "--repo", "a=a", "--repo", "b=b")
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


class Place:
    """Two folders and a policy beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "a/plan").mkdir(parents=True)
        (folder / "b").mkdir()
        (folder / "b/good.yaml").write_text("x: {v: bad}\n")
        (folder / "interlock.yaml").write_text(POLICY)

    def plan(self, name: str, content: bytes | str) -> Path:
        path = self.folder / "a/plan" / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def check(self, *arguments: str, policy: str = "interlock.yaml") -> tuple[int, str]:
        return run(
            self.folder, "check", "--policy", policy, "--repo", "a=a", "--repo", "b=b", *arguments
        )


def limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY << 20, MEMORY << 20))


def run(where: Path, *arguments: str, **more: str) -> tuple[int, str]:
    env = {k: v for k, v in clean_environment().items() if k != "CI"} | more
    done = subprocess.run(
        [sys.executable, "-m", "interlock", *arguments],
        cwd=where,
        env=env,
        capture_output=True,
        check=False,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
        preexec_fn=limits if sys.platform == "linux" else None,
    )
    said = (done.stdout + done.stderr).decode("utf-8", "surrogateescape")
    assert "Traceback" not in said, said
    return done.returncode, said


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


DEEP = 100_000
ALIASES = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60)
)
MERGES = "a0: &a0 {k0: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}], k{n}: 1}}\n" for n in range(1, 60)
)
UNREADABLE: dict[str, tuple[str, bytes]] = {
    "yaml": ("x.yaml", b"v: ok\nw: [1, 2\nz: 3\n"),
    "json": ("x.json", b'{"v": "ok",\n "w": }\n'),
    "json5": ("x.json5", b"{v: 'ok',\n w: }\n"),
    "toml": ("x.toml", b'v = "ok"\nw = \n'),
    "dotenv": ("x.env", b"v=ok\n=broken line\n"),
    "binary": ("x.yaml", b"\x7fELF\0\0\0"),
    "utf-16": ("x.yaml", "v: ok".encode("utf-16")),
    "latin-1": ("x.yaml", b"v: caf\xe9\n"),
    "nul": ("x.json", b'{"v": "a\0b"}'),
    "deep yaml": ("x.yaml", b"v: " + b"[" * DEEP),
    "deep yaml blocks": ("x.yaml", b"".join(b" " * n + b"a:\n" for n in range(3_000))),
    "deep json": ("x.json", b'{"v":' + b"[" * DEEP),
    "deep json objects": ("x.json", b'{"v":' * DEEP),
    "deep json5": ("x.json5", b"{v:" + b"[" * DEEP),
    "deep toml": ("x.toml", b"v = " + b"[" * DEEP),
    "deep toml keys": ("x.toml", b".".join([b"a"] * DEEP) + b" = 1\n"),
    "alias bomb": ("x.yaml", ALIASES.encode()),
    "merge bomb": ("x.yaml", MERGES.encode()),
    "long number yaml": ("x.yaml", b"v: " + b"1" * 3_000_000),
    "long number json": ("x.json", b'{"v": ' + b"1" * 3_000_000 + b"}"),
    "long number toml": ("x.toml", b"v = " + b"1" * 3_000_000),
    "long number json5": ("x.json5", b"{v: " + b"1" * 3_000_000 + b"}"),
    "duplicate yaml": ("x.yaml", b"v: ok\nv: ok2\n"),
    "duplicate json": ("x.json", b'{"v": "ok", "v": "ok2"}'),
    "duplicate toml": ("x.toml", b'v = "ok"\nv = "ok2"\n'),
    "huge": ("x.yaml", b"v: ok\n" + b"# a comment\n" * 2_000_000),
    "unknown anchor": ("x.yaml", b"v: *nowhere\n"),
    "tag": ("x.yaml", b"v: !!python/object/apply:os.system [true]\n"),
    "lone surrogate": ("x.json", b'{"v": "\\ud800", "w": }'),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_used_is_a_finding_and_the_others_are_checked(
    name: str, place: Place
) -> None:
    file, content = UNREADABLE[name]
    place.plan(file, content)
    began = time.monotonic()
    code, said = place.check()
    assert time.monotonic() - began < SECONDS
    assert code == 1, said[:2_000]
    assert f"a: plan/{file}" in said
    assert "experiment/other  x" in said  # the other repository was checked all the same
    assert len(said) < 20_000


@pytest.mark.parametrize("name", ["yaml", "json", "json5", "toml", "duplicate yaml"])
def test_a_malformed_file_is_told_by_line_and_column_with_a_caret(name: str, place: Place) -> None:
    file, content = UNREADABLE[name]
    place.plan(file, content)
    said = place.check()[1]
    assert any(f"plan/{file}:{line}:" in said for line in (2, 3)), said
    assert "^" in said


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfv: ok\n",
        b"v: ok\r\n",
        b"v: ok",
        b"# only\n---\nv: ok\n...\n",
        "v: ok \u202e\u2066 \U0001f600\n".encode(),
    ],
)
def test_what_only_looks_odd_is_read(content: bytes, place: Place) -> None:
    place.plan("x.yaml", content)
    assert "plan/x.yaml" not in place.check()[1]


@pytest.mark.parametrize("name", [n for n in UNREADABLE if "yaml" in UNREADABLE[n][0]])
def test_a_policy_that_cannot_be_used_is_exit_2(name: str, place: Place) -> None:
    (place.folder / "interlock.yaml").write_bytes(UNREADABLE[name][1])
    code, said = place.check()
    assert code == 2, said[:2_000]
    assert "interlock.yaml" in said
    assert len(said) < 20_000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("repo: a", "repo: aa", "no repo `aa`"),
        ("each: plan.v", "each: plam.v", "did you mean `plan`"),
        ("each: plan.v", "each: plan.w", "`w`"),
        (
            'pattern: "ok.*"}\n  - {id: other',
            "patern: x}\n  - {id: other",
            "did you mean `pattern`",
        ),
        ("consistency:", "rules: {experiment/nothing: error}\nconsistency:", "experiment/nothing"),
        ("version: 1", "version: 2", "must be 1"),
        ('pattern: "ok.*"}\n  - {id: other', 'pattern: "(a"}\n  - {id: other', "pattern"),
        ("version: 1", "- 1", "interlock.yaml"),
        (POLICY, "", "interlock.yaml"),
        (POLICY, "null\n", "interlock.yaml"),
    ],
)
def test_a_policy_that_names_what_is_not_there_is_told_with_its_place(
    old: str, new: str, said: str, place: Place
) -> None:
    assert old in POLICY
    (place.folder / "interlock.yaml").write_text(POLICY.replace(old, new, 1))
    code, output = place.check()
    assert (code, said in output, "interlock.yaml" in output) == (2, True, True), output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--repo", "a=nowhere"), "there is no such folder"),
        (("--repo", "c=b"), "no repo `c`"),
        (("--repo", "a"), "ALIAS=PATH"),
        (("--rev", "HEAD"), "is not in a git repository"),
        (("--policy", "none.yaml"), "none.yaml"),
        (("--output", "no/such/folder/x"), "cannot be written"),
        (("--output", "."), "cannot be written"),
    ],
)
def test_wrong_arguments_are_exit_2(arguments: tuple[str, ...], said: str, place: Place) -> None:
    code, output = place.check(*arguments)
    assert (code, said in output) == (2, True), output


@posix
def test_links_out_of_the_tree_are_never_followed(place: Place) -> None:
    (place.folder / "secret.yaml").write_text("v: s3cret\n")
    (place.folder / "outside").mkdir()
    (place.folder / "outside/y.yaml").write_text("v: s3cret\n")
    plan = place.folder / "a/plan"
    (plan / "out.yaml").symlink_to("../../secret.yaml")
    (plan / "absolute.yaml").symlink_to(place.folder / "secret.yaml")
    (plan / "gone.yaml").symlink_to("nothing.yaml")
    (plan / "round.yaml").symlink_to("round.yaml")
    (plan / "ring").symlink_to("../plan")
    (plan / "folder").symlink_to("../../outside")
    code, said = place.check()
    assert code == 1
    assert "s3cret" not in said
    for name in ("out.yaml", "absolute.yaml", "gone.yaml", "round.yaml"):
        assert name in said
    assert "is a symbolic link out of the repository" in said


@posix
def test_what_is_no_file_never_hangs_a_run(place: Place) -> None:
    plan = place.folder / "a/plan"
    os.mkfifo(plan / "pipe.yaml")
    (plan / "folder.yaml").mkdir()
    (plan / "device.yaml").symlink_to("/dev/zero")
    listening = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(plan)
    try:
        listening.bind("socket.yaml")
    finally:
        os.chdir(here)
    code, said = place.check()
    listening.close()
    assert code == 1
    assert "experiment/other  x" in said


@posix
@pytest.mark.parametrize(
    "name",
    [
        "new\nline.yaml",
        "quo'te\".yaml",
        "tab\t.yaml",
        "-dash.yaml",
        "per%cent,co:lon.yaml",
        "::error::x.yaml",
        "\x1b[31mred.yaml",
        "@acme-all <b>x.yaml",
        *(f"{name}.yaml" for name in NO_TEXT),
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "markdown"])
def test_odd_names_are_read_and_shown_harmless(name: str, form: str, place: Place) -> None:
    place.plan(name, "v: bad")
    code, said = place.check("--format", form)
    assert code == 1
    assert "\x1b" not in said
    commands = [line for line in said.splitlines() if line.startswith("::")]
    assert all(line.startswith(("::error ", "::group::", "::endgroup::")) for line in commands)
    if form == "github":
        assert len([line for line in commands if line.startswith("::error ")]) == 2


def test_odd_names_in_a_commit_are_read_too(tmp_path: Path) -> None:
    odd = [f"{name}.yaml" for name in NO_TEXT]
    repo = Repository(tmp_path / "a")
    repo.git("remote", "add", "origin", "https://github.com/acme/a.git")
    text = POLICY.replace("{a: acme/a, b: acme/b}", "{a: acme/a}")
    repo.write(
        {
            "interlock.yaml": text[: text.index("  good:")]
            + text[text.index("consistency") : text.index("  - {id: other")]
        }
    )
    for name in ["new\nline.yaml", "quo'te\".yaml", "-dash.yaml", "é.yaml", *odd]:
        blob = repo.git("hash-object", "-w", "--stdin", given=b"v: bad\n")
        repo.git("update-index", "--add", "--cacheinfo", f"100644,{blob},plan/{name}")
    repo.git("add", "interlock.yaml")
    code, said = run(repo.folder, "check", "--staged")
    assert code == 1
    assert said.count("error experiment/value") == 4 + len(odd)


def test_a_hundred_thousand_small_files_are_read_in_bounded_time(place: Place) -> None:
    for at in range(20_000):
        (place.folder / f"a/plan/{at}").write_bytes(b"")
    assert place.check()[0] == 1


@posix
def test_a_reader_that_goes_away_is_no_error(place: Place) -> None:
    for at in range(300):
        place.plan(f"{at}.yaml", "v: bad")
    command = f"{sys.executable} -m interlock {' '.join(CHECK)} | head -1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=place.folder,
        capture_output=True,
        check=False,
        timeout=SECONDS,
        env=clean_environment(),
    )
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr
    assert done.stdout.count(b"\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_said(place: Place) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "interlock", *CHECK],
            cwd=place.folder,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env=clean_environment(),
        )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert done.returncode != 0


@posix
def test_an_interrupt_ends_quietly(place: Place) -> None:
    for at in range(3_000):
        place.plan(f"{at}.yaml", "v: bad\n" + "w: [1, 2, 3]\n" * 1)
    process = subprocess.Popen(
        [sys.executable, "-m", "interlock", *CHECK],
        cwd=place.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
    )
    time.sleep(0.6)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=SECONDS)
    assert b"Traceback" not in errors, errors.decode()
    assert process.returncode in (130, 1)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "markdown"])
def test_a_terminal_without_utf_8_is_no_error(form: str, place: Place) -> None:
    place.plan("é.yaml", "v: bäd")
    code, said = run(
        place.folder,
        *CHECK,
        *("--format", form),
        PYTHONIOENCODING="ascii",
        PYTHONUTF8="0",
        LC_ALL="C",
    )
    assert code == 1, said


def test_numbers_without_measure_are_compared_in_bounded_time(place: Place) -> None:
    policy = POLICY.replace('pattern: "ok.*"}\n  - {id: other', "sum: 100}\n  - {id: other")
    (place.folder / "interlock.yaml").write_text(policy)
    for at, value in enumerate(("1e999999999", ".inf", ".nan", "1e-999999999", "-.inf")):
        place.plan(f"{at}.yaml", f"v: [{value}, 1]")
    code, said = place.check()
    assert code == 1
    assert said.count("experiment/value") >= 4
