"""interlock set: change sets, on this machine and on GitHub."""

from __future__ import annotations

import argparse
from importlib import import_module

from interlock.values import NamedTuple


class Action(NamedTuple):
    """One action: its module in interlock.cli and its line of help."""

    module: str
    help: str


#: Every action, in the order of --help.
ACTIONS: dict[str, Action] = {
    "show": Action(
        "set_show",
        "show what belongs to this branch's change in other repositories, and in which order",
    ),
    "refresh": Action(
        "set_refresh", "tell a pull request and its siblings on GitHub what is missing"
    ),
    "sweep": Action(
        "set_sweep", "do that for all open pull requests, remind, and alarm on half-landed sets"
    ),
    "checklist": Action(
        "set_checklist", "write on an experiment's issue or ticket what it still takes"
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of ``interlock set``."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, action in ACTIONS.items():
        sub = actions.add_parser(name, help=action.help, description=f"{action.help}.")
        sub.set_defaults(run_action=action.module)
        import_module(f"interlock.cli.{action.module}").add_arguments(sub)


def run(arguments: argparse.Namespace) -> int:
    """Do the action."""
    found: int = import_module(f"interlock.cli.{arguments.run_action}").run(arguments)
    return found
