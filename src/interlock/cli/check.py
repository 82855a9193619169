"""interlock check."""

from __future__ import annotations

import argparse
import os
import sys

from interlock.cli.checking import check
from interlock.cli.options import add_readers, add_selection, add_world, options_of
from interlock.cli.writing import write_text
from interlock.errors import UsageError
from interlock.model import SEVERITIES
from interlock.report.exit_code import exit_code
from interlock.report.table import FORMATS, render


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock check``."""
    parser.add_argument(
        "rules",
        nargs="*",
        metavar="RULE",
        help="only these rules (ids or globs); 'secret/*' needs no policy",
    )
    add_selection(parser)
    add_world(parser)
    mending = parser.add_argument_group("mending (only where the policy names an authority)")
    either = mending.add_mutually_exclusive_group()
    either.add_argument("--fix", action="store_true", help="mend what can be mended safely")
    either.add_argument("--diff", action="store_true", help="show what --fix would write")
    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=tuple(FORMATS), default="text", help="default: text")
    output.add_argument("--output", default="", metavar="FILE", help="write there instead")
    output.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="write the same report there as well; may be given more than once",
    )
    add_readers(output)
    output.add_argument("--all", action="store_true", help="show old, young and waived findings")
    output.add_argument(
        "--fail-level",
        choices=SEVERITIES[:3],
        default="error",
        help="exit 1 from this severity on (default: error)",
    )
    output.add_argument(
        "--require-all",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="exit 1 where a repository could not be read (default where CI=true)",
    )
    output.add_argument(
        "--deferred",
        action="store_true",
        help="this run cannot hold credentials for other repositories (found out in GitHub CI)",
    )
    output.add_argument("--colour", "--color", choices=("auto", "always", "never"), default="auto")


def run(arguments: argparse.Namespace) -> int:
    """Check, report, and give the exit code."""
    also = [_asked_also(text) for text in arguments.also]
    options = options_of(arguments)._replace(ages=True)
    checked = check(options)
    if arguments.diff or arguments.fix:
        from interlock.cli.fixing import difference, fix

        # A program that reads the report must not find our sentences in it.
        say = sys.stdout.write if arguments.format == "text" else sys.stderr.write
        if arguments.diff:
            say(difference(checked))
        else:
            checked = fix(options, checked, say)
    colour = _coloured(arguments.colour) and not arguments.output
    report = checked.report
    if "sarif" in (arguments.format, *(name for name, _ in also)):
        from interlock.cli.rule_texts import rule_texts

        report = report._replace(rules=rule_texts(report, checked.found.policy))
    text = render(report, arguments.format, colour=colour, show_all=arguments.all)
    write_text(arguments.output, text)
    for name, file in also:
        write_text(file, render(report, name, show_all=arguments.all))
    return exit_code(report)


def _asked_also(text: str) -> tuple[str, str]:
    name, _, file = text.partition("=")
    if name not in FORMATS or not file:
        raise UsageError(f"--also {text}: write FORMAT=FILE; formats are {', '.join(FORMATS)}")
    return name, file


def _coloured(choice: str) -> bool:
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
