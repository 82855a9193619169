"""What every hook does: check what is staged, say what is wrong, give the exit code."""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False  # typing itself would cost as much as git does
if TYPE_CHECKING:
    from interlock.cli.checking import Checked, Options
    from interlock.cli.readers import Readers
    from interlock.cli.touched import Look


def check_staged(only: tuple[str, ...] = ()) -> int:
    """Check the staged change against its siblings; on a push, look for credentials in it too.

    Nothing heavy is imported before it must.
    """
    code = _check_staged(only)
    if only or not (
        os.environ.get("PRE_COMMIT_TO_REF") or os.environ.get("PRE_COMMIT_REMOTE_NAME")
    ):
        return code
    from interlock.cli.staged_credentials import check_credentials

    return max(code, check_credentials(if_asked=True))


def _check_staged(only: tuple[str, ...]) -> int:
    from interlock.cli.touched import look

    seen = look(os.getcwd())
    if seen is not None and seen.untouched and (only or not seen.credentials.asked):
        return 0
    from interlock.cli.failing import guarded

    def command() -> int:
        from interlock.report.exit_code import exit_code

        if seen is not None and seen.untouched and _holds_no_credentials(seen):
            return 0
        report = _checked(options_of_hook(only, seen), seen).report
        if report.findings or report.notices:
            from interlock.report.text import render

            sys.stdout.write(render(report, colour=sys.stdout.isatty()))
        return exit_code(report)

    return guarded(command)


def _holds_no_credentials(seen: Look) -> bool:
    """True where the built-in rules are all that the policy asks for, and find nothing staged."""
    if not seen.credentials.plain:
        return False
    from interlock.cli.staged_credentials import STAGED, nothing

    return nothing(os.getcwd(), seen.credentials, STAGED)


def options_of_hook(only: tuple[str, ...], seen: Look | None = None) -> Options:
    """What a hook checks: what is staged, without the network."""
    from interlock.cli.cache_folder import cache_folder
    from interlock.cli.checking import Options
    from interlock.cli.worlds import Selection
    from interlock.trees.access import Access

    now = int(time.time())
    # A hook never uses the network: what the last check fetched is there, with its age.
    return Options(
        os.getcwd(),
        Selection("staged", listed=seen.staged if seen is not None else None),
        now,
        only=only,
        require_all=os.environ.get("CI", "").lower() == "true",
        access=Access(cache_folder(), now=now),
        readers=_readers(),
    )


def _readers() -> Readers | None:
    """Who reads the output: a hook may run in GitHub Actions too."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return None
    from interlock.cli.readers import readers

    return readers()


def _checked(options: Options, seen: Look | None) -> Checked:
    """Check with what earlier runs kept, and keep what this one learned."""
    from interlock.cli.checking import check
    from interlock.cli.remembered import documents, keep_documents, policy, remember

    kept = documents(options.folder)
    found = policy(options, seen) if seen is not None else None
    checked = check(options._replace(found=found, kept=kept))
    if found is None:
        remember(options.folder, checked.found)
    keep_documents(options.folder, kept)
    return checked
