"""interlock set sweep: all change sets, what events missed, reminders and alarms."""

from __future__ import annotations

import argparse
import sys

from interlock.cli.set_github import add_github, looking_with
from interlock.report.exit_code import CLEAN, FINDINGS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock set sweep``."""
    add_github(parser)


def run(arguments: argparse.Namespace) -> int:
    """Sweep; 1 where a set is half landed, or where something could not be read or written."""
    from interlock.github.log import lines
    from interlock.github.picture import picture
    from interlock.github.telling import messages
    from interlock.github.writing import write_all

    with looking_with(arguments) as looking:
        found = picture(looking)
        told = messages(looking, found, remind=True)
        written = tuple(write_all(looking.hub, told, dry=arguments.dry_run))
    sys.stdout.writelines(f"{line}\n" for line in lines(looking, found, written))
    problems = [one.problem for one in written]
    problems += [one.problem for one in found.overview.repos.values()]
    alarms = [judged for judged in found.sets if judged.found.verdict.half_landed]
    return FINDINGS if any(problems) or alarms else CLEAN
