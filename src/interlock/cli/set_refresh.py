"""interlock set refresh: look at the change sets around one pull request, and tell all of them."""

from __future__ import annotations

import argparse
import os
import sys

from interlock.cli.set_github import add_github, looking_with, pull_of
from interlock.report.exit_code import CLEAN, FINDINGS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock set refresh``."""
    parser.add_argument(
        "--pull",
        default="",
        metavar="OWNER/NAME#NUMBER",
        help="the pull request that something happened to (default: the event's, in Actions)",
    )
    add_github(parser)


def run(arguments: argparse.Namespace) -> int:
    """Refresh; 1 where something could not be read or written."""
    from interlock.github.log import lines
    from interlock.github.overview import Event
    from interlock.github.picture import picture
    from interlock.github.telling import messages
    from interlock.github.writing import write_all

    event = Event(*pull_of(arguments.pull, os.environ))
    with looking_with(arguments) as looking:
        found = picture(looking, event)
        written = tuple(write_all(looking.hub, messages(looking, found), dry=arguments.dry_run))
    sys.stdout.writelines(f"{line}\n" for line in lines(looking, found, written))
    repos = found.overview.repos.values()
    failed = any(one.problem for one in written) or any(one.problem for one in repos)
    return FINDINGS if failed else CLEAN
