"""One scan for credentials, from what was asked to what was found: hooks use it too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from interlock.secrets.baseline import NAME as BASELINE
from interlock.secrets.model import Hit, Rule, Scanned, Skip, Text
from interlock.secrets.names import in_names
from interlock.secrets.pragmas import watched
from interlock.secrets.reading import Tally, leaver_out, read_paths
from interlock.secrets.scan import scan, scanner
from interlock.secrets.table import TABLE
from interlock.values import NamedTuple


class Asked(NamedTuple):
    """What to scan: paths, or the staged lines, or those of a range, or all of history.

    With ``each`` it is what each commit of the range adds; without a base, of all before ``head``.
    ``rules`` are all that are looked for, a policy's own among them. ``exclude`` are globs over
    paths as they are told; such files are counted as skipped. ``baseline`` is the path of the
    baseline from the repository's top, ``key`` that of the fingerprints where it is known.
    ``verify`` asks issuers which are live: nothing else uses the network.
    """

    paths: tuple[str, ...] = (".",)
    staged: bool = False
    base: str = ""
    head: str = "HEAD"
    history: bool = False
    each: bool = False
    rules: tuple[Rule, ...] = TABLE
    exclude: tuple[str, ...] = ()
    baseline: str = BASELINE
    key: bytes = b""
    verify: bool = False


class Found(NamedTuple):
    """What was found, and in what; fingerprints were made under ``key``.

    ``seen`` are the paths that were scanned, with the lines that pragmas of theirs reach out to.
    """

    hits: tuple[Hit, ...]
    scanned: Scanned
    key: bytes
    seen: dict[str, tuple[int, ...]]


def look(asked: Asked, where: str = ".") -> Found:
    """Scan in the folder ``where``; raises UsageError or TreeError where that cannot be read.

    Raises InterlockError where there was something to scan and no line of it could be.
    """
    what, reading = _reading(asked, where)
    tally = Tally(what)
    paths: set[str] = set()
    noted = _noted(reading, paths)
    passing = (text for one in noted if (text := tally.passed(one)) is not None)
    key, seen = asked.key or _key(where, asked.baseline), dict[str, tuple[int, ...]]()
    using = scanner(asked.rules, key)
    if asked.verify:
        from interlock.secrets.verifying import asker

        using = using._replace(ask=asker())
    hits = list(scan(watched(passing, seen), using))
    named = in_names(paths, using)
    hits = [hit._replace(path=named.told(hit.path)) for hit in hits]
    hits = sorted((*named.hits, *hits), key=_place)
    if asked.history or asked.each:
        hits = _once(hits)
    scanned = tally.scanned(named.told)
    # As a link, or too large, the baseline has to be looked at all the same.
    if any(skip.path == asked.baseline for skip in scanned.skipped):
        seen.setdefault(asked.baseline, ())
    return Found(tuple(hits), scanned, key, seen)


def _noted(reading: Iterable[Text | Skip], paths: set[str]) -> Iterator[Text | Skip]:
    """What is read, while its names are noted in ``paths``."""
    for one in reading:
        paths.add(one.path)
        yield one


def _reading(asked: Asked, where: str) -> tuple[str, Iterator[Text | Skip]]:
    """The scan's name for people, and what it reads."""
    excluded = leaver_out(asked.exclude, asked.baseline)
    if not (asked.staged or asked.base or asked.history or asked.each):
        count = len(asked.paths)
        name = f"{count} path{'s' if count != 1 else ''}"
        return name, read_paths(asked.paths, where, excluded)
    from interlock.secrets import changes

    if asked.staged:
        return "staged", changes.staged(where, excluded)
    if asked.history:
        part = ", as far as this shallow clone has it" if changes.is_shallow(where) else ""
        return f"history{part}", changes.history(where, excluded)
    name = f"{asked.base}..{asked.head}" if asked.base else asked.head
    if asked.each:
        return name, changes.each_commit(where, asked.base, asked.head, excluded)
    return name, changes.between(where, asked.base, asked.head, excluded)


def _once(hits: list[Hit]) -> list[Hit]:
    """Each value of a path once: the lines around it may have changed many times.

    Where one of them carries no pragma, that is the one.
    """
    first = sorted(hits, key=lambda hit: (hit.allowed, _place(hit)))
    known = {(hit.rule, hit.path, hit.fingerprint): hit for hit in reversed(first)}
    return sorted(known.values(), key=_place)


def _place(hit: Hit) -> tuple[str, int, int]:
    return hit.path, hit.line, hit.column


def _key(where: str, baseline: str) -> bytes:
    """The baseline's key; else the repository's: random, in git's own folder, or for this run."""
    from interlock.secrets.baseline_files import work_key
    from interlock.secrets.fingerprints import repository_key, top_of

    top = top_of(where)
    return (work_key(top, baseline) if top else b"") or repository_key(where)
