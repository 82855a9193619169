"""What every hook does: check what is staged, say what is wrong, give the exit code."""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False  # typing itself would cost as much as git does
if TYPE_CHECKING:
    from interlock.cli.situation import Found


def check_staged(only: tuple[str, ...] = ()) -> int:
    """Check the staged change against its siblings; nothing heavy is imported before it must."""
    from interlock.cli.touched import untouched

    if untouched(os.getcwd()):
        return 0
    from interlock.cli.failing import guarded

    def command() -> int:
        from interlock.cli.cache_folder import cache_folder
        from interlock.cli.checking import Options, check
        from interlock.cli.worlds import Selection
        from interlock.report.exit_code import exit_code
        from interlock.trees.access import Access

        ci = os.environ.get("CI", "").lower() == "true"
        now = int(time.time())
        # A hook never uses the network: what the last check fetched is there, with its age.
        access = Access(cache_folder(), now=now)
        options = Options(
            os.getcwd(), Selection("staged"), now, only=only, require_all=ci, access=access
        )
        checked = check(options)
        _remember(checked.found)
        report = checked.report
        if report.findings or report.notices:
            from interlock.report.text import render

            sys.stdout.write(render(report, colour=sys.stdout.isatty()))
        return exit_code(report)

    return guarded(command)


def _remember(found: Found) -> None:
    """Keep which paths are of any source, so that a commit beside them is let through at once."""
    from interlock.cli.touched import remember

    own = [source for source in found.policy.sources.values() if found.own in source.repos]
    globs = [glob for source in own for glob in (*source.files, *source.layers)]
    patterns = [glob.regex.pattern if glob.regex else escaped(glob.text) for glob in globs]
    local = [layer.name for layer in found.policy.layers if is_path(layer.name)]
    if not found.policy.notices:
        remember(os.getcwd(), local, found.remotes, patterns)


def is_path(name: str) -> bool:
    """True for a policy file of this repository: no built-in one, none of another repository."""
    return not name.startswith("interlock:") and "//" not in name


def escaped(text: str) -> str:
    """A pattern that matches just ``text``."""
    import re

    return re.escape(text)
