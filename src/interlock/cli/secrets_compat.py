"""`interlock secrets scan --compat`: what detect-secrets 1.5 finds, by a quicker way."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from interlock.errors import InterlockError, UsageError
from interlock.report.exit_code import CLEAN, FINDINGS
from interlock.secrets.model import Scanned, Skip
from interlock.values import TYPE_CHECKING

if TYPE_CHECKING:
    from interlock.secrets.compat import Found
    from interlock.secrets.compatreading import File


def add_arguments(scan: argparse.ArgumentParser) -> None:
    """The mode, and whose settings it takes."""
    scan.add_argument(
        "--compat",
        action="store_true",
        help="give exactly what detect-secrets 1.5 finds, in whole files",
    )
    scan.add_argument(
        "--baseline",
        metavar="FILE",
        help="with --compat: the plugins and filters that this .secrets.baseline names",
    )


def run(arguments: argparse.Namespace) -> int:
    """Scan and tell; 1 where something was found."""
    from interlock.report.secret_compat import render
    from interlock.secrets.compatreading import of_change, of_paths

    if arguments.history:
        raise UsageError("--compat reads files as they are: leave --history out")
    if arguments.format not in ("text", "json"):
        raise UsageError("--compat tells by --format text or json")
    if arguments.staged:
        what, files = "staged", of_change("", "", staged=True)
    elif arguments.base:
        head = arguments.head or "HEAD"
        what, files = f"{arguments.base}..{head}", of_change(arguments.base, head, staged=False)
    else:
        paths = arguments.paths or ["."]
        what = f"{len(paths)} path{'s' if len(paths) != 1 else ''}"
        files = of_paths(paths)
    found, scanned = _scan(what, files, arguments.baseline)
    sys.stdout.write(render(found, scanned, arguments.format))
    return FINDINGS if found else CLEAN


def _scan(
    what: str, files: Iterator[File | Skip], baseline: str | None
) -> tuple[list[Found], Scanned]:
    """Raises InterlockError where there was something to scan and none of it could be."""
    from interlock.secrets.compat import Failed, scan_content
    from interlock.secrets.compatsettings import engine

    found: list[Found] = []
    skipped: list[Skip] = []
    read = lines = 0
    with engine(baseline) as ready:
        for one in files:
            if isinstance(one, Skip):
                skipped.append(one)
                continue
            if ready.filters.path(one.path):
                skipped.append(Skip(one.path, "left out by a filter"))
                continue
            try:
                found += scan_content(one.path, one.content, ready)
            except Failed as error:
                skipped.append(Skip(one.path, error.reason))
                continue
            read += 1
            lines += one.content.count(b"\n") + bool(one.content[-1:] not in (b"", b"\n"))
    if not read and any(skip.reason.startswith("cannot be read") for skip in skipped):
        raise InterlockError(f"no file was scanned ({what}). This is no clean result")
    return sorted(set(found)), Scanned(what, read, lines, tuple(skipped))
