"""`interlock secrets`: credentials in files, in a change, in history. Values are never shown."""

from __future__ import annotations

import argparse
import sys

from interlock.errors import UsageError
from interlock.report.exit_code import exit_code


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`secrets scan` and what to scan."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    scan = actions.add_parser("scan", help="look for credentials; 1 where there are any")
    scan.add_argument("paths", nargs="*", metavar="PATH", help="files or folders (default: .)")
    scan.add_argument("--staged", action="store_true", help="the lines that are staged")
    scan.add_argument("--from", dest="base", metavar="REV", help="lines added since REV")
    scan.add_argument("--to", dest="head", metavar="REV", help="up to REV (default: HEAD)")
    scan.add_argument("--history", action="store_true", help="every line that was ever added")
    scan.add_argument(
        "--format", choices=("text", "json", "sarif", "github"), default="text", help="how to tell"
    )
    from interlock.cli.secrets_baseline_options import add_arguments as add_baseline
    from interlock.cli.secrets_compat import add_arguments as add_compat

    add_compat(scan)
    scan.add_argument(
        "--verify", action="store_true", help="ask issuers which are live: uses the network"
    )
    add_baseline(actions.add_parser("baseline", help="write down what is accepted, and judge it"))


def run(arguments: argparse.Namespace) -> int:
    """Scan and tell; 1 where something fails. Or keep the baseline."""
    if arguments.action == "baseline":
        from interlock.cli.secrets_baseline import run as keep_baseline

        return keep_baseline(arguments)
    from interlock.cli.secrets_baseline_judged import look_and_judge, today
    from interlock.cli.secrets_baseline_policy import whole_tree
    from interlock.report.secrets import render, told
    from interlock.secrets.fingerprints import top_of
    from interlock.secrets.verifying import LIVE

    chosen = [bool(arguments.paths), arguments.staged, bool(arguments.base), arguments.history]
    if sum(chosen) > 1:
        raise UsageError("choose one of PATH, --staged, --from and --history")
    if arguments.head and not arguments.base:
        raise UsageError("--to needs --from: where does the range begin?")
    if arguments.compat and arguments.verify:
        raise UsageError("--compat asks no issuer: leave --verify out")
    if arguments.compat:
        from interlock.cli.secrets_compat import run as scan_as_detect_secrets

        return scan_as_detect_secrets(arguments)
    if arguments.baseline:
        raise UsageError("--baseline needs --compat: otherwise the policy says which one counts")
    # Waivers and severities are of `interlock check secret/*`, which reads all of the policy.
    asked = whole_tree(top_of("."))._replace(
        paths=tuple(arguments.paths) or (".",),
        staged=arguments.staged,
        base=arguments.base or "",
        head=arguments.head or "HEAD",
        history=arguments.history,
        verify=arguments.verify,
    )
    found, judged = look_and_judge(asked, today())
    # what is live comes first
    judged = judged._replace(
        open=tuple(sorted(judged.open, key=lambda case: case.hit.verdict != LIVE))
    )
    what = told(judged, found.scanned, asked.rules)
    sys.stdout.write(render(what, arguments.format))
    return exit_code(what.report)
