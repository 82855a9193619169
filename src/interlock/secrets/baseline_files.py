"""Where baselines are read: the work tree, the index, revisions; and what stood before a change."""

from __future__ import annotations

import os
import re

from interlock.errors import UsageError
from interlock.secrets.accepting import Added
from interlock.secrets.baseline import Baseline, either
from interlock.secrets.baseline_text import MAX_BYTES, read_baseline
from interlock.trees.objects import Objects, TooLarge
from interlock.values import NamedTuple


class Standing(NamedTuple):
    """The baseline that a change is judged by, and what stood before it."""

    baseline: Baseline | None
    added: Added


def work_baseline(top: str, path: str) -> Baseline | None:
    """The baseline as it lies in the work tree; None where there is none. Raises UsageError."""
    content = _content(top, path)
    return read_baseline(content, path) if content is not None else None


def work_key(top: str, path: str) -> bytes:
    """Only its key, without reading the entries; b"" where there is none."""
    content = _content(top, path)
    found = re.search(rb"^key ([0-9a-f]{64})\s*$", content, re.MULTILINE) if content else None
    return bytes.fromhex(found[1].decode()) if found else b""


def place_of(top: str, path: str) -> str:
    """Where the baseline lies on disk; raises UsageError where that is no file of the checkout."""
    root = os.path.realpath(top)
    full = os.path.normpath(os.path.join(root, path))
    real = os.path.realpath(full)
    if real != full:
        raise UsageError(f"{path} is a symbolic link: a baseline is a file of its repository")
    if not full.startswith(os.path.join(root, "")) or ".git" in full[len(root) :].lower().split(
        os.sep
    ):
        raise UsageError(f"{path} is no path in the repository: the baseline belongs into it")
    return full


def _content(top: str, path: str) -> bytes | None:
    full = place_of(top, path)
    try:
        with open(full, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def staged_standing(top: str, path: str) -> Standing:
    """The baseline in the index, and what HEAD says. Raises UsageError or TreeError.

    Before the first commit nothing stands: the owners are those that it names itself. While a
    merge is made, what the other side accepts stood before as well.
    """
    objects = Objects(top, own=True)
    try:
        after = _at(objects, ":0", path)
        first = objects.get("HEAD^{commit}") is None
        before = None if first else _before(objects, "HEAD", path)
        if objects.get("MERGE_HEAD^{commit}") is not None:
            before = either(before, _before(objects, "MERGE_HEAD", path))
        owners = _owners(objects, ":0" if first else "HEAD", path)
        return Standing(after, Added(before, owners))
    finally:
        objects.close()


def first_standing(top: str, path: str, head: str) -> Standing:
    """The baseline of ``head`` where all of its past is the change: it names its owners itself."""
    from interlock.secrets.changes import commit

    head = commit(top, head)
    objects = Objects(top, own=True)
    try:
        return Standing(_at(objects, head, path), Added(None, _owners(objects, head, path)))
    finally:
        objects.close()


def range_standing(top: str, path: str, base: str, head: str) -> Standing:
    """The baseline of ``head``, and what stood where it parted from ``base``.

    The owners are those of ``base``. Raises UsageError or TreeError.
    """
    from interlock.secrets.changes import commit
    from interlock.trees.process import git

    base, head = commit(top, base), commit(top, head)
    parted = git(top, "merge-base", base, head, own=True).decode().split("\n")[0]
    objects = Objects(top, own=True)
    try:
        before = _before(objects, parted, path)
        return Standing(_at(objects, head, path), Added(before, _owners(objects, base, path)))
    finally:
        objects.close()


def _at(objects: Objects, revision: str, path: str) -> Baseline | None:
    content = _blob(objects, revision, path)
    return read_baseline(content, path) if content is not None else None


def _before(objects: Objects, revision: str, path: str) -> Baseline | None:
    """The baseline that a change may be mending: one that cannot be read accepts nothing."""
    try:
        return _at(objects, revision, path)
    except UsageError:
        return None


def _owners(objects: Objects, revision: str, path: str) -> tuple[str, ...]:
    from interlock.secrets.owners import PLACES, owners_of

    for place in PLACES:
        content = _blob(objects, revision, place)
        if content is not None:
            return owners_of(path, content)
    return ()


def _blob(objects: Objects, revision: str, path: str) -> bytes | None:
    got = objects.get(f"{revision}:{path}")
    if isinstance(got, TooLarge):
        raise UsageError(f"{path} is too large: {got.size:,} bytes")
    return got[2] if got is not None and got[1] == "blob" else None
