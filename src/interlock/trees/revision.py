"""The tree of a git revision, walked through git's own objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interlock.errors import TreeError
from interlock.trees.base import Entry, Unread
from interlock.trees.links import MAX_HOPS, OUTSIDE, inside
from interlock.trees.objects import Objects, TooLarge

_DIRECTORY, _SYMLINK, _SUBMODULE = b"40000", b"120000", b"160000"


class RevisionTree:
    """Files of one commit. Symbolic links are followed inside the repository only."""

    def __init__(self, objects: Objects, commit: str, label: str, tree: str = "") -> None:
        """``commit`` is a full id; ``label`` is what people call it; ``tree`` overrides it."""
        self.objects = objects
        self.commit = commit
        self.label = label
        self._root = tree or f"{commit}^{{tree}}"
        self._folders: dict[str, dict[str, tuple[bytes, str]]] = {}
        self._links: set[str] = set()

    def entries(self, prefix: str) -> Sequence[Entry]:
        """See Tree."""
        found: list[Entry] = []
        if prefix:
            here = self._entry(prefix)
            if here is None:
                return found
            mode, oid = here
            if mode != _DIRECTORY:
                self._take(found, prefix, mode, oid)
                return found
        stack = [prefix]
        while stack:
            folder = stack.pop()
            for name, (mode, oid) in self._folder(folder).items():
                path = f"{folder}/{name}" if folder else name
                if mode == _DIRECTORY:
                    stack.append(path)
                else:
                    self._take(found, path, mode, oid)
        found.sort()
        return found

    def _take(self, found: list[Entry], path: str, mode: bytes, oid: str) -> None:
        if mode == _SUBMODULE:
            return
        if mode == _SYMLINK:
            self._links.add(path)
            oid = ""  # what the link points at decides the content
        found.append(Entry(path, oid))

    def _entry(self, path: str) -> tuple[bytes, str] | None:
        folder, _, name = path.rpartition("/")
        if folder:
            above = self._entry(folder)
            if above is None or above[0] != _DIRECTORY:
                return None
        return self._folder(folder).get(name)

    def _folder(self, path: str) -> dict[str, tuple[bytes, str]]:
        known = self._folders.get(path)
        if known is None:
            if path:
                parent, _, name = path.rpartition("/")
                asked = self._folder(parent)[name][1]
            else:
                asked = self._root
            got = self.objects.get(asked)
            if got is None or isinstance(got, TooLarge):
                raise TreeError(f"{self.label} cannot be read: git has no tree for {path or '/'}")
            known = self._folders[path] = parse_tree(got[2], len(got[0]) // 2)
        return known

    def read(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Unread]]:
        """See Tree."""
        for entry in entries:
            yield entry, self._read(entry.path, entry.oid)

    def _read(self, path: str, oid: str) -> bytes | Unread:
        hops = 0
        while not oid:
            found = self._entry(path)
            if found is None or found[0] == _DIRECTORY:
                return Unread(
                    "is a symbolic link to nothing that can be read" if hops else "is not there"
                )
            mode, oid = found
            if mode != _SYMLINK:
                break
            hops += 1
            target = self._blob(oid)
            if isinstance(target, Unread) or hops > MAX_HOPS:
                return Unread("is a symbolic link that leads nowhere")
            inner = inside(path, target.decode("utf-8", "surrogateescape"))
            if inner is None:
                return Unread(OUTSIDE)
            path, oid = inner, ""
        return self._blob(oid)

    def _blob(self, oid: str) -> bytes | Unread:
        got = self.objects.get(oid)
        if got is None:
            return Unread("is not in the local copy of the repository")
        if isinstance(got, TooLarge):
            return Unread(f"is too large to be a configuration file ({got.size:,} bytes)")
        return got[2]


def parse_tree(content: bytes, id_size: int) -> dict[str, tuple[bytes, str]]:
    """Name -> (mode, id) of a raw tree object; ``id_size`` is 20 or 32 bytes."""
    found: dict[str, tuple[bytes, str]] = {}
    at = 0
    while at < len(content):
        space = content.index(b" ", at)
        end = content.index(b"\0", space)
        name = content[space + 1 : end].decode("utf-8", "surrogateescape")
        found[name] = (content[at:space], content[end + 1 : end + 1 + id_size].hex())
        at = end + 1 + id_size
    return found


def resolve(objects: Objects, names: Sequence[str]) -> tuple[str, str] | None:
    """(name, commit id) of the first of ``names`` that is a commit in the repository."""
    for name in names:
        got = objects.get(f"{name}^{{commit}}")
        if got is not None and not isinstance(got, TooLarge):
            return name, got[0]
    return None


def revision_tree(objects: Objects, name: str) -> RevisionTree:
    """The tree of ``name``; raises TreeError with the revision that was probably meant."""
    if name.startswith("-"):
        raise TreeError(f"`{name}` is not a revision")
    found = resolve(objects, (name,))
    if found is None:
        raise TreeError(f"there is no revision `{name}` in {objects.where}{_near(objects, name)}")
    commit = found[1]
    short = commit[:7]
    shown = name.removeprefix("refs/heads/").removeprefix("refs/remotes/")
    return RevisionTree(objects, commit, shown if shown.startswith(short) else f"{shown} ({short})")


def _near(objects: Objects, name: str) -> str:
    from difflib import get_close_matches

    from interlock.trees.process import git

    listed = git(objects.where, "for-each-ref", "--format=%(refname:short)").decode().split()
    close = get_close_matches(name, listed, n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
