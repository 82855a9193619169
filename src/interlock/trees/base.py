"""What everything reads through: a tree of files at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interlock.values import NamedTuple, Protocol

#: No configuration file that people edit comes near this; larger ones are reported, not read.
MAX_FILE_BYTES = 16 * 1024 * 1024


class Entry(NamedTuple):
    """One file of a tree: its path with forward slashes, and git's blob id ("" if unknown)."""

    path: str
    oid: str


class Unread(NamedTuple):
    """Why one file could not be read, as a clause: "is a symbolic link out of the repository"."""

    reason: str


def too_large(size: int) -> Unread:
    """Why a file of ``size`` bytes is not read."""
    return Unread(
        f"is too large for a configuration file: {size:,} bytes, read are at most "
        f"{MAX_FILE_BYTES:,}"
    )


class Tree(Protocol):
    """Files of one repository at one moment.

    ``label`` says which moment, for people: "work tree", "staged", "main (1a2b3c4)".
    Both methods raise TreeError when the repository as a whole cannot be read.
    """

    @property
    def label(self) -> str:
        """What a person calls this state of the repository."""

    def entries(self, prefix: str) -> Sequence[Entry]:
        """All files whose path is ``prefix`` or lies in the folder ``prefix`` ("" is the root)."""

    def read(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Unread]]:
        """The bytes of each entry, in order; one batch where the tree is remote."""


class Repo(NamedTuple):
    """A repository in a world: its alias, its owner/name, and its tree or why there is none."""

    alias: str
    name: str
    tree: Tree | None
    reason: str = ""


#: One tree for every repository: alias -> the repositories bound to it.
World = dict[str, tuple[Repo, ...]]
