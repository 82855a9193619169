"""What a hook keeps between commits, in the folder ``interlock`` of the checkout's git directory.

It lies beside git's own state: whoever can write there can write hooks, too. Only modules that
start Python anyway are imported here.
"""

from __future__ import annotations

import marshal
import os
import sys

from interlock import __file__ as _package
from interlock import __version__

FOLDER = "interlock"
#: More than a hook would ever write.
_MAX_BYTES = 32 << 20
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def load(git_dir: str, name: str) -> Any:
    """What was saved as ``name`` by this very Interlock; None where there is nothing."""
    try:
        with open(os.path.join(git_dir, FOLDER, name), "rb") as file:
            kind, value = marshal.loads(file.read(_MAX_BYTES))  # noqa: S302  written by ``save``
    except (OSError, ValueError, TypeError, EOFError):
        return None
    return value if kind == _kind() else None


def save(git_dir: str, name: str, value: Any) -> None:
    """Keep ``value``, made of plain values; a folder that cannot be written is no error."""
    path = os.path.join(git_dir, FOLDER, name)
    beside = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(beside, "wb") as file:
            data: Any = (_kind(), value)
            file.write(marshal.dumps(data))
        os.replace(beside, path)
    except (OSError, ValueError):
        return


def git_dir_of(folder: str) -> str:
    """The git directory of the checkout whose top is ``folder``, a linked worktree's own; or ""."""
    path = os.path.join(folder, ".git")
    if os.path.isdir(path):
        return path
    text = _text(path)
    return os.path.join(folder, text[len("gitdir:") :].strip()) if text[:7] == "gitdir:" else ""


def common_dir_of(git_dir: str) -> str:
    """The directory that linked worktrees share."""
    return os.path.join(git_dir, _text(os.path.join(git_dir, "commondir")).strip())


def stamp(path: str) -> tuple[int, int]:
    """When a file was changed last, and its size; zeros where it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read(1 << 16)
    except OSError:
        return ""


def _kind() -> tuple[object, ...]:
    """Which Interlock wrote it: an upgraded one starts anew."""
    return __version__, sys.implementation.cache_tag, _package, stamp(_package)
