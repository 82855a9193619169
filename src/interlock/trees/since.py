"""What commits changed since others, told by git at once for many: no folder is listed for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interlock.trees.process import git
from interlock.trees.walking import Item
from interlock.values import NamedTuple

#: A path -> what it was and what it is; None where it is not there.
Changes = dict[str, tuple[Item | None, Item | None]]
_GONE = b"000000"


class Since(NamedTuple):
    """All that a commit changes since ``base``, another commit."""

    base: str
    changes: Changes


def since(where: str, pairs: Sequence[tuple[str, str]], *, own: bool = False) -> list[Since]:
    """For each (head, base) what the head changes; raises TreeError."""
    found: dict[tuple[str, str], Changes] = {}
    left = list(dict.fromkeys(pairs))
    while left:
        # Git names the head alone, so each head is asked for once at a time.
        asked = dict(reversed(left))
        given = "".join(f"{head} {base}\n" for head, base in asked.items()).encode()
        output = git(
            where, "diff-tree", "--stdin", "-r", "--raw", "-z", "--no-renames", "--no-abbrev",
            own=own, given=given,
        )  # fmt: skip
        found.update({pair: {} for pair in asked.items()})
        for head, path, change in _parsed(output):
            found[head, asked[head]][path] = change
        left = [pair for pair in left if pair not in found]
    return [Since(base, found[head, base]) for head, base in pairs]


def _parsed(output: bytes) -> Iterator[tuple[str, str, tuple[Item | None, Item | None]]]:
    pieces = iter(output.split(b"\0"))
    head = ""
    for piece in pieces:
        if not piece.startswith(b":"):
            head = piece.decode()
            continue
        before, after, old, new, _ = piece[1:].split(b" ")
        path = next(pieces).decode("utf-8", "surrogateescape")
        yield head, path, (_item(before, old), _item(after, new))


def _item(mode: bytes, oid: bytes) -> Item | None:
    return None if mode == _GONE else (mode, oid.decode())
