"""Runs git with as little as possible: no shell, no prompt, nothing a repository configures."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence

from interlock.errors import TreeError
from interlock.trees.spawn import NOT_INSTALLED, Process, start

#: Settings by which a hostile repository could run something; ours come last and win.
_SAFE = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "protocol.ext.allow=never",
)
#: Variables that point git to one repository: git sets them for hooks, and a path may be relative.
_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
#: What is true of our own repository and would be wrong in a sibling
#: (`git rev-parse --local-env-vars`, without the settings, which hold credentials in CI).
_REDIRECTS = (
    *_PLACES,
    "GIT_INDEX_FILE",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_REPLACE_REF_BASE",
)
#: More than any listing of a real repository; a hostile one ends here.
MAX_OUTPUT_BYTES = 256 * 1024 * 1024
#: Seconds after which a command that uses the network is given up, unless it says another.
NETWORK_SECONDS = 120


def environment(
    *, own: bool, network: bool = False, settings: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The environment for git: quiet, in English, without locks or questions.

    Without ``network`` git can open no connection at all, not even for the missing objects of a
    partial clone. ``settings`` are configuration that must stand on no command line: credentials.
    """
    env = dict(os.environ)
    for name in _REDIRECTS:
        if not own:
            env.pop(name, None)
        elif env.get(name) and name in _PLACES:
            env[name] = os.path.abspath(env[name])
    env.update(LC_ALL="C", GIT_OPTIONAL_LOCKS="0", GIT_TERMINAL_PROMPT="0", GIT_PAGER="cat")
    if network:
        env.pop("GIT_NO_LAZY_FETCH", None)
        env.update(
            GIT_ALLOW_PROTOCOL="file:git:http:https:ssh",
            # Whoever asks gets an empty answer: nobody may be there to type one.
            GIT_ASKPASS="true",
            SSH_ASKPASS="true",
            SSH_ASKPASS_REQUIRE="force",
            GCM_INTERACTIVE="never",
        )
    else:
        env.update(GIT_ALLOW_PROTOCOL="none", GIT_NO_LAZY_FETCH="1")
    count = int(env["GIT_CONFIG_COUNT"]) if env.get("GIT_CONFIG_COUNT", "").isdecimal() else 0
    for at, (name, value) in enumerate((settings or {}).items(), start=count):
        env.update({f"GIT_CONFIG_KEY_{at}": name, f"GIT_CONFIG_VALUE_{at}": value})
        env["GIT_CONFIG_COUNT"] = str(at + 1)
    return env


def redirected(name: str) -> str:
    """Where git was told to look for our own repository: GIT_DIR or GIT_WORK_TREE, absolute."""
    value = os.environ.get(name, "")
    return os.path.abspath(value) if value else ""


def global_settings() -> tuple[str, ...]:
    """The user's own git configuration files, by the places that git documents."""
    given = os.environ.get("GIT_CONFIG_GLOBAL")
    if given is not None:
        return (given,)
    home = os.path.expanduser("~")
    xdg = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    return (os.path.join(xdg, "git", "config"), os.path.join(home, ".gitconfig"))


def open_git(
    where: str, arguments: Sequence[str], env: Mapping[str, str], *, group: bool = False
) -> Process:
    """Start ``git -C where arguments``; raises TreeError where git is not installed."""
    return start((_program(), "-C", where, *_SAFE, *arguments), env, group=group)


def _program() -> str:
    """Git's name; its full path on Windows, which else looks in the current folder first."""
    return _on_path("git.exe") if sys.platform == "win32" else "git"


def _on_path(name: str) -> str:
    """A program's full path by PATH alone; raises TreeError where it is not there."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        full = os.path.join(folder, name)
        if os.path.isabs(folder) and os.path.isfile(full):
            return full
    raise TreeError(NOT_INSTALLED)


def git(
    where: str,
    *arguments: str,
    own: bool = False,
    network: bool = False,
    settings: Mapping[str, str] | None = None,
    given: bytes = b"",
    seconds: int = NETWORK_SECONDS,
) -> bytes:
    """What git prints; ``given`` is its input. Raises TreeError with its last complaint.

    ``seconds`` is how long a command that uses the network may take.
    """
    env = environment(own=own, network=network, settings=settings)
    process = open_git(where, arguments, env, group=network)
    deadline = None
    if network:
        import time

        deadline = time.monotonic() + seconds
    verb = next((a for a in arguments if not a.startswith("-") and "=" not in a), "")
    try:
        output = _talk(process, given, deadline)
    except TimeoutError:
        process.kill()
        process.finish()
        raise TreeError(f"git {verb} gave no answer for {seconds} seconds") from None
    except BaseException:
        process.kill()
        process.finish()
        raise
    if output is None:
        process.kill()
        process.finish()
        raise TreeError(f"git {verb} lists more than {MAX_OUTPUT_BYTES:,} bytes")
    code, complaint = process.finish()
    if code:
        raise TreeError(last_complaint(complaint) or f"git {verb} failed ({code})")
    return output


def git_pieces(where: str, *arguments: str, own: bool = False) -> Iterator[bytes]:
    """What git prints, as it comes: however much it is, only a piece is held.

    Raises TreeError with git's last complaint where it fails, after the last piece.
    """
    process = open_git(where, arguments, environment(own=own))
    try:
        process.end_input()
        while data := process.read(1 << 16):
            yield data
    except BaseException:
        process.kill()
        process.finish()
        raise
    code, complaint = process.finish()
    if code:
        raise TreeError(last_complaint(complaint) or f"git failed ({code})")


def _talk(process: Process, given: bytes, deadline: float | None) -> bytes | None:
    try:  # noqa: SIM105  contextlib costs start-up time
        process.write(given)
    except BrokenPipeError:
        pass  # it ended early: what it says tells why
    process.end_input()
    chunks: list[bytes] = []
    size = 0
    while size <= MAX_OUTPUT_BYTES:
        data = process.read(1 << 16, deadline)
        if not data:
            return b"".join(chunks)
        chunks.append(data)
        size += len(data)
    return None


def last_complaint(text: str) -> str:
    """Git's last error, in one line, without control characters and credentials."""
    import re

    line = re.compile(r"^(?:fatal|error): ", re.MULTILINE)
    starts = [found.start() for found in line.finditer(text)]
    fatal = [at for at in starts if text.startswith("fatal: ", at)]
    at = (fatal or starts or [text.rstrip().rfind("\n") + 1])[-1]
    if text.startswith("fatal: Could not read from remote", at):
        # ssh says what is wrong on the line before.
        before = text[:at].strip()
        at = before.rfind("\n") + 1 if before else at
    words = "".join(c if c.isprintable() else " " for c in line.sub("", text[at:])).split()
    return re.sub(r"(://)[^/@\s]+@", r"\1", " ".join(words))[:400]
