"""Walks git's own tree objects: what a revision and the index have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence

from interlock.errors import TreeError
from interlock.trees.base import Entry, Tree, Unread, too_large
from interlock.trees.objects import Objects, TooLarge, not_here

DIRECTORY, SYMLINK, SUBMODULE = b"40000", b"120000", b"160000"
#: Not one of git's modes: a path that a merge left with several contents.
UNMERGED = b"unmerged"
#: Links that lead to links; systems give up at 40, configuration never comes near.
MAX_HOPS = 8
#: More files than the largest repositories hold; a few nested trees can claim any number.
MAX_ENTRIES = 1_000_000
#: What POSIX systems allow; a longer path is in no checkout.
MAX_PATH = 4096

#: A name's mode and object id.
Item = tuple[bytes, str]
Folder = dict[str, Item]


class ObjectTree(ABC):
    """Files in git's object store. A symbolic link is followed inside the repository only."""

    def __init__(self, objects: Objects, label: str) -> None:
        """``label`` is what people call this state."""
        self.objects = objects
        self.label = label
        #: What will be read later: it is fetched with the first file that is.
        self.expected: Callable[[], Sequence[Entry]] | None = None
        self._folders: dict[str, Folder] = {}

    @abstractmethod
    def _load(self, path: str) -> Folder:
        """What the folder ``path`` holds; it is asked once for each, and only where it exists."""

    @abstractmethod
    def root_name(self) -> str:
        """What git calls the root's tree: below it a partial clone may lack files ("": none)."""

    def entries(self, prefix: str) -> Sequence[Entry]:
        """See Tree."""
        found: list[Entry] = []
        if prefix:
            here = self.item(prefix)
            if here is None or here[0] != DIRECTORY:
                _take(found, prefix, here)
                return found
        stack = [prefix]
        while stack:
            folder = stack.pop()
            for name, item in self.folder(folder).items():
                path = f"{folder}/{name}" if folder else name
                if item[0] != DIRECTORY:
                    _take(found, path, item)
                elif len(path) > MAX_PATH:
                    raise TreeError(f"{self.label} holds a path of more than {MAX_PATH} characters")
                else:
                    stack.append(path)
            if len(found) + len(stack) > MAX_ENTRIES:
                raise TreeError(f"{self.label} holds more than {MAX_ENTRIES:,} files")
        found.sort()
        return found

    def item(self, path: str) -> Item | None:
        """The mode and id at ``path``, by git's own tree; None where nothing is there."""
        here: Item | None = (DIRECTORY, "")
        at = ""
        for name in path.split("/"):
            if here is None or here[0] != DIRECTORY:
                return None
            here = self.folder(at).get(name)
            at = f"{at}/{name}" if at else name
        return here

    def folder(self, path: str) -> Folder:
        """What the existing folder ``path`` holds; not to be changed."""
        known = self._folders.get(path)
        if known is None:
            known = self._folders[path] = self._load(path)
        return known

    def read(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Unread]]:
        """See Tree."""
        self.prefetch(entries)
        for entry in entries:
            yield entry, self._read(entry)

    def prefetch(self, entries: Sequence[Entry]) -> None:
        """Fetch what a partial clone lacks of ``entries`` in one go, where network is allowed.

        A link needs a second fetch where its target is not among the entries.
        """
        root = self.root_name()
        if not self.objects.fetches or not root:
            return
        expected, self.expected = self.expected, None
        if expected is not None:
            entries = [*entries, *expected()]
        links = [entry.path for entry in entries if not entry.oid]
        ids = [entry.oid for entry in entries if entry.oid]
        ids += [item[1] for item in map(self.item, links) if item is not None]
        self.objects.prefetch(root, [oid for oid in ids if oid])
        targets = [self.follow(path) for path in links]
        self.objects.prefetch(root, [t for t in targets if isinstance(t, str)])

    def _read(self, entry: Entry) -> bytes | Unread:
        oid = entry.oid or self.follow(entry.path)
        return oid if isinstance(oid, Unread) else self._blob(oid)

    def follow(self, path: str) -> str | Unread:
        """The blob at ``path`` behind all links, walked as a file system would."""
        done: list[str] = []
        todo = path.split("/")[::-1]
        hops = 0
        while todo:
            step = todo.pop()
            if step in ("", "."):
                continue
            if step == "..":
                if not done:
                    return Unread(OUTSIDE)
                done.pop()
                continue
            item = self.folder("/".join(done)).get(step)
            if item is None:
                return Unread(DANGLING if hops else "is not there")
            mode, oid = item
            if mode == SYMLINK:
                hops += 1
                if hops > MAX_HOPS:
                    return Unread("is a symbolic link that leads round in circles")
                target = self._blob(oid)
                if isinstance(target, Unread) or target[:1] == b"/":
                    return Unread(OUTSIDE)
                todo += target.decode("utf-8", "surrogateescape").split("/")[::-1]
            elif mode == DIRECTORY:
                done.append(step)
            elif mode == UNMERGED:
                return Unread("has a merge conflict that is not resolved")
            elif mode == SUBMODULE or todo:
                return Unread(DANGLING)
            else:
                return oid
        return Unread(FOLDER)

    def _blob(self, oid: str) -> bytes | Unread:
        got = self.objects.get(oid)
        if got is None:
            raise not_here(self.objects.where)
        if isinstance(got, TooLarge):
            return too_large(got.size)
        return got[2]


def fetches(tree: Tree | None) -> bool:
    """True where reading ``tree`` may fetch files."""
    return isinstance(tree, ObjectTree) and tree.objects.fetches


OUTSIDE = "is a symbolic link out of the repository"
DANGLING = "is a symbolic link to nothing in the repository"
FOLDER = "is a symbolic link to a folder"


def _take(found: list[Entry], path: str, item: Item | None) -> None:
    """Add a file; a link gets no id, since what it leads to decides its content."""
    if item is not None and item[0] != SUBMODULE:
        found.append(Entry(path, "" if item[0] in (SYMLINK, UNMERGED) else item[1]))


def parse_tree(content: bytes, id_size: int) -> Folder:
    """Name -> (mode, id) of a raw tree object; ``id_size`` is 20 or 32 bytes.

    Raises TreeError for names that git itself refuses to check out: they could lead elsewhere.
    """
    found: Folder = {}
    at = 0
    while at < len(content):
        space = content.find(b" ", at)
        end = content.find(b"\0", space)
        after = end + 1 + id_size
        raw = content[space + 1 : end]
        if space < 0 or end < 0 or after > len(content):
            raise TreeError("a folder in the repository is malformed: `git fsck` says more")
        if not raw or b"/" in raw or raw.lower() in (b".", b"..", b".git"):
            raise TreeError(
                f"the repository holds the forbidden name {raw!r}: `git fsck` says more"
            )
        name = raw.decode("utf-8", "surrogateescape")
        found[name] = (content[at:space].lstrip(b"0"), content[end + 1 : after].hex())
        at = after
    return found
