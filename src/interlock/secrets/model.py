"""Frozen values of the secret scan. None of them ever holds a secret's text."""

from __future__ import annotations

from interlock.values import NamedTuple


class Rule(NamedTuple):
    """One kind of credential.

    ``pattern`` is RE2; its group 1 is the secret. ``keywords`` are literals one of which stands in
    every line that can match. ``paths``, ``context`` and ``near`` are RE2 patterns ("" for none)
    for the path, for the lines around and for what stands before the secret on its line; ``allow``
    is one for values that are no secrets. ``min_entropy`` is in bits a character. ``checksum``
    names a check in judging.py. ``why`` and ``rotate`` are sentences for people.
    """

    id: str
    family: str
    type: str
    pattern: str
    keywords: tuple[str, ...]
    min_entropy: float
    checksum: str
    paths: str
    context: str
    near: str
    allow: str
    why: str
    rotate: str


class Text(NamedTuple):
    """Lines to scan: ``body`` is UTF-8, its lines end with a newline.

    ``numbers`` holds, for each line of the body, the line of the file that it stands on; empty
    where the body is the whole file. ``cells`` holds the notebook cell (from 1) of each line, and
    ``kinds`` the ending of a file in which the line would stand: ".ipynb" for code, ".sh", ".md",
    ".txt", ".html", ".json". ``commit`` added the lines, where history is read.
    """

    path: str
    body: bytes
    numbers: tuple[int, ...] = ()
    cells: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    commit: str = ""


class Skip(NamedTuple):
    """A path that was not scanned, and why."""

    path: str
    reason: str


class Hit(NamedTuple):
    """One credential found. Lines, columns and cells start at 1; cell 0 is no notebook.

    ``fingerprint`` is HMAC-SHA-256 of the value under the repository's random key: equal values
    can be told to be equal, and nothing else can be told. ``allowed`` says that the line, or that
    above it, carries a pragma which allows it. ``verdict`` is what the issuer says, where it was
    asked: a word of verifying.py, else "". ``commit`` added it, where history is read.
    """

    rule: str
    type: str
    path: str
    line: int
    column: int
    fingerprint: str
    cell: int
    allowed: bool = False
    verdict: str = ""
    commit: str = ""


class Scanned(NamedTuple):
    """What a scan looked at. ``what`` names it for people: "staged", "3 paths"."""

    what: str
    files: int
    lines: int
    skipped: tuple[Skip, ...]
