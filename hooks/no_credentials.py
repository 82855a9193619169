"""The hook ``no-credentials``: no credential in the lines that are staged, or pushed."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from interlock.cli.staged_credentials import check_credentials


def main(argv: Sequence[str] | None = None) -> int:
    """Look for credentials; ``argv`` are the files that pre-commit names."""
    return check_credentials(sys.argv[1:] if argv is None else argv)


def run() -> None:
    """The console script."""
    raise SystemExit(main())
