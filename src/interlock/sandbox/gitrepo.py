"""A bare git repository by git's command line: refs, objects, commits. Objects never change, so
what was read by its hash is kept."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache

from interlock.sandbox.process import GitFailed, git
from interlock.values import NamedTuple

ZERO = "0" * 40
#: The update hook: refuses what the server wrote into the file of verdicts for this push.
_UPDATE_HOOK = """#!/bin/sh
# ref, old and new are $1 $2 $3; each line of the file: <ref> TAB <verdict> TAB <message>
test -n "$SANDBOX_VERDICTS" || exit 0
tab=$(printf '\\t')
while IFS="$tab" read -r ref verdict message; do
  test "$ref" = "$1" || continue
  case "$verdict" in
    deny) echo "$message" >&2; exit 1 ;;
    fast-forward)
      git merge-base --is-ancestor "$2" "$3" || { echo "$message" >&2; exit 1; } ;;
    linear)
      test -z "$(git rev-list --merges "$3" --not "$2")" || { echo "$message" >&2; exit 1; } ;;
  esac
done < "$SANDBOX_VERDICTS"
exit 0
"""


class Person(NamedTuple):
    """Author or committer; ``date`` as git writes it: seconds, a space, the zone."""

    name: str
    email: str
    date: str


class Commit(NamedTuple):
    """A commit as git stores it."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str


class Entry(NamedTuple):
    """One entry of a tree; ``size`` is that of a blob, None for others."""

    mode: str
    kind: str
    sha: str
    size: int | None
    path: str


def create(path: str, branch: str = "main") -> GitRepo:
    """A new empty bare repository, as GitHub serves it."""
    os.makedirs(path, exist_ok=True)
    git(path, "init", "--quiet", "--bare", f"--initial-branch={branch}")
    config = (
        "[http]\n\treceivepack = true\n"
        # Partial clones and fetches of single commits work, as they do on GitHub.
        "[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true\n"
        "[receive]\n\tadvertisePushOptions = true\n\thideRefs = refs/pull\n"
        "[gc]\n\tauto = 0\n[core]\n\tlogAllRefUpdates = false\n"
    )
    with open(os.path.join(path, "config"), "a", encoding="utf-8") as file:
        file.write(config)
    hook = os.path.join(path, "hooks", "update")
    os.makedirs(os.path.dirname(hook), exist_ok=True)
    with open(hook, "w", encoding="utf-8", newline="\n") as file:
        file.write(_UPDATE_HOOK)
    os.chmod(hook, 0o755)  # noqa: S103  git runs hooks only where they may be run
    return GitRepo(path)


class GitRepo:
    """One bare repository; refs are kept in memory and read again after each push."""

    def __init__(self, path: str) -> None:
        """Open the bare repository at ``path``."""
        self.path = path
        self._refs: dict[str, str] | None = None

    def run(
        self, *arguments: str, given: bytes | None = None, env: Mapping[str, str] | None = None
    ) -> bytes:
        """What git prints here; raises GitFailed."""
        return git(self.path, *arguments, given=given, env=env)

    def refs(self) -> dict[str, str]:
        """Every ref with its object's hash."""
        if self._refs is None:
            lines = self.run("for-each-ref", "--format=%(objectname) %(refname)").decode()
            pairs = (line.split(" ", 1) for line in lines.splitlines())
            self._refs = {name: sha for sha, name in pairs}
        return self._refs

    def forget(self) -> None:
        """Read the refs again when they are next asked for."""
        self._refs = None

    def branch(self, name: str) -> str:
        """The commit of a branch, or ""."""
        return self.refs().get(f"refs/heads/{name}", "")

    def set_ref(self, name: str, sha: str) -> None:
        """Create, move or delete (``sha`` "") a ref."""
        if sha:
            self.run("update-ref", name, sha)
            self.refs()[name] = sha
        else:
            self.run("update-ref", "-d", name)
            self.refs().pop(name, None)

    def resolve(self, name: str) -> str:
        """The commit of a branch, tag, full or shortened hash; "" where there is none."""
        refs = self.refs()
        for place in (f"refs/heads/{name}", f"refs/{name}", f"refs/tags/{name}", name):
            if place in refs:
                name = refs[place]
                break
        if not name or name.startswith("-") or any(c in name for c in " :^~@{\\\0"):
            return ""
        return _resolved(self.path, name) if _is_sha(name) else self._ask(name)

    def _ask(self, name: str) -> str:
        try:
            return (
                self.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
            )
        except GitFailed:
            return ""

    def kind(self, sha: str) -> str:
        """blob, tree, commit or tag; "" where the object is not there."""
        try:
            return self.run("cat-file", "-t", sha).decode().strip()
        except GitFailed:
            return ""

    def commit(self, sha: str) -> Commit:
        """A commit by its full hash; raises GitFailed."""
        return _commit(self.path, sha)

    def tree(self, sha: str, *, recursive: bool = False) -> tuple[Entry, ...]:
        """The entries of a tree or commit; with ``recursive`` also those below, trees too."""
        return _tree(self.path, sha, recursive)

    def blob(self, sha: str) -> bytes:
        """A blob's bytes; raises GitFailed."""
        return _blob(self.path, sha)

    def entry(self, commit: str, path: str) -> Entry | None:
        """What stands at a path of a commit."""
        path = path.strip("/")
        if not path:
            return Entry("040000", "tree", self.commit(commit).tree, None, "")
        return _entry(self.path, commit, path)

    def ancestor(self, old: str, new: str) -> bool:
        """Whether ``old`` is reachable from ``new``."""
        try:
            return _ancestor(self.path, old, new)
        except GitFailed:
            return False

    def write_blob(self, data: bytes) -> str:
        """Store a blob; its hash."""
        return write_object(self.path, "blob", data)

    def write_tree(self, base: str, changes: Sequence[tuple[str, str, str]]) -> str:
        """A tree from ``base`` (a hash or "") with (path, mode, sha) put in; sha "" removes.

        Raises GitFailed for a path that git would not take.
        """
        parted = [(tuple(path.split("/")), mode, sha) for path, mode, sha in changes]
        if any(part.lower() in ("", ".", "..", ".git") for path, _, _ in parted for part in path):
            raise GitFailed(128, "a path has a part that is empty, '.', '..' or '.git'")
        return self._tree_of(base, parted) or write_object(self.path, "tree", b"")

    def _tree_of(self, base: str, changes: Sequence[tuple[tuple[str, ...], str, str]]) -> str:
        """The changed tree's hash, "" where nothing is left in it."""
        held = {e.path: (e.mode, e.sha) for e in self.tree(base)} if base else {}
        below: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
        for parts, mode, sha in changes:
            if len(parts) > 1:
                below.setdefault(parts[0], []).append((parts[1:], mode, sha))
            elif sha:
                held[parts[0]] = (mode, sha)
            else:
                held.pop(parts[0], None)
        for name, inner in below.items():
            mode, sha = held.get(name, ("", ""))
            made = self._tree_of(sha if mode == "040000" else "", inner)
            held.pop(name, None)
            if made:
                held[name] = ("040000", made)
        return write_object(self.path, "tree", _tree_bytes(held)) if held else ""

    def write_commit(
        self, tree: str, parents: Sequence[str], message: str, author: Person, committer: Person
    ) -> str:
        """Store a commit; its hash."""
        arguments = [word for parent in parents for word in ("-p", parent)]
        env = {
            "GIT_AUTHOR_NAME": author.name,
            "GIT_AUTHOR_EMAIL": author.email,
            "GIT_AUTHOR_DATE": author.date,
            "GIT_COMMITTER_NAME": committer.name,
            "GIT_COMMITTER_EMAIL": committer.email,
            "GIT_COMMITTER_DATE": committer.date,
        }
        given = message.encode()
        return self.run("commit-tree", tree, *arguments, given=given, env=env).decode().strip()

    def fetch(self, other: str, *specs: str) -> None:
        """Bring objects and refs over from another bare repository on this disk."""
        self.run("fetch", "--quiet", "--no-tags", other, *specs)
        self.forget()


def write_object(path: str, kind: str, data: bytes) -> str:
    """Store a loose object; its hash. A process for each would take seconds over many files."""
    whole = b"%s %d\0%s" % (kind.encode(), len(data), data)
    sha = hashlib.sha1(whole).hexdigest()  # noqa: S324  git's own name for the object
    folder = os.path.join(path, "objects", sha[:2])
    place = os.path.join(folder, sha[2:])
    if not os.path.exists(place):
        os.makedirs(folder, exist_ok=True)
        with open(f"{place}.new", "wb") as file:
            file.write(zlib.compress(whole, 1))
        os.replace(f"{place}.new", place)
    return sha


def _tree_bytes(entries: Mapping[str, tuple[str, str]]) -> bytes:
    """A tree as git stores it: folders sort as if their names ended in a slash."""
    named = [(name.encode("utf-8", "surrogateescape"), *held) for name, held in entries.items()]
    named.sort(key=lambda each: each[0] + b"/" * (each[1] == "040000"))
    return b"".join(
        b"%s %s\0%s" % (mode.lstrip("0").encode(), name, bytes.fromhex(sha))
        for name, mode, sha in named
    )


def _is_sha(text: str) -> bool:
    return len(text) == 40 and all(c in "0123456789abcdef" for c in text)


def _known(path: str, name: str) -> str:
    return git(path, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()


_kept_names = lru_cache(maxsize=65536)(_known)


def _resolved(path: str, sha: str) -> str:
    try:
        return _kept_names(path, sha)
    except GitFailed:
        return ""


@lru_cache(maxsize=65536)
def _commit(path: str, sha: str) -> Commit:
    text = git(path, "cat-file", "commit", sha).decode("utf-8", "replace")
    head, _, message = text.partition("\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.splitlines():
        name, _, value = line.partition(" ")
        fields.setdefault(name, []).append(value)
    people = [person_of(fields[role][0]) for role in ("author", "committer")]
    parents = tuple(fields.get("parent", ()))
    return Commit(sha, fields["tree"][0], parents, people[0], people[1], message)


def person_of(line: str) -> Person:
    """Name, address and date of an author line."""
    name, _, rest = line.rpartition(" <")
    email, _, date = rest.partition("> ")
    return Person(name, email, date)


@lru_cache(maxsize=4096)
def _tree(path: str, sha: str, recursive: bool) -> tuple[Entry, ...]:
    flags = ("-r", "-t") if recursive else ()
    found = []
    for line in (
        git(path, "ls-tree", "-z", "-l", *flags, sha).decode("utf-8", "surrogateescape").split("\0")
    ):
        if line:
            head, _, name = line.partition("\t")
            mode, kind, object_sha, size = head.split()
            found.append(Entry(mode, kind, object_sha, int(size) if size != "-" else None, name))
    return tuple(found)


@lru_cache(maxsize=4096)
def _blob(path: str, sha: str) -> bytes:
    return git(path, "cat-file", "blob", sha)


@lru_cache(maxsize=65536)
def _entry(path: str, commit: str, name: str) -> Entry | None:
    line = git(path, "ls-tree", "-z", "-l", commit, "--", name).decode().split("\0")[0]
    if not line:
        return None
    head, _, full = line.partition("\t")
    mode, kind, sha, size = head.split()
    return Entry(mode, kind, sha, int(size) if size != "-" else None, full)


@lru_cache(maxsize=65536)
def _ancestor(path: str, old: str, new: str) -> bool:
    try:
        git(path, "merge-base", "--is-ancestor", old, new)
    except GitFailed as failed:
        if failed.code != 1:
            raise  # an object that is not there yet may come
        return False
    return True
