"""What lies between two commits: the commits, and the files as REST lists them."""

from __future__ import annotations

from functools import lru_cache

from interlock.sandbox.gitrepo import GitRepo
from interlock.sandbox.process import GitFailed, git
from interlock.values import NamedTuple

#: https://docs.github.com/rest/commits/commits#compare-two-commits
#: https://docs.github.com/rest/pulls/pulls#list-pull-requests-files
MAX_COMPARE_FILES = 300
MAX_PULL_FILES = 3000
_STATUS = {
    "A": "added",
    "D": "removed",
    "M": "modified",
    "R": "renamed",
    "C": "copied",
    "T": "changed",
}
#: A file whose patch has more characters is listed without it, as GitHub leaves large ones out.
MAX_PATCH = 100_000


class Changed(NamedTuple):
    """One changed file; ``patch`` is None for binary and very large ones, and where not asked."""

    path: str
    before: str
    status: str
    sha: str
    additions: int
    deletions: int
    patch: str | None = None


def merge_base(repo: GitRepo, one: str, other: str) -> str:
    """The best common ancestor, or ""."""
    try:
        return _merge_base(repo.path, one, other)
    except GitFailed:
        return ""


@lru_cache(maxsize=16384)
def _merge_base(path: str, one: str, other: str) -> str:
    return git(path, "merge-base", one, other).decode().split()[0]


@lru_cache(maxsize=4096)
def between(path: str, base: str, head: str) -> tuple[str, ...]:
    """Hashes of the commits of head that base does not have, oldest first."""
    return tuple(
        git(path, "rev-list", "--reverse", "--topo-order", head, f"^{base}").decode().split()
    )


@lru_cache(maxsize=1024)
def files(path: str, old: str, new: str) -> tuple[Changed, ...]:
    """The files that differ between two commits or trees, by path; renames are found."""
    raw = git(path, "diff", "--raw", "--numstat", "-z", "-M", "--abbrev=40", old, new).decode(
        "utf-8", "surrogateescape"
    )
    words = raw.split("\0")
    found: dict[str, tuple[str, str, str]] = {}
    counts: dict[str, tuple[int, int]] = {}
    at = 0
    while at < len(words) - 1:
        word = words[at]
        if word.startswith(":"):
            _, _, before, after, letter = word.split(" ")
            moved = letter[0] in "RC"
            name = words[at + 2] if moved else words[at + 1]
            sha = before if letter[0] == "D" else after
            found[name] = (_STATUS.get(letter[0], "changed"), sha, words[at + 1] if moved else "")
            at += 3 if moved else 2
        else:
            added, removed, name = word.split("\t", 2)
            moved = name == ""
            name = words[at + 2] if moved else name
            counts[name] = (_number(added), _number(removed))
            at += 3 if moved else 1
    return tuple(
        Changed(name, before, status, sha, *counts.get(name, (0, 0)))
        for name, (status, sha, before) in sorted(found.items())
    )


@lru_cache(maxsize=256)
def patched(path: str, old: str, new: str) -> tuple[Changed, ...]:
    """The same with each file's hunks."""
    found = files(path, old, new)
    patches = _patches(path, old, new, len(found))
    return tuple(each._replace(patch=patches.get(each.path)) for each in found)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _patches(path: str, old: str, new: str, count: int) -> dict[str, str]:
    """Each file's hunks, by its name after the change."""
    if count > MAX_PULL_FILES:
        return {}
    text = git(path, "-c", "core.quotePath=false", "diff", "-M", "-p", "-z", old, new).decode(
        "utf-8", "replace"
    )
    found = {}
    for part in ("\n" + text).split("\ndiff --git ")[1:]:
        hunk = part.find("\n@@ ")
        if hunk < 0:
            continue
        name = _named(part[:hunk])
        body = part[hunk + 1 :].removesuffix("\n")
        if name and len(body) <= MAX_PATCH:
            found[name] = body
    return found


def _named(head: str) -> str:
    before = after = ""
    for line in head.split("\n"):
        if line.startswith("--- a/"):
            before = line[6:].rstrip("\t")
        elif line.startswith("+++ b/"):
            after = line[6:].rstrip("\t")
    return after or before
