"""What a scan for credentials looked at, in a few words."""

from __future__ import annotations

from collections import Counter

from interlock.model import Checked
from interlock.report.neutral import harmless
from interlock.report.wording import many
from interlock.secrets.model import Scanned
from interlock.values import Any


def extent(scanned: Scanned) -> str:
    """What was scanned and what not: ``12 lines of 3 files (staged; left out: 1 binary)``."""
    reasons = Counter(skip.reason for skip in scanned.skipped)
    left = ", ".join(f"{n:,} {harmless(reason)}" for reason, n in sorted(reasons.items()))
    what = harmless(scanned.what) + (f"; left out: {left}" if left else "")
    return f"{many(scanned.lines, 'line')} of {many(scanned.files, 'file')} ({what})"


def with_scan(checked: Checked, scanned: Scanned) -> Checked:
    """``checked`` with the scan's extent."""
    return checked._replace(
        scanned_files=scanned.files, scanned_lines=scanned.lines, scan=extent(scanned)
    )


def as_json(scanned: Scanned) -> dict[str, Any]:
    """What was scanned, and what was not and why, for programs."""
    return {
        "what": scanned.what,
        "files": scanned.files,
        "lines": scanned.lines,
        "skipped": [{"path": plain(s.path), "reason": s.reason} for s in scanned.skipped],
    }


def plain(path: str) -> str:
    """A path that any JSON reader takes: bytes that are no UTF-8 are shown as question marks."""
    return path.encode("utf-8", "replace").decode()
