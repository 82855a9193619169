"""The hook ``experiment-consistency``: the staged change against the other repositories."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.cli.staged import check_staged


def main(argv: Sequence[str] | None = None) -> int:
    """Check the experiment rules on what is staged."""
    del argv
    return check_staged(("experiment/*",))


def run() -> None:
    """The console script."""
    raise SystemExit(main())
