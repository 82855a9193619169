"""What every hook does: check what is staged, say what is wrong, give the exit code."""

from __future__ import annotations

import os
import sys
import time


def check_staged(only: tuple[str, ...] = ()) -> int:
    """Check the staged change against its siblings; nothing heavy is imported before it must."""
    from interlock.cli.failing import guarded

    def command() -> int:
        from interlock.cli.checking import Options, check
        from interlock.cli.worlds import Selection
        from interlock.report.exit_code import exit_code

        ci = os.environ.get("CI", "").lower() == "true"
        options = Options(
            os.getcwd(), Selection("staged"), int(time.time()), only=only, require_all=ci
        )
        report = check(options).report
        if report.findings or report.notices:
            from interlock.report.text import render

            sys.stdout.write(render(report, colour=sys.stdout.isatty()))
        return exit_code(report)

    return guarded(command)
