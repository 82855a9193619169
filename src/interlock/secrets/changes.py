"""The lines that a change adds: of the index, of a range, of history. The work tree is not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interlock.errors import TreeError, UsageError
from interlock.secrets.content import MAX_BYTES, text_of
from interlock.secrets.model import Skip, Text
from interlock.secrets.patch import Added, parse_patch
from interlock.secrets.reading import EXCLUDED, Excluded
from interlock.trees.objects import Objects, TooLarge
from interlock.trees.process import git
from interlock.values import NamedTuple

#: No context, no renames (a moved file's lines were there before), nothing that a repository sets.
_PATCH = (
    "--numstat",
    "-p",
    "-U0",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--full-index",
    "--no-relative",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "-M100%",
    "--ignore-submodules=none",
    "--submodule=short",
    "--inter-hunk-context=0",
    "--diff-algorithm=myers",
    "-O/dev/null",
)


class Change(NamedTuple):
    """A change's added lines; ``expected`` is git's own count of them."""

    where: str
    files: tuple[Added, ...]
    expected: int

    def texts(self, excluded: Excluded) -> Iterator[Text | Skip]:
        """Each file's added lines; notebooks and what git takes for binary are read whole."""
        objects = Objects(self.where, own=True)
        try:
            for one in self.files:
                if excluded(one.path):
                    yield Skip(one.path, EXCLUDED)
                else:
                    yield _text(one, objects)
        finally:
            objects.close()


def added(where: str, base: str, head: str, *, staged: bool) -> Change:
    """What is staged; else what ``head`` adds since it parted from ``base``; else all of history.

    Raises UsageError where git does not know a revision.
    """
    if staged:
        output = git(where, "diff", "--cached", *_PATCH, own=True)
    elif base:
        revisions = f"{commit(where, base)}...{commit(where, head)}"
        output = git(where, "diff", *_PATCH, revisions, "--", own=True)
    else:
        # A merge's own lines are those that none of its parents has.
        walk = ("log", "--all", "--format=", "--diff-merges=first-parent")
        output = git(where, *walk, *_PATCH, "--", own=True)
    files = tuple(parse_patch(output))
    if not staged and not base:
        files = tuple(_once(files))
    return Change(where, files, _expected(output))


def commit(where: str, revision: str) -> str:
    """The commit's full id: nothing that a user or a branch name holds reads as an option."""
    wanted = revision + "^{commit}"
    try:
        name = git(where, "rev-parse", "--verify", "-q", "--end-of-options", wanted, own=True)
    except TreeError:
        raise UsageError(f"there is no revision {revision!r} here: fetch it first") from None
    return name.decode().strip()


def _expected(output: bytes) -> int:
    """The added lines by ``--numstat``, counted apart from the patches."""
    total = 0
    for line in output.split(b"\n"):
        fields = line.split(b"\t", 2)
        if len(fields) == 3 and fields[0].isdigit() and fields[1].isdigit():
            total += int(fields[0])
    return total


def _once(files: Sequence[Added]) -> Iterator[Added]:
    """Each line of a path once, however many commits added it."""
    seen: dict[str, set[bytes]] = {}
    for one in files:
        known = seen.setdefault(one.path, set())
        lines = one.body.split(b"\n")[:-1]
        kept = []
        for number, line in zip(one.numbers, lines, strict=False):
            if line not in known:
                known.add(line)
                kept.append((number, line))
        if kept or one.kind:
            body = b"".join(line + b"\n" for _, line in kept)
            yield one._replace(numbers=tuple(n for n, _ in kept), body=body)


def _text(one: Added, objects: Objects) -> Text | Skip:
    if one.kind in ("symbolic link", "submodule"):
        return Skip(one.path, one.kind)
    if one.kind or one.path.endswith(".ipynb"):
        # Attributes can call any file binary: its bytes decide.
        got = objects.get(one.oid)
        if got is None:
            return Skip(one.path, "not in this clone")
        if isinstance(got, TooLarge):
            return Skip(one.path, "too large")
        return text_of(one.path, got[2], set(one.numbers) if not one.kind else None)
    if len(one.body) > MAX_BYTES:
        return Skip(one.path, "too large")
    body = one.body.replace(b"\r", b"") if b"\r\n" in one.body else one.body
    return Text(one.path, body, one.numbers)
