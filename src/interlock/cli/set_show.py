"""interlock set show: the change set of a branch, from local checkouts alone."""

from __future__ import annotations

import argparse
import os
import sys

from interlock.changes.change_set import ChangeSet, change_sets, single
from interlock.cli.options import add_world, options_of
from interlock.cli.set_worlds import Proposals, Proposed
from interlock.cli.writing import write_text
from interlock.model import SEVERITIES
from interlock.report.change_set import as_json, as_markdown, render
from interlock.report.change_set_words import Shown
from interlock.report.exit_code import CLEAN, FINDINGS

FORMATS = ("text", "json", "markdown")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock set show``."""
    parser.add_argument(
        "--branch",
        default="",
        metavar="NAME",
        help="the branch to look for here and in the checkouts beside (default: the current one)",
    )
    add_world(parser)
    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    output.add_argument("--output", default="", metavar="FILE", help="write there instead")
    output.add_argument(
        "--fail-level",
        choices=SEVERITIES[:3],
        default="error",
        help="findings that count: this severity and worse ones (default: error)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Show the sets; 1 where one is not consistent, or where that could not be seen."""
    with Proposals(options_of(arguments), arguments.branch) as proposed:
        sets = _sets(proposed)
    shown = Shown(
        branch=proposed.branch,
        own=proposed.own,
        repos=tuple((a, n) for a, names in proposed.ground.policy.repos.items() for n in names),
        sets=sets,
        window=proposed.ground.policy.change_sets.window,
        notices=proposed.notices,
        changed=tuple(dict.fromkeys(one.alias for one in proposed.members)),
    )
    if arguments.format == "json":
        text = as_json(shown)
    elif arguments.format == "markdown":
        text = as_markdown(shown)
    else:
        colour = not arguments.output and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        text = render(shown, colour=colour)
    write_text(arguments.output, text)
    good = all(one.verdict.kind in ("alone", "together") for one in sets)
    return CLEAN if good else FINDINGS


def _sets(proposed: Proposed) -> tuple[ChangeSet, ...]:
    """The sets, and each change that is in none and wrong in itself."""
    ground, members = proposed.ground, proposed.members
    sets = change_sets(ground, members)
    inside = [one.repo for found in sets for one in found.members]
    rest = (single(ground, one) for one in members if one.repo not in inside)
    return (*sets, *(found for found in rest if found is not None))
