"""interlock set show: the change set of a branch, from local checkouts alone."""

from __future__ import annotations

import argparse
import os
import sys

from interlock.cli.options import add_readers, add_world, options_of
from interlock.cli.writing import write_text
from interlock.model import SEVERITIES
from interlock.report.exit_code import CLEAN, FINDINGS
from interlock.values import TYPE_CHECKING

if TYPE_CHECKING:
    from interlock.changes.change_set import ChangeSet
    from interlock.cli.set_worlds import Proposed
    from interlock.report.change_set_words import Shown

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
    add_readers(output)
    output.add_argument(
        "--fail-level",
        choices=SEVERITIES[:3],
        default="error",
        help="findings that count: this severity and worse ones (default: error)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Show the sets; 1 where one is not consistent, or where that could not be seen."""
    from interlock.cli.set_worlds import Proposals  # other commands start without all this

    options = options_of(arguments)
    with Proposals(options, arguments.branch) as proposed:
        shown = _shown(proposed, _sets(proposed))
    good = all(one.verdict.kind in ("alone", "together") for one in shown.sets)
    if options.readers is not None:
        from interlock.cli.readers import visible_in
        from interlock.report.sharing_sets import sets_for

        policy, names = proposed.ground.policy, proposed.names
        shown = sets_for(shown, visible_in(options.readers, policy, proposed.own, names))
    colour = not arguments.output and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    write_text(arguments.output, _written(shown, arguments.format, colour=colour))
    return CLEAN if good else FINDINGS


def _sets(proposed: Proposed) -> tuple[ChangeSet, ...]:
    """The sets, and each change that is in none and wrong in itself."""
    from interlock.changes.change_set import change_sets, single

    ground, members = proposed.ground, proposed.members
    sets = change_sets(ground, members)
    inside = [one.repo for found in sets for one in found.members]
    rest = (single(ground, one) for one in members if one.repo not in inside)
    return (*sets, *(found for found in rest if found is not None))


def _shown(proposed: Proposed, sets: tuple[ChangeSet, ...]) -> Shown:
    from interlock.report.change_set_words import Shown

    policy = proposed.ground.policy
    return Shown(
        branch=proposed.branch,
        own=proposed.own,
        repos=tuple((alias, name) for alias, names in policy.repos.items() for name in names),
        sets=sets,
        window=policy.change_sets.window,
        notices=proposed.notices,
        changed=tuple(dict.fromkeys(one.alias for one in proposed.members)),
    )


def _written(shown: Shown, form: str, *, colour: bool) -> str:
    from interlock.report.change_set import as_json, as_markdown, render

    if form == "json":
        return as_json(shown)
    return as_markdown(shown) if form == "markdown" else render(shown, colour=colour)
