"""One scan for credentials, from what was asked to what was found: hooks use it too."""

from __future__ import annotations

from interlock.errors import InterlockError
from interlock.secrets.baseline import NAME as BASELINE
from interlock.secrets.model import Hit, Rule, Scanned
from interlock.secrets.pragmas import watched
from interlock.secrets.reading import Tally, leaver_out, read_paths
from interlock.secrets.scan import scan, scanner
from interlock.secrets.table import TABLE
from interlock.values import NamedTuple


class Asked(NamedTuple):
    """What to scan: paths, or the staged lines, or those of a range, or all of history.

    ``rules`` are all that are looked for, a policy's own among them. ``exclude`` are globs over
    paths as they are told; such files are counted as skipped. ``baseline`` is the path of the
    baseline from the repository's top, ``key`` that of the fingerprints where it is known.
    """

    paths: tuple[str, ...] = (".",)
    staged: bool = False
    base: str = ""
    head: str = "HEAD"
    history: bool = False
    rules: tuple[Rule, ...] = TABLE
    exclude: tuple[str, ...] = ()
    baseline: str = BASELINE
    key: bytes = b""


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

    Raises InterlockError where a change adds lines and none of them was scanned.
    """
    excluded = leaver_out(asked.exclude)
    changes = asked.staged or asked.base or asked.history
    if not changes:
        tally = Tally(f"{len(asked.paths)} path{'s' if len(asked.paths) != 1 else ''}")
        texts = read_paths(asked.paths, where, excluded)
        expected = 0
    else:
        from interlock.secrets.changes import added

        what = "staged" if asked.staged else f"{asked.base}..{asked.head}"
        tally = Tally("history" if asked.history else what)
        change = added(where, asked.base, asked.head, staged=asked.staged)
        texts, expected = change.texts(excluded), change.expected
    passing = (text for one in texts if (text := tally.passed(one)) is not None)
    key, seen = asked.key or _key(where, asked.baseline), dict[str, tuple[int, ...]]()
    hits = tuple(sorted(scan(watched(passing, seen), scanner(asked.rules, key)), key=_place))
    scanned = tally.scanned()
    if expected and not scanned.lines and not scanned.skipped:
        raise InterlockError(
            f"the change adds {expected:,} lines and none of them was scanned: "
            "this is no clean result; run `interlock secrets scan` on the files"
        )
    return Found(hits, scanned, key, seen)


def _place(hit: Hit) -> tuple[str, int, int]:
    return hit.path, hit.line, hit.column


def _key(where: str, baseline: str) -> bytes:
    """The baseline's key; else the repository's: random, in git's own folder, or for this run."""
    from interlock.secrets.baseline_files import top_of, work_key
    from interlock.secrets.fingerprints import repository_key

    top = top_of(where)
    return (work_key(top, baseline) if top else b"") or repository_key(where)
