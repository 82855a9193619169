"""The hook ``interlock``: every enabled family on what is staged, in one process."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.cli.staged import check_staged


def main(argv: Sequence[str] | None = None) -> int:
    """Check every rule on what is staged."""
    del argv
    return check_staged()


def run() -> None:
    """The console script."""
    raise SystemExit(main())
